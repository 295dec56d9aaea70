"""Keeps the small things that nobody waits for, such as taking a keyboard away. They never fail loudly."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Chores:
    """Tasks under way. Held here so that none is lost before it is done."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        """Begin one without waiting for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, within: float) -> None:
        """Let what is under way finish `within` seconds, and end the rest."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=within)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
