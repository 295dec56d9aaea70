"""Works off what is to be deleted from chats: a hundred messages in a call, several chats at once, until it is done.

It never decides what is deleted (`handlers.wiping` does), and doing something twice does no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from handlers import wiping
from handlers.channel import Channel, Delivered, Outcome, TryLater, Undeliverable
from handlers.draw import World
from storage.store import Store
from storage.wipes import Wipe

AT_ONCE: Final = 8
"""Chats that are wiped at once."""
HUNDRED: Final = 100
"""Messages in one call: Telegram's limit (deleteMessages)."""
_LONGEST: Final = timedelta(minutes=10)


def _at_once() -> float:
    return 0.0


@dataclass(slots=True)
class Wiper:
    """Deletes what is due, on whichever channel it is."""

    store: Store
    channels: Mapping[str, Channel]
    world: Callable[[], World]
    failed: Callable[[Exception], None]
    """Told of what broke; the chat's turn comes again."""
    reserve: Mapping[str, Callable[[], float]] = field(default_factory=dict)
    """By channel: seconds until a call may go out at the pace of the account's letters (`Dispatcher.reserve`)."""
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    """By the number of the wipe."""

    async def erase_due(self) -> int:
        """Begin with the chats that are due, as far as there are hands. Says with how many."""
        hands = AT_ONCE - len(self._tasks)
        due = await self.store.write(wiping.take_due, hands, self.world()) if hands else []
        begun = [wipe for wipe in due if wipe.channel in self.channels and wipe.id not in self._tasks]
        for wipe in begun:
            task = self._tasks[wipe.id] = asyncio.create_task(self._work(wipe))
            task.add_done_callback(lambda _, number=wipe.id: self._tasks.pop(number, None))  # type: ignore[misc]
        return len(begun)

    async def finish(self) -> None:
        """Wait until what is under way is done, or put off."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def stop(self) -> None:
        """Leave what is under way; it comes again when its time is over."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, wipe: Wipe) -> None:
        channel = self.channels[wipe.channel]
        try:
            while wipe.messages and channel.limits.erases is not None:
                await asyncio.sleep(self.reserve.get(wipe.channel, _at_once)())
                outcome = await channel.erase(wipe.address, wipe.messages[:HUNDRED])
                if (again := self._again(wipe, outcome)) is not None:
                    await self.store.write(wiping.keep_on, replace(wipe, tries=wipe.tries + 1), again)
                    return
                wipe = replace(wipe, messages=wipe.messages[HUNDRED:], tries=0)
                if wipe.messages:
                    await self.store.write(wiping.keep_on, wipe, self.world().now + wiping.LEASE)
            await self.store.write(wiping.finish, wipe, self.world())
        except Exception as error:  # noqa: BLE001 - one chat's trouble stops no other; its lease ends by itself
            self.failed(error)

    def _again(self, wipe: Wipe, outcome: Outcome) -> datetime | None:
        """When to try the same messages again; None where they are deleted, or can't be for good."""
        match outcome:
            case Delivered() | Undeliverable(gone=False):
                return None
            case TryLater(at=at, everybody=True):
                return at
            case _:  # the network, the platform, or a chat that she may open again
                return self.world().now + min(timedelta(seconds=2 ** min(wipe.tries, 10)), _LONGEST)


async def erase_now(store: Store, channels: Mapping[str, Channel], world: Callable[[], World]) -> None:
    """Delete what is due, once, and wait for it; what breaks is raised. For where no worker runs."""
    broken: list[Exception] = []
    wiper = Wiper(store, channels, world, broken.append)
    await wiper.erase_due()
    await wiper.finish()
    if broken:
        raise broken[0]
