"""Arms check-ins, lets her turn them, and lets them act when they are due; what follows is `check_in_effects`'s.

It never sends, and APScheduler owns none of them: each is a row with its own moment, in the transaction that made it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

import msgspec

from flows import watching
from flows.core import ArmCheckIn, CheckIn, TurnCheckIn
from flows.watch import begin, react
from flows.watching import Event, Raise, TimePassed, Watch
from handlers import cases as writing
from handlers.alarm_turns import Contended
from handlers.alarms import PATIENCE, Overdue, wake_coordinators
from handlers.cases import Origin, Sealing
from handlers.check_in_effects import Carrying
from handlers.draw import World
from handlers.team import team
from storage import cases, chats, check_ins, people
from storage.cases import Facets
from storage.check_ins import Kept
from storage.seal import SEED
from storage.store import Store
from storage.unit import Unit, millis

_MOST = 200
_TOGETHER = 4
"""So many are handed to the database at once: a reply that comes meanwhile waits for no more than these."""
_IN_ORDER = 0
"""All of them wait in one line, so that they act in the order of their moments, and see each other when missed."""
_TRIES = 8
_IN_TIME = timedelta(seconds=20)
"""Behind no more than this, they leave half of the time to conversations; behind more, they take all of it."""


def arm(sealing: Sealing, wanted: ArmCheckIn, origin: Origin) -> None:
    """Seal the plan to a case that sleeps, and set the clock. Raises `NoReader` where nobody could ever read it."""
    unit, world = sealing.unit, sealing.world
    case = cases.open_case(
        unit,
        world.draw.number(),
        wanted.code,
        world.draw.seed(SEED),
        person=origin.person,
        facets=Facets("critical", place=dict(wanted.facets)),
        mechanism=world.rules.version,
        now=world.now,
        to=cases.readers(unit, world.rules.sealed_to["critical"]),
        status="sleeping",
        hidden=True,
    )
    sealing.put(case, "plan", {"answers": msgspec.to_builtins(wanted.plan)})
    for answer in wanted.plan.values():
        for number in answer.files:
            writing.bind_file(sealing, number, case)
    watch = begin(world.rules.check_ins, wanted.due_at, wanted.grace, world.now, wanted.every)
    check_ins.add(unit, world.draw.number(), origin.person, case.id, watch)


def of_person(unit: Unit, person: int) -> tuple[CheckIn, ...]:
    """Hers that are not over, from this chat or another of hers, the next first."""
    kept = [one for chat in (person, *chats.others(unit, person)) for one in check_ins.of_person(unit, chat)]
    seen = [_seen(one) for one in kept if one.watch.state != "over"]
    return tuple(sorted(seen, key=lambda one: (one.due_at, one.id)))


def _seen(kept: Kept) -> CheckIn:
    """As she may see it: a silent alarm looks as if nothing had happened."""
    watch = kept.watch
    state = watch.state
    if state == "overdue" and watch.silent:
        state = "asked" if watch.step > len(watch.rules.reminders) else "armed"
    assert state != "over"  # noqa: S101 - asked for before
    return CheckIn(kept.id, watch.due_at, watch.grace, state, watch.extended, watch.every)


def turn(unit: Unit, person: int, did: TurnCheckIn, world: World) -> None:
    """What she did about one of hers, in this chat or another one of hers. Raises `Contended`, `Unreadable`."""
    kept = check_ins.load(unit, did.id)
    if kept is not None and kept.person in {person, *chats.others(unit, person)}:
        _turn(unit, kept, _event(did), world)


def _event(did: TurnCheckIn) -> Event:
    match did.did:
        case "wrong":
            return watching.WrongWord()
        case "duress":
            return watching.Duress(_meant(did.seeming, did.minutes))
        case "safe" | "extend" | "cancel" | "pause" | "resume":
            return _meant(did.did, did.minutes)
        case _:
            assert_never(did.did)


def _meant(
    what: str, minutes: int
) -> watching.Safe | watching.Extended | watching.Cancelled | watching.Paused | watching.Resumed:
    match what:
        case "extend":
            return watching.Extended(minutes)
        case "cancel":
            return watching.Cancelled()
        case "pause":
            return watching.Paused()
        case "resume":
            return watching.Resumed()
        case _:
            return watching.Safe()


def _turn(unit: Unit, kept: Kept | None, event: Event, world: World) -> Fired:
    """Decide, keep it if nobody was first, carry it out: all in this transaction."""
    for _ in range(_TRIES):
        if kept is None:
            return Fired()
        turned = react(kept.watch, event, world.now)
        if turned.watch == kept.watch:
            return Fired()
        if check_ins.put(unit, kept, turned.watch):
            sealing = Sealing(unit, world)
            Carrying(sealing, kept, turned.watch).carry(turned.effects)
            sealing.end()
            return _fired(kept.watch, turned.effects, world)
        kept = check_ins.load(unit, kept.id)
    raise Contended


# ---------------------------------------------------------------- time


@dataclass(frozen=True, slots=True)
class Fired:
    """What one check-in did when its moment came: for the metrics."""

    late: timedelta = timedelta(0)
    """Behind its moment."""
    overdue: bool = False
    """A person was called."""


def _fired(before: Watch, effects: Sequence[object], world: World) -> Fired:
    late = timedelta(0) if before.next_at is None else max(world.now - before.next_at, timedelta(0))
    return Fired(late, any(isinstance(one, Raise) for one in effects))


def fire(unit: Unit, number: int, world: World) -> Fired:
    """Let one do what is due by now. Raises `Contended`, `Unreadable`."""
    return _turn(unit, check_ins.load(unit, number), TimePassed(), world)


async def fire_due(
    store: Store,
    world: Callable[[], World],
    fired: Callable[[Fired], None],
    failed: Callable[[int, Exception], None],
) -> int:
    """Let every check-in that is due act, in the order of their moments, each in a transaction of its own.

    A few at a time, so that they share a commit and a reply between them need not wait; a broken one stops no other.
    Says how many acted; `fired` and `failed` hear of each.
    """
    acted, clock = 0, asyncio.get_running_loop().time
    due = await store.read(check_ins.due, world().now, _MOST)
    for start in range(0, len(due), _TOGETHER):
        some, began, behind = due[start : start + _TOGETHER], clock(), timedelta(0)
        acts = (store.write_for(_IN_ORDER, fire, number, world()) for number in some)
        for number, outcome in zip(some, await asyncio.gather(*acts, return_exceptions=True), strict=True):
            if isinstance(outcome, Fired):
                fired(outcome)
                acted, behind = acted + 1, max(behind, outcome.late)
            elif isinstance(outcome, Exception):
                failed(number, outcome)
            else:
                raise outcome
        if behind <= _IN_TIME and start + _TOGETHER < len(due):
            await asyncio.sleep(clock() - began)
    return acted


def overdue(unit: Unit, world: World) -> list[Overdue]:
    """Find check-ins that are behind their moment, and wake the coordinators about each, once for each moment."""
    behind = check_ins.overdue(unit, world.now - PATIENCE, _MOST)
    people_ = team(unit, world) if behind else None
    for number, due_at in behind:
        if people_ is not None:
            wake_coordinators(unit, f"check:{number}:{millis(due_at)}", people_, world)
    return [Overdue(number, world.now - due_at) for number, due_at in behind]


def sweep(unit: Unit, world: World) -> int:
    """Destroy check-ins whose time is over, with the cases that still sleep behind them. Says how many."""
    ended = check_ins.ended(unit, world.now, _MOST)
    for number, person in ended:
        check_ins.destroy(unit, number)
        known = None if check_ins.has_any(unit, person) else people.facts(unit, person)
        if known is not None and known.watched:
            people.remember(unit, person, replace(known, watched=False))
    return len(ended)
