"""Holds letters of the lowest lane that were asked for and may go, until their turn comes: a few, and not for long.

It never sends, and when something was held or ended it has all of them asked for again.
"""

from __future__ import annotations

from collections import deque

from handlers.lanes import Ready

_AHEAD = 0.3
"""Seconds of sending that are asked for ahead: longer than a busy database takes to answer."""
_FEWEST, _MOST = 4, 32
_GOOD_FOR = 2.0
"""Seconds for which an answer holds."""
_LONG_AGO = float("-inf")


class Cleared:
    """Those of one channel. `rate` is in letters a second; None for no limit."""

    def __init__(self, rate: float | None) -> None:
        self._room = _MOST if rate is None else min(_MOST, max(_FEWEST, int(rate * _AHEAD)))
        self._may: deque[tuple[Ready, float]] = deque()
        self._asked = 0
        self._turn = 0

    def room(self) -> int:
        """How many more may be asked for."""
        return self._room - len(self._may) - self._asked

    def ask(self) -> int:
        """One more is being asked for. Gives what `put` wants to be told."""
        self._asked += 1
        return self._turn

    def asked(self) -> None:
        """There is an answer, or there will be none."""
        self._asked -= 1

    def put(self, ready: Ready, turn: int, now: float) -> None:
        """It may go, or could when it was asked for."""
        self._may.append((ready, now if turn == self._turn else _LONG_AGO))

    def doubt(self) -> None:
        """Something was held, ended or let go on: whatever may go, or is being asked for, is asked for again."""
        self._turn += 1
        self._may = deque((ready, _LONG_AGO) for ready, _ in self._may)

    def doubtful(self, now: float) -> list[Ready]:
        """Take out those whose answer is too old."""
        old = [ready for ready, at in self._may if now - at >= _GOOD_FOR]
        if old:
            self._may = deque((ready, at) for ready, at in self._may if now - at < _GOOD_FOR)
        return old

    def has_ready(self, now: float) -> bool:
        """Whether `take` would give one."""
        return bool(self._may) and now - self._may[0][1] < _GOOD_FOR

    def take(self, now: float) -> Ready | None:
        """The one that has waited longest."""
        return self._may.popleft()[0] if self.has_ready(now) else None

    def withdraw(self, numbers: set[int]) -> list[Ready]:
        """Take out those of these letters."""
        gone = [ready for ready, _ in self._may if ready.id in numbers]
        self._may = deque((ready, at) for ready, at in self._may if ready.id not in numbers)
        return gone

    def waiting(self) -> list[int]:
        """Numbers of all of them."""
        return [ready.id for ready, _ in self._may]
