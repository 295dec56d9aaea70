"""Says when a learner may be told of a lesson: at her hour, on a day of lessons, in no quiet span of her own clock.

It never reads a clock: the moment is handed to it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flows.broadcast import BroadcastRules, is_quiet
from flows.public import Learning

LATE: Final = timedelta(hours=1)
"""So long after her hour she is still told; later the lesson waits for the next day: the hour is when it is safe."""
_QUARTER: Final = timedelta(minutes=15)
_FARTHEST: Final = 60
"""Days that are looked ahead: Ramadan and any week without a day of lessons lie within."""


def fits(learning: Learning, due_at: datetime, now: datetime, rules: BroadcastRules) -> bool:
    """Whether she may be told now of what was due then: not too late, and not at a quiet time."""
    return now - due_at <= LATE and is_open(learning, now, rules)


def is_open(learning: Learning, now: datetime, rules: BroadcastRules) -> bool:
    """Whether it is a day of lessons, and no quiet span, on her clock."""
    here = now.astimezone(ZoneInfo(learning.zone))
    return here.weekday() in rules.lesson_days and not is_quiet(here, rules)


def day_of(learning: Learning, at: datetime) -> datetime:
    """The beginning of the day, on her clock, in which a moment lies."""
    here = at.astimezone(ZoneInfo(learning.zone))
    return datetime.combine(here.date(), time(0), here.tzinfo)


def tomorrow(learning: Learning, now: datetime, rules: BroadcastRules) -> datetime | None:
    """One lesson a day: her hour on a later day than this one of hers."""
    return coming(learning, day_of(learning, day_of(learning, now) + timedelta(hours=36)), rules)


def coming(learning: Learning, after: datetime, rules: BroadcastRules) -> datetime | None:
    """The next moment at her hour, on a day of lessons, in no quiet span (UTC). None where the rules leave none."""
    zone = ZoneInfo(learning.zone)
    first = after.astimezone(zone).date()
    for days in range(_FARTHEST):
        at = _stroke(first + timedelta(days=days), learning.hour, zone, rules)
        if at is not None and at >= after:
            return at.astimezone(UTC)
    return None


def _stroke(day: date, hour: int, zone: ZoneInfo, rules: BroadcastRules) -> datetime | None:
    """Her hour on a day; where that is quiet (Ramadan), the first quarter of an hour of that day that is not."""
    if day.weekday() not in rules.lesson_days:
        return None
    at = datetime.combine(day, time(hour), zone)
    while at.date() == day:
        if not is_quiet(at, rules):
            return at
        at += _QUARTER
    return None


def first_free(learning: Learning, after: datetime, last: datetime, rules: BroadcastRules) -> datetime | None:
    """The first moment between two at which she may be written to, whatever her hour; None where there is none."""
    at = after
    while at <= last:
        if is_open(learning, at, rules):
            return at
        at += _QUARTER
    return None
