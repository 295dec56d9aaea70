"""Subscribes and unsubscribes. Being written (issue 5)."""

from __future__ import annotations

from flows.public import Subscription
from handlers.draw import World
from messages import Text
from storage import subscribers
from storage.unit import Unit


def subscribe(unit: Unit, channel: str, address: str, subscription: Subscription, world: World) -> Text | None:
    """Keep what she asked for."""
    del unit, channel, address, subscription, world
    return None


def unsubscribe(unit: Unit, channel: str, address: str, world: World) -> Text | None:
    """Delete her from the list, and call back what is on its way."""
    del world
    subscribers.leave(unit, channel, address)
    return None
