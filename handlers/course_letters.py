"""Writes the one line that tells her of a lesson, calls it back, and knows whose it is.

Whoever else looks at her phone reads that a lesson is ready: not of what, nor what she wrote here before.
"""

from __future__ import annotations

import re
from typing import Final

from flows.public import Learning
from flows.pushed import WAYS, key
from handlers.draw import World
from handlers.rota_letters import base36
from messages import Text, t, to_json
from storage import learners, outbox, people
from storage.learners import Learner
from storage.outbox import Lane, LetterChoice
from storage.unit import Unit

KEY: Final = re.compile(r"lesson:([0-9a-z]{1,13}):([0-9a-z]{1,13})")
"""A letter's key: the learner's number and the letter's, both to the base of 36."""
PURPOSE: Final = "lesson"
"""Which Content template carries it outside WhatsApp's window (templates.toml)."""
_NUMBERS: Final = 1 << 63
"""Above every number of a row."""
_BUTTONS: Final = ("lesson", "unsubscribe")


def words(*, reminds: bool) -> Text:
    """What she is told."""
    if reminds:
        # page: shown on her phone, perhaps locked
        return t("The lesson is still here for you, whenever it suits you.")
    # page: shown on her phone, perhaps locked
    return t("Today's lesson is ready. Open it whenever you like.")


def tell(unit: Unit, learner: Learner, learning: Learning, letter: int, world: World, *, reminds: bool) -> None:
    """Put the line out, once for its number, in the language that she reads by now."""
    address, channel = learner.facts.address, learner.channel
    person = people.at(unit, channel, address)
    language = (person.language if person else None) or learning.language
    choices = tuple(LetterChoice(key(way), to_json(WAYS[way])) for way in _BUTTONS)
    content = outbox.body(address, language, words(reminds=reminds), choices=choices, purpose=PURPOSE)
    reader = unit.vault.index(learners.who(channel, address))
    outbox.add(unit, _key(learner, letter), channel, reader, Lane.BROADCAST, content, world.now)


def call_back(unit: Unit, learner: Learner, letter: int) -> None:
    """It is not sent any more, where it has not gone out."""
    if letter:
        outbox.cancel(unit, [_key(learner, letter)])


def _key(learner: Learner, letter: int) -> str:
    return f"lesson:{base36(learner.id)}:{base36(letter)}"


def is_hidden(unit: Unit, learner: Learner) -> bool:
    """Whether her chat shows nothing now: hidden, covered, or it wasn't safe to talk."""
    person = people.at(unit, learner.channel, learner.facts.address)
    return person is not None and (person.quiet or person.locked or person.left)


def of(unit: Unit, letter_key: str) -> Learner | None:
    """Whose letter it is, if it is the one that she was last told by; held until the act ends."""
    found = KEY.fullmatch(letter_key)
    number = int(found[1], 36) if found else _NUMBERS
    seen = learners.get(unit, number) if number < _NUMBERS else None
    learner = learners.find(unit, seen.channel, seen.facts.address) if seen else None
    if found is None or learner is None or learner.facts.learning.letter != int(found[2], 36):
        return None
    return learner
