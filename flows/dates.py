"""Reads the day that words name, in any digits and in Arabic or English, and says what day it is in Yemen.

It never guesses: a month alone, a week "about", or a day that isn't in the calendar are no day.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Final

from messages.arabic import digits, strip_controls, tokens

YEMEN: Final = timezone(timedelta(hours=3), "Asia/Aden")
"""Yemen keeps one time all year, so no zone data is needed here."""
EARLIEST: Final = 1990
LONGEST: Final = 200
"""Characters in which a day is looked for."""
FEW_WORDS: Final = 3
ISO: Final = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
DAY_FIRST: Final = re.compile(r"(?<![\d/.-])(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?(?![\d/.-])")
MONTHS: Final = {
    name: month
    for month, names in enumerate(
        (
            "يناير january jan", "فبراير february feb", "مارس march mar", "ابريل april apr", "مايو may",
            "يونيو june jun", "يوليو july jul", "اغسطس august aug", "سبتمبر september sep", "اكتوبر october oct",
            "نوفمبر november nov", "ديسمبر december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""By normalised name, as they are said in Yemen."""
NEAR_DAYS: Final = {
    ("today",): 0, ("اليوم",): 0, ("الليله",): 0, ("tonight",): 0,
    ("yesterday",): 1, ("امس",): 1, ("البارحه",): 1,
    ("اول", "امس"): 2, ("قبل", "امس"): 2, ("قبل", "يومين"): 2, ("امس", "الاول"): 2,
}  # fmt: skip
AGO: Final = frozenset(("ايام", "يوم", "days", "day"))


def today(now: datetime) -> date:
    """The day it is in Yemen."""
    return now.astimezone(YEMEN).date()


def day_of(words: str, now: date) -> date | None:
    """The day that the words name, or None. A day without a year is the last one that has been."""
    western = digits(strip_controls(words[:LONGEST]))
    if found := ISO.search(western):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := DAY_FIRST.search(western):
        return _dated(int(found[1]), int(found[2]), found[3], now)
    said = tokens(words[:LONGEST])
    return _by_month(said, now) or _near(said, now)


def _by_month(said: Sequence[str], now: date) -> date | None:
    """«4 أكتوبر 2025», "October 4"."""
    for place, word in enumerate(said):
        if month := MONTHS.get(word):
            before, behind = (said[place - 1] if place else ""), (*said[place + 1 :], "", "")[:2]
            day, year = (before, behind[0]) if before.isdecimal() else behind
            if day.isdecimal():
                return _dated(int(day), month, year if year.isdecimal() else None, now)
    return None


def _near(said: Sequence[str], now: date) -> date | None:
    match list(said):
        case ["قبل", count, unit] | [count, unit, "ago"] if (
            count.isdecimal() and unit in AGO and len(count) <= FEW_WORDS
        ):
            return now - timedelta(days=int(count))
        case _ if len(said) > FEW_WORDS:
            return None
    for length in (2, 1):
        for place in range(len(said)):
            if (ago := NEAR_DAYS.get(tuple(said[place : place + length]))) is not None:
                return now - timedelta(days=ago)
    return None


def _dated(day: int, month: int, year: str | None, now: date) -> date | None:
    if year is not None:
        return _day(int(year) + (2000 if len(year) <= len("25") else 0), month, day)
    this = _day(now.year, month, day)
    return this if this is None or this <= now else _day(now.year - 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= EARLIEST else None
    except (ValueError, OverflowError):
        return None
