"""Paces what one channel account sends: a bucket that starts empty, and readers who were told to wait.

It reads no clock: seconds on a clock that never goes back are given.
"""

from __future__ import annotations


class Bucket:
    """At most `rate` letters a second, evenly; None for no limit. It starts empty and never bursts (measured)."""

    def __init__(self, rate: float | None, now: float) -> None:
        self._rate = rate
        self._full_at = now + (1 / rate if rate else 0)

    def take(self, now: float) -> bool:
        """Take the right to send one letter, if there is one."""
        if self._rate is None:
            return True
        if now < self._full_at:
            return False
        self._full_at = max(self._full_at, now - 1 / self._rate) + 1 / self._rate
        return True

    def spend(self) -> None:
        """One more call goes out with the letter (a keyboard that is taken away): the next letter waits for it."""
        if self._rate is not None:
            self._full_at += 1 / self._rate

    def reserve(self, now: float) -> float:
        """Take the next right there will be, for a call that goes before every letter: seconds until it holds."""
        if self._rate is None:
            return 0.0
        begins = max(self._full_at, now)
        self._full_at = begins + 1 / self._rate
        return begins - now

    def wait(self, now: float) -> float:
        """Seconds until there is one."""
        return 0.0 if self._rate is None else max(0.0, self._full_at - now)
