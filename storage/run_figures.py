"""Counts what became of a run, while its recipients are known and, as mere numbers, when they are forgotten.

It never says of anybody in particular what she was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flows.broadcast import RecipientState
from storage.unit import Unit, millis, moment


def counts(unit: Unit, run: int) -> list[tuple[str, RecipientState, str, int, int]]:
    """(channel, state, why, how many, how many of them tapped) of a run."""
    sql = """SELECT channel, state, COALESCE(why, ''), COUNT(*), SUM(tapped) FROM recipients
        WHERE run_id = :run GROUP BY channel, state, COALESCE(why, '')"""
    return [(str(c), s, str(w), int(n), int(t)) for c, s, w, n, t in unit.all(sql, {"run": run})]


def left_since(unit: Unit, run: int, since: datetime) -> int:
    """How many letters of a run left since a moment."""
    sql = "SELECT COUNT(*) FROM recipients WHERE run_id = :run AND sent_at > :since"
    row = unit.one(sql, {"run": run, "since": millis(since)})
    return int(row[0]) if row else 0


def by_hour(unit: Unit, run: int) -> list[tuple[datetime, int]]:
    """How many letters of a run left in each hour."""
    sql = """SELECT sent_at / 3600000, COUNT(*) FROM recipients
        WHERE run_id = :run AND sent_at IS NOT NULL GROUP BY sent_at / 3600000 ORDER BY 1"""
    return [(moment(int(hour) * 3_600_000), int(count)) for hour, count in unit.all(sql, {"run": run})]


def keep(unit: Unit, run: str, month: str, by: Mapping[str, int]) -> None:
    """Keep a run's counts, which name nobody, for when its recipients are forgotten."""
    sql = """INSERT INTO figures (name, part, month, count) VALUES ('run', :part, :month, :count)
        ON CONFLICT (name, part, month) DO UPDATE SET count = excluded.count"""
    unit.many(sql, [{"part": f"{run}:{name}", "month": month, "count": count} for name, count in by.items()])


def kept(unit: Unit, run: str, names: Iterable[str]) -> dict[str, int]:
    """A run's counts as they were kept, by name."""
    sql = "SELECT SUM(count) FROM figures WHERE name = 'run' AND part = :part"
    found = {name: unit.one(sql, {"part": f"{run}:{name}"}) for name in names}
    return {name: int(row[0]) for name, row in found.items() if row and row[0]}
