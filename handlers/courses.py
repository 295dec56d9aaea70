"""Courses. Being written (issue 5)."""

from __future__ import annotations

from flows.core import Language, Study
from flows.public import Learning
from handlers.draw import World
from messages import Text, t
from storage.outbox import Letter
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


def still_wanted(unit: Unit, letter: Letter) -> bool:
    """Whether the opener of a lesson may go out now: asked just before it does."""
    del unit, letter
    return True
