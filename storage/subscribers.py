"""Keeps those who asked to be sent something: a list of its own, found by a blind index of its own.

It never joins `people`: without the server's keys nobody can tell that a subscriber also wrote to us. For that the day
on which she joined is kept, and not the moment: the answer that she got lies beside it under another index. Whoever
leaves is deleted, so nothing reaches her until she comes back herself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from flows.public import Leader, Subscription
from storage.coding import decode, encode
from storage.unit import Unit, day, millis, moment
from storage.vault import Place


@dataclass(frozen=True, slots=True)
class Facts:
    """What is sealed of one: where she is reached, and what she asked for."""

    address: str
    subscription: Subscription
    leader: Literal["", Leader] = ""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One of them."""

    id: int
    channel: str
    index: bytes
    facts: Facts
    last_at: datetime | None
    """When she was last sent something that keeps her spacing."""


def who(channel: str, address: str) -> str:
    """What her blind index is made of: another than that of `people`."""
    return f"subscriber:{channel}:{address}"


_FIELDS = "id, channel, address_index, facts, last_at"


def find(unit: Unit, channel: str, address: str) -> Subscriber | None:
    """Who is subscribed under this address."""
    sql = f"SELECT {_FIELDS} FROM subscribers WHERE address_index = :index"  # noqa: S608 - our own names
    for index in unit.vault.indexes(who(channel, address)):
        if row := unit.one(sql, {"index": index}):
            return _subscriber(unit, row)
    return None


def get(unit: Unit, number: int) -> Subscriber | None:
    """A subscriber by the number of her row; None once she has left."""
    sql = f"SELECT {_FIELDS} FROM subscribers WHERE id = :id"  # noqa: S608 - as above
    row = unit.one(sql, {"id": number})
    return None if row is None else _subscriber(unit, row)


def after(unit: Unit, number: int, most: int) -> Iterator[Subscriber]:
    """Up to `most` subscribers with higher numbers, in order: for planning piece by piece."""
    sql = f"SELECT {_FIELDS} FROM subscribers WHERE id > :after ORDER BY id LIMIT :most"  # noqa: S608 - as above
    for row in unit.all(sql, {"after": number, "most": most}):
        yield _subscriber(unit, row)


def joined_by(unit: Unit, number: int, moment_of: datetime, most: int) -> Iterator[Subscriber]:
    """The same, but only those who had joined on that day: for what was approved then."""
    sql = f"""SELECT {_FIELDS} FROM subscribers WHERE id > :after AND joined_at <= :by
        ORDER BY id LIMIT :most"""  # noqa: S608 - as above
    for row in unit.all(sql, {"after": number, "by": millis(moment_of), "most": most}):
        yield _subscriber(unit, row)


def move(unit: Unit, one: Subscriber, address: str) -> bytes:
    """A platform gave her another address. Returns its blind index; the old one where somebody has the new one."""
    index = unit.vault.index(who(one.channel, address))
    if find(unit, one.channel, address) is not None:
        return one.index
    sealed = unit.vault.seal(_place(one.id), encode(replace(one.facts, address=address)))
    sql = "UPDATE subscribers SET facts = :facts, address_index = :index WHERE id = :id"
    unit.do(sql, {"id": one.id, "facts": sealed, "index": index})
    return index


def put(unit: Unit, number: int, channel: str, facts: Facts, now: datetime) -> int:
    """Keep what she asked for, under `number` if she is new. Returns her number."""
    known = find(unit, channel, facts.address)
    number = known.id if known else number
    sealed = unit.vault.seal(_place(number), encode(facts))
    if known:
        unit.do("UPDATE subscribers SET facts = :facts WHERE id = :id", {"id": number, "facts": sealed})
        return number
    sql = """INSERT INTO subscribers (id, channel, address_index, facts, joined_at)
        VALUES (:id, :channel, :index, :facts, :now)"""
    index = unit.vault.index(who(channel, facts.address))
    unit.do(sql, {"id": number, "channel": channel, "index": index, "facts": sealed, "now": day(now)})
    return number


def leave(unit: Unit, channel: str, address: str) -> int | None:
    """Delete her from the list. Returns the number she had; None where she was not on it."""
    for index in unit.vault.indexes(who(channel, address)):
        sql = "DELETE FROM subscribers WHERE address_index = :index RETURNING id"
        if row := unit.one(sql, {"index": index}):
            return int(row[0])
    return None


def forget_letters(unit: Unit, index: bytes) -> None:
    """Delete the rows of letters to a subscriber who is none any more; those just being sent go with their time."""
    unit.do("DELETE FROM letters WHERE reader = :index AND state <> 'sending'", {"index": index})


def note_sent(unit: Unit, number: int, now: datetime) -> None:
    """She was sent something that keeps her spacing."""
    unit.do("UPDATE subscribers SET last_at = :now WHERE id = :id", {"id": number, "now": millis(now)})


def sent_nothing_since(unit: Unit, number: int, last: datetime | None) -> None:
    """What she was sent has not arrived: her spacing counts from the one before."""
    values = {"id": number, "last": None if last is None else millis(last)}
    unit.do("UPDATE subscribers SET last_at = :last WHERE id = :id", values)


def count(unit: Unit) -> int:
    """How many there are."""
    row = unit.one("SELECT COUNT(*) FROM subscribers")
    return int(row[0]) if row else 0


def _subscriber(unit: Unit, row: tuple[Any, ...]) -> Subscriber:
    number, channel, index, facts, last_at = row
    opened = decode(unit.vault.open(_place(number), bytes(facts)), Facts)
    return Subscriber(number, channel, bytes(index), opened, None if last_at is None else moment(last_at))


def _place(number: int) -> Place:
    return Place("subscribers", "facts", str(number))
