"""Renders a letter for its reader: words and buttons in her language. It never changes what is said."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from flows.core import Language
from handlers.channel import Button, Outgoing
from messages import Text, both, from_json, t, to_json
from messages.catalog import render
from storage.outbox import Lane, Letter, LetterChoice

HIDE: Final = to_json(t("Today's weather"))
"""What stands on the button that hides her chat, or behind the 0: it could be any bot's."""
_TRIED: Final = "try:"
"""How the keys of letters begin that show a member what a campaign would send."""
_TALK: Final = "in:"
"""How the keys of letters begin that answer her."""


def outgoing(letter: Letter, heard_at: datetime | None) -> Outgoing:
    """The letter as its channel sends it."""
    body = letter.body
    return Outgoing(
        letter.key,
        body.to,
        shown(body.text, body.language),
        tuple(_button(choice, letter) for choice in body.choices),
        body.language,
        clears=body.clears,
        standing=body.standing,
        hide=_hide(letter),
        purpose=body.purpose,
        blanks=body.blanks,
        sid=body.sid,
        media=body.media,
        full=body.full,
        by_word=letter.lane is Lane.BROADCAST or letter.key.startswith(_TRIED),
        heard_at=heard_at,
        attempt=letter.attempts,
    )


def _hide(letter: Letter) -> str:
    """How she hides the chat, wherever she is asked something, or where the button comes for it."""
    body = letter.body
    offered = letter.key.startswith(_TALK) and (body.choices or body.standing)
    return shown(HIDE, body.language) if offered else ""


def _button(choice: LetterChoice, letter: Letter) -> Button:
    language = letter.body.language
    return Button(choice.key, shown(choice.label, language), shown(choice.hint, language) if choice.hint else "")


def shown(shape: list[Any], language: Language) -> str:
    """A stored text as its reader sees it; labels without blanks are rendered once."""
    match shape:
        case ["said", str(sentence), {**blanks}] if not blanks:
            return _plain(sentence, language)
        case ["both", str(english), {"ar": str(arabic)}]:
            return _named(arabic, english, language)
        case _:
            return render(from_json(shape), language)


@lru_cache(maxsize=2048)
def _plain(sentence: str, language: Language) -> str:
    return render(Text(sentence), language)


@lru_cache(maxsize=2048)
def _named(arabic: str, english: str, language: Language) -> str:
    return render(both(arabic, english), language)
