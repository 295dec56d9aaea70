"""The question box at the desk: a moderator reads first, those addressed answer, and a moderator looks once more.

It never tells those who answer who asked, and lets nothing reach her that only one person has seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, assert_never

import msgspec

from flows.public import Stakeholder
from handlers import box as hers
from handlers.draw import World
from messages import Text, t
from messages.arabic import digits, strip_controls
from storage import audit, box
from storage.box import Entry
from storage.unit import Unit

LONGEST: Final = 1000
"""Characters of an answer."""
FOR: Final[Mapping[str, Stakeholder]] = {
    "body_government": "government",
    "body_cso": "civil_society",
    "community_leader": "leaders",
}
"""By role: whose questions it sees, once they were passed on. The association's are answered by its moderators."""
WHY: Final[Mapping[str, Text]] = {
    "points": t("It could point to her, or to somebody else."),
    "tells": t("It tells of something that belongs to the team, not to the box."),
    "other": t("It is nothing that those whom it is for could answer."),
}
"""Why a question is not passed on; she hears only that it was not, and kindly."""
Refusal = Literal["gone", "empty", "long", "same"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as the desk may see it: nothing of who asked."""

    id: int
    addressed: Stakeholder
    state: box.State
    words: str
    answer: str
    language: str
    asked_at: datetime
    answered_by: int | None
    risks: tuple[Text, ...] = ()
    """What a moderator should look at."""


def queue(unit: Unit) -> list[Shown]:
    """What waits for a moderator: new questions, and answers for a second look; then what waits for an answer."""
    order = {"asked": 0, "written": 0, "passed_on": 1}
    waiting = box.in_state(unit, "asked", "written", "passed_on")
    return [_shown(one) for one in sorted(waiting, key=lambda one: (order[one.state], one.asked_at))]


def over(unit: Unit, most: int = 20) -> list[Shown]:
    """What is over, the newest first, as long as it is kept."""
    done = sorted(box.in_state(unit, "answered", "refused"), key=lambda one: one.changed_at, reverse=True)
    return [_shown(one) for one in done[:most]]


def for_role(unit: Unit, role: str) -> list[Shown]:
    """What those of a role are asked to answer: passed on to their class, and nothing else."""
    addressed = FOR.get(role)
    passed = box.in_state(unit, "passed_on") if addressed else []
    return [_shown(one) for one in passed if one.addressed == addressed]


def _shown(entry: Entry) -> Shown:
    body = entry.body
    risks: tuple[Text, ...] = ()
    if entry.state == "asked" and sum(letter.isdecimal() for letter in digits(body.words)) > 6:  # noqa: PLR2004 - a phone number
        risks = (t("There are many digits in it: perhaps a telephone number."),)
    return Shown(
        entry.id, entry.addressed, entry.state, body.words, body.answer, body.language, entry.asked_at,
        entry.answered_by, risks,
    )  # fmt: skip


# ---------------------------------------------------------------- what a moderator does


def refuse(unit: Unit, number: int, why: str, by: int, world: World) -> Refusal | None:
    """Don't pass it on; she is told kindly."""
    if why not in WHY:
        return "empty"
    entry = box.get(unit, number)
    if entry is None or entry.state != "asked":
        return "gone"
    body = msgspec.structs.replace(entry.body, why=why)
    refused = replace(entry, state="refused", body=body, moderated_by=by)
    return _move(unit, refused, "asked", "box:refused", by, world, tell=True)


def pass_on(unit: Unit, number: int, by: int, world: World) -> Refusal | None:
    """Let those whom it is addressed to see it, word for word."""
    entry = box.get(unit, number)
    if entry is None or entry.state != "asked" or entry.addressed == "association":
        return "gone"
    return _move(unit, replace(entry, state="passed_on", moderated_by=by), "asked", "box:passed_on", by, world)


def answer_for_us(unit: Unit, number: int, words: str, by: int, world: World) -> Refusal | None:
    """Answer for the association; another moderator looks at it before it goes to her."""
    entry = box.get(unit, number)
    if entry is None or entry.state != "asked":
        return "gone"
    return _answered(unit, entry, words, by, world, moderated_by=by)


def release(unit: Unit, number: int, by: int, world: World) -> Refusal | None:
    """The second look: the answer goes to her. Never by whoever wrote it."""
    entry = box.get(unit, number)
    if entry is None or entry.state != "written":
        return "gone"
    if entry.answered_by == by:
        return "same"
    released = replace(entry, state="answered", moderated_by=by)
    return _move(unit, released, "written", "box:released", by, world, tell=True)


def send_back(unit: Unit, number: int, by: int, world: World) -> Refusal | None:
    """The answer is not fit to go to her: it is asked for once more."""
    entry = box.get(unit, number)
    if entry is None or entry.state != "written":
        return "gone"
    was: box.State = "asked" if entry.addressed == "association" else "passed_on"
    body = msgspec.structs.replace(entry.body, answer="")
    back = replace(entry, state=was, body=body, answered_by=None, moderated_by=by)
    return _move(unit, back, "written", "box:sent_back", by, world)


# ---------------------------------------------------------------- what those addressed do


def answer(unit: Unit, number: int, words: str, role: str, by: int, world: World) -> Refusal | None:
    """Answer what was passed on to her class; a moderator looks at it before it goes out."""
    entry = box.get(unit, number)
    if entry is None or entry.state != "passed_on" or entry.addressed != FOR.get(role):
        return "gone"
    return _answered(unit, entry, words, by, world, moderated_by=entry.moderated_by)


def _answered(
    unit: Unit, entry: Entry, words: str, by: int, world: World, *, moderated_by: int | None
) -> Refusal | None:
    said = strip_controls(words.replace("\r\n", "\n")).strip()
    if not said or len(said) > LONGEST:
        return "long" if said else "empty"
    body = msgspec.structs.replace(entry.body, answer=said)
    written = replace(entry, state="written", body=body, answered_by=by, moderated_by=moderated_by)
    return _move(unit, written, entry.state, "box:answered", by, world)


def _move(
    unit: Unit, entry: Entry, was: box.State, what: str, by: int, world: World, *, tell: bool = False
) -> Refusal | None:
    if not box.move(unit, entry, was, world.now):
        return "gone"
    if tell:
        hers.tell(unit, entry, world)
    audit.record(unit, world.now, what, staff=by, target=entry.id)
    return None


def why_not(refusal: Refusal) -> Text:
    """Why something can't be done with it."""
    match refusal:
        case "gone":
            return t("This question has moved on meanwhile. Look at it as it is now.")
        case "empty":
            return t("Something is missing: choose or write it, then try again.")
        case "long":
            return t("An answer has {most} characters at most.", most=LONGEST)
        case "same":
            return t("You wrote this answer: a second person has to look at it.")
        case _:
            assert_never(refusal)
