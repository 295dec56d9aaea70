"""How long it takes from her answer that she isn't safe until the request with the page leaves for the platform.

It is measured from outside, by the emulated platform's clock: both ways over HTTP are in it.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec

from benchmarks import letters
from benchmarks.contest import TOKEN, Load, Wire
from benchmarks.ours import Stub, bring, working
from benchmarks.process import SECRET, environment, free_port, open_store, running
from benchmarks.story import DANGER, Story, interleaved
from benchmarks.team import ON_CALL
from bot.channels.telegram.channel import RATE
from tests.platforms.serving import Call
from tests.platforms.telegram import Limits, Telegram

LIMITS = Limits(per_chat=1000, burst=1000)
"""30 a second over all, as always; but one chat takes more than one a second, or 500 pages would take 500 seconds."""
QUEUED = 10_000
"""Letters of the lowest lane that wait."""
BETWEEN = (0.06, 0.14)
"""Seconds from a page to the next danger: below the rate that Telegram allows, at every phase of it."""


class Watched(Telegram):
    """The platform, telling when a page's request came."""

    def __init__(self) -> None:
        super().__init__(TOKEN, limits=LIMITS)
        self.pages: asyncio.Queue[float] = asyncio.Queue()

    def log(self, method: str, params: dict[str, Any]) -> Call:
        """Note a call, and tell of a page."""
        call = super().log(method, params)
        if method == "sendMessage" and str(params.get("chat_id")) == str(ON_CALL):
            self.pages.put_nowait(call.at)
        return call


async def run(story: Story, folder: Path, times: int, queued: int, progress: Callable[[int], None]) -> list[float]:
    """Seconds to the page, `times` times, while `queued` letters of the broadcast lane wait."""
    load = Load(story, times)
    await everybody_is_asked(load, folder)
    store = open_store(folder)
    await store.start()
    await letters.queue_letters(store, queued)
    await store.stop()
    port = free_port()
    async with Watched() as platform:
        for chat in (*load.chats, *letters.chats(queued), ON_CALL):
            platform.person(chat, has_written=True)
        given = environment(folder, platform.url, port)
        async with running(("benchmarks.server", str(RATE)), given):
            platform.sets_webhook(f"http://127.0.0.1:{port}/telegram", SECRET)
            return await _measure(platform, load, progress)


async def everybody_is_asked(load: Load, folder: Path) -> None:
    """Bring everybody to the danger question, without waiting for any limit."""
    wire = Wire(load.story)
    stub = Stub(wire)
    updates = [update for _, update in interleaved(load.story.report[:DANGER], load.chats, 200_000_000)]
    async with working(f"sqlite:///{folder / 'sanad.db'}", stub) as sanad:
        await bring(sanad, stub, wire, [*load.welcomes(), *updates], load.greetings)


async def _measure(platform: Watched, load: Load, progress: Callable[[int], None]) -> list[float]:
    chance, taken = random.Random(7), []
    await asyncio.sleep(1.0)
    for place, chat in enumerate(load.chats):
        update = load.story.report[DANGER].as_update(chat, 400_000_000 + place)
        began = monotonic()
        platform.push(msgspec.json.decode(update), chat)
        async with asyncio.timeout(30):
            taken.append(await platform.pages.get() - began)
        progress(place + 1)
        await asyncio.sleep(chance.uniform(*BETWEEN))
    refused = [call for call in platform.calls if call.status == 429]
    if refused:
        print(f"  while danger was answered: {len(refused)} answers 429", file=sys.stderr)
    return taken
