"""Works off the runs: plans those that are new, opens those whose hour has come, feeds those that send, ends the rest.

It never sends, and only one process does it at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Final

from flows.broadcast import RecipientState
from flows.pushed import base36
from handlers import broadcast_acts, broadcast_feeding, broadcast_progress
from handlers.broadcast_planning import opens_at, plan
from handlers.draw import World
from storage import marks, outbox, recipients, run_figures, runs
from storage.outbox import Lane
from storage.runs import Run
from storage.store import Store
from storage.unit import Unit

MOST_WAITING: Final = 300
"""Letters of this lane that wait in the outbox, for each channel: never a whole audience."""
PIECE: Final = 50
"""Recipients of one transaction: some milliseconds of the writer's time."""
_ROUNDS: Final = 20
"""Pieces in one look at a run, for each channel: the lease is renewed, and other runs are looked at, in between."""
_GIVEN_UP: Final = 500
_LEASE: Final = timedelta(seconds=10)
_LEASE_NAME: Final = "broadcasts"
_BUSY, _IDLE = 0.2, 1.0
"""Seconds between two looks while something is being sent, and else."""
_MINUTE: Final = 60.0


class Pace:
    """How many letters of each run may be put out, by its letters a minute: evenly, and after a pause no more at once.

    It begins with one letter and holds what one second allows. Seconds are of a clock that never goes back.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, float]] = {}

    def allows(self, run: int, per_minute: int, now: float) -> int:
        """How many may go now."""
        rate = per_minute / _MINUTE
        since, credit = self._known.get(run, (now, 1.0))
        credit = min(max(1.0, rate), credit + (now - since) * rate)
        self._known[run] = now, credit
        return int(credit)

    def took(self, run: int, count: int) -> None:
        """So many went."""
        since, credit = self._known[run]
        self._known[run] = since, credit - count

    def only(self, open_ones: Collection[int]) -> None:
        """Forget the others."""
        self._known = {run: known for run, known in self._known.items() if run in open_ones}


class Broadcaster:
    """Works off runs for as long as it holds the lease. `channels` are those that are configured."""

    def __init__(
        self,
        store: Store,
        channels: Collection[str],
        world: Callable[[], World],
        clock: Callable[[], float],
        holder: str,
    ) -> None:
        self._store, self._channels = store, channels
        self._world, self._clock, self._holder = world, clock, holder
        self._pace = Pace()
        self._news = asyncio.Event()
        store.listen(lambda names: self._news.set() if "broadcasts" in names else None)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._news.clear()
            busy = await self._hold_lease() and await self.work()
            try:
                async with asyncio.timeout(_BUSY if busy else _IDLE):  # wait_for may swallow a cancellation (3.11)
                    await self._news.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Give the lease back, for an orderly stop."""
        await self._store.write(marks.let_go, _LEASE_NAME, self._holder)

    async def _hold_lease(self) -> bool:
        return await self._store.write(marks.hold, _LEASE_NAME, self._holder, self._world().now, _LEASE)

    async def work(self) -> bool:
        """One look at every run that has not ended. Says whether one of them is being worked off."""
        found = await self._store.read(runs.open_ones)
        self._pace.only({run.id for run in found})
        return any([await self._step(run) for run in found])

    async def _step(self, run: Run) -> bool:
        world = self._world()
        match run.state:
            case "planning":
                await plan(self._store, run, world)
                return True
            case "waiting":
                if world.now < opens_at(run, world):
                    return False
                return await self._store.write(_open, run.id)
            case "cancelled":
                return await self._end(run, "cancelled", "")
            case "sending" | "paused" if world.now > run.ends_at:
                return await self._end(run, "skipped", "late")
            case "sending":
                return await self._feed(run)
            case _:
                return False

    async def _end(self, run: Run, state: RecipientState, why: str) -> bool:
        """Whoever still waits gets none, a piece in each transaction."""
        if await self._store.write(recipients.give_up, run.id, state, why, _GIVEN_UP):
            return True
        return await self._store.write(_close, run.id, self._world())

    async def _feed(self, run: Run) -> bool:
        """Put out what is due, at the run's pace, as far as the outbox has room."""
        if await self._store.read(broadcast_acts.is_stopped):
            return False
        if not await self._store.read(broadcast_feeding.may_be_shown, run.frozen.media):
            await self._store.write(broadcast_acts.pause, run.id, None, self._world(), why="media")
            return False
        for channel in self._channels:
            for _ in range(_ROUNDS):
                if not (most := await self._most(run, channel)):
                    break
                looked = await self._store.read(broadcast_feeding.look, run, channel, most, self._world())
                put = await self._store.write(broadcast_feeding.carry, run.id, looked, self._world())
                if put is None:
                    return True
                self._pace.took(run.id, put)
                if len(looked) < most:
                    break
        await self._store.write(_close, run.id, self._world())
        return True

    async def _most(self, run: Run, channel: str) -> int:
        waiting = await self._store.read(outbox.count_waiting, channel, Lane.BROADCAST)
        per_minute = run.frozen.per_minute or self._world().rules.broadcasts.per_minute
        allowed = self._pace.allows(run.id, per_minute, self._clock())
        return max(0, min(PIECE, MOST_WAITING - waiting, allowed))


def _open(unit: Unit, run: int) -> bool:
    """Its hour has come, and nobody has held it meanwhile."""
    found = runs.held(unit, run)
    if found is None or found.state != "waiting":
        return False
    runs.move(unit, run, "sending")
    return True


def _close(unit: Unit, run: int, world: World) -> bool:
    """A run is over when nobody waits and no letter is on its way; doubts don't keep it open. Always False: no work."""
    if recipients.is_pending(unit, run) or recipients.is_queued(unit, run):
        return False
    found = runs.held(unit, run)
    if found is not None and found.state in {"sending", "paused", "cancelled"} and found.ended_at is None:
        runs.move(unit, run, "cancelled" if found.state == "cancelled" else "done", ended_at=world.now)
    return False


def sweep(unit: Unit, world: World) -> int:
    """A duty: forget who was sent a run, after its time, and keep its counts. Says how many rows went."""
    gone = 0
    for number in runs.ended_before(unit, world.now - world.rules.broadcasts.recipients_kept, 1):
        run = runs.get(unit, number)
        if run is None:
            continue
        if not run_figures.kept(unit, base36(number), (broadcast_progress.WHOLE,)):
            broadcast_progress.keep(unit, run, world.now)
        gone += recipients.forget(unit, number)
    return gone
