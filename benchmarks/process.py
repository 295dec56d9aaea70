"""Starts Sanad as a process of its own on a prepared database, and waits until it is ready.

It ends only what it started.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import aiohttp

from benchmarks.contest import TOKEN
from benchmarks.team import hire
from bot import chance
from bot.settings import ROOT
from storage.migrate import migrate
from storage.sqlite import SqliteStore
from storage.vault import Key, Vault

KEYS = "bench1:" + "A" * 43 + "="
SECRET = "benchmark-secret"
STARTING = 30.0
"""Seconds that a process may take until it is ready."""


def open_store(folder: Path) -> SqliteStore:
    """The store that the process will have, not yet started."""
    return SqliteStore(folder / "sanad.db", Vault((Key("bench1", bytes(32)),), chance.random_bytes))


async def prepare(folder: Path) -> None:
    """A fresh database with somebody on call."""
    migrate(f"sqlite:///{folder / 'sanad.db'}")
    store = open_store(folder)
    await store.start()
    await hire(store)
    await store.stop()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, api: str, port: int) -> Mapping[str, str]:
    """Everything that `sanad serve` wants to be told."""
    address = f"http://127.0.0.1:{port}"
    ours = {"SANAD_DATA": str(folder), "SANAD_KEYS": KEYS, "HOST": "127.0.0.1", "PORT": str(port)}
    telegram = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api, "TELEGRAM_MODE": "webhook"}
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("SANAD", "TELEGRAM", "DATABASE"))
    }
    return plain | ours | telegram | {"TELEGRAM_WEBHOOK_SECRET": SECRET, "PUBLIC_URL": address}


@asynccontextmanager
async def running(command: Sequence[str], given: Mapping[str, str]) -> AsyncIterator[tuple[int, float]]:
    """A process until the end of the block: its number, and the seconds until `GET /ready` said 200."""
    started = monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, cwd=ROOT, env=dict(given), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await ready(int(given["PORT"]))
        yield process.pid, monotonic() - started
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ready(port: int) -> None:
    """Wait until the process on this port can work. TimeoutError after `STARTING` seconds."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(STARTING):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.005)


def resident(process: int) -> float:
    """MiB of memory that a process holds (VmRSS)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
