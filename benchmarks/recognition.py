"""Measures how long it takes to hear what a message may mean. It never counts the first time, which fills tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from flows.hearing import listen
from flows.rules import Mechanism

MESSAGES: Final[Mapping[str, str]] = {
    "an ordinary message": "زوجي يهددني بالقتل وأنا في البيت مع الأولاد ولا أدري ماذا أفعل",
    "4,096 characters": ("وقال لي لا تخرجي من البيت ولا تكلمي أحد، ضربني " * 100)[:4096],
    "4,096 marks": "\u064e\u0651" * 2048,
    "5,000 emoji": "😀" * 5000,
}


def run(rules: Mechanism, times: int, says: Callable[[int], object]) -> dict[str, float]:
    """Milliseconds of work for each kind of message, the 99th percentile of so many times; waiting does not count."""
    found: dict[str, float] = {}
    for done, (what, words) in enumerate(MESSAGES.items(), 1):
        listen(words, rules)
        found[what] = _slow(lambda words=words: listen(words, rules), times)  # type: ignore[misc]
        says(done)
    return found


def _slow(act: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.thread_time()
        act()
        taken.append((time.thread_time() - began) * 1000)
    return sorted(taken)[int(times * 0.99)]
