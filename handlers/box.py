"""The question box. Being written (issue 5)."""

from __future__ import annotations

from flows.core import AskStakeholder, Language
from flows.public import Question
from handlers.draw import World
from messages import Text
from storage.unit import Unit


def ask(unit: Unit, channel: str, address: str, language: Language, asked: AskStakeholder, world: World) -> Text | None:
    """Keep a question for the moderator."""
    del unit, channel, address, language, asked, world
    return None


def of_asker(unit: Unit, channel: str, address: str) -> tuple[Question, ...]:
    """Her questions."""
    del unit, channel, address
    return ()


def forget(unit: Unit, channel: str, address: str) -> None:
    """Destroy her questions."""
    del unit, channel, address
