"""Looks up whose keys open which cases: for the recovery key, and for whoever holds one.

It never sees a private half.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.unit import Row, Unit, millis


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone's public half; `removed` where nothing new is sealed to it: it was replaced, or she is disabled."""

    id: int
    kind: str
    public_key: bytes
    removed: bool
    staff: int | None = None
    """Whose key it is, unless it is the recovery key."""


_SELECT = """
    SELECT id, kind, public_key, staff_id, removed_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM staff WHERE staff.id = readers.staff_id AND active = 0)
    FROM readers"""


def of_case(unit: Unit, case: int) -> list[Reader]:
    """Those that a case is sealed to."""
    mine = "SELECT reader_id FROM case_keys WHERE case_id = :case"
    sql = f"{_SELECT} WHERE id IN ({mine}) ORDER BY id"
    return [_reader(row) for row in unit.all(sql, {"case": case})]


def recovery(unit: Unit) -> Reader | None:
    """The recovery key that new cases are sealed to."""
    row = unit.one(f"{_SELECT} WHERE kind = 'recovery' AND removed_at IS NULL ORDER BY id")
    return None if row is None else _reader(row)


def of_staff(unit: Unit, staff: int) -> Reader | None:
    """The key that cases are sealed to for a member now; None where she has not made one yet."""
    row = unit.one(f"{_SELECT} WHERE staff_id = :staff AND removed_at IS NULL", {"staff": staff})
    return None if row is None else _reader(row)


def all_of_staff(unit: Unit) -> list[Reader]:
    """The present keys of all members."""
    return [_reader(row) for row in unit.all(f"{_SELECT} WHERE kind = 'staff' AND removed_at IS NULL ORDER BY id")]


def remove(unit: Unit, staff: int, now: datetime) -> None:
    """A member's key is sealed to no more; what it opened, it opens."""
    sql = "UPDATE readers SET removed_at = :now WHERE staff_id = :staff AND removed_at IS NULL"
    unit.do(sql, {"staff": staff, "now": millis(now)})


def by_number(unit: Unit, number: int) -> Reader | None:
    """The key with this number."""
    row = unit.one(f"{_SELECT} WHERE id = :id", {"id": number})
    return None if row is None else _reader(row)


def _reader(row: Row) -> Reader:
    number, kind, key, staff, gone = row
    return Reader(number, kind, bytes(key), bool(gone), staff)


def cases_of(unit: Unit, reader: int) -> int:
    """How many cases a reader's key opens."""
    row = unit.one("SELECT COUNT(DISTINCT case_id) FROM case_keys WHERE reader_id = :reader", {"reader": reader})
    return row[0] if row else 0
