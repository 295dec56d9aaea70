"""Courses. Being written (issue 5)."""

from __future__ import annotations

from flows.core import Language, Study
from flows.public import Learning
from handlers.draw import World
from messages import Text, t
from storage.unit import Unit


def study(unit: Unit, channel: str, address: str, language: Language, did: Study, world: World) -> Text | None:
    """Keep what she did about a course."""
    del unit, channel, address, language, did, world
    return None


def look_up(unit: Unit, number: str) -> Text:
    """Say whether a certificate was given."""
    del unit, number
    return t("Hello!")


def learning_of(unit: Unit, channel: str, address: str) -> Learning | None:
    """How far she is."""
    del unit, channel, address
    return None


def leave(unit: Unit, channel: str, address: str) -> None:
    """Delete her from the learners."""
    del unit, channel, address
