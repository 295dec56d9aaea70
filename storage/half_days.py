"""Counts what happened in each half of a day on the association's clock (`figures`), and never to whom.

Half a day is as fine as it gets: by finer steps one could watch a single person come or go.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from storage import figures
from storage.unit import Unit

JOINED: Final = "joined"
LEFT: Final = "left"
"""Somebody subscribed who was on no list; somebody left all lists."""
HALF: Final = timedelta(hours=12)
_NOON: Final = 12


def begin(at: datetime, zone: str) -> datetime:
    """The midnight or noon before a moment, in a zone."""
    there = at.astimezone(ZoneInfo(zone))
    return there.replace(hour=_NOON if there.hour >= _NOON else 0, minute=0, second=0, microsecond=0)


def note(unit: Unit, name: str, at: datetime, zone: str) -> None:
    """Count one."""
    figures.add(unit, f"half:{name}", _part(begin(at, zone)), figures.month_of(at, zone))


def between(unit: Unit, name: str, since: datetime, halves: int) -> int:
    """How many there were in so many halves from a midnight or noon on. A sum that may not be shown as it is."""
    sql = "SELECT COALESCE(SUM(count), 0) FROM figures WHERE name = :name AND part = :part"
    parts = [_part(begin(since + HALF * number, str(since.tzinfo))) for number in range(halves)]
    found = [unit.one(sql, {"name": f"half:{name}", "part": part}) for part in parts]
    return sum(int(row[0]) for row in found if row)


def _part(start: datetime) -> str:
    return f"{start:%Y-%m-%d}.{start.hour // _NOON}"
