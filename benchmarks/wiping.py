"""How long it takes from the press of the button that hides her chat until nothing of 200 messages is left in it.

It is measured from outside, on her phone: both ways over HTTP are in it, and Telegram's limits hold throughout.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from benchmarks import letters
from benchmarks.contest import TOKEN
from benchmarks.paging import LIMITS
from benchmarks.process import SECRET, environment, free_port, open_store, prepare, running
from bot.channels.telegram.channel import RATE
from tests.platforms.telegram import Person, Telegram

EACH = 100
"""Messages of either side."""
HIDE = "طقس اليوم"
_FIRST = 6_000_000_001
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    taken: list[float]
    """Seconds until nothing was left, each time."""
    messages: int
    """How many were deleted at least, each time."""
    refused: int
    """Answers 429."""


async def run(folder: Path, times: int, queued: int, progress: Callable[[int], None]) -> Found:
    """Have `times` chats wiped one after another, while `queued` letters of the broadcast lane wait."""
    await prepare(folder)
    store = open_store(folder)
    await store.start()
    await letters.queue_letters(store, queued)
    await store.stop()
    port = free_port()
    async with Telegram(TOKEN, limits=LIMITS) as platform:
        for chat in letters.chats(queued):
            platform.person(chat, has_written=True)
        async with running(("benchmarks.server", str(RATE)), environment(folder, platform.url, port)):
            platform.sets_webhook(f"http://127.0.0.1:{port}/telegram", SECRET)
            return await _measure(platform, times, progress)


async def _measure(platform: Telegram, times: int, progress: Callable[[int], None]) -> Found:
    chance, taken, messages = random.Random(7), [], []
    for place in range(times):
        person = platform.person(_FIRST + place)
        await _talks(person)
        await asyncio.sleep(chance.uniform(0.5, 1.5))  # at any phase of the second that Telegram counts
        messages.append(len(person.chat))
        began = monotonic()
        await person.says(HIDE)
        await _is_wiped(person)
        taken.append(monotonic() - began)
        progress(place + 1)
    return Found(taken, min(messages), sum(call.status == 429 for call in platform.calls))


async def _talks(person: Person) -> None:
    """She writes, and each message is answered."""
    for number in range(EACH):
        await person.says(f"كلام {number}")
    await person.until(lambda: len(person.messages) >= EACH, _PATIENCE)


async def _is_wiped(person: Person) -> None:
    """One line is left, and it isn't hers."""
    await person.until(lambda: len(person.chat) == 1 and not person.chat[0].mine, _PATIENCE)
