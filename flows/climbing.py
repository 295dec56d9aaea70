"""Decides what an alarm does when time passes or a person acts: who is paged next, who is told, when to look again.

It never sends, and it keeps the rules that it began with; only the people are those of the moment (invariant I10).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from flows.alarm import (
    Alarm,
    Closed,
    Effect,
    Event,
    GaveBack,
    HandedOver,
    LetGo,
    Log,
    Lowered,
    MadeContact,
    PageStep,
    Passed,
    PutStatus,
    Raised,
    Reopened,
    StopPages,
    TellHer,
    TellStaff,
    TimePassed,
    ToHer,
    Took,
    ToStaff,
    Turned,
    Unreached,
)
from flows.ladder import LEVELS, Level
from flows.paging import Call, Roster, calls, calls_to_all
from flows.rota import working_moment
from flows.rules import Mechanism

NOBODY_AGAIN: Final = timedelta(minutes=1)
"""How soon it looks again where there is nobody at all to be paged."""
_SHORTEST: Final = timedelta(seconds=1)


def begin(
    level: Level, rules: Mechanism, now: datetime, *, drill: bool = False, not_before: datetime | None = None
) -> Alarm:
    """Return an alarm that is due as soon as its ladder allows; at a level without steps nobody is paged.

    `not_before`: another alarm speaks for it until then; after that it climbs by itself.
    """
    alarm = Alarm(level, rules.ladders, rules.working_hours, rules.version, now, None, drill=drill)
    return replace(alarm, due_at=_allowed(alarm, max(now, not_before or now)) if alarm.ladder.steps else None)


def react(alarm: Alarm, event: Event, roster: Roster, now: datetime) -> Turned:
    """Decide what follows from an event, and then each step that is due by `now`, in order, once (I6).

    An event that no longer applies (a second take, a pass after the take) changes nothing and has no effects (I8).
    """
    turned = _hear(alarm, event, roster, now)
    while turned.alarm.due_at is not None and turned.alarm.due_at <= now:
        further = _fall_due(turned.alarm, roster, now)
        turned = Turned(further.alarm, turned.effects + further.effects)
    return turned


def _hear(alarm: Alarm, event: Event, roster: Roster, now: datetime) -> Turned:
    holds = alarm.status == "taken" and alarm.staff is not None
    match event:
        case Raised(level) if LEVELS.index(level) < LEVELS.index(alarm.level) and not alarm.drill:
            return _raise(alarm, level, now)
        case Took(staff) if alarm.status == "open":
            return _answer_drill(alarm, staff, now) if alarm.drill else _take(alarm, staff, now)
        case Passed(staff) if alarm.status == "open" and staff in alarm.paged and staff not in alarm.passed:
            log = Log("passed", now - alarm.started_at, staff)
            return _without(replace(alarm, passed=(*alarm.passed, staff)), staff, log, roster, now)
        case Unreached() if alarm.status == "open" and alarm.round == event.round and event.staff in alarm.paged:
            return _miss(alarm, event, roster, now)
        case GaveBack(staff) if holds and alarm.staff == staff:
            log = Log("gave_back", _since(alarm.taken_at, now), staff)
            return _reopen(alarm, (staff,), (log,), now)
        case MadeContact(staff) if holds and alarm.staff == staff:
            log = Log("contacted", now - alarm.started_at, staff)
            effects = (log, PutStatus("contacted"), TellHer("contacted", alarm.level))
            return Turned(replace(alarm, status="contacted", due_at=None), effects)
        case Closed() if alarm.status != "closed":
            return _close(alarm, now)
        case Lowered() | LetGo() | HandedOver() | Reopened():
            return _hear_desk(alarm, event, now)
        case TimePassed() | Raised() | Took() | Passed() | Unreached() | GaveBack() | MadeContact() | Closed():
            return Turned(alarm)
        case _:
            assert_never(event)


def _hear_desk(alarm: Alarm, event: Lowered | LetGo | HandedOver | Reopened, now: datetime) -> Turned:
    """What only those who work on the case do, at the desk."""
    held = alarm.status in {"taken", "contacted"}
    match event:
        case Lowered(level) if LEVELS.index(level) > LEVELS.index(alarm.level):
            return _lower(alarm, level, now)
        case LetGo(staff, by_her) if held and alarm.staff == staff:
            log = Log("gave_back", _since(alarm.taken_at, now), staff)
            return _reopen(alarm, (staff,), (log,), now, told=by_her)
        case HandedOver(staff) if held and alarm.staff != staff:
            log = Log("handed_over", _since(alarm.taken_at, now), staff)
            told = (TellStaff(staff, "taken"),) if alarm.status == "taken" else ()
            return Turned(replace(alarm, staff=staff), (log, *told))
        case Reopened(staff) if alarm.status == "closed":
            log = Log("reopened", now - alarm.started_at, staff)
            return Turned(replace(alarm, status="contacted", staff=staff, due_at=None), (log,))
        case Lowered() | LetGo() | HandedOver() | Reopened():
            return Turned(alarm)
        case _:
            assert_never(event)


def _lower(alarm: Alarm, level: Level, now: datetime) -> Turned:
    """Climb the lower ladder from its start; whoever holds the case has the lower level's time for contact."""
    lowered = replace(alarm, level=level)
    log = Log("lowered", now - alarm.started_at)
    match alarm.status:
        case "open":
            return Turned(_next_round(lowered, now), (log,))
        case "taken":
            deadline = (alarm.taken_at or now) + lowered.ladder.contact_within
            later = deadline if alarm.due_at is None else max(alarm.due_at, deadline)
            return Turned(replace(lowered, due_at=later), (log,))
        case "contacted" | "closed":
            return Turned(lowered, (log,))
        case _:
            assert_never(alarm.status)


def _raise(alarm: Alarm, level: Level, now: datetime) -> Turned:
    """Climb the higher ladder from its start; whoever holds the case already hears of it and has less time."""
    raised = replace(alarm, level=level)
    log = Log("raised", now - alarm.started_at)
    match alarm.status:
        case "open":
            return Turned(_next_round(raised, now), (log,))
        case "closed":
            return Turned(_next_round(replace(raised, status="open"), now), (log, PutStatus("waiting")))
        case "taken" | "contacted":
            deadline = now + raised.ladder.contact_within
            sooner = deadline if alarm.due_at is None else min(alarm.due_at, deadline)
            status = () if alarm.status == "taken" else (PutStatus("taken"),)
            held = replace(raised, status="taken", due_at=sooner)
            return Turned(held, (log, *status, *_tell_holder(alarm, "raised")))
        case _:
            assert_never(alarm.status)


def _take(alarm: Alarm, staff: int, now: datetime) -> Turned:
    taken = replace(
        alarm, status="taken", staff=staff, taken_at=now, told_at=None, due_at=now + alarm.ladder.contact_within
    )
    log = Log("taken", now - alarm.started_at, staff)
    told = (TellStaff(staff, "taken"), TellHer("taken", alarm.level))
    return Turned(taken, (log, StopPages(staff), PutStatus("taken"), *told))


def _answer_drill(alarm: Alarm, staff: int, now: datetime) -> Turned:
    """Somebody answered: that was all that a drill asks, and there is nobody to make contact with."""
    answered = replace(alarm, status="closed", staff=staff, taken_at=now, due_at=None)
    logs = tuple(Log(what, now - alarm.started_at, staff) for what in ("taken", "closed"))
    return Turned(answered, (*logs, StopPages(staff), TellStaff(staff, "taken"), PutStatus("closed")))


def _close(alarm: Alarm, now: datetime) -> Turned:
    log = Log("closed", now - alarm.started_at)
    return Turned(replace(alarm, status="closed", due_at=None), (log, StopPages(None), PutStatus("closed")))


def _miss(alarm: Alarm, event: Unreached, roster: Roster, now: datetime) -> Turned:
    log = Log("unreached", now - alarm.started_at, event.staff, event.step)
    if event.at_all:
        alarm = replace(alarm, paged=tuple(one for one in alarm.paged if one != event.staff))
    if event.step != alarm.asked_at:
        return Turned(alarm, (log,))
    return _without(alarm, event.staff, log, roster, now)


def _without(alarm: Alarm, staff: int, log: Log, roster: Roster, now: datetime) -> Turned:
    """Move on at once when nobody of the latest step is left who could still answer."""
    left = replace(alarm, asked=tuple(one for one in alarm.asked if one != staff))
    if left.asked:
        return Turned(left, (log,))
    if left.step < len(left.ladder.steps):
        return Turned(replace(left, due_at=_allowed(left, now)), (log,))
    ended = _end(left, roster, timedelta(0), now)
    return Turned(ended.alarm, (log, *ended.effects))


def _reopen(
    alarm: Alarm, passed: tuple[int, ...], logs: tuple[Log, ...], now: datetime, *, told: bool = False
) -> Turned:
    """It was taken and is not any more: it climbs again from its start. She hears so, unless she was `told`."""
    opened = _next_round(replace(alarm, status="open", staff=None, taken_at=None), now)
    opened = replace(opened, passed=passed)
    if told:
        return Turned(replace(opened, told_at=now), (*logs, PutStatus("waiting")))
    told_now = _tell_her_once(opened, "again", now)
    return Turned(told_now.alarm, (*logs, PutStatus("waiting"), *told_now.effects))


def _fall_due(alarm: Alarm, roster: Roster, now: datetime) -> Turned:
    if alarm.status == "taken":  # nobody made contact within the time (I9)
        log = Log("untaken", _late(alarm, now), alarm.staff)
        reopened = _reopen(alarm, (), (log,), now)
        return Turned(reopened.alarm, reopened.effects + _tell_holder(alarm, "untaken"))
    if alarm.step < len(alarm.ladder.steps):
        return _climb(alarm, roster, now)
    if not alarm.ladder.steps:
        return Turned(replace(alarm, due_at=None))
    if alarm.drill:  # one round, and nobody answered
        return _close(alarm, now)
    told = _tell_her_once(alarm, "nobody_yet", now)
    return Turned(_next_round(told.alarm, now), told.effects)


def _climb(alarm: Alarm, roster: Roster, now: datetime) -> Turned:
    """Page the next step on which there is somebody; those without are skipped at once (I5)."""
    skipped: tuple[Effect, ...] = ()
    for place, step in enumerate(alarm.ladder.steps[alarm.step :], alarm.step):
        found = calls(step, roster, alarm.passed)
        if found:
            paged = _page(alarm, place, found, now)
            told = _tell_her_once(paged.alarm, "calling_next", now) if step.tell_her else Turned(paged.alarm)
            return Turned(told.alarm, skipped + paged.effects + told.effects)
        skipped += (Log("empty", _late(alarm, now), step=place),)
    ended = _end(alarm, roster, _late(alarm, now), now)
    return Turned(ended.alarm, skipped + ended.effects)


def _page(alarm: Alarm, place: int, found: tuple[Call, ...], now: datetime) -> Turned:
    """Page them; the next step counts from when this one was due, a further round from now."""
    steps = alarm.ladder.steps
    asked = tuple(dict.fromkeys(call.staff for call in found))
    is_last = place + 1 >= len(steps)
    due_at = now + _pause(alarm) if is_last else (alarm.due_at or now) + steps[place + 1].wait
    climbed = replace(
        alarm,
        step=min(place + 1, len(steps)),
        asked_at=place,
        asked=asked,
        paged=tuple(dict.fromkeys((*alarm.paged, *asked))),
        due_at=_allowed(alarm, due_at),
    )
    return Turned(climbed, (PageStep(alarm.round, place, alarm.level, found, _late(alarm, now)),))


def _end(alarm: Alarm, roster: Roster, late: timedelta, now: datetime) -> Turned:
    """The ladder has nobody further: wait for the next round, or ask whoever remains. It never ends in silence."""
    steps = len(alarm.ladder.steps)
    waits = alarm.due_at if alarm.due_at is not None and alarm.due_at > now else _allowed(alarm, now + _pause(alarm))
    if set(alarm.paged) - set(alarm.passed):
        return Turned(replace(alarm, step=steps, due_at=waits))
    if found := calls_to_all(roster, alarm.passed):
        return _page(alarm, steps, found, now)
    if alarm.drill:  # nobody remains who could answer it
        return _close(alarm, now)
    if alarm.passed:  # nobody else remains: they are asked again, in the ladder's own time
        if 0 < alarm.step < steps:
            waits = _allowed(alarm, now + max(alarm.ladder.steps[alarm.step].wait, _SHORTEST))
        return Turned(replace(alarm, passed=(), due_at=waits))
    told = _tell_her_once(alarm, "nobody_yet", now)
    again = replace(told.alarm, step=steps, due_at=now + NOBODY_AGAIN)
    return Turned(again, (Log("nobody", late), *told.effects))


def _next_round(alarm: Alarm, now: datetime) -> Alarm:
    due_at = _allowed(alarm, now) if alarm.ladder.steps else None
    return replace(alarm, round=alarm.round + 1, step=0, asked_at=None, asked=(), paged=(), passed=(), due_at=due_at)


def _tell_her_once(alarm: Alarm, what: ToHer, now: datetime) -> Turned:
    """Tell her that we are still looking, but not again within half a round's pause."""
    if alarm.told_at is not None and now - alarm.told_at < _pause(alarm) / 2:
        return Turned(alarm)
    return Turned(replace(alarm, told_at=now), (TellHer(what, alarm.level),))


def _tell_holder(alarm: Alarm, what: ToStaff) -> tuple[Effect, ...]:
    return () if alarm.staff is None else (TellStaff(alarm.staff, what),)


def _pause(alarm: Alarm) -> timedelta:
    return max(alarm.ladder.again_after or _SHORTEST, _SHORTEST)


def _allowed(alarm: Alarm, at: datetime) -> datetime:
    return working_moment(alarm.hours, at) if alarm.ladder.working_hours_only else at


def _late(alarm: Alarm, now: datetime) -> timedelta:
    return _since(alarm.due_at, now)


def _since(earlier: datetime | None, now: datetime) -> timedelta:
    return timedelta(0) if earlier is None else max(now - earlier, timedelta(0))
