"""Keeps alarms as rows with a moment and a version, and the log of everything that happened to them (I11).

It never decides when an alarm acts, and its log holds codes, numbers and times only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.alarm import Alarm
from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place

_MILLISECOND = timedelta(milliseconds=1)
_URGENT = frozenset({"critical", "high"})


class Forgotten(Exception):
    """An open, urgent alarm would have no moment at which it acts: that is a fault of ours (I1)."""


def add(unit: Unit, case: int, alarm: Alarm) -> bool:
    """Keep a new alarm. False where the case has one already."""
    sql = """INSERT INTO alarms (case_id, body, status, next_action_at, version)
        VALUES (:case, :body, :status, :due, 1) ON CONFLICT (case_id) DO NOTHING"""
    return unit.count(sql, _values(unit, case, alarm)) == 1


def load(unit: Unit, case: int) -> tuple[Alarm, int] | None:
    """A case's alarm and its version. Raises `Unreadable`."""
    row = unit.one("SELECT body, version FROM alarms WHERE case_id = :case", {"case": case})
    if row is None:
        return None
    return decode(unit.vault.open(_place(case), bytes(row[0])), Alarm), row[1]


def put(unit: Unit, case: int, alarm: Alarm, version: int) -> bool:
    """Keep an alarm's next state if it is still at `version`. False where somebody else was first (I3)."""
    sql = """UPDATE alarms SET body = :body, status = :status, next_action_at = :due, version = version + 1
        WHERE case_id = :case AND version = :version"""
    return unit.count(sql, _values(unit, case, alarm) | {"version": version}) == 1


def _values(unit: Unit, case: int, alarm: Alarm) -> dict[str, object]:
    if alarm.status == "open" and alarm.level in _URGENT and alarm.due_at is None:
        raise Forgotten
    unit.wakes.add("alarms")
    due = None if alarm.due_at is None else millis(alarm.due_at)
    return {"case": case, "body": unit.vault.seal(_place(case), encode(alarm)), "status": alarm.status, "due": due}


def due(unit: Unit, now: datetime, most: int) -> list[int]:
    """Cases whose alarm is due, the most overdue first."""
    sql = """SELECT case_id FROM alarms WHERE next_action_at IS NOT NULL AND next_action_at <= :now
        ORDER BY next_action_at, case_id LIMIT :most"""
    return [row[0] for row in unit.all(sql, {"now": millis(now), "most": most})]


def next_due(unit: Unit) -> datetime | None:
    """When the next alarm is due, to sleep until then."""
    row = unit.one("SELECT MIN(next_action_at) FROM alarms WHERE next_action_at IS NOT NULL")
    return moment(row[0]) if row and row[0] is not None else None


def overdue(unit: Unit, before: datetime, most: int) -> list[tuple[int, datetime]]:
    """Cases whose alarm was due before a moment and has not acted, with when it was due."""
    sql = """SELECT case_id, next_action_at FROM alarms WHERE next_action_at IS NOT NULL AND next_action_at < :before
        ORDER BY next_action_at, case_id LIMIT :most"""
    return [(case, moment(at)) for case, at in unit.all(sql, {"before": millis(before), "most": most})]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an alarm's log. `late` is its latency: after it was due, was sent, or after the alarm began."""

    at: datetime
    what: str
    staff: int | None
    step: int | None
    late: timedelta | None


def log(
    unit: Unit,
    case: int,
    at: datetime,
    what: str,
    *,
    staff: int | None = None,
    step: int | None = None,
    late: timedelta | None = None,
) -> None:
    """Write a line of the log; `what` is one of a few fixed codes."""
    sql = """INSERT INTO alarm_log (case_id, at, what, staff_id, step, late_ms)
        VALUES (:case, :at, :what, :staff, :step, :late)"""
    latency = None if late is None else late // _MILLISECOND
    values = {"case": case, "at": millis(at), "what": what, "staff": staff, "step": step, "late": latency}
    unit.do(sql, values)


def history(unit: Unit, case: int) -> list[Entry]:
    """A case's log, oldest first."""
    sql = "SELECT at, what, staff_id, step, late_ms FROM alarm_log WHERE case_id = :case ORDER BY id"
    return [
        Entry(moment(at), what, staff, step, None if late is None else late * _MILLISECOND)
        for at, what, staff, step, late in unit.all(sql, {"case": case})
    ]


def was_logged(unit: Unit, case: int, what: str, since: datetime) -> bool:
    """Whether the log has a line of this kind since a moment."""
    sql = "SELECT 1 FROM alarm_log WHERE case_id = :case AND what = :what AND at >= :since LIMIT 1"
    return unit.one(sql, {"case": case, "what": what, "since": millis(since)}) is not None


def _place(case: int) -> Place:
    return Place("alarms", "body", str(case))
