"""Deletes from her chat what can be deleted of both sides: a row says what, and is worked off until it is done."""

from __future__ import annotations

from datetime import datetime

from handlers.channel import Inbound
from handlers.draw import World
from storage.people import Known
from storage.unit import Unit


def note(unit: Unit, person: int, message: str, now: datetime) -> None:
    """Keep the channel's id of a message of hers, to delete it by."""


def begin(unit: Unit, known: Known, inbound: Inbound, world: World, *, only: str = "") -> None:
    """Have the chat wiped: both sides' messages so far, or `only` one of hers. What waits for her is called back."""
