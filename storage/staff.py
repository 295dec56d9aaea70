"""Keeps those who work here: name, role, language, the ways to reach them, invitations to the desk.

It never decides who is on call: that is `flows.rota`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from flows.core import Language
from storage.coding import decode, encode
from storage.people import who
from storage.unit import Unit, millis
from storage.vault import Place


class Facts(msgspec.Struct, frozen=True):
    """What is sealed of a member of staff."""

    name: str
    language: Language


class Reach(msgspec.Struct, frozen=True):
    """One way to reach a member of staff."""

    channel: str
    address: str
    index: bytes
    gone: bool


class Member(msgspec.Struct, frozen=True):
    """A member of staff; her ways in the order she is tried: telegram, whatsapp, preview."""

    id: int
    name: str
    role: str
    language: Language
    active: bool
    reaches: tuple[Reach, ...]


_ORDER = ("telegram", "whatsapp", "preview", "voice")


def add(unit: Unit, number: int, facts: Facts, role: str, reaches: dict[str, str], now: datetime) -> None:
    """Keep a new member under `number`. Raises `Taken` at the commit if an address is another member's."""
    sealed = unit.vault.seal(_facts(number), encode(facts))
    sql = "INSERT INTO staff (id, facts, role, added_at) VALUES (:id, :facts, :role, :now)"
    unit.do(sql, {"id": number, "facts": sealed, "role": role, "now": millis(now)})
    for channel, address in reaches.items():
        row = {"id": number, "channel": channel, "index": unit.vault.index(who(channel, address))}
        unit.do(
            """INSERT INTO reaches (staff_id, channel, address_index, address)
            VALUES (:id, :channel, :index, :address)""",
            row | {"address": unit.vault.seal(_address(number, channel), address.encode())},
        )


def members(unit: Unit) -> list[Member]:
    """Everybody, active or not, in the order they were added."""
    ways: dict[int, list[Reach]] = {}
    for number, channel, index, sealed, gone in unit.all(
        "SELECT staff_id, channel, address_index, address, gone FROM reaches"
    ):
        address = unit.vault.open(_address(number, channel), bytes(sealed)).decode()
        ways.setdefault(number, []).append(Reach(channel, address, bytes(index), bool(gone)))
    rows = unit.all("SELECT id, facts, role, active FROM staff ORDER BY added_at, id")
    return [_member(unit, row, ways.get(row[0], [])) for row in rows]


def member(unit: Unit, number: int) -> Member | None:
    """One member, active or not."""
    row = unit.one("SELECT id, facts, role, active FROM staff WHERE id = :id", {"id": number})
    if row is None:
        return None
    sql = "SELECT channel, address_index, address, gone FROM reaches WHERE staff_id = :id"
    ways = [
        Reach(channel, unit.vault.open(_address(number, channel), bytes(sealed)).decode(), bytes(index), bool(gone))
        for channel, index, sealed, gone in unit.all(sql, {"id": number})
    ]
    return _member(unit, row, ways)


def _member(unit: Unit, row: tuple[Any, ...], ways: list[Reach]) -> Member:
    number, sealed, role, active = row
    facts = decode(unit.vault.open(_facts(number), bytes(sealed)), Facts)
    order = tuple(sorted(ways, key=lambda way: _ORDER.index(way.channel)))
    return Member(number, facts.name, role, facts.language, bool(active), order)


def disable(unit: Unit, number: int) -> None:
    """From now on she is not paged and can't enter; her addresses are forgotten, and free to be added again."""
    unit.do("UPDATE staff SET active = 0 WHERE id = :id", {"id": number})
    unit.do("DELETE FROM reaches WHERE staff_id = :id", {"id": number})
    unit.do("DELETE FROM sessions WHERE staff_id = :id", {"id": number})
    unit.do("DELETE FROM voice_pins WHERE staff_id = :id", {"id": number})


def heard(unit: Unit, index: bytes, now: datetime) -> None:
    """A member wrote to us from this address: WhatsApp's window is open."""
    sql = "UPDATE reaches SET heard_at = :now WHERE address_index = :index"
    unit.do(sql, {"index": index, "now": millis(now)})


def invite(unit: Unit, token_hash: bytes, number: int, expires_at: datetime) -> None:
    """Keep a one-time link's hash; the link itself is only ever shown once."""
    sql = "INSERT INTO invitations (token_hash, staff_id, expires_at) VALUES (:hash, :id, :expires)"
    unit.do(sql, {"hash": token_hash, "id": number, "expires": millis(expires_at)})


def _facts(number: int) -> Place:
    return Place("staff", "facts", str(number))


def _address(number: int, channel: str) -> Place:
    return Place("reaches", "address", f"{number}/{channel}")
