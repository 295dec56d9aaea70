"""Sets alarms, raises them, lets them act when they are due, and checks that none is forgotten (I1).

It never sends: pages are letters in the outbox from the transaction in which danger became known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flows.alarm import Closed, Log, PageStep, Raised, TimePassed
from flows.climbing import begin
from flows.ladder import Level
from flows.paging import calls_to_coordinators
from handlers.alarm_effects import fresh_code
from handlers.alarm_letters import write_notice
from handlers.alarm_turns import turn
from handlers.alarm_words import behind
from handlers.draw import World
from handlers.page_ways import delivered
from handlers.pages import hear
from handlers.team import Team, team
from storage import alarms
from storage.store import Store
from storage.unit import Unit, millis

__all__ = [
    "Fired",
    "Overdue",
    "close",
    "delivered",
    "fire",
    "fire_due",
    "hear",
    "overdue",
    "raise_level",
    "start",
    "wake_coordinators",
]

PATIENCE = timedelta(seconds=60)
"""How far behind its moment an alarm may be before it is an alarm of its own (I1)."""
_MOST = 200


@dataclass(frozen=True, slots=True)
class Fired:
    """What one alarm did when its moment came: for the metrics."""

    pages: int = 0
    late: timedelta = timedelta(0)
    """How late the latest of its steps was."""
    nobody: bool = False
    """There was nobody at all to be paged: to be shouted about."""
    drill: bool = False
    """It was a drill's: it stays out of the metrics."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """An alarm that should have acted and has not."""

    case: int
    late: timedelta


def start(
    unit: Unit, case: int, level: str, world: World, *, drill: bool = False, not_before: datetime | None = None
) -> Fired:
    """Set a case's alarm and let it act at once; where it has one already, raise that. Safe to do twice.

    `not_before`: another alarm speaks for it until then.
    """
    alarm = begin(cast("Level", level), world.rules, world.now, drill=drill, not_before=not_before)
    if not alarms.add(unit, case, alarm):
        return raise_level(unit, case, level, world)
    alarms.log(unit, case, world.now, "began", late=timedelta(0))
    if not_before is not None and not_before > world.now:
        return Fired(drill=drill)
    return fire(unit, case, world)


def raise_level(unit: Unit, case: int, level: str, world: World) -> Fired:
    """It's at least this urgent: a higher level's ladder is climbed from its start; a lower level changes nothing."""
    return _fire(unit, case, Raised(cast("Level", level)), world)


def close(unit: Unit, case: int, world: World) -> None:
    """The case is over: nobody is paged any more, and those who were hear so."""
    turn(unit, case, Closed(), world)


def fire(unit: Unit, case: int, world: World) -> Fired:
    """Let an alarm do what is due by now: each overdue step once, in order (I6). Raises `Contended`, `Unreadable`."""
    return _fire(unit, case, TimePassed(), world)


def _fire(unit: Unit, case: int, event: Raised | TimePassed, world: World) -> Fired:
    turned = turn(unit, case, event, world)
    if turned is None or turned.alarm.drill:
        return Fired(drill=turned is not None)
    effects = turned.effects
    steps = [effect for effect in effects if isinstance(effect, PageStep)]
    return Fired(
        pages=sum(len(step.calls) for step in steps),
        late=max((step.late for step in steps), default=timedelta(0)),
        nobody=any(isinstance(effect, Log) and effect.what == "nobody" for effect in effects),
    )


async def fire_due(
    store: Store,
    world: Callable[[], World],
    fired: Callable[[Fired], None],
    failed: Callable[[int, Exception], None],
) -> int:
    """Let every alarm that is due act, each in a transaction of its own, so that a broken one stops no other.

    Says how many acted; `fired` and `failed` hear of each.
    """
    acted = 0
    for case in await store.read(alarms.due, world().now, _MOST):
        try:
            fired(await store.write_for(case, fire, case, world()))
            acted += 1
        except Exception as error:  # noqa: BLE001 - it is tried again, `overdue` tells of it, and the others go on
            failed(case, error)
    return acted


async def next_due(store: Store) -> datetime | None:
    """When the next alarm is due, to sleep until then or until something wakes "alarms"."""
    return await store.read(alarms.next_due)


def overdue(unit: Unit, world: World) -> list[Overdue]:
    """Find alarms that are behind their moment, and wake the coordinators about each, once for each moment (I1)."""
    behind_time = alarms.overdue(unit, world.now - PATIENCE, _MOST)
    people = team(unit, world) if behind_time else None
    for case, due_at in behind_time:
        if people is not None and not alarms.was_logged(unit, case, "overdue", due_at):
            alarms.log(unit, case, world.now, "overdue", late=world.now - due_at)
            wake_coordinators(unit, f"{case}:{millis(due_at)}", people, world)
    return [Overdue(case, world.now - due_at) for case, due_at in behind_time]


def wake_coordinators(unit: Unit, about: str, people: Team, world: World) -> None:
    """Wake every coordinator by every way: something is behind its moment. Once for what it is about."""
    for call in calls_to_coordinators(people.roster):
        reader = people.reader(call.staff, call.channel)
        if reader is not None:
            key = "late:" + unit.vault.index(f"late:{about}:{call.staff}:{call.channel}").hex()[:32]
            write_notice(unit, key, reader, behind(fresh_code(unit, call.staff, world)), world.now)
