"""Keeps by what a member of staff is rung: her number, her PIN's hash, and how often a wrong PIN was typed for her.

It never holds a PIN: the hash is sealed, since so few digits would soon be guessed from a hash alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from storage import marks
from storage.people import who
from storage.unit import Unit, millis, moment
from storage.vault import Place

_MARK = "voice"


class Pin(NamedTuple):
    """What is kept of a PIN."""

    salt: bytes
    hash: bytes


def note_configured(unit: Unit, *, rings: bool) -> None:
    """A process was started that can ring, or can't: where nobody can be rung, a ladder's step by voice is empty."""
    marks.put(unit, _MARK, "on" if rings else "off")


def can_be_rung(unit: Unit) -> frozenset[int]:
    """Members who have a PIN, where calls are set up at all."""
    sql = "SELECT staff_id FROM voice_pins WHERE EXISTS (SELECT 1 FROM marks WHERE name = :name AND value = :on)"
    return frozenset(number for (number,) in unit.all(sql, {"name": _MARK, "on": b"on"}))


def put_number(unit: Unit, staff: int, number: str) -> None:
    """Keep the telephone number by which she is rung (+E.164), in place of another.

    Raises `Taken` at the commit where it is another member's.
    """
    drop_number(unit, staff)
    sql = """INSERT INTO reaches (staff_id, channel, address_index, address)
        VALUES (:staff, 'voice', :index, :address)"""
    sealed = unit.vault.seal(Place("reaches", "address", f"{staff}/voice"), number.encode())
    unit.do(sql, {"staff": staff, "index": unit.vault.index(who("voice", number)), "address": sealed})


def drop_number(unit: Unit, staff: int) -> None:
    """She isn't rung any more."""
    unit.do("DELETE FROM reaches WHERE staff_id = :staff AND channel = 'voice'", {"staff": staff})


def put_pin(unit: Unit, staff: int, pin: Pin) -> None:
    """Keep her PIN's hash, in place of another."""
    sql = """INSERT INTO voice_pins (staff_id, salt, pin_hash) VALUES (:staff, :salt, :hash)
        ON CONFLICT (staff_id) DO UPDATE SET salt = excluded.salt, pin_hash = excluded.pin_hash"""
    unit.do(sql, {"staff": staff, "salt": pin.salt, "hash": unit.vault.seal(_place(staff), pin.hash)})


def drop_pin(unit: Unit, staff: int) -> None:
    """Her PIN is forgotten."""
    unit.do("DELETE FROM voice_pins WHERE staff_id = :staff", {"staff": staff})


def pin_of(unit: Unit, staff: int) -> Pin | None:
    """What is kept of her PIN. Raises `Unreadable`."""
    row = unit.one("SELECT salt, pin_hash FROM voice_pins WHERE staff_id = :staff", {"staff": staff})
    return None if row is None else Pin(bytes(row[0]), unit.vault.open(_place(staff), bytes(row[1])))


def wrong_until(unit: Unit, staff: int) -> datetime | None:
    """Until when no PIN of hers counts, after wrong ones; None where there was none."""
    row = unit.one("SELECT until_at FROM throttles WHERE key = :key", {"key": _key(unit, staff)})
    return None if row is None else moment(row[0])


def note_wrong(unit: Unit, staff: int, now: datetime) -> int:
    """Count a wrong PIN. Says how many there were since the last right one."""
    sql = """INSERT INTO throttles (key, fails, until_at, at) VALUES (:key, 1, 0, :now)
        ON CONFLICT (key) DO UPDATE SET fails = throttles.fails + 1, at = excluded.at RETURNING fails"""
    row = unit.one(sql, {"key": _key(unit, staff), "now": millis(now)})
    return 0 if row is None else int(row[0])


def shut_until(unit: Unit, staff: int, until: datetime) -> None:
    """No PIN of hers counts until then."""
    unit.do(
        "UPDATE throttles SET until_at = :until WHERE key = :key", {"key": _key(unit, staff), "until": millis(until)}
    )


def forget_wrong(unit: Unit, staff: int) -> None:
    """She typed the right one."""
    unit.do("DELETE FROM throttles WHERE key = :key", {"key": _key(unit, staff)})


def _key(unit: Unit, staff: int) -> bytes:
    return unit.vault.index(f"voice pin:{staff}")


def _place(staff: int) -> Place:
    return Place("voice_pins", "pin_hash", str(staff))
