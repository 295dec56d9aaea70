"""How much Telegram lets a bot send, and how long it makes it wait.

It never delays anything: what is too much is refused with the seconds to wait.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import NoReturn

from tests.platforms.telegram_checks import Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages in any second over all, a second in one chat after a burst, and a minute in a group (negative id)."""

    per_second: int = 30
    per_chat: float = 1.0
    burst: int = 5
    per_group_minute: int = 20


class Rates:
    """What was sent lately."""

    def __init__(self) -> None:
        self._sent: deque[float] = deque()
        self._chats: dict[int, tuple[float, float]] = {}
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)

    def call(self, limits: Limits, now: float) -> None:
        """Count a call that sends nothing, or refuse it: it goes on the bot's account, not on a chat's."""
        if (wait := _wait(self._sent, now, 1.0, limits.per_second)) > 0:
            _refuse(wait)
        self._sent.append(now)

    def spend(self, chat_id: int, limits: Limits, now: float) -> None:
        """Count one message to a chat, or refuse it."""
        tokens, since = self._chats.get(chat_id, (float(limits.burst), now))
        tokens = min(float(limits.burst), tokens + (now - since) * limits.per_chat)
        waits = [_wait(self._sent, now, 1.0, limits.per_second), (1 - tokens) / limits.per_chat]
        if chat_id < 0:
            waits.append(_wait(self._groups[chat_id], now, 60.0, limits.per_group_minute))
        if (wait := max(waits)) > 0:
            _refuse(wait)
        self._chats[chat_id] = (tokens - 1, now)
        self._sent.append(now)
        if chat_id < 0:
            self._groups[chat_id].append(now)


def _refuse(wait: float) -> NoReturn:
    seconds = math.ceil(wait)
    raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def _wait(sent: deque[float], now: float, window: float, most: int) -> float:
    """Seconds until another may follow what was sent within the window."""
    while sent and sent[0] <= now - window:
        sent.popleft()
    return sent[0] + window - now if len(sent) >= most else 0.0
