"""Sends letters: claims them lane by lane, hands each to its channel, and records what became of it.

It never sends without the account's lease, and never a page without asking again whether it is still wanted (I4),
nor a colleague's message to her without asking again whether that is safe.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from handlers import box, broadcast_outcomes, outcomes, replies
from handlers.alarm_letters import still_true
from handlers.broadcast_going import let_go
from handlers.channel import Channel, Outcome
from handlers.clearing import Cleared
from handlers.draw import World
from handlers.lanes import Lanes, Ready
from handlers.outcomes import Verdict
from handlers.pace import Bucket
from handlers.rendering import outgoing
from storage import marks, outbox, wipes
from storage.outbox import Lane
from storage.store import Store

T = TypeVar("T")
IN_FLIGHT = 64
"""Letters on their way at once, for each channel."""
LOWEST_IN_FLIGHT = 48
"""Of these, so many of the lowest lane at most: where nothing answers, a page finds a place all the same."""
_ROOM = {Lane.PAGE: 64, Lane.CONVERSATION: 256, Lane.RELAY: 64, Lane.BROADCAST: 64}
_LEASE = timedelta(seconds=10)
"""So long may nothing be sent after the process that sends has died, where others can take over."""
_LOOK_AGAIN = 1.0
_RECONCILE_EVERY = 10.0
_ARRIVING = 5.0
"""Seconds that letters on their way have to arrive when the process is told to stop."""

Observe = Callable[[str, Lane, str, float], None]
"""Called for each attempt with channel, lane, outcome's name, and seconds since the letter was made."""


class Dispatcher:
    """Sends one channel account's letters for as long as it holds the account's lease."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        world: Callable[[], World],
        monotonic: Callable[[], float],
        holder: str,
        observe: Observe,
    ) -> None:
        self._store = store
        self._channel = channel
        self._world = world
        self._clock = monotonic
        self._holder = holder
        self._observe = observe
        self._bucket = Bucket(channel.limits.rate, monotonic())
        self._lanes = Lanes()
        self._cleared = Cleared(channel.limits.rate)
        self._news = asyncio.Event()
        self._wanted = True
        self._wiped = False
        self._paused_until = self._slow_until = 0.0
        self._told: dict[bytes, float] = {}
        self._awaiting: dict[int, Ready] = {}
        self._rows: list[tuple[str, Mapping[str, Any]]] = []
        self._recording = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._low = 0
        self._reconciling = False
        store.listen(self._woken)

    def _woken(self, wakes: frozenset[str]) -> None:
        if "wipes" in wakes:
            self._wiped = True
            self._news.set()
        if wakes & {"broadcasts", "wipes"}:
            self._cleared.doubt()
            self._news.set()
        if wakes & {"letters", "status"}:
            self._wanted = True
            self._news.set()

    async def run(self) -> None:
        """Send until cancelled. While another process holds the lease, look again now and then."""
        try:
            while True:
                if await self._hold_lease():
                    self._lanes, self._wanted = Lanes(), True  # whatever was claimed before is recovered below
                    self._cleared = Cleared(self._channel.limits.rate)
                    self._awaiting.clear()
                    await self._store.write(broadcast_outcomes.recover, self._channel.name, doubtful=self._is_doubtful)
                    await self._send_while_ours()
                await asyncio.sleep(_LEASE.total_seconds() / 6)
        except Exception:
            if self._tasks:  # what has left is written down before it could be claimed again, however long that takes
                await asyncio.wait(self._tasks)
            raise
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_ARRIVING)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Record what has arrived, give back what never left, then the lease; for an orderly stop, after `run`."""
        await self._store.write(broadcast_outcomes.settle, self._rows)
        await self._store.write(outbox.give_back, [*self._lanes.waiting(), *self._cleared.waiting()])
        await self._store.write(marks.let_go, self._lease_name, self._holder)

    def reserve(self) -> float:
        """Let a call that is no letter go out at the account's pace: seconds until it may."""
        return self._bucket.reserve(self._clock())

    @property
    def _lease_name(self) -> str:
        return f"send:{self._channel.name}"

    @property
    def _is_doubtful(self) -> bool:
        return self._channel.limits.waits_for_status

    async def _hold_lease(self) -> bool:
        return await self._store.write(marks.hold, self._lease_name, self._holder, self._world().now, _LEASE)

    async def _send_while_ours(self) -> None:
        renew_at = self._clock() + _LEASE.total_seconds() / 3
        reconcile_at = 0.0
        while True:
            now = self._clock()
            if now >= renew_at:
                if not await self._hold_lease():
                    return
                renew_at = now + _LEASE.total_seconds() / 3
            if self._is_doubtful and not self._reconciling and now >= reconcile_at:
                self._reconciling = True
                self._start(self._reconcile())
                reconcile_at = now + _RECONCILE_EVERY
            self._news.clear()
            await self._bring_in()
            self._send_ready()
            await self._rest()

    async def _bring_in(self) -> None:
        """Claim letters where there is room, and free the readers whose status or moment has come."""
        if self._wiped:
            self._wiped = False
            await self._call_back()
        if self._wanted:
            self._wanted = False
            if self._awaiting:
                still = await self._store.read(outbox.under_way, list(self._awaiting))
                for number in self._awaiting.keys() - still:
                    self._lanes.free_if_blocked_by(self._awaiting.pop(number).letter)
            room = self._lanes.room(_ROOM)
            letters = await self._claim(room)
            more = bool(letters) and room.keys() != self._lanes.room(_ROOM).keys()
            self._wanted = self._wanted or more  # news that came during the claim is not lost: a page would wait for it
        self._lanes.unblock(self._clock())

    async def _call_back(self) -> None:
        """Letters that a reader had called back by wiping her chat, and that have not begun, don't go out."""
        wiped = await self._store.read(wipes.on_their_way, self._channel.name)
        cleared = self._cleared.withdraw(wiped)
        for ready in cleared:
            self._lanes.free(ready.letter)
        gone = [*self._lanes.withdraw(wiped), *(ready.id for ready in cleared)]
        if gone:
            await self._surely(self._store.write, wipes.call_back, gone)

    async def _claim(self, room: dict[Lane, int]) -> list[Ready]:
        """Claim letters. Stopped meanwhile, it still learns which they are, so that `drain` can give them back."""
        claim = asyncio.ensure_future(
            self._store.write(outcomes.take_letters, self._channel.name, room, self._world().now)
        )
        try:
            await asyncio.shield(claim)
        finally:
            letters = await claim
            for ready in letters:
                self._lanes.put(ready)
        return letters

    def _send_ready(self) -> None:
        self._ask_ahead()
        while len(self._tasks) < IN_FLIGHT and self._has_ready():
            if not self._bucket.take(self._clock()):
                return
            if ready := self._lanes.take(min(self._lowest(), Lane.RELAY)):
                if ready.letter.body.clears:
                    self._bucket.spend()
                self._start(self._send(ready))
            elif ready := self._cleared.take(self._clock()):
                self._low += 1
                self._start(self._send_low(ready))

    def _ask_ahead(self) -> None:
        """Ask for the next of the lowest lane before their turn, so that no answer holds up the pace."""
        if self._lowest() < Lane.BROADCAST:
            return
        for old in self._cleared.doubtful(self._clock()):
            self._start(self._clear(old, self._cleared.ask()))
        room = min(self._cleared.room(), IN_FLIGHT - len(self._tasks))
        for _ in range(room):
            if ready := self._lanes.take(highest=Lane.BROADCAST):
                self._start(self._clear(ready, self._cleared.ask()))

    async def _clear(self, ready: Ready, turn: int) -> None:
        """Ask whether a letter of the lowest lane may go; it goes when its turn comes."""
        told = ready.letter, self._channel.name, ready.heard_at, self._world()
        try:
            may = await self._surely(self._store.write, let_go, *told)
        finally:
            self._cleared.asked()
        if may:
            self._cleared.put(ready, turn, self._clock())
        else:
            self._lanes.free(ready.letter)

    def _has_ready(self) -> bool:
        """Whether something may be sent now."""
        lowest = self._lowest()
        may = lowest is Lane.BROADCAST and self._low < LOWEST_IN_FLIGHT
        return (may and self._cleared.has_ready(self._clock())) or self._lanes.has_ready(min(lowest, Lane.RELAY))

    def _lowest(self) -> Lane:
        """The lowest lane that may send: only pages while the whole account is told to wait."""
        now = self._clock()
        if now < self._paused_until:
            return Lane.PAGE
        return Lane.RELAY if now < self._slow_until else Lane.BROADCAST

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._news.set()

    async def _rest(self) -> None:
        """Wait for news, for the right to send, for a blocked reader, or a second."""
        now = self._clock()
        moments = [now + _LOOK_AGAIN]
        if len(self._tasks) < IN_FLIGHT and self._has_ready():
            moments.append(now + self._bucket.wait(now))
        if (freed := self._lanes.next_moment()) is not None:
            moments.append(freed)
        moments += [until for until in (self._paused_until, self._slow_until) if until > now]
        try:
            async with asyncio.timeout(max(0.0, min(moments) - now)):  # wait_for may swallow a cancellation (3.11)
                await self._news.wait()
        except TimeoutError:
            self._wanted = True

    async def _send(self, ready: Ready) -> None:
        """Send one letter and record what became of it."""
        if not await self._may_go(ready):
            self._lanes.free(ready.letter)
            return
        outcome = await self._channel.send(outgoing(ready.letter, ready.heard_at))
        await self._settle(ready, outcome)

    async def _send_low(self, ready: Ready) -> None:
        """The same for one of the lowest lane, of which only so many are on their way."""
        try:
            await self._send(ready)
        finally:
            self._low -= 1

    async def _may_go(self, ready: Ready) -> bool:
        """Whether it may still go out, where that can have changed since it was written; asked as long as it takes."""
        letter, world = ready.letter, self._world()
        if letter.lane is Lane.PAGE:
            return await self._surely(self._store.read, outbox.still_wanted, letter.id)
        if letter.lane is Lane.RELAY and not await self._surely(self._store.write, replies.still_safe, letter, world):
            return False
        if letter.key.startswith(box.KEY):
            return await self._surely(self._store.write, box.still_safe, letter, world)
        if letter.key.startswith("told:"):
            return await self._surely(self._store.write, still_true, letter, world)
        return True

    async def _settle(self, ready: Ready, outcome: Outcome) -> None:
        letter, world = ready.letter, self._world()
        self._observe(
            self._channel.name, letter.lane, type(outcome).__name__, (world.now - letter.made_at).total_seconds()
        )
        verdict = outcomes.judge(letter, outcome, world.now)
        self._apply(ready, verdict)
        if not outcomes.is_plain(letter, verdict):
            await self._surely(self._store.write, outcomes.record, ready, self._channel.name, verdict, world)
            return
        self._rows.append((letter.key, verdict.row))
        if not self._recording:
            await self._record_rows()

    def _apply(self, ready: Ready, verdict: Verdict) -> None:
        """Let the reader's next letter go, or make it wait."""
        if verdict.account_waits:
            self._slow_down(ready.letter.reader, self._clock() + verdict.waits)
        if verdict.awaits_status:
            self._awaiting[ready.id] = ready
        if verdict.waits:
            self._lanes.block(ready.letter, self._clock() + verdict.waits)
        else:
            self._lanes.free(ready.letter)

    def _slow_down(self, reader: bytes, until: float) -> None:
        """A reader's chat was told to wait: broadcasts wait with it, and conversations only if a second one is (I7)."""
        self._told = {one: moment for one, moment in self._told.items() if moment > self._clock()} | {reader: until}
        self._slow_until = max(self._slow_until, until)
        if len(self._told) > 1:
            self._paused_until = max(self._paused_until, until)

    async def _record_rows(self) -> None:
        """Write down what has gathered; what gathers meanwhile goes with the next."""
        self._recording = True
        try:
            while self._rows:
                rows, self._rows = self._rows, []
                await self._surely(self._store.write, broadcast_outcomes.settle, rows)
        finally:
            self._recording = False

    async def _surely(self, way: Callable[..., Awaitable[T]], act: Callable[..., T], *args: Any) -> T:
        """Ask, or write down what has happened, however long the database is away: it can't be made not to have."""
        while True:
            try:
                return await way(act, *args)
            except Exception:  # noqa: BLE001 - the duties that read say what is wrong with the database
                await asyncio.sleep(_LOOK_AGAIN)

    async def _reconcile(self) -> None:
        """Find out what became of letters in doubt; those that arrived are not sent again."""
        try:
            for ready in await self._store.read(outcomes.doubtful, self._channel.name):
                letter = ready.letter
                outcome = await self._channel.reconcile(outgoing(letter, ready.heard_at), letter.made_at)
                verdict = outcomes.judge(letter, outcome, self._world().now)
                if verdict.row["state"] != "doubt":
                    await self._store.write(outcomes.resolve, letter, verdict.row, self._world())
        finally:
            self._reconciling = False
