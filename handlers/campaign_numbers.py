"""Finds phone numbers in a text, in whichever digits or words they are written. It never says whose they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final

from messages.arabic import tokens

FEWEST: Final = 7
"""Digits. Yemen's shortest numbers of persons (landlines without their area) have six, with it seven."""
_NUMBER = re.compile(r"(?:\+|\b00)?\d(?:(?:[\s().\-/_·•–—*~|]{0,3}|[,،٬])\d){6,}")
_GROUPED = re.compile(r"\d{1,2}(?:[,،٬]\d{3}){1,2}|\d{3}[,،٬]\d{3}")
"""An amount, by thousands, of eight digits at most."""
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_YEARS = re.compile(r"(?:19|20)\d{2}(?:\s?[-–/]\s?|\s+)(?:19|20)\d{2}")
_SPOKEN: Final = frozenset(
    """
    صفر واحد واحده اثنين اثنان اثنتين ثلاثه اربعه خمسه سته سبعه ثمانيه تسعه
    zero oh one two three four five six seven eight nine 0 1 2 3 4 5 6 7 8 9
    """.split()  # noqa: SIM905 - words read better as words
)
_YEAR = range(1900, 2101)


def phone_numbers(words: str) -> Iterator[str]:
    """Whatever could be one: seven digits or more with little between them, no date, no two years, no amount."""
    plain = western(words)
    yield from (found[0].strip() for found in _NUMBER.finditer(plain) if not _is_harmless(found[0].strip()))
    yield from _spoken(words)


def western(words: str) -> str:
    """The text with every digit of any script and shape (Arabic-Indic, full width, circled, keycaps) as 0 to 9."""
    seen = (char for char in words if unicodedata.category(char) not in {"Cf", "Mn", "Me"})
    return "".join(char if (digit := unicodedata.digit(char, None)) is None else str(digit) for char in seen)


def _is_harmless(found: str) -> bool:
    if _YEARS.fullmatch(found) or all(map(_GROUPED.fullmatch, re.split(r"[\s–—-]+", found))):
        return True
    match = _DATE.fullmatch(found)
    if match is None:
        return False
    year, month, day = match[1] or match[6], match[2] or match[5], match[3] or match[4]
    try:
        return date(int(year), int(month), int(day)).year in _YEAR
    except ValueError:
        return False


def _spoken(words: str) -> Iterator[str]:
    """A number said digit by digit."""
    run: list[str] = []
    for token in [*tokens(words), ""]:
        if token in _SPOKEN or token.removeprefix("و") in _SPOKEN:
            run.append(token)
            continue
        if len(run) >= FEWEST and not all(one.isdecimal() for one in run):
            yield " ".join(run)
        run = []
