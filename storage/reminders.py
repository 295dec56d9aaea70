"""Keeps which reminders of a shift went out, which were answered, and whether the coordinators heard of silence.

It holds no words; the letter that carries a reminder is the outbox's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.people import who
from storage.unit import Row, Unit, millis, moment


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder. `key` says of which time on call and which of its two it is: there is one for each."""

    id: int
    key: str
    shift: int
    staff: int
    sent_at: datetime
    ready_at: datetime | None = None
    told_at: datetime | None = None
    """When the coordinators heard that nobody had said she is ready."""


_COLUMNS = "id, key, shift_id, staff_id, sent_at, ready_at, told_at"


def add(unit: Unit, reminder: Reminder) -> bool:
    """Keep a reminder, once for its key. False where it is there already."""
    sql = """INSERT INTO reminders (id, key, shift_id, staff_id, sent_at) VALUES (:id, :key, :shift, :staff, :sent)
        ON CONFLICT (key) DO NOTHING"""
    values = {"id": reminder.id, "key": reminder.key, "shift": reminder.shift, "staff": reminder.staff}
    return unit.count(sql, values | {"sent": millis(reminder.sent_at)}) == 1


def find(unit: Unit, number: int) -> Reminder | None:
    """The reminder with this number."""
    row = unit.one(f"SELECT {_COLUMNS} FROM reminders WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return None if row is None else _reminder(row)


def with_keys(unit: Unit, keys: Sequence[str]) -> list[Reminder]:
    """Those of these keys that are there."""
    sql = f"SELECT {_COLUMNS} FROM reminders WHERE key = :key"  # noqa: S608 - our own names
    return [_reminder(row) for key in keys for row in unit.all(sql, {"key": key})]


def unanswered(unit: Unit, staff: int, since: datetime) -> Reminder | None:
    """A member's newest reminder since a moment, unless she has answered it."""
    sql = f"""SELECT {_COLUMNS} FROM reminders WHERE staff_id = :staff AND sent_at >= :since
        ORDER BY sent_at DESC, id LIMIT 1"""  # noqa: S608 - our own names
    row = unit.one(sql, {"staff": staff, "since": millis(since)})
    return None if row is None or row[5] is not None else _reminder(row)


def ready(unit: Unit, number: int, now: datetime) -> None:
    """She said that she is ready; the first time counts."""
    sql = "UPDATE reminders SET ready_at = COALESCE(ready_at, :now) WHERE id = :id"
    unit.do(sql, {"id": number, "now": millis(now)})


def told(unit: Unit, reminders: Sequence[Reminder], now: datetime) -> None:
    """The coordinators heard about these."""
    sql = "UPDATE reminders SET told_at = :now WHERE id = :id"
    unit.many(sql, [{"id": reminder.id, "now": millis(now)} for reminder in reminders])


def sweep(unit: Unit, now: datetime) -> int:
    """Forget reminders of more than a month ago. Says how many."""
    return unit.count("DELETE FROM reminders WHERE sent_at < :before", {"before": millis(now - timedelta(days=31))})


def wrote_since(unit: Unit, channel: str, address: str, at: datetime) -> bool:
    """Whether a conversation went on from this address since a moment: then a bare number answers that instead."""
    sql = """SELECT 1 FROM talks JOIN people ON people.id = person_id
        WHERE people.address_index = :index AND heard_at >= :at"""
    indexes = unit.vault.indexes(who(channel, address))
    return any(unit.one(sql, {"index": index, "at": millis(at)}) for index in indexes)


def _reminder(row: Row) -> Reminder:
    number, key, shift, staff, sent_at, ready_at, told_at = row
    times = [None if at is None else moment(at) for at in (ready_at, told_at)]
    return Reminder(number, key, shift, staff, moment(sent_at), *times)
