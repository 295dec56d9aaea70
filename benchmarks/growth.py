"""What a million stored cases cost the next message: the same report on an empty and on a filled database, in turn.

One real case is told and taken apart; the others are copies of its rows with numbers, codes and keys of their own, so
that every size is real. Their sealed bytes are the first one's: sealing a million cases would take half an hour, and
nobody opens them here.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.contest import Load, Wire
from benchmarks.ours import Stub, bring, deliver, working
from benchmarks.story import Story, interleaved
from bot.wiring import Sanad

_AT_ONCE = 50_000
_SPACE = 2**62
_COPIED = ("people", "talks", "inbox", "letters", "cases", "case_keys", "case_items", "alarms", "alarm_log", "pages")
_REPLACED = {
    # Numbers are drawn at random in life: spread over the whole space here, in order, so that filling is quick.
    "people": {"id": ":number", "address_index": "randomblob(32)"},
    "talks": {"person_id": ":number"},
    "inbox": {"key": "'filled' || n"},
    "letters": {"id": "NULL", "key": "'filled' || n || ':' || letters.id", "body": "NULL", "state": "'delivered'"},
    "cases": {"id": ":number", "code": "'filled' || n", "person_id": ":number"},
    "case_keys": {"case_id": ":number"},
    "case_items": {"id": "NULL", "case_id": ":number", "number": ":number + case_items.id"},
    "alarms": {"case_id": ":number", "next_action_at": "NULL", "status": "'closed'"},
    "alarm_log": {"id": "NULL", "case_id": ":number"},
    "pages": {"id": "NULL", "case_id": ":number", "key": "'filled' || n || ':' || pages.id", "state": "'over'"},
}
_KEPT = {"inbox": 1, "letters": 1}
"""Rows that stay of a case's many, after their time of retention has passed for the others."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds that one message takes, empty and filled, and how large the filled file is (GiB)."""

    empty: float
    filled: float
    cases: int
    size: float


async def run(story: Story, folder: Path, cases: int, persons: int, progress: Callable[[int], None]) -> Growth:
    """Time one message after another, on both databases in turn."""
    paths = folder / "empty.db", folder / "filled.db"
    wires = [Wire(story) for _ in paths]
    stubs = [Stub(wire) for wire in wires]
    await _tell_one(story, paths[1])
    await asyncio.to_thread(_fill, paths[1], cases, progress)
    load = Load(story, persons)
    async with (
        working(f"sqlite:///{paths[0]}", stubs[0]) as empty,
        working(f"sqlite:///{paths[1]}", stubs[1]) as filled,
    ):
        for sanad, stub, wire in zip((empty, filled), stubs, wires, strict=True):
            await bring(sanad, stub, wire, load.welcomes(), load.greetings)
        taken = await _in_turn(load, (empty, filled))
    size = paths[1].stat().st_size / 2**30
    return Growth(median(taken[0]), median(taken[1]), cases, size)


async def _in_turn(load: Load, both: tuple[Sanad, Sanad]) -> tuple[list[float], list[float]]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _, update in interleaved(load.story.report, load.chats, 200_000_000):
        for sanad, times in zip(both, taken, strict=True):
            began = perf_counter()
            await deliver(sanad, update)
            times.append(perf_counter() - began)
    return taken


async def _tell_one(story: Story, path: Path) -> None:
    """One real report, whose rows are copied."""
    wire = Wire(story)
    stub = Stub(wire)
    chat = range(4_000_000_001, 4_000_000_002)
    updates = [update for _, update in interleaved((*story.welcome, *story.report), chat, 500_000_000)]
    async with working(f"sqlite:///{path}", stub) as sanad:
        for update in updates:
            await deliver(sanad, update)
        await asyncio.sleep(0.2)


def _fill(path: Path, cases: int, progress: Callable[[int], None]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=DELETE", "synchronous=OFF", "cache_size=-512000", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    for table in _COPIED:
        connection.execute(f"CREATE TEMP TABLE one_{table} AS SELECT * FROM {table} LIMIT {_KEPT.get(table, -1)}")
    for start in range(0, cases, _AT_ONCE):
        end = min(start + _AT_ONCE, cases)
        connection.execute("BEGIN")
        for table in _COPIED:
            connection.execute(_copying(connection, table, cases), {"start": start, "end": end})
        connection.execute("COMMIT")
        progress(end)
    connection.execute("ANALYZE")
    connection.close()


def _copying(connection: sqlite3.Connection, table: str, cases: int) -> str:
    columns = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]
    replaced = _REPLACED[table]
    number = f"(n + 1) * {_SPACE // (cases + 2)}"
    values = [replaced.get(column, f"{table}.{column}").replace(":number", number) for column in columns]
    return f"""
        WITH RECURSIVE counted (n) AS (SELECT :start UNION ALL SELECT n + 1 FROM counted WHERE n + 1 < :end)
        INSERT INTO {table} ({", ".join(columns)})
        SELECT {", ".join(values)} FROM counted CROSS JOIN one_{table} AS {table}
    """
