"""How she hides the chat stands wherever she is asked something, and on no other kind of letter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from flows.core import Language
from handlers.rendering import outgoing
from messages import raw, to_json
from storage.outbox import Lane, Letter, LetterChoice, body

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
YES = LetterChoice("a.0.yes", to_json(raw("نعم")))


def letter(key: str, language: Language = "ar", **more: Any) -> Letter:
    return Letter(1, key, b"reader", Lane.CONVERSATION, body("1001", language, raw("سؤال"), **more), 1, NOW)


@pytest.mark.parametrize(("language", "label"), [("ar", "طقس اليوم"), ("en", "Today's weather")])
def test_a_question_says_how_to_hide_the_chat(language: Language, label: str) -> None:
    assert outgoing(letter("in:telegram:1:0", language, choices=(YES,)), None).hide == label


@pytest.mark.parametrize("standing", ["on", "off"])
def test_so_does_a_letter_that_brings_the_button_or_takes_it_away(standing: str) -> None:
    shown = outgoing(letter("in:telegram:1:0", standing=standing), None)
    assert (shown.standing, shown.hide) == (standing, "طقس اليوم")


def test_what_asks_nothing_does_not() -> None:
    assert outgoing(letter("in:telegram:1:0"), None).hide == ""


@pytest.mark.parametrize("key", ["page:1", "staff:1", "swap:1", "told:1:2", ""])
def test_neither_does_a_letter_that_is_no_answer_to_her(key: str) -> None:
    assert outgoing(letter(key, choices=(YES,)), None).hide == ""
