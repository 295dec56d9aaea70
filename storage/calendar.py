"""Keeps the calendar of tips: which track comes when, and which of its tips is next.

It never sends one, and it knows no reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from storage.unit import Unit, millis, moment

EntryState = Literal["on", "paused"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar."""

    id: int
    what: str
    part: str
    """A track; empty for all of them in turn."""
    moments: str
    """When it comes: a line of crontab."""
    zone: str
    state: EntryState
    place: int
    """Which of its tips is next, counted round and round."""
    next_at: datetime | None
    made_by: int | None
    made_at: datetime


_FIELDS = "id, what, part, moments, zone, state, place, next_at, made_by, made_at"


def add(unit: Unit, entry: Entry) -> None:
    """Keep a new line."""
    sql = f"""INSERT INTO calendar ({_FIELDS})
        VALUES (:id, :what, :part, :moments, :zone, :state, :place, :next, :by, :made)"""  # noqa: S608 - our own names
    values = {"id": entry.id, "what": entry.what, "part": entry.part, "moments": entry.moments, "zone": entry.zone}
    values |= {"state": entry.state, "place": entry.place, "next": _stored(entry.next_at)}
    unit.do(sql, values | {"by": entry.made_by, "made": millis(entry.made_at)})


def everything(unit: Unit, what: str = "tip") -> list[Entry]:
    """All lines, the one that comes next first."""
    sql = f"SELECT {_FIELDS} FROM calendar WHERE what = :what"  # noqa: S608 - as above
    found = [_entry(row) for row in unit.all(sql, {"what": what})]
    return sorted(found, key=lambda one: (one.next_at is None, one.next_at or one.made_at, one.id))


def get(unit: Unit, number: int) -> Entry | None:
    """A line by its number, held until the act ends."""
    sql = f"SELECT {_FIELDS} FROM calendar WHERE id = :id /* held calendar */"  # noqa: S608 - as above
    row = unit.one(sql, {"id": number})
    return None if row is None else _entry(row)


def due(unit: Unit, now: datetime) -> list[Entry]:
    """Lines whose hour has come, held until the act ends."""
    sql = f"""SELECT {_FIELDS} FROM calendar WHERE state = 'on' AND next_at <= :now
        ORDER BY next_at, id /* held calendar */"""  # noqa: S608 - as above
    return [_entry(row) for row in unit.all(sql, {"now": millis(now)})]


def move(unit: Unit, number: int, state: EntryState, place: int, next_at: datetime | None) -> None:
    """Put a line where it goes on from."""
    sql = "UPDATE calendar SET state = :state, place = :place, next_at = :next WHERE id = :id"
    unit.do(sql, {"id": number, "state": state, "place": place, "next": _stored(next_at)})


def remove(unit: Unit, number: int) -> bool:
    """Delete a line. False where there is none."""
    return unit.count("DELETE FROM calendar WHERE id = :id", {"id": number}) == 1


def _stored(at: datetime | None) -> int | None:
    return None if at is None else millis(at)


def _entry(row: tuple[Any, ...]) -> Entry:
    number, what, part, moments, zone, state, place, next_at, by, made = row
    at = None if next_at is None else moment(next_at)
    return Entry(number, what, part, moments, zone, state, place, at, by, moment(made))
