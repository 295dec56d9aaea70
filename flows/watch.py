"""Decides what a check-in does when time passes or she does something: remind, ask, call a person, begin again.

It never sends, it keeps the times it began with, and however late it is called, it acts late rather than never.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from flows.dates import YEMEN
from flows.watching import (
    Ask,
    CallBack,
    Cancelled,
    CheckInRules,
    Duress,
    Effect,
    Event,
    Extended,
    Note,
    Paused,
    PutOff,
    Raise,
    Remind,
    Resumed,
    Safe,
    TimePassed,
    Turned,
    Watch,
    Why,
    WrongWord,
)

_DAY: Final = timedelta(days=1)
_WEEKEND: Final = frozenset((4, 5))
"""Friday and Saturday, as datetime.weekday counts."""
_AHEAD: Final = frozenset(("armed", "asked"))
"""States in which time brings its end."""


def begin(rules: CheckInRules, due_at: datetime, grace: timedelta, now: datetime, every: str = "") -> Watch:
    """Arm a check-in. Its grace is brought within what may be chosen, a moment that is over already to now."""
    within = min(max(grace, rules.least_grace), rules.most_grace)
    return _from(Watch(rules, max(due_at, now), within, None, every), now)


def react(watch: Watch, event: Event, now: datetime) -> Turned:  # noqa: C901 - one line for each event
    """Decide what follows from an event. One that no longer applies changes nothing and has no effects."""
    match event:
        case TimePassed():
            return _pass(watch, now)
        case Safe() if watch.state in _AHEAD:
            return _settle(watch, now)
        case Safe() | Cancelled() if watch.state == "overdue":
            goes_on = isinstance(event, Safe) and watch.every
            return Turned(_next_round(watch, now) if goes_on else _over(watch, now), (Note("says_safe"),))
        case Cancelled() if watch.state != "over":
            return Turned(_over(watch, now), (CallBack(watch.due_at), *_said_safe(watch)))
        case Extended(minutes) if watch.state in _AHEAD and minutes > 0:
            return _put_off(watch, timedelta(minutes=minutes), now)
        case Paused() if watch.state in _AHEAD and watch.every:
            paused = replace(watch, state="paused", next_at=None)
            return Turned(paused, (CallBack(watch.due_at), *_said_safe(watch)))
        case Resumed() if watch.state == "paused":
            return Turned(_next_round(watch, now))
        case WrongWord() if watch.state not in {"overdue", "over"}:
            return _doubt(watch)
        case Duress(seeming):
            return _obey(watch, seeming, now)
        case Safe() | Cancelled() | Extended() | Paused() | Resumed() | WrongWord():
            return Turned(watch)
        case _:
            assert_never(event)


def moments(watch: Watch) -> tuple[datetime, ...]:
    """When this round acts: its reminders, its questions as far as they lie in her grace, and its end."""
    rules = watch.rules
    before = tuple(watch.due_at - one for one in rules.reminders)
    after = tuple(watch.due_at + one for one in rules.asks if one < watch.grace)
    return (*before, *after, watch.due_at + watch.grace)


def _from(watch: Watch, now: datetime) -> Watch:
    """Begin a round now: reminders that lie before it are left out, never a question."""
    steps = moments(watch)
    step = sum(steps[place] <= now for place in range(len(watch.rules.reminders)))
    return replace(watch, state="armed", step=step, next_at=steps[step])


def _pass(watch: Watch, now: datetime) -> Turned:
    """Do the last that is due: what lies before it would only be said twice."""
    steps = moments(watch)
    due = [place for place in range(watch.step, len(steps)) if steps[place] <= now]
    if watch.state not in _AHEAD or not due:
        return Turned(watch)
    last, reminders = due[-1], len(watch.rules.reminders)
    if last == len(steps) - 1:
        return _raise(watch, "missed", now - steps[last])
    asks = last >= reminders
    effect: Effect = Ask(now - steps[max(due[0], reminders)]) if asks else Remind(watch.due_at)
    state = "asked" if asks else watch.state
    return Turned(replace(watch, state=state, step=last + 1, next_at=steps[last + 1]), (effect,))


def _raise(watch: Watch, why: Why, late: timedelta) -> Turned:
    """A person is called; where its case is awake already, whoever holds it hears what happened."""
    effect: Effect = Note(why) if watch.raised else Raise(why, late)
    overdue = replace(watch, state="overdue", next_at=None, raised=watch.raised or why)
    return Turned(overdue, (CallBack(watch.due_at), effect))


def _settle(watch: Watch, now: datetime) -> Turned:
    """She is safe: it is over, or comes again."""
    after = _next_round(watch, now) if watch.every else _over(watch, now)
    return Turned(after, (CallBack(watch.due_at), *_said_safe(watch)))


def _said_safe(watch: Watch) -> tuple[Effect, ...]:
    return (Note("says_safe"),) if watch.raised else ()


def _over(watch: Watch, now: datetime) -> Watch:
    return replace(watch, state="over", ended_at=now, next_at=now + watch.rules.keep)


def _put_off(watch: Watch, by: timedelta, now: datetime) -> Turned:
    times = watch.extended + 1
    later = replace(watch, due_at=max(watch.due_at, now) + by, anchor=watch.anchor or watch.due_at, extended=times)
    return Turned(_from(later, now), (CallBack(watch.due_at), PutOff(times, often=times > watch.rules.extensions)))


def _doubt(watch: Watch) -> Turned:
    doubted = replace(watch, wrong=watch.wrong + 1)
    if doubted.wrong < watch.rules.wrong_words:
        return Turned(doubted)
    return _raise(doubted, "wrong_word", timedelta(0))


def _obey(watch: Watch, seeming: Safe | Extended | Cancelled | Paused | Resumed, now: datetime) -> Turned:
    """What she seemed to do is done, and a person is called silently, whatever state it is in."""
    seemed = react(watch, seeming, now)
    kept = tuple(one for one in seemed.effects if one != Note("says_safe"))
    effect: Effect = Note("duress") if watch.raised else Raise("duress", timedelta(0))
    return Turned(replace(seemed.watch, raised="duress"), (*kept, effect))


def _next_round(watch: Watch, now: datetime) -> Watch:
    due_at = _next_due(watch.anchor or watch.due_at, watch.every, now)
    return _from(replace(watch, due_at=due_at, anchor=None, round=watch.round + 1, extended=0, wrong=0), now)


def _next_due(before: datetime, every: str, now: datetime) -> datetime:
    """The same hour on the next day that is still to come; on weekdays, not on Friday and Saturday."""
    days = max(1, (now - before) // _DAY + 1)
    due_at = before + days * _DAY
    while every == "weekdays" and due_at.astimezone(YEMEN).weekday() in _WEEKEND:
        due_at += _DAY
    return due_at
