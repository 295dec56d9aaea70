"""Keeps codes by which a member links a phone, and the ways to her that were proven so; and her one-time invitations.

It keeps hashes of codes and links, never the codes; and no address that could be read without the server's keys.
"""

from __future__ import annotations

from datetime import datetime

from storage.people import who
from storage.unit import Unit, millis
from storage.vault import Place


def offer(unit: Unit, code: str, staff: int, expires_at: datetime) -> None:
    """Keep a code, in the place of those that she had."""
    unit.do("DELETE FROM link_codes WHERE staff_id = :staff", {"staff": staff})
    sql = "INSERT INTO link_codes (code_hash, staff_id, expires_at) VALUES (:hash, :staff, :expires)"
    unit.do(sql, {"hash": _hash(unit, code), "staff": staff, "expires": millis(expires_at)})


def whose(unit: Unit, code: str, now: datetime) -> int | None:
    """Whose code this is, if it is good."""
    sql = "SELECT staff_id FROM link_codes WHERE code_hash = :hash AND expires_at > :now"
    row = unit.one(sql, {"hash": _hash(unit, code), "now": millis(now)})
    return None if row is None else row[0]


def use(unit: Unit, code: str) -> bool:
    """Use a code up. False where it was used meanwhile."""
    return unit.count("DELETE FROM link_codes WHERE code_hash = :hash", {"hash": _hash(unit, code)}) == 1


def _hash(unit: Unit, code: str) -> bytes:
    """With the server's key: a code is short, and lives for minutes, so no change of keys outlives it."""
    return unit.vault.index(f"link code:{code}")


_REACH = """
    INSERT INTO reaches (staff_id, channel, address_index, address, heard_at, gone)
    VALUES (:staff, :channel, :index, :address, :now, 0)
    ON CONFLICT (staff_id, channel) DO UPDATE SET address_index = excluded.address_index,
        address = excluded.address, heard_at = excluded.heard_at, gone = 0
"""


def put_reach(unit: Unit, staff: int, channel: str, address: str, now: datetime) -> None:
    """Keep the address from which she has just written, in the place of another on this channel."""
    sealed = unit.vault.seal(Place("reaches", "address", f"{staff}/{channel}"), address.encode())
    values = {"staff": staff, "channel": channel, "index": unit.vault.index(who(channel, address))}
    unit.do(_REACH, values | {"address": sealed, "now": millis(now)})


def drop_reach(unit: Unit, staff: int, channel: str) -> bool:
    """Forget a way to her. False where she has none on this channel."""
    sql = "DELETE FROM reaches WHERE staff_id = :staff AND channel = :channel"
    return unit.count(sql, {"staff": staff, "channel": channel}) == 1


def invited(unit: Unit, token_hash: bytes, now: datetime) -> int | None:
    """Whom a link invites; None where it is unknown, used, or past its time."""
    sql = """SELECT staff_id FROM invitations JOIN staff ON staff.id = staff_id
        WHERE token_hash = :hash AND used_at IS NULL AND expires_at > :now AND active = 1"""
    row = unit.one(sql, {"hash": token_hash, "now": millis(now)})
    return None if row is None else row[0]


def use_invitation(unit: Unit, token_hash: bytes, now: datetime) -> bool:
    """Use a link up. False where it was used meanwhile."""
    sql = "UPDATE invitations SET used_at = :now WHERE token_hash = :hash AND used_at IS NULL"
    return unit.count(sql, {"hash": token_hash, "now": millis(now)}) == 1


def void_invitations(unit: Unit, staff: int) -> int:
    """No link of hers is good any more. Says how many were kept."""
    return unit.count("DELETE FROM invitations WHERE staff_id = :staff", {"staff": staff})


def waiting_invitations(unit: Unit, now: datetime) -> frozenset[int]:
    """Who has a link that is still good."""
    sql = "SELECT staff_id FROM invitations WHERE used_at IS NULL AND expires_at > :now"
    return frozenset(staff for (staff,) in unit.all(sql, {"now": millis(now)}))


def sweep(unit: Unit, now: datetime) -> int:
    """Forget codes past their time, and links past it or used."""
    gone = unit.count("DELETE FROM link_codes WHERE expires_at <= :now", {"now": millis(now)})
    sql = "DELETE FROM invitations WHERE expires_at <= :now OR used_at IS NOT NULL"
    return gone + unit.count(sql, {"now": millis(now)})
