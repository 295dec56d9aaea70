"""Runs a drill: the real alarm with the real ladder and pages, for a case in which nobody is in danger.

It never writes to anybody but staff, and it ends when somebody answers, or after one round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.ladder import Level
from handlers import alarms as ladder
from handlers.draw import World
from messages import Text, t
from storage import alarms, audit, cases, drills, staff
from storage.alarms import Entry
from storage.cases import Facets, Item
from storage.seal import SEED
from storage.unit import Unit

KEPT = timedelta(days=7)
"""After so long a drill is deleted with all that belongs to it; the audit log keeps that there was one."""
LEVELS: tuple[Level, ...] = ("critical", "high", "medium")
"""Levels at which somebody is paged."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A drill is under way."""

    case: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was begun, and why."""

    why: Text


def begin(unit: Unit, level: Level, world: World, by: int | None = None) -> Begun | Refused:
    """Begin a drill at a level; `by` is the coordinator who asked for it. Raises `Taken` at the commit: draw again."""
    if drills.running(unit) is not None:
        return Refused(t("A drill is running already. One at a time: it ends when somebody answers."))
    to = cases.readers(unit, world.rules.sealed_to[level])
    if not to:
        return Refused(t("There is no recovery key yet, so nothing can be opened, not even a drill."))
    number, code, seed = world.draw.number(), world.draw.case_code(), world.draw.seed(SEED)
    case = cases.open_case(
        unit, number, code, seed, person=None, facets=Facets(level), mechanism=world.rules.version, now=world.now,
        to=to, drill=True,
    )  # fmt: skip
    cases.add_items(unit, case, world.draw.number(), [Item("drill", world.now, {})])
    audit.record(unit, world.now, "drill:began", staff=by, case=number)
    ladder.start(unit, number, level, world, drill=True)
    return Begun(number)


def stop(unit: Unit, world: World, by: int | None = None) -> bool:
    """End the drill that is running before anybody answered. False where there is none."""
    case = drills.running(unit)
    if case is None:
        return False
    audit.record(unit, world.now, "drill:stopped", staff=by, case=case)
    ladder.close(unit, case, world)
    return True


def sweep(unit: Unit, world: World) -> int:
    """Delete drills whose time is over, with their pages and logs. Says how many."""
    return drills.expire(unit, world.now - KEPT)


# ---------------------------------------------------------------- how it went


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, so long after the drill began; `who` is a member's name."""

    after: timedelta
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Report:
    """How a drill went."""

    code: str
    level: Level
    began: datetime
    running: bool
    who: str
    """Who answered; empty where nobody has."""
    after: timedelta | None
    """How long it took until then."""
    moments: tuple[Moment, ...]


def reports(unit: Unit) -> list[Report]:
    """How the drills of these days went, the newest first."""
    names = {member.id: member.name for member in staff.members(unit)}
    return [found for number in drills.lately(unit) if (found := _report(unit, number, names)) is not None]


def _report(unit: Unit, number: int, names: dict[int, str]) -> Report | None:
    case, kept = cases.by_number(unit, number), alarms.load(unit, number)
    if case is None or kept is None:
        return None
    alarm = kept[0]
    after = None if alarm.taken_at is None else alarm.taken_at - alarm.started_at
    who = "" if alarm.staff is None else names.get(alarm.staff, "")
    told = tuple(
        Moment(entry.at - alarm.started_at, entry.what, _name(entry, names))
        for entry in alarms.history(unit, number)
        if entry.what in TOLD
    )
    return Report(case.code, alarm.level, alarm.started_at, alarm.status != "closed", who, after, told)


def _name(entry: Entry, names: dict[int, str]) -> str:
    return "" if entry.staff is None else names.get(entry.staff, "")


TOLD: dict[str, Text] = {
    "empty": t("a step with nobody on it"),
    "nobody": t("there was nobody to be woken"),
    "paged": t("woken"),
    "page:sent": t("the page is on its way"),
    "page:delivered": t("the page arrived"),
    "page:held": t("the page waits: she has to write to us first"),
    "page:failed": t("the page does not arrive"),
    "page:answered": t("answered the call with her PIN"),
    "page:unanswered": t("did not answer the call"),
    "unreached": t("can't be reached by this"),
    "passed": t("can't"),
    "taken": t("took it"),
    "closed": t("the end"),
}
"""What of the alarm's log a report tells, in words for the desk."""
