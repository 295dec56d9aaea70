"""Passes on to open desks that something changed, as a bare signal: what changed, each desk asks for itself.

It holds nothing of what changed, and no more streams of one member than a few.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

WAKES = frozenset({"cases", "alarms"})
"""Which of a commit's wakes open desks hear of."""
MOST = 6
"""Streams that one member may hold open; one more ends her oldest, which was left behind by a browser."""


class Stream:
    """One open desk; a `deaf` one never hears that anything changed."""

    def __init__(self, *, deaf: bool = False) -> None:
        self._deaf = deaf
        self._woken = asyncio.Event()
        self.ended = False

    def wake(self) -> None:
        """Something changed."""
        if not self._deaf:
            self._woken.set()

    def end(self) -> None:
        """Have it end."""
        self.ended = True
        self._woken.set()

    async def waits(self, seconds: float) -> bool:
        """Wait so long for a change. True where there was one; several that came at once are one."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True


class Hub:
    """The open desks of one process."""

    def __init__(self) -> None:
        self._streams: dict[int, list[Stream]] = {}

    def woken(self, names: frozenset[str]) -> None:
        """Hear what a commit woke: to be given to `Store.listen`."""
        if names & WAKES:
            for streams in self._streams.values():
                for stream in streams:
                    stream.wake()

    @contextmanager
    def open(self, staff: int, *, deaf: bool = False) -> Iterator[Stream]:
        """A stream of a member's, while it lasts."""
        hers = self._streams.setdefault(staff, [])
        for old in hers[: max(0, len(hers) + 1 - MOST)]:
            old.end()
        stream = Stream(deaf=deaf)
        hers.append(stream)
        try:
            yield stream
        finally:
            hers.remove(stream)
            if not hers:
                self._streams.pop(staff, None)
