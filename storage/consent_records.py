"""Keeps that somebody agreed to something, once what she agreed for is gone: layer, version and day, and nobody's name.

It never keeps whose consent it was, nor the hour: a moment could be compared with what a platform knows.
"""

from __future__ import annotations

from datetime import datetime

from flows.core import Consent
from storage.unit import Unit, millis


def keep(unit: Unit, number: int, layer: str, given: Consent, ends_at: datetime) -> None:
    """Keep one, under a fresh number, until its time."""
    sql = "INSERT INTO consent_records (id, layer, version, at, ends_at) VALUES (:id, :layer, :version, :at, :ends)"
    at, ends = (millis(one.replace(hour=0, minute=0, second=0, microsecond=0)) for one in (given.at, ends_at))
    unit.do(sql, {"id": number, "layer": layer, "version": given.version, "at": at, "ends": ends})


def expire(unit: Unit, now: datetime) -> int:
    """Forget those whose time is over. Says how many."""
    return unit.count("DELETE FROM consent_records WHERE ends_at <= :now", {"now": millis(now)})
