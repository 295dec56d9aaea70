"""How long the process takes until it is ready, and how much memory it holds after many updates over HTTP.

The platform is a bare server that answers every call at once and keeps nothing, so that only Sanad is measured.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from benchmarks.contest import Load, Wire
from benchmarks.process import SECRET, environment, free_port, prepare, resident, running
from benchmarks.story import Story

_CONNECTIONS = 50


async def start(folder: Path) -> float:
    """Seconds from the start of `sanad serve` on an empty database until `GET /ready` says 200."""
    given = environment(folder, "http://127.0.0.1:9", free_port())
    async with running(("bot", "serve"), given) as (_, seconds):
        return seconds


async def memory(story: Story, folder: Path, updates: int, progress: Callable[[int], None]) -> tuple[float, float]:
    """MiB resident when ready, and after so many updates; letters go out without a limit, as fast as they come."""
    await prepare(folder)
    port = free_port()
    async with (
        _bare(Wire(story)) as api,
        running(("benchmarks.server", "none"), environment(folder, api, port)) as (
            process,
            _,
        ),
    ):
        before = resident(process)
        await _flood(story, port, updates, progress)
        return before, resident(process)


@asynccontextmanager
async def _bare(wire: Wire) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=wire.answer(request.path), content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def _flood(story: Story, port: int, updates: int, progress: Callable[[int], None]) -> None:
    brought = _stories(story, updates)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    address, done = f"http://127.0.0.1:{port}/telegram", 0

    async def connection(session: aiohttp.ClientSession) -> None:
        nonlocal done
        for body in brought:
            async with session.post(address, data=body, headers=headers) as answer:
                assert answer.status == 200
            done += 1
            if done % 1000 == 0:
                progress(done)

    connector = aiohttp.TCPConnector(limit=_CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(connection(session) for _ in range(_CONNECTIONS)))


def _stories(story: Story, updates: int) -> Iterator[bytes]:
    """Welcome and report, for 200 persons at a time, until there were enough updates."""
    given, wave = 0, 0
    while given < updates:
        load = Load(story, 200, first=7_000_000_001 + wave * 1000)
        wave += 1
        for body in (*load.welcomes(wave), *load.reports(wave)):
            if given == updates:
                return
            given += 1
            yield body
