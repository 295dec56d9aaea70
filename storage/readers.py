"""Looks up whose keys open which cases: for the recovery key, and for whoever holds one.

It never sees a private half.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone's public half; `removed` where newer cases are no longer sealed to it."""

    id: int
    kind: str
    public_key: bytes
    removed: bool


_SELECT = "SELECT readers.id, kind, public_key, removed_at IS NOT NULL FROM readers"


def of_case(unit: Unit, case: int) -> list[Reader]:
    """Those that a case is sealed to."""
    sql = f"{_SELECT} JOIN case_keys ON reader_id = readers.id WHERE case_id = :case ORDER BY readers.id"
    return [Reader(number, kind, bytes(key), bool(gone)) for number, kind, key, gone in unit.all(sql, {"case": case})]


def recovery(unit: Unit) -> Reader | None:
    """The recovery key that new cases are sealed to."""
    row = unit.one(f"{_SELECT} WHERE kind = 'recovery' AND removed_at IS NULL ORDER BY readers.id")
    return None if row is None else Reader(row[0], row[1], bytes(row[2]), removed=False)


def cases_of(unit: Unit, reader: int) -> int:
    """How many cases a reader's key opens."""
    row = unit.one("SELECT COUNT(*) FROM case_keys WHERE reader_id = :reader", {"reader": reader})
    return row[0] if row else 0
