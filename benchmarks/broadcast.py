"""How fast a run goes out: at the allowed rate without one refusal, and where there's no limit.

Everybody is subscribed before; Sanad is a process of its own that plans the run, feeds it and sends it over HTTP.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from benchmarks import audience
from benchmarks.contest import TOKEN
from benchmarks.process import environment, free_port, open_store, prepare, running
from tests.platforms.telegram import Limits, Telegram


@dataclass(frozen=True, slots=True)
class Sent:
    """What left: letters a second between the first and the last, and how many were refused with 429."""

    rate: float
    refused: int


async def run(folder: Path, count: int, rate: float | None, limits: Limits | None) -> Sent:
    """Send to `count` readers at `rate` letters a second (None: as fast as it goes), to such a platform."""
    await prepare(folder)
    store = open_store(folder)
    await store.start()
    await audience.subscribe(store, count)
    await audience.launch(store)
    await store.stop()
    port = free_port()
    async with Telegram(TOKEN, limits=limits) as platform:
        for chat in audience.chats(count):
            platform.person(chat, has_written=True)
        given = environment(folder, platform.url, port)
        async with running(("benchmarks.server", str(rate or "none")), given):
            await _all(platform, count)
        calls = [call for call in platform.calls if call.method == "sendMessage"]
    times = [call.at for call in calls if call.status == 200]
    return Sent((len(times) - 1) / (times[-1] - times[0]), sum(call.status == 429 for call in calls))


async def _all(platform: Telegram, count: int) -> None:
    async with asyncio.timeout(180):
        while sum(person.messages != [] for person in platform.persons.values()) < count:  # noqa: ASYNC110 - cheaper than a look at each call
            await asyncio.sleep(0.1)
