"""Counts what happened, by name, part and month, and never anybody to whom it happened.

Small counts are shown to nobody: `shown` says "fewer than" instead, since a count of one is a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that may be shown: `count`, or None where it is smaller than may be told."""

    count: int | None


def month_of(now: datetime, zone: str) -> str:
    """The month of a moment on a zone's calendar, as 2026-11."""
    return now.astimezone(ZoneInfo(zone)).strftime("%Y-%m")


def add(unit: Unit, name: str, part: str, month: str, by: int = 1) -> None:
    """Count something: what it was, of what (a topic, a lesson), and in which month ("2026-11")."""
    sql = """INSERT INTO figures (name, part, month, count) VALUES (:name, :part, :month, :by)
        ON CONFLICT (name, part, month) DO UPDATE SET count = figures.count + excluded.count"""
    unit.do(sql, {"name": name, "part": part, "month": month, "by": by})


def totals(unit: Unit, name: str) -> Mapping[str, int]:
    """By part: how often it happened in all months. For reckoning with; what is shown goes through `shown`."""
    sql = "SELECT part, SUM(count) FROM figures WHERE name = :name GROUP BY part ORDER BY part"
    return {part: int(count) for part, count in unit.all(sql, {"name": name})}


def monthly(unit: Unit, name: str) -> Mapping[str, Mapping[str, int]]:
    """By month, and then by part: how often it happened. The same holds."""
    sql = "SELECT month, part, count FROM figures WHERE name = :name ORDER BY month, part"
    found: dict[str, dict[str, int]] = {}
    for month, part, count in unit.all(sql, {"name": name}):
        found.setdefault(month, {})[part] = int(count)
    return found


def shown(count: int, smallest: int) -> Figure:
    """A count as it may be shown: nothing between none and the smallest that the rules allow."""
    return Figure(count if count == 0 or count >= smallest else None)
