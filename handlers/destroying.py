"""Destroys what is held: one report, everything about her, or what has been kept for its time. Keys go with rows."""

from __future__ import annotations

from handlers.draw import World
from storage.people import Known
from storage.unit import Unit


def report(unit: Unit, code: str, person: int, world: World) -> None:
    """Destroy one report of hers, and tell whoever holds it that it is gone."""


def everything(unit: Unit, known: Known, world: World) -> None:
    """Destroy everything that is held about her, and herself."""
