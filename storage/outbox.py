"""Keeps letters from the moment an act writes them until they have arrived, in four lanes, once for each key.

It never sends, and it keeps a letter's body only until the letter has been delivered or given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, Literal

import msgspec

from flows.core import Language
from messages import Text, from_json, to_json
from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place


class Lane(IntEnum):
    """Who goes first. A lane never waits for a lower one (design, storage)."""

    PAGE = 0
    CONVERSATION = 1
    RELAY = 2
    BROADCAST = 3


class LetterChoice(msgspec.Struct, frozen=True):
    """A button as it is kept: its texts are rendered when the letter goes out."""

    key: str
    label: list[Any]
    hint: list[Any] | None = None


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of a letter is sealed: to whom, in which language, and what it says."""

    to: str
    language: Language
    text: list[Any]
    choices: tuple[LetterChoice, ...] = ()
    clears: str = ""
    purpose: str = ""
    blanks: tuple[str, ...] = ()
    sid: str = ""
    """Of the Content template that carries it outside WhatsApp's window, where a campaign chose one."""
    media: int = 0
    """Number of the row of `media` that goes with it; 0 for none."""
    full: bool = False
    """The full version of it, not the light one."""
    standing: Literal["", "on", "off"] = ""

    def words(self) -> Text:
        """What it says, ready to be rendered."""
        return from_json(self.text)


class Letter(msgspec.Struct, frozen=True):
    """A letter that the dispatcher has claimed."""

    id: int
    key: str
    reader: bytes
    lane: Lane
    body: Body
    attempts: int
    made_at: datetime


def body(to: str, language: Language, text: Text, **more: Any) -> Body:
    """A letter's body from a text."""
    return Body(to, language, to_json(text), **more)


_ADD = """
    INSERT INTO letters (key, channel, reader, lane, body, state, due_at, made_at)
    VALUES (:key, :channel, :reader, :lane, :body, :state, :now, :now) ON CONFLICT (key) DO NOTHING
"""


def add(
    unit: Unit,
    key: str,
    channel: str,
    reader: bytes,
    lane: Lane,
    content: Body,
    now: datetime,
    *,
    state: str = "waiting",
) -> None:
    """Put a letter out, once for its key. `reader` is the address's blind index: one reader's letters keep order."""
    sealed = unit.vault.seal(_place(key), encode(content))
    row = {"key": key, "channel": channel, "reader": reader, "lane": int(lane), "body": sealed, "state": state}
    unit.do(_ADD, row | {"now": millis(now)})
    unit.wakes.add("letters")


_CLAIM = """
    UPDATE letters SET state = 'sending', attempts = attempts + 1
    WHERE id IN (SELECT id FROM letters WHERE channel = :channel AND lane = :lane AND state = 'waiting'
                 AND due_at <= :now ORDER BY id LIMIT :most)
    RETURNING id, key, reader, lane, body, attempts, made_at
"""
_HEARD = """
    SELECT MAX(heard_at) FROM (
        SELECT heard_at FROM talks JOIN people ON people.id = person_id WHERE address_index = :reader
        UNION ALL SELECT heard_at FROM reaches WHERE address_index = :reader) AS heard
"""


def claim(unit: Unit, channel: str, lane: Lane, most: int, now: datetime) -> list[Letter]:
    """Take up to `most` waiting letters of a lane, oldest first. They are the caller's until settled or recovered."""
    rows = unit.all(_CLAIM, {"channel": channel, "lane": int(lane), "most": most, "now": millis(now)})
    return [_letter(unit, row) for row in sorted(rows)]


def _letter(unit: Unit, row: tuple[Any, ...]) -> Letter:
    number, key, reader, lane, sealed, attempts, made_at = row
    content = decode(unit.vault.open(_place(key), bytes(sealed)), Body)
    return Letter(number, key, bytes(reader), Lane(lane), content, attempts, moment(made_at))


def last_heard(unit: Unit, reader: bytes) -> datetime | None:
    """When a reader last wrote to us; WhatsApp's window is counted from then."""
    row = unit.one(_HEARD, {"reader": reader})
    return moment(row[0]) if row and row[0] is not None else None


def still_wanted(unit: Unit, number: int) -> bool:
    """Whether a claimed letter was not cancelled since: asked again just before a page goes out (I4)."""
    return unit.one("SELECT 1 FROM letters WHERE id = :id AND state = 'sending'", {"id": number}) is not None


_WAITS = """state = CASE WHEN why = 'wiped' THEN 'cancelled' ELSE 'waiting' END,
    body = CASE WHEN why = 'wiped' THEN NULL ELSE body END"""
"""A claimed letter waits again, unless its reader has had her chat wiped meanwhile (`storage.wipes.stop`)."""


def put_back(unit: Unit, number: int, due_at: datetime) -> None:
    """A claimed letter may not go out now: it waits until then."""
    sql = f"UPDATE letters SET {_WAITS}, due_at = :due WHERE id = :id AND state = 'sending'"  # noqa: S608 - our own words
    unit.do(sql, {"id": number, "due": millis(due_at)})


def hasten(unit: Unit, reader: bytes, now: datetime) -> None:
    """The reader wrote: what of a lower lane waits for a later moment is looked at now."""
    sql = """UPDATE letters SET due_at = :now
        WHERE reader = :reader AND lane = :lane AND state = 'waiting' AND due_at > :now"""
    unit.do(sql, {"reader": reader, "lane": int(Lane.RELAY), "now": millis(now)})
    unit.wakes.add("letters")


_SETTLE = """
    UPDATE letters SET
        state = CASE WHEN why = 'wiped' AND :later = 1 THEN 'cancelled' ELSE :state END,
        body = CASE WHEN :spent = 1 OR (why = 'wiped' AND :later = 1) THEN NULL ELSE body END,
        reference = COALESCE(:reference, reference), sent_at = COALESCE(:sent_at, sent_at),
        why = CASE WHEN why = 'wiped' THEN why ELSE :why END, due_at = COALESCE(:due_at, due_at)
    WHERE id = :id AND state = 'sending'
"""


AGAIN = frozenset({"waiting", "held", "doubt"})
"""States from which a letter may be sent again: not where its reader had her chat wiped since it was claimed."""


def settle(unit: Unit, outcomes: Iterable[Mapping[str, Any]]) -> None:
    """Record what became of claimed letters: rows of `settled(...)`."""
    unit.many(_SETTLE, list(outcomes))


def settle_one(unit: Unit, outcome: Mapping[str, Any]) -> bool:
    """The same for one letter. False where a status came first and has moved it on already."""
    return unit.count(_SETTLE, outcome) == 1


def settled(
    number: int,
    state: str,
    *,
    reference: str | None = None,
    sent_at: datetime | None = None,
    why: str | None = None,
    due_at: datetime | None = None,
) -> Mapping[str, Any]:
    """A row for `settle`. A letter that arrived or failed for good loses its body."""
    return {
        "id": number,
        "state": state,
        "reference": reference,
        "sent_at": None if sent_at is None else millis(sent_at),
        "why": why,
        "due_at": None if due_at is None else millis(due_at),
        "spent": int(state in {"delivered", "failed", "cancelled"}),
        "later": int(state in AGAIN),
    }


def recover(unit: Unit, channel: str, *, doubtful: bool) -> None:
    """Take back what a dispatcher that died had claimed: to be sent again, or, where twice would be seen, in doubt."""
    state = "doubt" if doubtful else "waiting"
    sql = """UPDATE letters SET state = CASE WHEN why = 'wiped' THEN 'cancelled' ELSE :state END,
            body = CASE WHEN why = 'wiped' THEN NULL ELSE body END
        WHERE state IN ('sending', 'held', 'doubt') AND state = 'sending' AND channel = :channel"""
    unit.do(sql, {"state": state, "channel": channel})
    unit.wakes.add("letters")


def give_back(unit: Unit, numbers: Sequence[int]) -> None:
    """What was claimed and never begun waits as before: an orderly stop leaves nothing in doubt."""
    sql = f"UPDATE letters SET {_WAITS}, attempts = attempts - 1 WHERE id = :id AND state = 'sending'"  # noqa: S608
    unit.many(sql, [{"id": number} for number in numbers])
    unit.wakes.add("letters")


def in_doubt(unit: Unit, channel: str, most: int = 50) -> list[Letter]:
    """Letters that may or may not have arrived, oldest first."""
    sql = """SELECT id, key, reader, lane, body, attempts, made_at FROM letters
        WHERE state IN ('sending', 'held', 'doubt') AND state = 'doubt' AND channel = :channel
        ORDER BY id LIMIT :most"""
    return [_letter(unit, row) for row in unit.all(sql, {"channel": channel, "most": most})]


def resolve_doubt(unit: Unit, number: int, outcome: Mapping[str, Any]) -> None:
    """Record what reconciling found out."""
    unit.do("UPDATE letters SET state = 'sending' WHERE id = :id AND state = 'doubt'", {"id": number})
    settle(unit, [outcome])
    unit.wakes.add("letters")


def cancel(unit: Unit, keys: Sequence[str]) -> None:
    """Call letters back that have not gone out; one that is just being sent is asked again before it leaves."""
    sql = """UPDATE letters SET state = 'cancelled', body = NULL
        WHERE key = :key AND state IN ('waiting', 'sending', 'held', 'doubt')"""
    unit.many(sql, [{"key": key} for key in keys])


def release(unit: Unit, reader: bytes) -> None:
    """The reader wrote: what was held until then may go out.

    Letters being sent are touched as well: where one is just being held by another transaction, one waits for the
    other, and whichever comes second sees what the first did.
    """
    sql = """UPDATE letters SET state = CASE WHEN state = 'held' THEN 'waiting' ELSE state END
        WHERE reader = :reader AND state IN ('sending', 'held', 'doubt') RETURNING state"""
    if ("waiting",) in unit.all(sql, {"reader": reader}):
        unit.wakes.add("letters")


def move(unit: Unit, letter: Letter, content: Body, reader: bytes) -> None:
    """The reader has another address: the letter waits again, sealed anew with it."""
    sealed = unit.vault.seal(_place(letter.key), encode(content))
    sql = """UPDATE letters SET state = CASE WHEN why = 'wiped' THEN 'cancelled' ELSE 'waiting' END,
            body = CASE WHEN why = 'wiped' THEN NULL ELSE :body END, reader = :reader
        WHERE id = :id AND state = 'sending'"""
    unit.do(sql, {"id": letter.id, "body": sealed, "reader": reader})
    unit.wakes.add("letters")


_ADVANCE = """
    UPDATE letters SET rank = :rank, state = CASE WHEN why = 'wiped' AND :later = 1 THEN 'cancelled' ELSE :state END,
        body = CASE WHEN :spent = 1 OR (why = 'wiped' AND :later = 1) THEN NULL ELSE body END,
        why = CASE WHEN why = 'wiped' THEN why ELSE :why END, reference = COALESCE(reference, :reference)
    WHERE (key = :key OR (:key = '' AND reference = :reference)) AND rank < :rank
        AND state IN ('sending', 'sent', 'doubt')
"""


def advance(unit: Unit, key: str, reference: str, rank: int, state: str, why: str | None = None) -> bool:
    """A status arrived from the platform: the letter's own moves forward only. Says whether it did."""
    spent = int(state in {"delivered", "failed"})
    values = {"key": key, "reference": reference, "rank": rank, "state": state, "why": why, "spent": spent}
    values["later"] = int(state in AGAIN)
    moved = unit.count(_ADVANCE, values) > 0
    unit.wakes.add("status")
    return moved


def reader_of(unit: Unit, key: str) -> bytes | None:
    """The blind index of a letter's reader."""
    row = unit.one("SELECT reader FROM letters WHERE key = :key", {"key": key})
    return bytes(row[0]) if row else None


def postpone(unit: Unit, key: str, due_at: int) -> None:
    """A letter that waits again goes out no earlier than this (milliseconds), and its statuses begin anew."""
    unit.do("UPDATE letters SET due_at = :due, rank = 0 WHERE key = :key", {"key": key, "due": due_at})


def under_way(unit: Unit, numbers: Sequence[int]) -> set[int]:
    """Which of these letters still wait for a first status."""
    sql = "SELECT id FROM letters WHERE id = :id AND state = 'sent' AND rank = 0"
    return {number for number in numbers if unit.one(sql, {"id": number})}


def expire(unit: Unit, before: datetime) -> int:
    """Delete letters made before a moment, whatever became of them. Says how many.

    The oldest have the lowest numbers, so no index is needed for this: one less to keep up for every letter.
    """
    sql = "DELETE FROM letters WHERE made_at < :before AND id IN (SELECT id FROM letters ORDER BY id LIMIT 1000)"
    gone = 0
    while deleted := unit.count(sql, {"before": millis(before)}):
        gone += deleted
    return gone


# ---------------------------------------------------------------- broadcasts


def waiting_in(unit: Unit, lane: Lane) -> list[tuple[int, str]]:
    """Number and key of every letter of a lane that waits and is not claimed."""
    sql = "SELECT id, key FROM letters WHERE state = 'waiting' AND lane = :lane ORDER BY id"
    return [(number, key) for number, key in unit.all(sql, {"lane": int(lane)})]


def count_waiting(unit: Unit, channel: str, lane: Lane) -> int:
    """How many letters of a channel's lane wait."""
    sql = "SELECT COUNT(*) FROM letters WHERE channel = :channel AND lane = :lane AND state = 'waiting'"
    row = unit.one(sql, {"channel": channel, "lane": int(lane)})
    return int(row[0]) if row else 0


def take_out(unit: Unit, number: int, state: str) -> bool:
    """Delete a letter that has not gone out, so that its key is free again. False where it is in another state."""
    return unit.count("DELETE FROM letters WHERE id = :id AND state = :state", {"id": number, "state": state}) == 1


def take_back(unit: Unit, key: str) -> bool:
    """Delete a letter that still waits, so that its key is free again. False where it does not."""
    return unit.count("DELETE FROM letters WHERE key = :key AND state = 'waiting'", {"key": key}) == 1


def drop(unit: Unit, key: str, *, even_sending: bool = False) -> None:
    """Delete a letter that is not just being sent, so that its key is free again."""
    beside = "" if even_sending else "AND state <> 'sending'"
    unit.do(f"DELETE FROM letters WHERE key = :key {beside}", {"key": key})  # noqa: S608 - our own words


def is_in_doubt(unit: Unit, number: int) -> bool:
    """Whether a letter is still in doubt."""
    return unit.one("SELECT 1 FROM letters WHERE id = :id AND state = 'doubt'", {"id": number}) is not None


def give_up(unit: Unit, number: int, why: str) -> None:
    """A claimed letter does not go out any more."""
    sql = "UPDATE letters SET state = 'cancelled', body = NULL, why = :why WHERE id = :id AND state = 'sending'"
    unit.do(sql, {"id": number, "why": why})


def body_of(unit: Unit, key: str) -> tuple[str, Body] | None:
    """Channel and body of a letter, while it has one."""
    row = unit.one("SELECT channel, body FROM letters WHERE key = :key AND body IS NOT NULL", {"key": key})
    return None if row is None else (row[0], decode(unit.vault.open(_place(key), bytes(row[1])), Body))


def _place(key: str) -> Place:
    return Place("letters", "body", key)
