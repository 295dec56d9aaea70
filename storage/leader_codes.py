"""Keeps the codes by which leaders are invited, each until it is used or its time is over.

It keeps a blind index of each code, never the code, and not who was given it.
"""

from __future__ import annotations

from datetime import datetime

from flows.public import Leader
from storage.unit import Unit, millis, moment


def _label(code: str) -> str:
    return f"leader code:{code}"


def add(unit: Unit, code: str, kind: Leader, by: int, expires_at: datetime) -> None:
    """Let this code be good until then."""
    sql = "INSERT INTO leader_codes (code_hash, kind, made_by, expires_at) VALUES (:hash, :kind, :by, :expires)"
    values = {"hash": unit.vault.index(_label(code)), "kind": kind, "by": by, "expires": millis(expires_at)}
    unit.do(sql, values)


def use(unit: Unit, code: str, now: datetime) -> Leader | None:
    """Use a code up: for whom it is; None where there is no such code that is good."""
    sql = "DELETE FROM leader_codes WHERE code_hash = :hash RETURNING kind, expires_at"
    for index in unit.vault.indexes(_label(code)):
        row = unit.one(sql, {"hash": index})
        if row is not None:
            return row[0] if row[1] > millis(now) else None
    return None


def waiting(unit: Unit, now: datetime) -> list[tuple[Leader, datetime]]:
    """Codes that are good and not used: for whom each is, and until when; the one that ends first in front."""
    sql = "SELECT kind, expires_at FROM leader_codes WHERE expires_at > :now ORDER BY expires_at"
    return [(kind, moment(until)) for kind, until in unit.all(sql, {"now": millis(now)})]


def void(unit: Unit) -> int:
    """No code is good any more. Says how many were."""
    return unit.count("DELETE FROM leader_codes")


def sweep(unit: Unit, now: datetime) -> int:
    """Forget codes whose time is over. Says how many."""
    return unit.count("DELETE FROM leader_codes WHERE expires_at <= :now", {"now": millis(now)})
