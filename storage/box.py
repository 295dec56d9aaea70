"""Keeps the question box: what was asked of whom, where it stands, and its answer; who asked is sealed with it.

It never joins `people`: an asker is found by a blind index of its own, and only while her question is kept. For that
the days are kept in the open, and the moment in which she asked is sealed: the letter that answered her has it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from flows.core import Language
from flows.public import Stakeholder
from storage.coding import decode, encode
from storage.unit import Unit, day, millis, moment
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
    asked: int = 0
    """When she asked, in milliseconds."""


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
    body = msgspec.structs.replace(body, asked=millis(now))
    values = {"id": number, "addressed": addressed, "body": _sealed(unit, number, body), "now": day(now)}
    unit.do(sql, values | {"index": unit.vault.index(who(body.channel, body.address))})


def of_asker(unit: Unit, channel: str, address: str) -> list[Entry]:
    """Her questions, the newest first."""
    sql = f"SELECT {_FIELDS} FROM box WHERE address_index = :index ORDER BY asked_at DESC, id DESC"  # noqa: S608 - ours
    indexes = unit.vault.indexes(who(channel, address))
    hers = [_entry(unit, row) for index in indexes for row in unit.all(sql, {"index": index})]
    return sorted(hers, key=lambda one: (one.asked_at, one.id), reverse=True)


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
    values: dict[str, object] = {"id": entry.id, "state": entry.state, "was": was, "now": day(now)}
    values |= {"body": _sealed(unit, entry.id, entry.body), "moderated": entry.moderated_by}
    return unit.count(sql, values | {"answered": entry.answered_by}) == 1


def forsaken(unit: Unit, before: datetime, most: int = 200) -> list[Entry]:
    """Questions that nobody has touched since a moment, and that are not over; the oldest first."""
    sql = f"""SELECT {_FIELDS} FROM box WHERE state IN ('asked', 'passed_on', 'written') AND changed_at < :before
        ORDER BY asked_at, id LIMIT :most"""  # noqa: S608 - our names
    return [_entry(unit, row) for row in unit.all(sql, {"before": millis(before), "most": most})]


def expire(unit: Unit, before: datetime) -> int:
    """Delete what was over before a moment. Says how many."""
    sql = "DELETE FROM box WHERE state IN ('answered', 'refused') AND changed_at < :before"
    return unit.count(sql, {"before": millis(before)})


def _sealed(unit: Unit, number: int, body: Body) -> bytes:
    return unit.vault.seal(_place(number), encode(body))


def _entry(unit: Unit, row: tuple[Any, ...]) -> Entry:
    number, addressed, state, body, asked_at, changed_at, moderated_by, answered_by = row
    opened = decode(unit.vault.open(_place(number), bytes(body)), Body)
    asked = moment(opened.asked or asked_at)
    return Entry(number, addressed, state, opened, asked, moment(changed_at), moderated_by, answered_by)


def _place(number: int) -> Place:
    return Place("box", "body", str(number))
