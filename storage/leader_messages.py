"""Finds what was sent to leaders among all runs. It never says to whom, and changes nothing."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from storage import runs
from storage.runs import Run
from storage.unit import Unit, millis

_LOOKED_AT = 500
"""Runs that are opened at most to find them: one's audience is sealed with what it said."""


def sent(unit: Unit, now: datetime, most: int) -> list[Run]:
    """Up to `most` runs for leaders that have begun, the newest first."""
    sql = """SELECT id FROM runs WHERE state IN ('sending', 'paused', 'done') AND starts_at <= :now
        ORDER BY starts_at DESC, id DESC LIMIT :most"""
    numbers = [number for (number,) in unit.all(sql, {"now": millis(now), "most": _LOOKED_AT})]
    found = (run for number in numbers if (run := runs.get(unit, number)) and run.frozen.audience.leaders)
    return list(islice(found, most))
