"""Turns a case's alarm by one event in one transaction: decides, keeps it if nobody was first, carries effects out.

It never sends, and it never carries out what it could not keep.
"""

from __future__ import annotations

from flows.alarm import Event, Turned
from flows.climbing import react
from handlers.alarm_effects import Carrying, Pressing
from handlers.draw import World
from handlers.team import team
from storage import alarms
from storage.unit import Unit

_TRIES = 8


class Contended(Exception):
    """An alarm was changed by others each time it was read; whoever asked may ask again."""


def turn(unit: Unit, case: int, event: Event, world: World, by: Pressing | None = None) -> Turned | None:
    """Let an event happen to a case's alarm. None where it has none. Raises `Contended`."""
    people = team(unit, world, case)
    for _ in range(_TRIES):
        kept = alarms.load(unit, case)
        if kept is None:
            return None
        alarm, version = kept
        turned = react(alarm, event, people.roster, world.now)
        if turned.alarm == alarm:
            return turned
        if alarms.put(unit, case, turned.alarm, version):
            Carrying(unit, case, turned.alarm, people, world, by).carry(turned.effects)
            return turned
    raise Contended
