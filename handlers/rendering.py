"""Renders a letter for its reader: words and buttons in her language. It never changes what is said."""

from __future__ import annotations

from datetime import datetime

from handlers.channel import Button, Outgoing
from messages import from_json
from messages.catalog import render
from storage.outbox import Letter, LetterChoice


def outgoing(letter: Letter, heard_at: datetime | None) -> Outgoing:
    """The letter as its channel sends it."""
    body = letter.body
    return Outgoing(
        letter.key,
        body.to,
        render(from_json(body.text), body.language),
        tuple(_button(choice, letter) for choice in body.choices),
        body.language,
        clears=body.clears,
        purpose=body.purpose,
        blanks=body.blanks,
        heard_at=heard_at,
        attempt=letter.attempts,
    )


def _button(choice: LetterChoice, letter: Letter) -> Button:
    language = letter.body.language
    hint = render(from_json(choice.hint), language) if choice.hint else ""
    return Button(choice.key, render(from_json(choice.label), language), hint)
