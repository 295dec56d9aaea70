"""Hears her word while a check-in of hers runs, wherever she is in a conversation: it says that she is well.

It never answers a question that asks for a word by itself; a wrong word counts only where nothing else is open.
"""

from dataclasses import replace
from typing import Final

from flows.core import CheckIn, Effect, EraseThis, Event, Given, Led, Said, Say, Turn, TurnCheckIn
from flows.hearing import Heard
from flows.here import Here, named_option
from flows.questions import Word
from messages import t

THANKS: Final = t("Thank you, it is good that you wrote.")
TRY_AGAIN: Final = t("Thank you. Please write it once more, just the word that you chose.")
_SHORT: Final = 3
"""Words of a message that is taken for a try at her word."""


def listens(given: Given) -> bool:
    """Whether what she writes now may be her word, because a check-in of hers runs."""
    return bool(given.check_ins)


def heard(here: Here, event: Event, said: Heard) -> Led | None:
    """What her word leads to outside the questions that ask for one; None where she wrote something else."""
    given, talk = here.given, here.talk
    if not isinstance(event, Said) or isinstance(here.question, Word) or not listens(given):
        return None
    if given.word in {"safe", "duress"}:
        return Led(talk, (*_turned(given), EraseThis(), Say(THANKS)), ask=bool(talk.flow))
    asked = [one for one in given.check_ins if one.state == "asked"]
    if given.word != "other" or talk.flow or not asked:
        return None
    if "yes" in said.commands:
        return Led(talk, (Say(TRY_AGAIN),), ask=False)
    other = said.commands or said.distress or said.unsafe or said.language or said.number is not None
    if other or not 0 < len(said.said) <= _SHORT or named_option(here, said, whole=False):
        return None
    return Led(talk, (TurnCheckIn(asked[0].id, "wrong"), EraseThis(), Say(TRY_AGAIN)), ask=False)


def counted(turn: Turn, event: Event, given: Given, *, asked: bool) -> Turn:
    """Where the chat is locked, half hidden or quiet, her word counts for a check-in beside what it does there.

    `asked`: a question for a word of hers is open, which takes it.
    """
    person = given.person
    hidden = person.locked or (not asked and (person.quiet or person.shown_from is not None))
    if not hidden or not isinstance(event, Said) or any(isinstance(one, TurnCheckIn) for one in turn.effects):
        return turn
    opens = person.locked or person.shown_from is not None
    return replace(turn, effects=(*_turned(given, opens=opens), *turn.effects))


def still_ahead(given: Given) -> CheckIn | None:
    """The next check-in that goes on though her word has just opened the chat."""
    asked = any(one.state in {"asked", "overdue"} for one in given.check_ins)
    left = [one for one in given.check_ins if one.state == "armed" and (asked or not _ahead(one, given, opens=True))]
    return left[0] if left else None


def _turned(given: Given, *, opens: bool = False) -> tuple[Effect, ...]:
    """It answers all that she is asked, else the next that it may answer; the other word calls a person anyway.

    Where it `opens` the chat, it says no more than that she wants to come in.
    """
    asked = [one for one in given.check_ins if one.state in {"asked", "overdue"}]
    meant = asked or [one for one in given.check_ins if _ahead(one, given, opens=opens)][:1]
    match given.word:
        case "safe":
            return tuple(TurnCheckIn(one.id, "safe") for one in meant)
        case "duress" if meant:
            return tuple(TurnCheckIn(one.id, "duress") for one in meant)
        case "duress":
            return tuple(TurnCheckIn(one.id, "duress", seeming="resume") for one in given.check_ins[:1])
        case _:
            return ()


def _ahead(one: CheckIn, given: Given, *, opens: bool = False) -> bool:
    """She is back early. One that comes again asks how she is at its hour, so hours before it says nothing of that.

    Neither does the word by which she opens the chat, whatever she opens it for.
    """
    if one.state != "armed":
        return False
    return not (one.every or opens) or one.due_at - given.now <= max(given.rules.check_ins.reminders, default=one.grace)
