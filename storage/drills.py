"""Looks up drills among the cases, and deletes those whose time is over. It never touches a case that is no drill."""

from __future__ import annotations

from datetime import datetime

from storage.unit import Unit, millis


def running(unit: Unit) -> int | None:
    """The drill that is not over, by its case's number."""
    row = unit.one("SELECT id FROM cases WHERE drill = 1 AND status <> 'closed' ORDER BY opened_at DESC")
    return None if row is None else row[0]


def lately(unit: Unit, most: int = 20) -> list[int]:
    """The newest drills by their cases' numbers, the newest first."""
    sql = "SELECT id FROM cases WHERE drill = 1 ORDER BY opened_at DESC, id LIMIT :most"
    return [number for (number,) in unit.all(sql, {"most": most})]


def expire(unit: Unit, before: datetime) -> int:
    """Delete drills that began before a moment, with their alarms, pages and logs. Says how many."""
    sql = "DELETE FROM cases WHERE drill = 1 AND status = 'closed' AND opened_at < :before"
    return unit.count(sql, {"before": millis(before)})
