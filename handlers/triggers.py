"""Says when a line of crontab strikes next, by APScheduler's trigger. It runs nothing, and it reads no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

_PARTS = 5
_LONGEST = 100


def next_fire(moments: str, zone: str, after: datetime) -> datetime | None:
    """The first moment (UTC) after this one at which the line strikes on that zone's clock; None where it never does.

    `moments` is minute, hour, day, month, weekday (mon or 0 is Monday, as APScheduler counts). ValueError where it is
    no such line.
    """
    found = _trigger(moments, zone).get_next_fire_time(None, after.astimezone(UTC) + timedelta(milliseconds=1))  # type: ignore[no-untyped-call]
    return None if found is None else found.astimezone(UTC)


def is_line(moments: str, zone: str = "Asia/Aden") -> bool:
    """Whether this is a line that can strike: five parts, each in its range, and a zone that there is."""
    try:
        _trigger(moments, zone)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=256)
def _trigger(moments: str, zone: str) -> CronTrigger:
    if len(moments) > _LONGEST or len(moments.split()) != _PARTS:
        raise ValueError("a line has five parts: minute, hour, day, month, weekday")
    try:
        return CronTrigger.from_crontab(moments, timezone=ZoneInfo(zone))  # type: ignore[no-untyped-call, no-any-return]
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError("this is no line of crontab, or no zone") from error
