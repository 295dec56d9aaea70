"""Says when a recurring hour comes again, by APScheduler's crontab triggers. It keeps nothing and starts nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger


def next_fire(moments: str, zone: str, after: datetime) -> datetime | None:
    """The first moment after `after` that a crontab line names, by the clock of a zone; None where there is none.

    Days of the week are named (sun, mon …): by number APScheduler and cron differ. Raises ValueError for no such line.
    """
    trigger = CronTrigger.from_crontab(moments, timezone=zone)
    found: datetime | None = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
    return found


def is_valid(moments: str) -> bool:
    """Whether it is a crontab line that comes about at all."""
    try:
        CronTrigger.from_crontab(moments)
    except ValueError:
        return False
    return True
