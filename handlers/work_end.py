"""Changes how urgent a case is, closes it and opens it again: only people do, and why is sealed in the same act.

It never lowers an urgency without a reason, and never closes a case while a track of help is open.
"""

from __future__ import annotations

import msgspec

from flows.alarm import Lowered, Reopened
from flows.ladder import LEVELS, Level
from handlers import alarms, destroying, sharing
from handlers.alarm_turns import turn
from handlers.draw import World
from handlers.work import Done, NotDone, Who, lead_of, note, theirs
from handlers.work_items import Sealed, put
from handlers.work_words import IS_CLOSED, IS_OPEN, REASON, level_changed, still_open
from storage import assignments, cases, work
from storage.cases import Case, Facets, Item
from storage.unit import Unit
from storage.work import Outcome


class NewLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How urgent it is now, how urgent it was when she looked, and her reason, sealed."""

    level: Level
    was: Level
    item: Sealed | None = None


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a case ended, and the words to it, sealed."""

    outcome: Outcome
    item: Sealed


class Beginning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a case goes on, sealed."""

    item: Sealed | None = None


def change_level(unit: Unit, code: str, who: Who, asked: NewLevel, world: World) -> Done:
    """Raise or lower the urgency. Raises `NotDone`: changed meanwhile, or lowered without a reason."""
    case = theirs(unit, code, who)
    level = case.facets.level
    if asked.was != level:
        raise NotDone(409, "changed", level_changed(level), level=level)
    if case.status == "closed":
        raise NotDone(409, "not_now", IS_CLOSED)
    lower = LEVELS.index(asked.level) > LEVELS.index(asked.was)
    if lower and asked.item is None:
        raise NotDone(400, "unusable", REASON)
    put(unit, case, who, asked.item)
    if asked.level != level:
        facets = msgspec.structs.replace(case.facets, level=asked.level, lowered=lower)
        _keep(unit, case, facets, who, world)
        _turn(unit, case, asked.level, world, lower=lower)
        note(unit, who, "lower" if lower else "raise", case, world)
    return Done({"level": asked.level})


def _keep(unit: Unit, case: Case, facets: Facets, who: Who, world: World) -> None:
    """Keep the level where routing finds it, and in the case, as it stands there from now on."""
    cases.put_facets(unit, case.id, facets)
    item = Item("urgency", world.now, {"level": facets.level})
    cases.add_items(unit, case, world.draw.number(), [item], who.staff)


def _turn(unit: Unit, case: Case, level: Level, world: World, *, lower: bool) -> None:
    if lower:
        turn(unit, case.id, Lowered(level), world)
        return
    alarms.raise_level(unit, case.id, level, world)
    if case.status == "waiting":
        sharing.widen(unit, case.id, world)


def close(unit: Unit, code: str, who: Who, asked: Ending, world: World) -> Done:
    """Close the case: nobody is paged for it any more. Raises `NotDone` while a track is open."""
    case = theirs(unit, code, who)
    if case.status == "closed":
        raise NotDone(409, "not_now", IS_CLOSED)
    now = work.load(unit, case.id)
    if now.open:
        raise NotDone(409, "tracks", still_open(now.open), tracks=list(now.open))
    put(unit, case, who, asked.item)
    work.put(unit, case.id, msgspec.structs.replace(now, outcome=asked.outcome))
    alarms.close(unit, case.id, world)
    cases.put_status(unit, case.id, "closed")
    cases.note_closed(unit, case.id, world.now)
    note(unit, who, "close", case, world)
    if case.facets.ends:  # she wanted it destroyed, and it waited for this
        destroying.case(unit, case.id, "closed", world)
    return Done()


def reopen(unit: Unit, code: str, who: Who, asked: Beginning, world: World) -> Done:
    """Open a closed case again, in the hands of its lead, or of whoever opens it. Raises `NotDone`."""
    case = theirs(unit, code, who)
    if case.status != "closed":
        raise NotDone(409, "not_now", IS_OPEN)
    put(unit, case, who, asked.item)
    lead = lead_of(unit, case.id)
    if lead is None:
        assignments.begin(unit, world.draw.number(), case.id, who.staff, "lead", world.now)
    turn(unit, case.id, Reopened(lead or who.staff), world)
    cases.put_status(unit, case.id, "contacted")
    note(unit, who, "reopen", case, world)
    return Done()
