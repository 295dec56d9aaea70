"""Arms check-ins, lets them act when they are due, and wakes the case that sleeps behind each."""

from __future__ import annotations

from flows.core import ArmCheckIn, CheckIn, TurnCheckIn
from handlers.cases import Origin, Sealing
from handlers.draw import World
from storage.unit import Unit


def arm(sealing: Sealing, wanted: ArmCheckIn, origin: Origin) -> None:
    """Seal the plan to a case that sleeps, and set the clock."""


def turn(unit: Unit, person: int, did: TurnCheckIn, world: World) -> None:
    """What she did about one of hers, in this chat or another one of hers."""


def of_person(unit: Unit, person: int) -> tuple[CheckIn, ...]:
    """Hers that are not over, the next first."""
    return ()
