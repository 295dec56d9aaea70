"""Keeps which chats are one woman's: a check-in asks for her on all of them."""

from __future__ import annotations

from datetime import datetime

from storage.unit import Unit, millis


def join(unit: Unit, one: int, other: int) -> None:
    """From now on both are known to be hers."""
    sql = "INSERT INTO other_chats (person_id, other_id) VALUES (:one, :other) ON CONFLICT DO NOTHING"
    unit.many(sql, [{"one": one, "other": other}, {"one": other, "other": one}])


def part(unit: Unit, one: int) -> None:
    """This chat is by itself again."""
    unit.do("DELETE FROM other_chats WHERE person_id = :one OR other_id = :one", {"one": one})


def others(unit: Unit, person: int) -> list[int]:
    """Her other chats' numbers."""
    sql = "SELECT other_id FROM other_chats WHERE person_id = :person ORDER BY other_id"
    return [number for (number,) in unit.all(sql, {"person": person})]


def put_code(unit: Unit, code: str, person: int, ends_at: datetime) -> None:
    """Keep a code by which another chat can be joined to hers; an earlier one of hers is gone."""
    unit.do("DELETE FROM chat_codes WHERE person_id = :person", {"person": person})
    sql = "INSERT INTO chat_codes (code_hash, person_id, expires_at) VALUES (:hash, :person, :ends)"
    unit.do(sql, {"hash": unit.vault.index(f"chat:{code}"), "person": person, "ends": millis(ends_at)})


def whose_code(unit: Unit, code: str, now: datetime) -> int | None:
    """Whose living code it is; it stays good."""
    sql = "SELECT person_id FROM chat_codes WHERE code_hash = :hash AND expires_at > :now"
    for index in unit.vault.indexes(f"chat:{code}"):
        if (row := unit.one(sql, {"hash": index, "now": millis(now)})) is not None:
            return int(row[0])
    return None


def use_code(unit: Unit, code: str, now: datetime) -> int | None:
    """Whose code it is, once; None where it is nobody's or too old."""
    for index in unit.vault.indexes(f"chat:{code}"):
        sql = "DELETE FROM chat_codes WHERE code_hash = :hash RETURNING person_id, expires_at"
        row = unit.one(sql, {"hash": index})
        if row is not None and row[1] > millis(now):
            return int(row[0])
    return None


def expire(unit: Unit, now: datetime) -> int:
    """Forget codes that nobody used."""
    return unit.count("DELETE FROM chat_codes WHERE expires_at <= :now", {"now": millis(now)})
