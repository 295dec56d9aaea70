"""Keeps the rota: shifts by the wall clock of their own zone.

It never decides who is on call: that is `flows.rota`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flows.rota import Shift
from storage.unit import Unit

_COLUMNS = "id, staff_id, level, starts, ends, zone, overrides, covers"
_ADD = f"""
    INSERT INTO shifts ({_COLUMNS}) VALUES (:id, :staff, :level, :starts, :ends, :zone, :overrides, :covers)
"""  # noqa: S608 - our own names
_ZONES = timedelta(days=1)
"""Further than any zone's clock is from UTC."""


def add(unit: Unit, shift: Shift) -> None:
    """Keep a shift, in wall-clock time of its own zone."""
    unit.do(_ADD, _values(shift))


def every(unit: Unit) -> list[Shift]:
    """Every shift, by its start."""
    return [_shift(row) for row in unit.all(f"SELECT {_COLUMNS} FROM shifts ORDER BY starts, id")]  # noqa: S608


def between(unit: Unit, start: datetime, end: datetime) -> list[Shift]:
    """Every shift that may touch the time between two moments (aware, UTC), by its start; a few more come along."""
    sql = f"SELECT {_COLUMNS} FROM shifts WHERE ends >= :start AND starts <= :end ORDER BY starts, id"  # noqa: S608
    return [_shift(row) for row in unit.all(sql, {"start": _text(start - _ZONES), "end": _text(end + _ZONES)})]


def find(unit: Unit, number: int) -> Shift | None:
    """One shift."""
    row = unit.one(f"SELECT {_COLUMNS} FROM shifts WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return None if row is None else _shift(row)


def lock(unit: Unit, number: int) -> Shift | None:
    """One shift, which nobody else changes until this transaction ends."""
    unit.do("UPDATE shifts SET level = level WHERE id = :id", {"id": number})
    return find(unit, number)


def change(unit: Unit, shift: Shift) -> None:
    """Keep a shift as it is now, under its number."""
    sql = """UPDATE shifts SET staff_id = :staff, level = :level, starts = :starts, ends = :ends, zone = :zone,
        overrides = :overrides, covers = :covers WHERE id = :id"""
    unit.do(sql, _values(shift))


def remove(unit: Unit, number: int) -> bool:
    """Forget a shift, with what was asked about it and its reminders. False where there is none."""
    return unit.count("DELETE FROM shifts WHERE id = :id", {"id": number}) == 1


def _values(shift: Shift) -> dict[str, Any]:
    values = {"id": shift.id, "staff": shift.staff_id, "level": shift.level, "zone": shift.zone}
    times = {"starts": _text(shift.starts), "ends": _text(shift.ends)}
    return values | times | {"overrides": int(shift.override), "covers": shift.covers}


def _text(at: datetime) -> str:
    """Wall-clock time as text that sorts as time does."""
    return at.replace(tzinfo=None, fold=0).isoformat()


def _shift(row: tuple[Any, ...]) -> Shift:
    number, staff, level, starts, ends, zone, overrides, covers = row
    times = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    return Shift(number, staff, level, *times, zone, override=bool(overrides), covers=covers)
