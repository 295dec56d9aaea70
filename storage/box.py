"""Keeps the question box: what was asked of whom, where it stands, and its answer; who asked is sealed with it.

It never joins `people`: an asker is found by a blind index of its own, and only while her question is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from flows.core import Language
from flows.public import Stakeholder
from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place

State = Literal["asked", "passed_on", "written", "answered", "refused"]
"""asked: nobody but a moderator may see it · passed_on: those whom it is addressed to see it, not who asked · written:
their answer waits for a moderator's second look · answered, refused: over."""
OPEN = ("asked", "passed_on", "written")


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed of a question."""

    channel: str
    address: str
    language: Language
    words: str
    answer: str = ""
    why: str = ""
    """Code of the reason for which it was not passed on (handlers.box_desk)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One question."""

    id: int
    addressed: Stakeholder
    state: State
    body: Body
    asked_at: datetime
    changed_at: datetime
    moderated_by: int | None
    answered_by: int | None


_FIELDS = "id, addressed, state, body, asked_at, changed_at, moderated_by, answered_by"


def who(channel: str, address: str) -> str:
    """What an asker's blind index is made of: another than that of any other table."""
    return f"asker:{channel}:{address}"


def add(unit: Unit, number: int, addressed: Stakeholder, body: Body, now: datetime) -> None:
    """Keep a new question."""
    sql = """INSERT INTO box (id, addressed, state, address_index, body, asked_at, changed_at)
        VALUES (:id, :addressed, 'asked', :index, :body, :now, :now)"""
    values = {"id": number, "addressed": addressed, "body": _sealed(unit, number, body), "now": millis(now)}
    unit.do(sql, values | {"index": unit.vault.index(who(body.channel, body.address))})


def of_asker(unit: Unit, channel: str, address: str) -> list[Entry]:
    """Her questions, the newest first."""
    sql = f"SELECT {_FIELDS} FROM box WHERE address_index = :index ORDER BY asked_at DESC, id DESC"  # noqa: S608 - ours
    indexes = unit.vault.indexes(who(channel, address))
    return [_entry(unit, row) for index in indexes for row in unit.all(sql, {"index": index})]


def forget(unit: Unit, channel: str, address: str) -> int:
    """Delete her questions, wherever they stand. Says how many."""
    sql = "DELETE FROM box WHERE address_index = :index"
    return sum(unit.count(sql, {"index": index}) for index in unit.vault.indexes(who(channel, address)))


def get(unit: Unit, number: int) -> Entry | None:
    """One question, held until the act ends."""
    row = unit.one(f"UPDATE box SET state = state WHERE id = :id RETURNING {_FIELDS}", {"id": number})  # noqa: S608 - ours
    return None if row is None else _entry(unit, row)


def in_state(unit: Unit, *states: State, most: int = 200) -> list[Entry]:
    """Questions in these states, the oldest first."""
    sql = f"SELECT {_FIELDS} FROM box WHERE state = :state ORDER BY asked_at, id LIMIT :most"  # noqa: S608 - our names
    rows = (row for state in states for row in unit.all(sql, {"state": state, "most": most}))
    return sorted((_entry(unit, row) for row in rows), key=lambda one: (one.asked_at, one.id))[:most]


def move(unit: Unit, entry: Entry, was: State, now: datetime) -> bool:
    """Keep a question as it is now, if it still stood where it was. False where somebody was first."""
    sql = """UPDATE box SET state = :state, body = :body, changed_at = :now, moderated_by = :moderated,
        answered_by = :answered WHERE id = :id AND state = :was"""
    values: dict[str, object] = {"id": entry.id, "state": entry.state, "was": was, "now": millis(now)}
    values |= {"body": _sealed(unit, entry.id, entry.body), "moderated": entry.moderated_by}
    return unit.count(sql, values | {"answered": entry.answered_by}) == 1


def expire(unit: Unit, before: datetime) -> int:
    """Delete what was over before a moment. Says how many."""
    sql = "DELETE FROM box WHERE state IN ('answered', 'refused') AND changed_at < :before"
    return unit.count(sql, {"before": millis(before)})


def _sealed(unit: Unit, number: int, body: Body) -> bytes:
    return unit.vault.seal(_place(number), encode(body))


def _entry(unit: Unit, row: tuple[Any, ...]) -> Entry:
    number, addressed, state, body, asked_at, changed_at, moderated_by, answered_by = row
    opened = decode(unit.vault.open(_place(number), bytes(body)), Body)
    return Entry(number, addressed, state, opened, moment(asked_at), moment(changed_at), moderated_by, answered_by)


def _place(number: int) -> Place:
    return Place("box", "body", str(number))
