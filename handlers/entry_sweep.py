"""Forgets what is over at the door: sessions, counts of wrong tries, codes and links past their time.

It never touches what is still good.
"""

from __future__ import annotations

from handlers import entry_pace
from handlers.draw import World
from storage import links, sessions
from storage.unit import Unit


def sweep_entry(unit: Unit, world: World) -> int:
    """One round. Says how many were forgotten."""
    gone = sessions.sweep(unit, world.now) + links.sweep(unit, world.now)
    return gone + entry_pace.sweep(unit, world.now)
