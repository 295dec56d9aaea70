"""Puts an opened case's answers into words, question by question, as she saw them in her own summary.

It never opens anything: what it is given is open already, where a reader's key is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from flows.core import Answer, Given, Language, Person
from flows.report import REPORT
from handlers.draw import World
from messages.catalog import render


def in_words(answers: Mapping[str, Any], language: Language, world: World) -> dict[str, str]:
    """Each answer under its question's title, in the order of the report; what the report does not ask is left out."""
    given = Given(world.now, "", world.rules, Person(language))
    return {
        render(question.title, language): render(question.show(_answer(answers[question.name]), given), language)
        for question in REPORT.questions
        if question.name in answers
    }


def _answer(stored: Any) -> Answer:
    return msgspec.convert(stored, Answer)
