"""Knows which Content templates an account has, and fills their blanks. It never makes a template up."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.channels.text import units
from flows.core import Language
from handlers.channel import Outgoing

# Twilio's Content types: quick-reply carries up to 3 buttons with titles of 20 characters and a body of 1024;
# list-picker up to 10 rows with titles of 24 characters.
_REPLIES, _REPLY_TITLE, _REPLY_BODY = 3, 20, 1024
_ROWS, _ROW_TITLE = 10, 24
# A blank's value may hold none of these (error 21656), nor be empty.
_REFUSED = re.compile(r"[\n\r\t]| {5,}")


@dataclass(frozen=True, slots=True)
class Templates:
    """Content templates by what they are for and the language: `{("page", "ar"): "HX…"}`.

    What for: a letter's purpose, for outside the 24-hour window (blanks: the letter's own). Or a shape, for questions
    within it: `quick_reply_2`, `quick_reply_3`, `list_2` … `list_10`, where {{1}} is the text and each choice takes two
    more blanks, its label and its key. The number stands in the name because a template has a fixed number of choices.
    """

    sids: Mapping[tuple[str, Language], str] = field(default_factory=dict)

    def for_purpose(self, letter: Outgoing) -> tuple[str, str] | None:
        """ContentSid and ContentVariables for a letter outside the window, None where none is configured."""
        sid = letter.sid or (self.sids.get((letter.purpose, letter.language)) if letter.purpose else None)
        return (sid, _variables([" ".join(blank.split()) or "-" for blank in letter.blanks])) if sid else None

    def for_choices(self, letter: Outgoing) -> tuple[str, str] | None:
        """ContentSid and ContentVariables for a question within the window, None where no template fits it."""
        values = [letter.text]
        for button in letter.buttons:
            values += [button.label, button.key]
        if not letter.buttons or any(not value or _REFUSED.search(value) for value in values):
            return None
        sid = next((sid for shape in _shapes(letter) if (sid := self.sids.get((shape, letter.language)))), None)
        return (sid, _variables(values)) if sid else None


def _shapes(letter: Outgoing) -> list[str]:
    """The shapes that can hold the letter, the plainest first."""
    count = len(letter.buttons)
    if units(letter.text) > _REPLY_BODY:
        return []
    longest = max(units(button.label) for button in letter.buttons)
    shapes = [f"quick_reply_{count}"] if count <= _REPLIES and longest <= _REPLY_TITLE else []
    return [*shapes, f"list_{count}"] if count <= _ROWS and longest <= _ROW_TITLE else shapes


def _variables(values: list[str]) -> str:
    return json.dumps({str(place): value for place, value in enumerate(values, 1)}, ensure_ascii=False)
