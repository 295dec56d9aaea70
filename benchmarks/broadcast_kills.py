"""Kills the serving process at random moments while a broadcast goes out, and counts who missed it or got it twice.

It trusts nobody's word: who got what is known from the platform's side.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from benchmarks import audience
from benchmarks.contest import TOKEN
from benchmarks.kills import LONGEST, nursery, rows
from benchmarks.process import free_port, open_store, prepare, ready
from tests.platforms.serving import Call
from tests.platforms.telegram import Telegram

PER_KILL = 12
"""Readers for each kill: there is always something left to send."""
PER_MINUTE = 30 * 60
"""Telegram's own pace: what is in flight at a kill is what would be."""
_SETTLING = 900.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What so many kills did to one broadcast."""

    kills: int
    at_work: int
    """Lives in which at least one letter left before the kill."""
    readers: int
    missed: int
    again: int
    """Letters that left twice: those in flight when the process was killed, of which nobody can know."""
    most: int
    """The most of them at one kill."""
    wrong: int
    """Recipients whose state is not what became of their letter."""
    seconds: float


async def run_kills(
    count: int, folder: Path, seed: int = 1, progress: Callable[[int], None] = lambda _: None
) -> Outcome:
    """Kill the process `count` times while a run goes out, let the last one finish it, and count."""
    chance, began, readers = random.Random(seed), monotonic(), max(200, count * PER_KILL)
    await prepare(folder)
    store = open_store(folder)
    await store.start()
    await audience.subscribe(store, readers)
    await audience.launch(store, PER_MINUTE)
    await store.stop()
    port, killed = free_port(), list[float]()
    async with Telegram(TOKEN, limits=None) as platform:
        for chat in audience.chats(readers):
            platform.person(chat, has_written=True)
        async with nursery(folder, platform.url, port) as bear:
            for kill in range(count):
                child = await bear()
                await asyncio.sleep(chance.uniform(LONGEST, LONGEST * 4))
                os.kill(child, signal.SIGKILL)
                killed.append(monotonic())
                progress(kill + 1)
            child = await bear()
            await ready(port)
            await _finished(folder)
            os.kill(child, signal.SIGKILL)
        calls = [call for call in platform.calls if call.method == "sendMessage" and call.status == 200]
    wrong = rows(folder, "SELECT 1 FROM recipients WHERE state <> 'delivered'")
    return _counted(readers, killed, calls, len(wrong), monotonic() - began)


async def _finished(folder: Path) -> None:
    async with asyncio.timeout(_SETTLING):
        while rows(folder, "SELECT 1 FROM runs WHERE ended_at IS NULL"):  # noqa: ASYNC110 - another process writes, and tells nobody
            await asyncio.sleep(0.1)


def _counted(readers: int, killed: list[float], calls: list[Call], wrong: int, seconds: float) -> Outcome:
    """Each letter that left again is laid to the kill in whose life it had left before."""
    lives: defaultdict[str, list[int]] = defaultdict(list)
    for call in calls:
        lives[str(call.params["chat_id"])].append(bisect_left(killed, call.at))
    again = Counter(life for seen in lives.values() for life in sorted(seen)[:-1])
    at_work = len({life for seen in lives.values() for life in seen if life < len(killed)})
    missed = readers - len(lives)
    return Outcome(len(killed), at_work, readers, missed, again.total(), max(again.values(), default=0), wrong, seconds)
