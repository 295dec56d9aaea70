"""One contender, once, in a process of its own: `python -m benchmarks.contender NAME PERSONS [REPORT]` prints it.

It never compares anything.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

import msgspec
import uvloop

from benchmarks.contest import Load, Result
from benchmarks.story import tell
from bot import mechanism
from bot.settings import ROOT


def main(name: str, persons: int, report: str = "danger") -> None:
    """Run it and print what came of it as one line of JSON."""
    load = Load(tell(mechanism.load(ROOT / "mechanism"), report), persons)
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(_run(name, load, Path(folder)))
    sys.stdout.write(msgspec.json.encode(result).decode() + "\n")


async def _run(name: str, load: Load, folder: Path) -> Result:
    """A process loads what its contender needs, and no more."""
    match name:
        case "sqlite":
            from benchmarks import ours  # noqa: PLC0415

            return await ours.on_sqlite(load, folder)
        case "postgresql":
            from benchmarks import ours  # noqa: PLC0415

            return await ours.on_postgres(load)
        case "aiogram":
            from benchmarks import aiogrammed  # noqa: PLC0415

            return await aiogrammed.run(load)
        case _:
            from benchmarks import ptb  # noqa: PLC0415

            return await ptb.run(load, folder, flushed=name == "ptb-flushed")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
