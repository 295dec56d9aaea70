"""Keeps messages from the desk to her: held until she may be written to, sent, taken back or dropped.

It keeps the words of a message only while it is held; afterwards they are in the outbox, and sealed in the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from flows.core import Language
from storage.coding import decode, encode
from storage.unit import Row, Unit, millis, moment
from storage.vault import Place

State = Literal["held", "sent", "back", "dropped"]
"""held: waits for her hours or a word of hers · sent: is in the outbox · back: taken back · dropped: never went out."""


class Body(msgspec.Struct, frozen=True):
    """What a held message says, and in which language it begins."""

    words: str
    language: Language


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. `due_at` is when it is looked at again while it is held, and when it went out once it is sent."""

    id: int
    case: int
    staff: int
    state: State
    due_at: datetime
    made_at: datetime
    letter: str | None = None
    """What became of its letter, by the outbox's word; None where it has none, or none any more."""


def letter_key(number: int) -> str:
    """The key of the letter that carries a message."""
    return f"reply:{number:x}"


def add(unit: Unit, reply: Reply, body: Body | None) -> None:
    """Keep a message, with its words where it is held. Raises `Taken` where its number is."""
    sql = """INSERT INTO replies (id, case_id, staff_id, body, state, due_at, made_at)
        VALUES (:id, :case, :staff, :body, :state, :due, :made)"""
    sealed = None if body is None else unit.vault.seal(_place(reply.id), encode(body))
    values = {"id": reply.id, "case": reply.case, "staff": reply.staff, "state": reply.state, "body": sealed}
    unit.do(sql, values | {"due": millis(reply.due_at), "made": millis(reply.made_at)})
    unit.wakes.add("cases")


_COLUMNS = "id, case_id, staff_id, state, due_at, made_at"


def find(unit: Unit, number: int) -> Reply | None:
    """The message with this number."""
    row = unit.one(f"SELECT {_COLUMNS} FROM replies WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return None if row is None else _reply((*row, None))


def of_case(unit: Unit, case: int) -> list[Reply]:
    """A case's messages, oldest first, with what became of their letters."""
    sql = f"SELECT {_COLUMNS} FROM replies WHERE case_id = :case ORDER BY made_at, id"  # noqa: S608 - our own names
    letter = "SELECT state FROM letters WHERE key = :key"
    found = [_reply((*row, None)) for row in unit.all(sql, {"case": case})]
    rows = {one.id: unit.one(letter, {"key": letter_key(one.id)}) for one in found if one.state == "sent"}
    return [_with_letter(one, rows.get(one.id)) for one in found]


def _with_letter(reply: Reply, row: Row | None) -> Reply:
    state = row[0] if row else None
    return Reply(reply.id, reply.case, reply.staff, reply.state, reply.due_at, reply.made_at, state)


def body(unit: Unit, number: int) -> Body | None:
    """The words of a held message; None where they are not kept any more."""
    row = unit.one("SELECT body FROM replies WHERE id = :id", {"id": number})
    return None if row is None or row[0] is None else decode(unit.vault.open(_place(number), bytes(row[0])), Body)


def due(unit: Unit, now: datetime, most: int = 100) -> list[Reply]:
    """Held messages that are to be looked at again, the oldest first."""
    sql = f"""SELECT {_COLUMNS} FROM replies WHERE state = 'held' AND due_at <= :now
        ORDER BY due_at, id LIMIT :most"""  # noqa: S608 - our own names
    return [_reply((*row, None)) for row in unit.all(sql, {"now": millis(now), "most": most})]


def held_for(unit: Unit, person: int) -> list[Reply]:
    """Messages that wait for a word of hers, the oldest first."""
    sql = f"""SELECT {_COLUMNS} FROM replies
        WHERE state = 'held' AND case_id IN (SELECT id FROM cases WHERE person_id = :person)
        ORDER BY made_at, id"""  # noqa: S608 - our own names
    return [_reply((*row, None)) for row in unit.all(sql, {"person": person})]


def settle(unit: Unit, number: int, state: State, now: datetime) -> bool:
    """A held message is sent, taken back or dropped: its words are forgotten here. False where it was not held."""
    sql = "UPDATE replies SET state = :state, due_at = :now, body = NULL WHERE id = :id AND state = 'held'"
    unit.wakes.add("cases")
    return unit.count(sql, {"id": number, "state": state, "now": millis(now)}) == 1


def postpone(unit: Unit, number: int, until: datetime) -> None:
    """Look at a held message again then."""
    sql = "UPDATE replies SET due_at = :until WHERE id = :id AND state = 'held'"
    unit.do(sql, {"id": number, "until": millis(until)})


def _reply(row: Row) -> Reply:
    number, case, staff, state, due_at, made_at, letter = row
    return Reply(number, case, staff, state, moment(due_at), moment(made_at), letter)


def _place(number: int) -> Place:
    return Place("replies", "body", str(number))
