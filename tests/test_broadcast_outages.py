"""Broadcasts while the database is away: what has left is not sent again, and what has not left is not lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.broadcasting import TIPS, becomes, crowd, ends, launched, texts
from tests.town import Town, town

LOCKED = 11.0
"""Seconds: longer than SQLite's writer waits for its turn (10), so that its acts fail."""
AWAY = 5.0


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        yield found
        found.log.seek(0)  # that the database was away stands there, as it should
        found.log.truncate()


@contextmanager
def locked(path: str) -> Iterator[float]:
    """Another process writes for a long time."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield LOCKED
    finally:
        other.rollback()
        other.close()


@contextmanager
def away(url: str) -> Iterator[float]:
    """The server throws everybody out, and lets nobody in."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    with psycopg.connect(psycopg.conninfo.make_conninfo(url, dbname="postgres"), autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield AWAY
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


async def test_a_database_that_is_away_for_a_while_costs_nobody_her_letter_and_nobody_gets_two(
    place: Town, database: str
) -> None:
    await crowd(place, 60)
    run = await launched(place, replace(TIPS, per_minute=600))
    await becomes(place, run, lambda found: found.counts.get("delivered", 0) >= 5)
    gone = locked(database.removeprefix("sqlite:///")) if database.startswith("sqlite") else away(database)
    with gone as seconds:
        await asyncio.sleep(seconds)
    await ends(place, run, 30)
    assert [len(texts(place, chat)) for chat in range(1001, 1061)] == [1] * 60
