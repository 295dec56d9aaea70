"""How long pages and replies take while a broadcast goes out, beside the same when nothing else does.

It is measured from outside, by the emulated platform's clock, from the moment at which her answer leaves her phone.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import msgspec

from benchmarks import audience
from benchmarks.contest import Load
from benchmarks.paging import BETWEEN, Watched, everybody_is_asked
from benchmarks.process import SECRET, environment, free_port, open_store, running
from benchmarks.story import DANGER, Story
from benchmarks.team import ON_CALL
from bot.channels.telegram.channel import RATE


@dataclass(slots=True)
class Delays:
    """Seconds from her answer to the page, and to the reply she gets; and how many letters of the broadcast left."""

    pages: list[float] = field(default_factory=list)
    replies: list[float] = field(default_factory=list)
    meanwhile: int = 0


async def run(story: Story, folder: Path, times: int, readers: int, progress: Callable[[int], None]) -> Delays:
    """Danger is answered `times` times while a run to `readers` (0: none) is planned and goes out."""
    load = Load(story, times)
    await everybody_is_asked(load, folder)
    store = open_store(folder)
    await store.start()
    await audience.subscribe(store, readers)
    if readers:
        await audience.launch(store)
    await store.stop()
    port = free_port()
    async with Watched() as platform:
        for chat in (*load.chats, *audience.chats(readers), ON_CALL):
            platform.person(chat, has_written=True)
        given = environment(folder, platform.url, port)
        async with running(("benchmarks.server", str(RATE)), given):
            platform.sets_webhook(f"http://127.0.0.1:{port}/telegram", SECRET)
            found = await _measure(platform, load, progress)
    found.meanwhile = _left(platform, readers)
    return found


async def _measure(platform: Watched, load: Load, progress: Callable[[int], None]) -> Delays:
    chance, found, began = random.Random(7), Delays(), {}
    for place, chat in enumerate(load.chats):
        update = load.story.report[DANGER].as_update(chat, 400_000_000 + place)
        began[str(chat)] = monotonic()
        platform.push(msgspec.json.decode(update), chat)
        async with asyncio.timeout(30):
            found.pages.append(await platform.pages.get() - began[str(chat)])
        progress(place + 1)
        await asyncio.sleep(chance.uniform(*BETWEEN))
    first: dict[str, float] = {}
    for call in platform.calls:
        if call.method == "sendMessage" and (chat_id := str(call.params.get("chat_id"))) in began:
            first.setdefault(chat_id, call.at)
    found.replies = [first[chat] - at for chat, at in began.items() if chat in first]
    return found


def _left(platform: Watched, readers: int) -> int:
    theirs = set(map(str, audience.chats(readers)))
    return sum(call.method == "sendMessage" and str(call.params.get("chat_id")) in theirs for call in platform.calls)
