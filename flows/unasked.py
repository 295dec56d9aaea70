"""What is sent to her unasked, as a conversation sees it: where it may be asked about, and which words end it.

A word that ends it does so in every state, a hidden chat too, whatever else it leads to there. It never resubscribes.
"""

from dataclasses import replace
from typing import Final

from flows.core import Commanded, Effect, Event, Given, Led, Pressed, Said, Say, Talk, Unsubscribe
from flows.hearing import Heard, named_by
from flows.options import parted, short
from flows.public import Public
from flows.pushed import read
from flows.rules import Mechanism
from flows.ways import GOODBYE, NOTHING_OPEN, PUBLIC
from messages import Text, join, t

FLOWS: Final = frozenset(("menu", "learn", "certificate", *PUBLIC))
"""Flows in which what concerns her as one of the public is asked or shown."""
OPENING: Final = frozenset(("learn", "certificate", "stop", *PUBLIC))
"""Commands that lead into them, or end what they began."""
ENDED: Final = t(
    "Done. No tips, lessons or invitations come to you any more. If you want them again one day, they are in the menu, "
    "under “Tips and lessons”."
)
WAITS: Final = t("Your course waits where you are in it.")
_LONGEST: Final = 64
"""Characters of a message that may be such a command: none is longer."""
_HUB: Final = short("menu.menu", "learn")


# ---------------------------------------------------------------- where it is asked about


def concerns(talk: Talk, event: object, rules: Mechanism) -> bool:
    """Whether this turn may have to know what concerns her as one of the public: looked up for no other."""
    if not talk.flow or _is_open(talk):
        return True
    match event:
        case Pressed(key):
            old = parted(key)
            return read(key) is not None or (old is not None and old[1] == _HUB)
        case Commanded(name):
            return name in OPENING
        case Said(words) if len(words) <= _LONGEST:
            return not OPENING.isdisjoint(named_by(words, rules))
        case _:
            return False


def _is_open(talk: Talk) -> bool:
    at: Talk | None = talk
    while at is not None:
        if at.flow in FLOWS:
            return True
        at = at.under
    return False


# ---------------------------------------------------------------- what ends it


def heeded(led: Led, talk: Talk, event: Event, heard: Heard, given: Given) -> Led:
    """The same, and it ends here if she says so. She hears it in one line, but not where nothing may be shown."""
    if not _ends(event, heard, given):
        return led
    said = ended(given.public)
    effects: tuple[Effect, ...] = (Unsubscribe(), *led.effects)
    if said is None or _is_hidden(talk, heard, given):
        return replace(led, effects=effects)
    return replace(led, effects=(*(one for one in effects if one not in {*_LESS, Say(said)}), Say(said)))


_LESS: Final = (Say(NOTHING_OPEN), Say(GOODBYE))
"""What a word that stops is answered with otherwise: less than what is true here."""


def ended(public: Public) -> Text | None:
    """What she hears when it ends; None where nothing was sent to her."""
    course = public.learning is not None and public.learning.state in {"on", "quiz"}
    if not (public.subscription or public.leader or course):
        return None
    return join(ENDED, WAITS, between=" ") if course else ENDED


def _ends(event: Event, heard: Heard, given: Given) -> bool:
    match event:
        case Said():
            return "stop" in heard.commands and given.word not in {"safe", "duress"}
        case Commanded(name):
            return name == "stop"
        case Pressed(key):
            pushed = read(key)
            return pushed is not None and pushed.way == "unsubscribe"
        case _:
            return False


def _is_hidden(talk: Talk, heard: Heard, given: Given) -> bool:
    return given.person.locked or given.person.quiet or heard.unsafe or talk.flow in {"quiet", "hush"}
