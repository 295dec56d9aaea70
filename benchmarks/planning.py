"""How long it takes to list a run's recipients, and how much memory: `python -m benchmarks.planning COUNT` prints both.

It measures the plan alone: a store, no network, a process of its own so that nothing else is in its memory.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
from pathlib import Path
from time import monotonic

import msgspec

from benchmarks import audience
from benchmarks.process import open_store, prepare, resident
from flows.broadcast import Audience
from handlers import broadcasts
from handlers.broadcast_planning import plan
from storage import runs
from storage.store import Store

_BETWEEN = 0.005
"""Seconds between two writes of somebody else meanwhile."""


class Result(msgspec.Struct):
    """What was measured, in seconds and MiB."""

    seconds: float
    """Until everybody was listed."""
    more: float
    """Resident memory afterwards, above what it was before."""
    longest: float
    """The longest that somebody else's write waited meanwhile."""
    estimated: float
    """What an estimate of the same audience took."""


async def run(count: int, folder: Path) -> Result:
    """Plan a run to `count` subscribers."""
    await prepare(folder)
    store = open_store(folder)
    await store.start()
    await audience.subscribe(store, count)
    world, began = audience.world(), monotonic()
    found = await store.read(broadcasts.estimate, Audience("tips"), world)
    assert found.total == count
    estimated = monotonic() - began
    made = await store.read(runs.get, await audience.launch(store))
    assert made is not None
    gc.collect()
    before, began = resident(os.getpid()), monotonic()
    planning = asyncio.create_task(plan(store, made, world))
    longest = await _longest_wait(store, planning)
    seconds, more = monotonic() - began, resident(os.getpid()) - before
    listed = await store.read(lambda unit: unit.one("SELECT COUNT(*) FROM recipients"))
    await store.stop()
    assert listed == (count,)
    return Result(seconds, more, longest, estimated)


async def _longest_wait(store: Store, until: asyncio.Task[None]) -> float:
    longest = 0.0
    while not until.done():
        began = monotonic()
        await store.write(lambda _: None)
        longest = max(longest, monotonic() - began)
        await asyncio.sleep(_BETWEEN)
    await until
    return longest


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as where:
        sys.stdout.write(msgspec.json.encode(asyncio.run(run(int(sys.argv[1]), Path(where)))).decode() + "\n")
