"""Makes one turn of what an event led to: one letter, one thing to remember, nothing twice.

It never adds anything of its own but the next question, that a draft was destroyed, and a greeting that brings the
button which hides the chat.
"""

from dataclasses import replace
from typing import Final

from flows import ways
from flows.core import Book, Choice, Effect, Given, Led, Person, Remember, Say, Talk, Turn
from flows.here import Here, standing
from flows.options import key_of
from messages import Text, join, t

HELLO: Final = t("Hello!")
"""Comes with the standing button: as ordinary as a first letter is."""
WELCOME_BACK: Final = t(
    "Welcome back. You were silent for a while, so what you had begun was destroyed, for your safety. "
    "Nothing of it remains here. You can begin again whenever you like."
)


def answered_with(book: Book, talk: Talk, led: Led, given: Given) -> Turn:
    """Put the effects in order: cases first, then what is remembered of her, then the letter with the next question."""
    person, hidden = given.person, given.person.quiet or given.person.locked
    said: list[Text] = []
    alone: list[Say] = []
    effects: list[Effect] = []
    for effect in led.effects:
        match effect:
            case Remember(remembered):
                person = remembered
            case Say(standing="on" | "off") | Say(apart=True):
                alone.append(effect)
            case Say(text):
                said.append(text)
            case _ if effect not in effects:
                effects.append(effect)
            case _:
                continue
    if led.ask and _lacks_button(talk, person, alone):
        person = replace(person, button=True)
        alone.append(Say(HELLO, standing="on"))
    if person != given.person:
        effects.append(Remember(person))
        given = replace(given, person=person)
    letter: tuple[Say, ...] = ()
    if led.ask:
        here = _put(book, talk, given)
        talk = here.talk
        letter = (Say(_joined([*_lapse(given, hidden=hidden), *said, here.prompt.text]), _choices(here)),)
    elif said:
        letter = (Say(_joined(said)),)
    return Turn(talk, (*effects, *alone, *letter))


def _put(book: Book, talk: Talk, given: Given) -> Here:
    """The next question. Where it would be the menu, a stranger is welcomed first: there her words would not count."""
    here = standing(book, talk, given)
    if not ways.is_strange(here.talk, given.person):
        return here
    return standing(book, replace(ways.welcome(given), asked=here.talk.asked, pressed=here.talk.pressed), given)


def _lacks_button(talk: Talk, person: Person, alone: list[Say]) -> bool:
    """Whether it is time for the button: at the welcome and the menu, never between a cry for help and its answer."""
    return talk.flow in {"", "welcome"} and not (person.button or person.locked or person.quiet or alone)


def _lapse(given: Given, *, hidden: bool) -> list[Text]:
    if not given.lapsed or hidden:
        return []
    unfinished = next((report.code for report in given.reports if not report.finished), "")
    if not unfinished:
        return [WELCOME_BACK]
    return [
        t(
            "Welcome back. You were silent for a while. What reached the team under {code} is still with them; "
            "the rest of what you had begun was destroyed, for your safety.",
            code=unfinished,
        )
    ]


def _joined(texts: list[Text]) -> Text:
    return texts[0] if len(texts) == 1 else join(*texts)


def _choices(here: Here) -> tuple[Choice, ...]:
    asked, place, hints = here.talk.asked, here.place, here.prompt.hints
    return tuple(Choice(key_of(asked, place, code), here.label(code), hints.get(code)) for code in here.codes)
