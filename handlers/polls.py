"""Polls. Being written (issue 5)."""

from __future__ import annotations

from flows.public import Poll
from handlers.draw import World
from messages import Text
from storage.unit import Unit


def vote(unit: Unit, channel: str, address: str, poll: int, choice: str, world: World) -> Text | None:
    """Count an answer once."""
    del unit, channel, address, poll, choice, world
    return None


def open_for(unit: Unit, channel: str, address: str, leader: str, world: World) -> tuple[Poll, ...]:
    """Open polls that she has not answered."""
    del unit, channel, address, leader, world
    return ()
