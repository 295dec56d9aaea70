"""Gives each option its opaque key, and finds the option that a typed label or a run of numbers names.

It never shows anything, and a key holds no word of any language.
"""

import re
from base64 import b32encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2s
from typing import Final

from messages import Text
from messages.arabic import digits, tokens
from messages.catalog import render

LANGUAGES: Final = ("ar", "en")
SHORTEST_FIRST_WORD: Final = 3
"""Letters. A shorter first word ("I", «لا») says nothing about its label."""
MOST_PLACES: Final = 2
"""Digits of a number that chooses."""
BETWEEN_NUMBERS: Final = re.compile(r"[\s,،;؛.و&+-]+")
KEY: Final = re.compile(r"[0-9a-f]{1,8}\.[a-z2-7]{4}")


@lru_cache(maxsize=4096)
def short(question: str, code: str) -> str:
    """Four characters for an option of a question (`flow.question`), the same after every deploy."""
    return b32encode(blake2s(f"{question}\0{code}".encode(), digest_size=5).digest()).decode().lower()[:4]


def key_of(asked: int, question: str, code: str) -> str:
    """The key of a button: which asking it belongs to, and which option. At most 13 bytes."""
    return f"{asked:x}.{short(question, code)}"


def parted(key: str) -> tuple[int, str] | None:
    """Which asking and which option a key names, or None for a forged one."""
    if not KEY.fullmatch(key):
        return None
    asked, _, option = key.partition(".")
    return int(asked, 16), option


def named(said: Sequence[str], options: Mapping[str, Text], *, whole: bool) -> str | None:
    """The option whose label these words are; or, unless `whole`, whose label alone begins with this word."""
    labels, firsts = _spoken(tuple(options.items()))
    said = tuple(said)
    return labels.get(said) or (None if whole else firsts.get(said))


def numbers(words: str) -> tuple[int, ...]:
    """Several numbers that a whole message lists in any digits («1 3 4», «١،٣ و٤»), else nothing."""
    parts = [part for part in BETWEEN_NUMBERS.split(digits(words)) if part]
    if len(parts) > 1 and all(part.isdecimal() and len(part) <= MOST_PLACES for part in parts):
        return tuple(int(part) for part in parts)
    return ()


@lru_cache(maxsize=512)
def _spoken(options: tuple[tuple[str, Text], ...]) -> tuple[dict[tuple[str, ...], str], dict[tuple[str, ...], str]]:
    labels: dict[tuple[str, ...], str] = {}
    firsts: dict[tuple[str, ...], str] = {}
    ambiguous: set[tuple[str, ...]] = set()
    for code, label in options:
        for language in LANGUAGES:
            said = tuple(tokens(render(label, language)))
            labels.setdefault(said, code)
            first = said[:1]
            if firsts.setdefault(first, code) != code or len("".join(first)) < SHORTEST_FIRST_WORD:
                ambiguous.add(first)
    return labels, {first: code for first, code in firsts.items() if first not in ambiguous}
