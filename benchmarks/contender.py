"""One contender, once, in a process of its own: `python -m benchmarks.contender NAME PERSONS [REPORT]` prints it.

It never compares anything.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from benchmarks.contest import Load, Result
from benchmarks.story import tell
from bot import mechanism
from bot.settings import ROOT

Contender = Callable[[Load, Path], Coroutine[Any, Any, Result]]


def main(name: str, persons: int, report: str = "danger") -> None:
    """Run it and print what came of it as one line of JSON."""
    load = Load(tell(mechanism.load(ROOT / "mechanism"), report), persons)
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(_contenders()[name](load, Path(folder)))
    sys.stdout.write(msgspec.json.encode(result).decode() + "\n")


def _contenders() -> dict[str, Contender]:
    # A process loads what its contender needs, and no more.
    from benchmarks import aiogrammed, ours, ptb  # noqa: PLC0415

    return {
        "ptb-memory": lambda load, folder: ptb.run(load, folder, flushed=False),
        "ptb-flushed": lambda load, folder: ptb.run(load, folder, flushed=True),
        "aiogram": lambda load, _: aiogrammed.run(load),
        "sqlite": ours.on_sqlite,
        "postgresql": ours.on_postgres,
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
