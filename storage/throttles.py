"""Keeps counts of wrong tries, each under a blind index of what was tried from where: nobody reads an address in it.

It never decides how long anybody waits: `handlers.entry_pace` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.unit import Unit, millis, moment


@dataclass(frozen=True, slots=True)
class Count:
    """Wrong tries of one kind. `until` is the moment before which no other is looked at."""

    key: bytes
    fails: int
    until: datetime
    at: datetime
    """When the last one was."""


_HOLD = """
    INSERT INTO throttles (key, fails, until_at, at) VALUES (:key, 0, 0, :now)
    ON CONFLICT (key) DO UPDATE SET fails = throttles.fails RETURNING fails, until_at, at
"""


def hold(unit: Unit, what: str, now: datetime) -> Count:
    """The count of `what`, from 0, held until the end of the transaction: tries at the same moment come in a row."""
    key = unit.vault.index(what)
    row = unit.one(_HOLD, {"key": key, "now": millis(now)})
    assert row is not None  # noqa: S101 - it was put there just now
    return Count(key, row[0], moment(row[1]), moment(row[2]))


def put(unit: Unit, count: Count) -> None:
    """Keep a count that was held."""
    sql = "UPDATE throttles SET fails = :fails, until_at = :until, at = :at WHERE key = :key"
    values = {"key": count.key, "fails": count.fails, "until": millis(count.until), "at": millis(count.at)}
    unit.do(sql, values)


def drop(unit: Unit, count: Count) -> None:
    """Forget a count."""
    unit.do("DELETE FROM throttles WHERE key = :key", {"key": count.key})


def mark(unit: Unit, what: str, now: datetime) -> None:
    """Keep that `what` was right once: a count below none."""
    sql = """INSERT INTO throttles (key, fails, until_at, at) VALUES (:key, -1, 0, :now)
        ON CONFLICT (key) DO UPDATE SET at = excluded.at"""
    unit.do(sql, {"key": unit.vault.index(what), "now": millis(now)})


def is_marked(unit: Unit, what: str) -> bool:
    """Whether there is such a mark."""
    found = (unit.one("SELECT 1 FROM throttles WHERE key = :key", {"key": key}) for key in unit.vault.indexes(what))
    return any(row is not None for row in found)


def sweep(unit: Unit, wrong_before: datetime, right_before: datetime) -> int:
    """Forget counts whose last wrong try was before a moment, and marks older than another."""
    sql = "DELETE FROM throttles WHERE (fails >= 0 AND at < :wrong) OR at < :right"
    return unit.count(sql, {"wrong": millis(wrong_before), "right": millis(right_before)})
