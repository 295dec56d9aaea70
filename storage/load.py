"""Counts for those who organise: what waits with whom, how long things took, and whose key opens what.

It holds numbers, times and codes; it never sees what is in a case.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from storage.board import Facets, Line
from storage.unit import Unit, millis, moment


class Turn(NamedTuple):
    """One turn of an alarm: at this moment its case was taken, in contact, or closed, so long after it began."""

    at: datetime
    level: str
    what: str
    took: timedelta


_TURNS = """
    SELECT turn.at, turn.what, turn.late_ms, cases.id, version, status, opened_at, heard_at, answered_at, drill
    FROM alarm_log AS turn JOIN cases ON cases.id = turn.case_id
    WHERE turn.what IN ('taken', 'contacted', 'closed') AND turn.at >= :since AND drill = 0
        AND turn.late_ms IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM alarm_log AS earlier
            WHERE earlier.case_id = turn.case_id AND earlier.what = turn.what AND earlier.id < turn.id)
"""
"""The first time counts for each case; drills are no cases. Where to begin, the index `alarm_log_turns` knows."""


def turns(unit: Unit, facets: Facets, since: datetime) -> list[Turn]:
    """Every turn since a moment, by the level that its case has now. Raises `Unreadable`."""
    rows = unit.all(_TURNS, {"since": millis(since)})
    lines = {row[3]: Line._make(row[3:]) for row in rows}
    known = facets.of(unit, list(lines.values()))
    return [
        Turn(moment(at), known[number].level, what, timedelta(milliseconds=took))
        for at, what, took, number, *_ in rows
        if number in known
    ]


def open_parts(unit: Unit) -> list[tuple[int, int, str]]:
    """Case, member and part of everybody who works on an open case."""
    sql = """SELECT case_id, staff_id, part FROM cases CROSS JOIN assignments
        WHERE status <> 'closed' AND status <> 'sleeping' AND case_id = cases.id AND until IS NULL"""
    return [(case, staff, part) for case, staff, part in unit.all(sql)]


def opened_by(unit: Unit) -> dict[int, int]:
    """How many cases each member's keys open, by her number; her present key and earlier ones are hers."""
    sql = """SELECT staff_id, COUNT(DISTINCT case_id) FROM readers JOIN case_keys ON reader_id = readers.id
        WHERE kind = 'staff' AND case_id NOT IN (SELECT id FROM cases WHERE status = 'sleeping') GROUP BY staff_id"""
    return dict(unit.all(sql))


def codes_of(unit: Unit, staff: int, without: int, most: int) -> list[str]:
    """The codes of the cases that a member's keys open, latest first; `without` those that another must never see."""
    sql = """SELECT code FROM cases WHERE id IN (
            SELECT case_id FROM readers JOIN case_keys ON reader_id = readers.id WHERE staff_id = :staff)
        AND status <> 'sleeping'
        AND NOT EXISTS (SELECT 1 FROM exclusions WHERE case_id = cases.id AND staff_id = :without)
        ORDER BY opened_at DESC, code LIMIT :most"""
    rows = unit.all(sql, {"staff": staff, "without": without, "most": most})
    return [code for (code,) in rows]
