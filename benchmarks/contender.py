"""One contender, once, in a process of its own: `python -m benchmarks.contender NAME PERSONS` prints its result.

It never compares anything.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import uvloop

from benchmarks.contest import Load, Result
from benchmarks.story import tell
from bot import mechanism
from bot.settings import ROOT

Contender = Callable[[Load, Path], Awaitable[Result]]


def main(name: str, persons: int) -> None:
    """Run it and print what came of it as one line of JSON."""
    load = Load(tell(mechanism.load(ROOT / "mechanism")), persons)
    with tempfile.TemporaryDirectory() as folder:
        result = uvloop.run(_contenders()[name](load, Path(folder)))  # type: ignore[arg-type]
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
    main(sys.argv[1], int(sys.argv[2]))
