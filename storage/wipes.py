"""Keeps which messages can be deleted from a chat, and what is still to be deleted, until it is.

It never keeps what a message said, nor its id for longer than a platform would let us delete it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place

OfTalk = Callable[[str], bool]
"""Whether the letter with this key belongs to a talk that may be wiped."""


@dataclass(frozen=True, slots=True)
class Wipe:
    """What is still to be deleted from one chat."""

    id: int
    channel: str
    address: str
    messages: tuple[str, ...]
    """The platform's ids of both sides' messages, the newest first."""
    letters: tuple[int, ...]
    """Our letters that were on their way at that moment: their ids are known once they have arrived."""
    before_at: datetime
    """When she asked for it."""
    tries: int = 0


class _Left(msgspec.Struct, frozen=True, omit_defaults=True):
    messages: tuple[str, ...] = ()
    letters: tuple[int, ...] = ()


# ---------------------------------------------------------------- what could be deleted


def note(unit: Unit, person: int, message: str, now: datetime) -> None:
    """Keep the id of a message of hers, once."""
    sql = """INSERT INTO her_messages (person_id, message, at) VALUES (:person, :message, :now)
        ON CONFLICT (person_id, message) DO NOTHING"""
    unit.do(sql, {"person": person, "message": message, "now": millis(now)})


def forget_one(unit: Unit, person: int, message: str) -> None:
    """Forget one message of hers."""
    sql = "DELETE FROM her_messages WHERE person_id = :person AND message = :message"
    unit.do(sql, {"person": person, "message": message})


def take_hers(unit: Unit, person: int, since: datetime) -> list[str]:
    """The ids of her messages since then; from now on they are forgotten, and so are the older ones."""
    sql = "DELETE FROM her_messages WHERE person_id = :person RETURNING message, at"
    return [message for message, at in unit.all(sql, {"person": person}) if at >= millis(since)]


_ARRIVED = """
    SELECT id, key, reference, sent_at FROM letters
    WHERE reader = :reader AND reference IS NOT NULL AND channel = :channel
"""
_FORGET = "UPDATE letters SET reference = NULL WHERE id = :id"


def take_ours(unit: Unit, channel: str, reader: bytes, since: datetime, of_talk: OfTalk) -> list[str]:
    """The ids of our messages that reached this reader since then; they are forgotten as hers are."""
    rows = unit.all(_ARRIVED, {"reader": reader, "channel": channel})
    ours = [(number, reference, sent_at) for number, key, reference, sent_at in rows if of_talk(key)]
    unit.many(_FORGET, [{"id": number} for number, _, _ in ours])
    return [one for _, reference, at in ours if at is None or at >= millis(since) for one in reference.split()]


# ---------------------------------------------------------------- what has not arrived


_WAITING = """
    SELECT id, key FROM letters WHERE channel = :channel AND lane > 0 AND state = 'waiting' AND reader = :reader
"""
_OPEN = "SELECT id, key FROM letters WHERE reader = :reader AND lane > 0 AND state IN ('sending', 'held', 'doubt')"
_UNDECIDED = """
    SELECT id, key FROM letters
    WHERE reader = :reader AND reference IS NOT NULL AND channel = :channel AND state = 'sent' AND lane > 0
"""
_STOP = """
    UPDATE letters SET why = 'wiped', state = CASE WHEN state IN ('sending', 'sent') THEN state ELSE 'cancelled' END,
        body = CASE WHEN state IN ('sending', 'sent') THEN body ELSE NULL END
    WHERE id = :id AND state IN ('waiting', 'sending', 'held', 'doubt', 'sent') RETURNING state
"""


def stop(unit: Unit, channel: str, reader: bytes, of_talk: OfTalk) -> tuple[list[str], list[int]]:
    """Call back what waits for this reader, pages apart. Gives the keys called back, and letters on their way.

    Whatever becomes of those, they are not sent a second time (`storage.outbox`).
    """
    called_back: list[str] = []
    going: list[int] = []
    found = [
        row for sql in (_WAITING, _OPEN, _UNDECIDED) for row in unit.all(sql, {"channel": channel, "reader": reader})
    ]
    for number, key in found:
        if not of_talk(key) or (row := unit.one(_STOP, {"id": number})) is None:
            continue
        if row[0] == "sending":
            going.append(number)
        elif row[0] == "cancelled":
            called_back.append(key)
    return called_back, going


def leaving(unit: Unit, channel: str, reader: bytes) -> list[int]:
    """Letters to this reader that have been claimed, and may be on their way."""
    sql = """SELECT id FROM letters WHERE reader = :reader AND channel = :channel AND lane > 0
        AND state IN ('sending', 'held', 'doubt') AND state = 'sending'"""
    return [number for (number,) in unit.all(sql, {"reader": reader, "channel": channel})]


def on_their_way(unit: Unit, channel: str) -> set[int]:
    """Claimed letters of readers who had their chats wiped since: those not begun need not go out any more."""
    sql = """SELECT id FROM letters WHERE state IN ('sending', 'held', 'doubt') AND state = 'sending'
        AND why = 'wiped' AND channel = :channel"""
    return {number for (number,) in unit.all(sql, {"channel": channel})}


def call_back(unit: Unit, numbers: list[int]) -> None:
    """They were claimed and never begun: they are called back."""
    sql = "UPDATE letters SET state = 'cancelled', body = NULL WHERE id = :id AND state = 'sending' AND why = 'wiped'"
    unit.many(sql, [{"id": number} for number in numbers])
    unit.wakes.add("wipes")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a letter that was on its way."""

    key: str
    state: str
    messages: tuple[str, ...] = ()


def fate(unit: Unit, number: int, *, erasable: bool) -> Fate | None:
    """How far a letter is; the ids by which it can be deleted are forgotten here. None where its row is gone."""
    row = unit.one("SELECT key, state, reference FROM letters WHERE id = :id", {"id": number})
    if row is None:
        return None
    key, state, reference = row
    if state == "sending" or not reference or not erasable:
        return Fate(key, state)
    unit.do(_FORGET, {"id": number})
    return Fate(key, state, tuple(reference.split()))


# ---------------------------------------------------------------- what is to be deleted


def add(unit: Unit, wipe: Wipe) -> None:
    """Have it done as soon as possible."""
    sql = """INSERT INTO wipes (id, channel, address, messages, before_at, due_at, tries)
        VALUES (:id, :channel, :address, :messages, :now, :now, 0)"""
    address = unit.vault.seal(_place("address", wipe.id), wipe.address.encode())
    values = {"id": wipe.id, "channel": wipe.channel, "address": address, "messages": _sealed(unit, wipe)}
    unit.do(sql, values | {"now": millis(wipe.before_at)})
    unit.wakes.add("wipes")


_TAKE = """
    UPDATE wipes SET due_at = :until
    WHERE due_at <= :now AND id IN (SELECT id FROM wipes WHERE due_at <= :now ORDER BY due_at LIMIT :most)
    RETURNING id, channel, address, messages, before_at, tries
"""


def take(unit: Unit, now: datetime, until: datetime, most: int) -> list[Wipe]:
    """Wipes that are due; each is left to the caller until then, and comes again unless it is kept on or ended."""
    rows = unit.all(_TAKE, {"now": millis(now), "until": millis(until), "most": most})
    return [_wipe(unit, *row) for row in rows]


def _wipe(unit: Unit, number: int, channel: str, address: bytes, messages: bytes, before_at: int, tries: int) -> Wipe:
    to = unit.vault.open(_place("address", number), bytes(address)).decode()
    left = decode(unit.vault.open(_place("messages", number), bytes(messages)), _Left)
    return Wipe(number, channel, to, left.messages, left.letters, moment(before_at), tries)


def hasten(unit: Unit, now: datetime) -> None:
    """All are due now: whoever worked on one is not there any more."""
    unit.do("UPDATE wipes SET due_at = :now WHERE due_at > :now", {"now": millis(now)})


def keep(unit: Unit, wipe: Wipe, due_at: datetime) -> None:
    """So much is left of it, and it is looked at again then."""
    sql = "UPDATE wipes SET messages = :messages, due_at = :due, tries = :tries WHERE id = :id"
    values = {"id": wipe.id, "messages": _sealed(unit, wipe), "tries": wipe.tries}
    unit.do(sql, values | {"due": millis(due_at)})


def end(unit: Unit, number: int) -> None:
    """Nothing is left to do, or nothing can be done any more."""
    unit.do("DELETE FROM wipes WHERE id = :id", {"id": number})


_EXPIRED = """
    UPDATE letters SET reference = NULL WHERE id IN (
        SELECT id FROM letters WHERE reference IS NOT NULL AND channel = 'telegram' AND sent_at < :before LIMIT :most)
"""


def expire(unit: Unit, before: datetime, most: int = 5000) -> int:
    """Forget ids by which nothing can be deleted any more: at most so many of ours at once. Says how many rows."""
    values = {"before": millis(before)}
    hers = unit.count("DELETE FROM her_messages WHERE at < :before", values)
    wipes = unit.count("DELETE FROM wipes WHERE before_at < :before", values)
    return hers + wipes + unit.count(_EXPIRED, values | {"most": most})


def _sealed(unit: Unit, wipe: Wipe) -> bytes:
    return unit.vault.seal(_place("messages", wipe.id), encode(_Left(wipe.messages, wipe.letters)))


def _place(column: str, number: int) -> Place:
    return Place("wipes", column, str(number))
