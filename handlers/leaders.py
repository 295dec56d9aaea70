"""The leaders' channel. Being written (issue 5)."""

from __future__ import annotations

from handlers.channel import Inbound
from handlers.draw import World
from storage.people import Known
from storage.unit import Unit


def hear(unit: Unit, known: Known, inbound: Inbound, world: World) -> bool:
    """Take a leader's code."""
    del unit, known, inbound, world
    return False
