"""Keeps polls and pledges: what is asked, who has answered (a blind mark), and how often each answer was given.

It never keeps what anybody answered: marks and counts are two tables, and nothing leads from one to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import msgspec

from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place, Vault

Kind = Literal["poll", "pledge"]
State = Literal["draft", "approved", "closed"]


class Option(msgspec.Struct, frozen=True):
    """One answer: its code, and what stands on its button."""

    code: str
    ar: str
    en: str


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed of a poll. `version` counts its changes: whoever approves names the one that she has read."""

    ar: str
    en: str
    options: tuple[Option, ...]
    authors: tuple[int, ...]
    """Numbers of those who wrote on it."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll as the desk knows it."""

    id: int
    kind: Kind
    state: State
    body: Body
    made_by: int
    approved_by: int | None
    opens_at: datetime
    closes_at: datetime


_FIELDS = "id, kind, state, body, made_by, approved_by, opens_at, closes_at"


def add(unit: Unit, poll: Poll) -> None:
    """Keep a new poll."""
    sql = """INSERT INTO polls (id, kind, state, body, made_by, opens_at, closes_at)
        VALUES (:id, :kind, :state, :body, :made_by, :opens, :closes)"""
    unit.do(sql, _row(unit, poll) | {"made_by": poll.made_by})


def change(unit: Unit, poll: Poll) -> bool:
    """Keep a draft as it is now. False where it is no draft any more."""
    sql = """UPDATE polls SET kind = :kind, state = :state, body = :body, opens_at = :opens, closes_at = :closes
        WHERE id = :id AND state = 'draft'"""
    return unit.count(sql, _row(unit, poll)) == 1


def approve(unit: Unit, number: int, by: int) -> bool:
    """A second person has approved a draft. False where it is none any more."""
    sql = "UPDATE polls SET state = 'approved', approved_by = :by WHERE id = :id AND state = 'draft'"
    return unit.count(sql, {"id": number, "by": by}) == 1


def delete(unit: Unit, number: int) -> bool:
    """Delete a draft, or a poll that is over. False where it is neither."""
    return unit.count("DELETE FROM polls WHERE id = :id AND state IN ('draft', 'closed')", {"id": number}) == 1


def get(unit: Unit, number: int) -> Poll | None:
    """One poll, held until the act ends."""
    held = "UPDATE polls SET kind = kind WHERE id = :id RETURNING "
    row = unit.one(held + _FIELDS, {"id": number})
    return None if row is None else _poll(unit, row)


def every(unit: Unit) -> list[Poll]:
    """All of them, the one that opened last first."""
    sql = f"SELECT {_FIELDS} FROM polls ORDER BY opens_at DESC, id DESC"  # noqa: S608 - our own names
    return [_poll(unit, row) for row in unit.all(sql)]


def open_at(unit: Unit, now: datetime) -> list[Poll]:
    """Those that take answers now, the one that ends first in front."""
    sql = f"""SELECT {_FIELDS} FROM polls WHERE state = 'approved' AND opens_at <= :now AND closes_at > :now
        ORDER BY closes_at, id"""  # noqa: S608 - as above
    return [_poll(unit, row) for row in unit.all(sql, {"now": millis(now)})]


# ---------------------------------------------------------------- answering


def _who(poll: int, channel: str, address: str) -> str:
    """What a mark is made of: another label than that of any index, and another mark in each poll."""
    return f"poll answered:{poll}:{channel}:{address}"


def has_answered(unit: Unit, poll: int, channel: str, address: str) -> bool:
    """Whether somebody answered from this address."""
    marks = unit.vault.indexes(_who(poll, channel, address))
    sql = "SELECT 1 FROM poll_marks WHERE poll_id = :poll AND mark = :mark"
    return any(unit.one(sql, {"poll": poll, "mark": mark}) for mark in marks)


def answer(unit: Unit, poll: int, channel: str, address: str, choice: str) -> bool:
    """Mark that this address answered, and count the answer. False, and nothing counted, where it had."""
    if has_answered(unit, poll, channel, address):
        return False
    mark = unit.vault.index(_who(poll, channel, address))
    sql = "INSERT INTO poll_marks (poll_id, mark) VALUES (:poll, :mark) ON CONFLICT (poll_id, mark) DO NOTHING"
    if unit.count(sql, {"poll": poll, "mark": mark}) == 0:
        return False
    counted = """INSERT INTO poll_counts (poll_id, choice, count) VALUES (:poll, :choice, 1)
        ON CONFLICT (poll_id, choice) DO UPDATE SET count = poll_counts.count + 1"""
    unit.do(counted, {"poll": poll, "choice": choice})
    return True


def counts(unit: Unit, poll: int) -> dict[str, int]:
    """By option: how often it was chosen."""
    return dict(unit.all("SELECT choice, count FROM poll_counts WHERE poll_id = :poll", {"poll": poll}))


def blend(unit: Unit, now: datetime) -> None:
    """Write marks and counts of open polls anew, all in this one transaction.

    PostgreSQL notes in each row which transaction wrote it: until this is done, an answer's mark and count share one.
    """
    for poll in open_at(unit, now):
        unit.do("UPDATE poll_marks SET mark = mark WHERE poll_id = :poll", {"poll": poll.id})
        unit.do("UPDATE poll_counts SET count = count WHERE poll_id = :poll", {"poll": poll.id})


def close(unit: Unit, now: datetime, number: int | None = None) -> list[int]:
    """Close what has had its time, or one of them now. Who answered is forgotten. Returns their numbers."""
    which = "closes_at <= :now" if number is None else "id = :id"
    sql = f"UPDATE polls SET state = 'closed' WHERE state = 'approved' AND {which} RETURNING id"  # noqa: S608 - ours
    closed = [poll for (poll,) in unit.all(sql, {"now": millis(now), "id": number})]
    unit.many("DELETE FROM poll_marks WHERE poll_id = :poll", [{"poll": poll} for poll in closed])
    return closed


def _row(unit: Unit, poll: Poll) -> dict[str, Any]:
    return {
        "id": poll.id,
        "kind": poll.kind,
        "state": poll.state,
        "body": unit.vault.seal(_place(poll.id), encode(poll.body)),
        "opens": millis(poll.opens_at),
        "closes": millis(poll.closes_at),
    }


def _poll(unit: Unit, row: tuple[Any, ...]) -> Poll:
    number, kind, state, body, made_by, approved_by, opens_at, closes_at = row
    opened = _opened(unit.vault, number, bytes(body))
    return Poll(number, kind, state, opened, made_by, approved_by, moment(opens_at), moment(closes_at))


@lru_cache(maxsize=64)
def _opened(vault: Vault, number: int, sealed: bytes) -> Body:
    """It is read at every turn at the menu, and changes by another value."""
    return decode(vault.open(_place(number), sealed), Body)


def _place(number: int) -> Place:
    return Place("polls", "body", str(number))
