"""Keeps those who take a course: a list of its own, found by a blind index of its own, sealed otherwise.

It joins neither `people` nor `subscribers`; of what she did last the day is kept, since the answer to it lies under
another index with its moment. A row's `next_at` is when something is to be done about it by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.public import Learning
from storage.coding import decode, encode
from storage.unit import Unit, day, millis, moment
from storage.vault import Place


@dataclass(frozen=True, slots=True)
class Facts:
    """What is sealed of one: where she is reached, and how far she is."""

    address: str
    learning: Learning


@dataclass(frozen=True, slots=True)
class Learner:
    """One of them."""

    id: int
    channel: str
    facts: Facts
    next_at: datetime | None
    """When the next opener or reminder is due; None while nothing is to be sent."""


def who(channel: str, address: str) -> str:
    """What her blind index is made of: another than that of `people` and of `subscribers`."""
    return f"learner:{channel}:{address}"


_FIELDS = "id, channel, facts, next_at"


def find(unit: Unit, channel: str, address: str) -> Learner | None:
    """Who learns under this address; held until the act ends, so that it may be changed."""
    sql = f"SELECT {_FIELDS} FROM learners WHERE address_index = :index /* held learners */"  # noqa: S608 - our names
    for index in unit.vault.indexes(who(channel, address)):
        if row := unit.one(sql, {"index": index}):
            return _learner(unit, row)
    return None


def get(unit: Unit, number: int) -> Learner | None:
    """A learner by the number of her row, as she stands; None once she has left."""
    row = unit.one(f"SELECT {_FIELDS} FROM learners WHERE id = :id", {"id": number})  # noqa: S608 - as above
    return None if row is None else _learner(unit, row)


def add(unit: Unit, learner: Learner, now: datetime) -> None:
    """Keep a new one."""
    sql = """INSERT INTO learners (id, channel, address_index, facts, next_at, last_at)
        VALUES (:id, :channel, :index, :facts, :next_at, :now)"""
    index = unit.vault.index(who(learner.channel, learner.facts.address))
    unit.do(sql, _values(unit, learner) | {"channel": learner.channel, "index": index, "now": day(now)})


def put(unit: Unit, learner: Learner, now: datetime | None = None) -> None:
    """Keep how far she is; with `now` where she did something herself, from which her year is counted anew."""
    sql = """UPDATE learners SET facts = :facts, next_at = :next_at, last_at = COALESCE(:now, last_at)
        WHERE id = :id"""
    unit.do(sql, _values(unit, learner) | {"now": None if now is None else day(now)})


def leave(unit: Unit, channel: str, address: str) -> None:
    """Delete her."""
    for index in unit.vault.indexes(who(channel, address)):
        unit.do("DELETE FROM learners WHERE address_index = :index", {"index": index})


def due(unit: Unit, now: datetime, most: int) -> list[int]:
    """Numbers of those about whom something is due, the longest waiting first."""
    sql = """SELECT id FROM learners WHERE next_at IS NOT NULL AND next_at <= :now ORDER BY next_at LIMIT :most"""
    return [number for (number,) in unit.all(sql, {"now": millis(now), "most": most})]


def expire(unit: Unit, before: datetime) -> int:
    """Delete those who have not learnt since a moment. Says how many."""
    return unit.count("DELETE FROM learners WHERE last_at < :before", {"before": millis(before)})


def _values(unit: Unit, learner: Learner) -> dict[str, Any]:
    sealed = unit.vault.seal(_place(learner.id), encode(learner.facts))
    next_at = None if learner.next_at is None else millis(learner.next_at)
    return {"id": learner.id, "facts": sealed, "next_at": next_at}


def _learner(unit: Unit, row: tuple[Any, ...]) -> Learner:
    number, channel, facts, next_at = row
    opened = decode(unit.vault.open(_place(number), bytes(facts)), Facts)
    return Learner(number, channel, opened, None if next_at is None else moment(next_at))


def _place(number: int) -> Place:
    return Place("learners", "facts", str(number))
