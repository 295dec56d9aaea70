"""Makes the demo's public: Nadia, 200 further readers, and what the campaign team has ready for them.

It exists for the demo alone: nowhere else is anybody put on a list without having asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from flows.broadcast import BroadcastRules
from flows.public import Subscription
from handlers.draw import World
from storage import subscribers
from storage.unit import Unit

READERS: Final = 200
CROWD: Final = tuple(f"reader-{number:03}" for number in range(1, READERS + 1))
"""Addresses on the preview channel that take letters and have no screen."""
NADIA: Final = "nadia"
_ENGLISH: Final = 10
"""Every so manieth reads English."""
_UNDO: Final = timedelta(seconds=15)
_PER_MINUTE: Final = 1200
"""So that a visitor can watch 200 letters arrive: ten seconds."""


def hurried(rules: BroadcastRules) -> BroadcastRules:
    """The rules with an undo window of seconds, and without quiet hours: a visitor comes at any hour."""
    every_day = frozenset(range(7))
    return replace(rules, undo=_UNDO, per_minute=_PER_MINUTE, quiet=(), friday=(), ramadan=(), lesson_days=every_day)


def seed(unit: Unit, world: World) -> None:
    """Everybody on the list, as if they had asked."""
    for place, address in enumerate((NADIA, *CROWD)):
        subscription = Subscription(
            topics=("tips", "courses", "awareness", "meetings"),
            language="en" if place % _ENGLISH == _ENGLISH - 1 else "ar",
            area=("marib", "marib", "marib", "taiz")[place % 4],
        )
        facts = subscribers.Facts(address, subscription)
        subscribers.put(unit, world.draw.number(), "preview", facts, world.now)
