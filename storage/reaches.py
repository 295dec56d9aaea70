"""Looks up which ways to members of staff are proven: those from which she has written to us herself.

It never reads an address.
"""

from __future__ import annotations

from storage.unit import Unit


def proven(unit: Unit) -> set[tuple[int, str]]:
    """Member's number and channel of every way by which she was heard."""
    rows = unit.all("SELECT staff_id, channel FROM reaches WHERE heard_at IS NOT NULL")
    return {(number, channel) for number, channel in rows}


def able(unit: Unit) -> set[int]:
    """Members who work here and can be reached by some way: whoever can't, wakes at nothing."""
    sql = "SELECT DISTINCT staff_id FROM reaches JOIN staff ON staff.id = staff_id WHERE active = 1 AND gone = 0"
    rows = unit.all(sql)
    return {number for (number,) in rows}
