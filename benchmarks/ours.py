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
from typing import Any

from benchmarks.contest import TOKEN, Load, Result, Wire
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
        assert body and read
        answer = self._wire.answer(url)
        if self._wire.replies >= self.wanted:
            self.all_out.set()
        return 200, answer


@asynccontextmanager
async def working(database: str, request: AiohttpRequest, **more: Any) -> AsyncIterator[Sanad]:
    """The whole of it on a fresh database, with somebody on call and a recovery key to seal cases to."""
    migrate(database)
    settings = Settings(
        _env_file=None,
        database_url=database,
        sanad_keys="bench1:" + "A" * 43 + "=",  # type: ignore[arg-type]
        telegram_bot_token=TOKEN,  # type: ignore[arg-type]
        **more,
    )
    channel = Telegram(TOKEN, chance.now, rate=None, request=request)
    async with wired(settings, {"telegram": channel}) as sanad:
        await hire(sanad.store)
        async with at_work(sanad, "benchmark"):
            yield sanad


async def on_sqlite(load: Load, folder: Path) -> Result:
    """Everybody's report, on the embedded database."""
    return await run(load, f"sqlite:///{folder / 'sanad.db'}", "sqlite")


async def run(load: Load, database: str, name: str) -> Result:
    """Everybody's report, at most `AT_ONCE` deliveries under way; over when the last reply has been handed out."""
    wire = Wire(load.story)
    stub = Stub(wire)
    async with working(database, stub) as sanad:
        await _all_out(sanad, stub, wire, load.welcomes(), 0)
        wire.replies, updates = 0, load.reports()
        gc.collect()
        started = perf_counter()
        await _all_out(sanad, stub, wire, updates, load.persons)
        seconds = perf_counter() - started
    return Result(name, len(updates), wire.replies, seconds)


async def _all_out(sanad: Sanad, stub: Stub, wire: Wire, updates: list[bytes], pages: int) -> None:
    stub.wanted = len(updates) + pages
    stub.all_out.clear()
    brought = iter(updates)
    await asyncio.gather(*(_deliver(sanad, brought) for _ in range(AT_ONCE)))
    async with asyncio.timeout(60):
        await stub.all_out.wait()
    assert wire.replies >= stub.wanted


async def _deliver(sanad: Sanad, brought: Iterator[bytes]) -> None:
    """One of the connections by which Telegram brings updates, without its HTTP: what `bot.webhooks` does with a body."""
    for body in brought:
        understood = read(body)
        sanad.counts.update("telegram", understood.kind)
        assert understood.inbound is not None
        await sanad.receive(understood.inbound)
        if understood.callback:
            rendering.acknowledging(understood.callback)
