"""Sanad itself, from a webhook's bytes to the bytes of its letters, with only the network taken away.

Every update is deduplicated, sealed and committed (SQLite: WAL, synchronous=FULL) before it counts as acknowledged;
each report opens a case with keys of its own, raises an alarm and pages the person on call: no contender else does.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.contest import TOKEN, Load, Result, Wire
from benchmarks.process import KEYS
from benchmarks.team import hire
from bot import chance
from bot.channels.telegram import rendering
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.understanding import read
from bot.settings import Settings
from bot.wiring import Sanad, wired
from bot.worker import at_work
from storage.migrate import migrate
from tests.postgres import running_postgres

AT_ONCE = 100
"""Deliveries under way: the most that Telegram brings at once (`max_connections`)."""


class Stub(AiohttpRequest):
    """The network: takes the bytes that would be sent, and answers at once."""

    __slots__ = ("_wire", "all_out", "wanted")

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire
        self.wanted = 0
        self.all_out = asyncio.Event()

    async def exchange(self, url: str, body: bytes, read: float = 15.0) -> tuple[int, bytes]:
        """Count, and answer as the platform would."""
        assert body, f"nothing to send, within {read} s"
        answer = self._wire.answer(url)
        if self._wire.replies >= self.wanted:
            self.all_out.set()
        return 200, answer


@asynccontextmanager
async def working(database: str, request: AiohttpRequest) -> AsyncIterator[Sanad]:
    """The whole of it on a fresh database, with somebody on call and a recovery key to seal cases to."""
    if database.startswith("sqlite"):
        migrate(database)
    given = {"database_url": database, "sanad_keys": KEYS, "telegram_bot_token": TOKEN}
    settings = Settings.model_validate(given)
    channel = Telegram(TOKEN, chance.now, rate=None, request=request)
    async with wired(settings, {"telegram": channel}) as sanad:
        await hire(sanad.store)
        async with at_work(sanad, "benchmark"):
            yield sanad


async def on_sqlite(load: Load, folder: Path) -> Result:
    """Everybody's report, on the embedded database."""
    return await run(load, f"sqlite:///{folder / 'sanad.db'}", "sqlite")


async def on_postgres(load: Load) -> Result:
    """The same on PostgreSQL, which waits for the disk as it does by default."""
    with running_postgres(migrate, durable=True) as server:
        return await run(load, server.new_database(), "postgresql")


async def run(load: Load, database: str, name: str) -> Result:
    """Everybody's report, at most `AT_ONCE` deliveries under way; over when the last reply has been handed out."""
    wire = Wire(load.story)
    stub = Stub(wire)
    async with working(database, stub) as sanad:
        await bring(sanad, stub, wire, load.welcomes(), load.greetings)
        wire.replies, updates = 0, load.reports()
        gc.collect()
        started = perf_counter()
        await bring(sanad, stub, wire, updates, load.persons * load.story.pages)
        seconds = perf_counter() - started
    return Result(name, len(updates), wire.replies, seconds)


async def bring(sanad: Sanad, stub: Stub, wire: Wire, updates: list[bytes], pages: int) -> None:
    """Hand the updates over in their order, and wait until every reply, and so many pages, are out."""
    stub.wanted = wire.replies + len(updates) + pages
    stub.all_out.clear()
    brought = iter(updates)
    await asyncio.gather(*(_connection(sanad, brought) for _ in range(AT_ONCE)))
    async with asyncio.timeout(120):
        await stub.all_out.wait()


async def _connection(sanad: Sanad, brought: Iterator[bytes]) -> None:
    """One of the connections by which Telegram brings updates: its next comes when this one is acknowledged."""
    for body in brought:
        await deliver(sanad, body)


async def deliver(sanad: Sanad, body: bytes) -> None:
    """What `bot.webhooks` does with a body, without its HTTP. Returns when it may be acknowledged."""
    understood = read(body)
    sanad.counts.update("telegram", understood.kind)
    assert understood.inbound is not None
    await sanad.receive(understood.inbound)
    if understood.callback:
        rendering.acknowledging(understood.callback)
