"""Keeps what a member asked of another about a shift: to take it over, whole or in part, perhaps for one of hers.

It never changes a shift: `handlers.rota_asks` does, once the other has said yes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.unit import Row, Unit, millis, moment

State = Literal["asked", "taken", "declined", "withdrawn", "over"]
"""over: the shift was changed in the meantime, so nothing came of it."""


@dataclass(frozen=True, slots=True)
class Swap:
    """One request: `by` asks `to` to take the shift, from `starts` to `ends` (aware, UTC) or whole where they are None.

    `back` is a shift of hers that `by` takes in return.
    """

    id: int
    shift: int
    by: int
    to: int
    state: State
    made_at: datetime
    starts: datetime | None = None
    ends: datetime | None = None
    back: int | None = None


_COLUMNS = "id, shift_id, by_id, to_id, state, made_at, starts_at, ends_at, back_id"


def add(unit: Unit, swap: Swap) -> None:
    """Keep a request."""
    sql = f"""INSERT INTO swaps ({_COLUMNS})
        VALUES (:id, :shift, :by, :to, :state, :made, :starts, :ends, :back)"""  # noqa: S608 - our own names
    values = {"id": swap.id, "shift": swap.shift, "by": swap.by, "to": swap.to, "state": swap.state}
    times = {"made": millis(swap.made_at), "starts": _millis(swap.starts), "ends": _millis(swap.ends)}
    unit.do(sql, values | times | {"back": swap.back})


def expire(unit: Unit, before: datetime) -> int:
    """Forget requests made before a moment that nobody waits for any more. Says how many."""
    sql = "DELETE FROM swaps WHERE made_at < :before AND state <> 'asked'"
    return unit.count(sql, {"before": millis(before)})


def find(unit: Unit, number: int) -> Swap | None:
    """One request."""
    row = unit.one(f"SELECT {_COLUMNS} FROM swaps WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return None if row is None else _swap(row)


def waiting(unit: Unit, staff: int) -> list[Swap]:
    """Requests by or to a member that nobody has answered, the newest first."""
    sql = f"""SELECT {_COLUMNS} FROM swaps WHERE state = 'asked' AND (by_id = :staff OR to_id = :staff)
        ORDER BY made_at DESC, id"""  # noqa: S608 - our own names
    return [_swap(row) for row in unit.all(sql, {"staff": staff})]


def settle(unit: Unit, number: int, state: State) -> bool:
    """A request is answered. False where it was before."""
    sql = "UPDATE swaps SET state = :state WHERE id = :id AND state = 'asked'"
    return unit.count(sql, {"id": number, "state": state}) == 1


def _swap(row: Row) -> Swap:
    number, shift, by, to, state, made_at, starts, ends, back = row
    times = None if starts is None else moment(starts), None if ends is None else moment(ends)
    return Swap(number, shift, by, to, state, moment(made_at), *times, back)


def _millis(at: datetime | None) -> int | None:
    return None if at is None else millis(at)
