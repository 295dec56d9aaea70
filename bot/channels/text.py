"""Splits a long text into messages that a channel accepts, at the end of a sentence wherever there is one.

It never changes a word: only the white space at a cut goes.
"""

import re
import unicodedata

_SENTENCE = re.compile(r"[.!?؟…۔]+[\"'»”)\u2069]*\s|\n")
_SPACE = re.compile(r"\s")
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def units(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram counts and the most any channel counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int) -> tuple[str, ...]:
    """The text in parts of at most `limit` UTF-16 units, none of them empty unless the text is.

    A part ends at a sentence, else at a space, else between two letters, but never before a mark that belongs to
    the letter (a harakah, a skin tone) nor beside a joiner.
    """
    if 2 * len(text) <= limit:
        return (text,)
    parts = []
    rest = text
    while units(rest) > limit:
        cut = _cut(rest, _window(rest, limit))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest or not parts:
        parts.append(rest)
    return tuple(part for part in parts if part) or ("",)


def _window(text: str, limit: int) -> int:
    """How many characters from the start fit into `limit` units. A Python character is never half a pair."""
    used = 0
    for place, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return place
    return len(text)


def _cut(text: str, window: int) -> int:
    # One more character is looked at: a sentence that ends exactly at the limit is followed by its space there.
    for pattern in (_SENTENCE, _SPACE):
        ends = [found.end() for found in pattern.finditer(text, 0, window + 1) if text[: found.end()].strip()]
        if ends:
            return ends[-1]
    cut = window
    while cut > 1 and _belongs_together(text[cut - 1], text[cut]):
        cut -= 1
    # A tower of marks longer than a whole message is nobody's writing: cut it where it stands.
    return cut if cut > 1 else window


def _belongs_together(before: str, after: str) -> bool:
    return unicodedata.category(after)[0] == "M" or _JOINER in (before, after) or ord(after) in _SKIN_TONES
