"""How Telegram hands updates over: by webhook, one after another in each chat, or to whoever asks with getUpdates.

It never drops an update that was not taken, except those that Telegram itself lets expire.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.platforms import contract_telegram as contract
from tests.platforms.phones import Bell, Clock
from tests.platforms.serving import Served
from tests.platforms.telegram_checks import Refusal
from tests.platforms.telegram_webhook import Webhook


@dataclass(slots=True)
class Waiting:
    """An update that was not taken yet; times in seconds of the emulator's clock."""

    update: dict[str, Any]
    chat: int
    came: float
    due: float
    delay: float
    taken: int = 0

    @property
    def kind(self) -> str:
        return next(key for key in self.update if key != "update_id")

    @property
    def lives(self) -> float:
        return contract.BUTTON_LIVES if self.kind == "callback_query" else contract.UPDATE_LIVES


class Deliveries(Served):
    """The updates of one bot on their way; `repeats_deliveries` is how often each is handed over (1 is normal)."""

    def __init__(self, clock: Clock | None, port: int, retry_base: float, answer_within: float) -> None:
        super().__init__(clock, port)
        self.repeats_deliveries = 1
        self.webhook: Webhook | None = None
        self.allowed_updates: list[str] = []
        self.last_error: tuple[int, str] | None = None
        self.dropped: list[dict[str, Any]] = []
        self._retry_base = retry_base
        self._answer_within = answer_within
        self._queues: dict[int, deque[Waiting]] = {}
        self._working: set[int] = set()
        self._held: list[Waiting] | None = None
        self._held_until = 0
        self._next_update = 700_000_000
        self._last_push = self.clock.now()
        self._poll = 0
        self._arrived = Bell()

    def push(self, update: dict[str, Any], chat: int) -> int:
        """Send an update on its way, with a new update_id unless it has one, and return that id."""
        update.setdefault("update_id", self._new_id())
        update = {"update_id": update["update_id"], **update}
        now = self.clock.now()
        waiting = Waiting(update, chat, came=now, due=now, delay=self._retry_base)
        if not self._wanted(waiting.kind):
            return int(update["update_id"])
        if self._held is None:
            self._enqueue(waiting)
        else:
            self._held.append(waiting)
            if len(self._held) == self._held_until:
                self.releases(newest_first=True)
        return int(update["update_id"])

    def holds(self) -> None:
        """Keep updates back until `releases()`."""
        self._held, self._held_until = [], 0

    def reorder(self, count: int = 2) -> None:
        """Keep the next `count` updates back, then hand them over newest first (to a webhook)."""
        self._held, self._held_until = [], count

    def releases(self, *, newest_first: bool = False) -> None:
        """Hand over what was held."""
        held, self._held = self._held or [], None
        for waiting in reversed(held) if newest_first else held:
            self._enqueue(waiting)

    async def settles(self, within: float = 10.0) -> None:
        """Wait until every update was taken (or has expired). AssertionError after `within` seconds."""
        if not await self._quiet.until(lambda: not self._queues or None, within):
            raise AssertionError(f"not taken in {within:g} s: {[waiting.kind for waiting in self.pending()]}")

    def pending(self) -> list[Waiting]:
        """What was not taken yet, in order of update_id; what has expired is dropped here."""
        for queue in self._queues.values():
            while queue and self._expired(queue[0]):
                self.dropped.append(queue.popleft().update)
        self._forget_empty()
        every = (waiting for queue in self._queues.values() for waiting in queue)
        return sorted(
            (waiting for waiting in every if not self._expired(waiting)), key=lambda one: int(one.update["update_id"])
        )

    def sets_webhook(self, url: str, secret: str | None = None, connections: int = contract.CONNECTIONS) -> None:
        """Post updates to this address from now on; plain http only on this machine."""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = Webhook(url, secret, asyncio.Semaphore(connections))
        self._wake_all()

    async def poll(self, offset: int, limit: int, within: float) -> list[dict[str, Any]]:
        """What getUpdates answers: confirms all before `offset`, then waits up to `within` seconds for news."""
        if self.webhook:
            raise Refusal(409, contract.HOOKED)
        self._poll += 1
        turn = self._poll
        self._arrived.ring()
        self._confirm(offset)
        found = await self._arrived.until(lambda: self._news(turn), within) if within else self._news(turn)
        if turn != self._poll:
            raise Refusal(409, contract.TWO_POLLS)
        updates = [waiting.update for waiting in (found or [])[:limit]]
        return [update for update in updates for _ in range(self.repeats_deliveries)]

    async def forge(self, update: dict[str, Any], secret: str | None) -> int:
        """Post an update that Telegram never sent, with this secret or none, and return the answer's status."""
        if self.webhook is None:
            raise AssertionError("nothing can be forged while no webhook is set")
        return (await self.webhook.post(self.session, update, secret, self._answer_within)).status

    def _new_id(self) -> int:
        now = self.clock.now()
        if now - self._last_push > contract.IDLE:
            # After an idle week the ids go on from anywhere, often from below.
            self._next_update = self._next_update * 48_271 % 400_000_000
        self._last_push = now
        self._next_update += 1
        return self._next_update

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed_updates if self.allowed_updates else kind not in contract.ON_REQUEST

    def _expired(self, waiting: Waiting) -> bool:
        return self.clock.now() > waiting.came + waiting.lives

    def _news(self, turn: int) -> list[Waiting] | None:
        return [] if turn != self._poll else self.pending() or None

    def _confirm(self, offset: int) -> None:
        pending = self.pending()
        if offset < 0:
            offset = int(pending[offset].update["update_id"]) if len(pending) >= -offset else 0
        for queue in self._queues.values():
            left = [one for one in queue if int(one.update["update_id"]) >= offset]
            queue.clear()
            queue.extend(left)
        self._forget_empty()

    def _forget_empty(self) -> None:
        for chat in [chat for chat, queue in self._queues.items() if not queue and chat not in self._working]:
            del self._queues[chat]
        self._quiet.ring()

    def forget_pending(self) -> None:
        """Drop everything that waits (drop_pending_updates)."""
        for queue in self._queues.values():
            queue.clear()
        self._forget_empty()

    def _enqueue(self, waiting: Waiting) -> None:
        self._queues.setdefault(waiting.chat, deque()).append(waiting)
        self._arrived.ring()
        self._wake(waiting.chat)

    def _wake_all(self) -> None:
        for chat in list(self._queues):
            self._wake(chat)

    def _wake(self, chat: int) -> None:
        if self.webhook and chat not in self._working:
            self._working.add(chat)
            self.spawn(self._work(chat))

    async def _work(self, chat: int) -> None:
        """Hand one chat's updates to the webhook, strictly one after another."""
        queue = self._queues[chat]
        while queue and (webhook := self.webhook):
            first = queue[0]
            await self.clock.until(min(first.due, first.came + first.lives + 1))
            if self._expired(first):
                self.dropped.append(first.update)
            elif not await self._taken(webhook, first):
                continue
            if queue and queue[0] is first:
                queue.popleft()
        self._working.discard(chat)
        if not queue and self._queues.get(chat) is queue:
            del self._queues[chat]
        self._quiet.ring()

    async def _taken(self, webhook: Webhook, first: Waiting) -> bool:
        async with webhook.connections:
            error, retry_after = await webhook.offer(self.session, first.update, self._answer_within)
        now = self.clock.now()
        if error is None:
            first.taken += 1
            return first.taken >= self.repeats_deliveries
        self.last_error = (int(now), error)
        if webhook.is_given_up(now) and self.webhook is webhook:
            self.webhook = None
        self.log("webhook failed", {"error": error}).status = webhook.last_status
        first.due = now + (min(retry_after, contract.RETRY_MOST) or first.delay)
        first.delay = min(first.delay * 2, self._retry_base * 60)
        return False
