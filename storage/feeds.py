"""Keeps which secret link shows a member's own shifts to her calendar: the link's hash, one link for each.

It never keeps the link itself, which is shown once.
"""

from __future__ import annotations

from datetime import datetime

from storage.unit import Unit, millis, moment


def put(unit: Unit, token_hash: bytes, staff: int, now: datetime) -> None:
    """A new link for a member; the one before shows nothing any more."""
    drop(unit, staff)
    sql = "INSERT INTO feeds (token_hash, staff_id, made_at) VALUES (:hash, :staff, :now)"
    unit.do(sql, {"hash": token_hash, "staff": staff, "now": millis(now)})


def drop(unit: Unit, staff: int) -> bool:
    """A member's link shows nothing any more. False where she had none."""
    return unit.count("DELETE FROM feeds WHERE staff_id = :staff", {"staff": staff}) > 0


def staff_of(unit: Unit, token_hash: bytes) -> int | None:
    """Whose link this is; None for no link, or one of somebody who doesn't work here any more."""
    sql = """SELECT staff_id FROM feeds JOIN staff ON staff.id = staff_id
        WHERE token_hash = :hash AND active = 1"""
    row = unit.one(sql, {"hash": token_hash})
    return None if row is None else int(row[0])


def made_at(unit: Unit, staff: int) -> datetime | None:
    """Since when a member has a link; None where she has none."""
    row = unit.one("SELECT made_at FROM feeds WHERE staff_id = :staff", {"staff": staff})
    return None if row is None else moment(row[0])
