"""How long a reply takes at a given load: `python -m benchmarks.latency PERSONS RATE` prints its result.

Messages arrive when they arrive (Poisson), whether or not the earlier ones are answered; the clock of each starts at
its arrival as planned, so that a late start counts as waiting.
"""

from __future__ import annotations

import asyncio
import gc
import random
import sys
import tempfile
from collections import defaultdict, deque
from pathlib import Path

import msgspec
import uvloop

from benchmarks.contest import Load, Wire
from benchmarks.ours import Stub, bring, deliver, working
from benchmarks.story import interleaved, tell
from bot import mechanism
from bot.settings import ROOT
from bot.wiring import Sanad


class Timed(Stub):
    """The network, noting when each chat's next reply left."""

    __slots__ = ("left",)

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self.left: defaultdict[bytes, deque[float]] = defaultdict(deque)

    async def exchange(self, url: str, body: bytes, read: float = 15.0) -> tuple[int, bytes]:
        """Note the moment, and answer."""
        if url.endswith("sendMessage"):
            self.left[body[len(b'{"chat_id":') : body.index(b",")]].append(asyncio.get_running_loop().time())
        return await super().exchange(url, body, read)


def main(persons: int, rate: float) -> None:
    """Print the seconds that each reply took, sorted, as one line of JSON."""
    load = Load(tell(mechanism.load(ROOT / "mechanism")), persons)
    with tempfile.TemporaryDirectory() as folder:
        taken = uvloop.run(run(load, Path(folder), rate))
    sys.stdout.write(msgspec.json.encode(sorted(taken)).decode() + "\n")


async def run(load: Load, folder: Path, rate: float) -> list[float]:
    """Seconds from each message's arrival to its reply, at `rate` messages a second."""
    wire = Wire(load.story)
    stub = Timed(wire)
    async with working(f"sqlite:///{folder / 'sanad.db'}", stub) as sanad:
        await bring(sanad, stub, wire, load.welcomes(), load.greetings)
        stub.left.clear()
        wire.replies = 0
        gc.collect()
        planned = await _arrive(sanad, stub, load, rate)
    return [
        left - arrived for chat, times in planned.items() for arrived, left in zip(times, stub.left[chat], strict=True)
    ]


async def _arrive(sanad: Sanad, stub: Timed, load: Load, rate: float) -> dict[bytes, list[float]]:
    loop, chance = asyncio.get_running_loop(), random.Random(3)
    updates = list(interleaved(load.story.report, load.chats, 200_000_000))
    stub.wanted = len(updates) + load.persons
    stub.all_out.clear()
    planned: defaultdict[bytes, list[float]] = defaultdict(list)
    moment, tasks = loop.time() + 0.2, []
    for chat, body in updates:
        moment += chance.expovariate(rate)
        planned[b"%d" % chat].append(moment)
        if (wait := moment - loop.time()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.ensure_future(deliver(sanad, body)))
    await asyncio.gather(*tasks)
    await stub.all_out.wait()
    return planned


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
