"""Stories and initiatives. Being written (issue 5)."""

from __future__ import annotations

from typing import Literal

from flows.public import Story
from messages import Text
from storage.unit import Unit


def published(unit: Unit, kind: Literal["story", "initiative"], channel: str, address: str) -> tuple[Story, ...]:
    """What may be read."""
    del unit, kind, channel, address
    return ()


def join_in(unit: Unit, channel: str, address: str, story: int) -> Text | None:
    """Count her among the interested, once."""
    del unit, channel, address, story
    return None
