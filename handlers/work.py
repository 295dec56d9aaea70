"""Lets a member at a case that she works on, and shows it to her sealed as it is, noting that she read it.

It never opens anything, and to anybody else a case is no more there than one that doesn't exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flows.roles import may
from handlers.draw import World
from handlers.work_words import NOT_HERE, NOT_HERSELF, ONLY_LEAD, UNUSABLE
from messages import Text
from storage import assignments, audit, cases, files, work
from storage.cases import Case
from storage.unit import Unit, millis

_ONE_READING = timedelta(hours=1)
"""Further parts of a file belong to the reading that began within this time."""
_NUMBERS = 1 << 62
_DIGITS = 19


class NotDone(Exception):
    """What was asked can't be done, and nothing of it was kept: the act is undone whole. `why` says so to who asked."""

    def __init__(self, status: int, code: str, why: Text, **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.why, self.more = status, code, why, more


@dataclass(frozen=True, slots=True)
class Who:
    """The member who asks. Under duress nothing is there for her."""

    staff: int
    role: str
    duress: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What is answered, beside that it was done."""

    values: Mapping[str, Any] = field(default_factory=dict)


def number(written: str) -> int:
    """A number as it travels. Raises `NotDone`."""
    if not (written.isascii() and written.isdecimal() and len(written) <= _DIGITS and 0 < int(written) < _NUMBERS):
        raise unusable()
    return int(written)


def unusable() -> NotDone:
    """The answer to what no page of ours sends."""
    return NotDone(400, "unusable", UNUSABLE)


def not_here() -> NotDone:
    """The one answer to whoever has no business with a case, whether it exists or not."""
    return NotDone(404, "not_here", NOT_HERE)


def theirs(unit: Unit, code: str, who: Who, *, change: bool = True) -> Case:
    """The case, if this member works on it; to be changed, it is kept from others until the act's end.

    Raises `NotDone` (404).
    """
    case = held(unit, code, who, change=change)
    if not assignments.works_on(unit, case.id, who.staff):
        raise not_here()
    return case


def held(unit: Unit, code: str, who: Who, *, change: bool = True) -> Case:
    """The case, if this member may know of it: right to cases, no duress, not barred. Raises `NotDone` (404)."""
    if who.duress or not may(who.role, "cases"):
        raise not_here()
    case = _locked(unit, code) if change else cases.by_code(unit, code)
    if case is None or case.status == "sleeping" or who.staff in assignments.excluded(unit, case.id):
        raise not_here()
    return case


def _locked(unit: Unit, code: str) -> Case | None:
    number = work.hold(unit, code)
    return None if number is None else cases.by_number(unit, number)


def arranged(unit: Unit, code: str, who: Who, *, change: bool = True) -> Case:
    """The case, for whoever may give it to others: its lead, or a coordinator, who need not work on it.

    Raises `NotDone`.
    """
    case = held(unit, code, who, change=change)
    if may(who.role, "organise") or leads(unit, case.id, who.staff):
        return case
    raise NotDone(403, "not_yours", ONLY_LEAD) if assignments.works_on(unit, case.id, who.staff) else not_here()


def not_for_herself(unit: Unit, case: Case, who: Who, staff: int) -> None:
    """Nobody gives herself a case that she doesn't work on. Raises `NotDone`."""
    if staff == who.staff and not assignments.works_on(unit, case.id, staff):
        raise NotDone(403, "not_yours", NOT_HERSELF)


def lead_of(unit: Unit, case: int) -> int | None:
    """Who leads a case, if anybody does."""
    return next((one.staff for one in assignments.of_case(unit, case) if one.part == "lead"), None)


def leads(unit: Unit, case: int, staff: int) -> bool:
    """Whether a member leads a case."""
    return lead_of(unit, case) == staff


def note(unit: Unit, who: Who, what: str, case: Case, world: World, target: int | None = None) -> None:
    """Write down what she did, and have open desks look again."""
    audit.record(unit, world.now, what, staff=who.staff, case=case.id, target=target)
    unit.wakes.add("cases")


def read_part(unit: Unit, code: str, who: Who, file: int, part: int, world: World) -> bytes:
    """One sealed part of a file of the case. The first of a reading is written down, whichever part it is.

    Raises `NotDone` (404), also behind the last part.
    """
    case = theirs(unit, code, who, change=False)
    body = files.part(unit, file, part) if files.case_of(unit, file) == case.id else None
    if body is None:
        raise not_here()
    since = millis(world.now - _ONE_READING)
    if part == 0 or not audit.was_recorded(unit, who.staff, "read_file", case.id, file, since):
        audit.record(unit, world.now, "read_file", staff=who.staff, case=case.id, target=file)
    return body
