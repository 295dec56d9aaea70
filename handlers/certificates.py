"""Gives certificates with numbers that nobody can guess, and says of a number whether it was given.

It never says to whom: only she knows.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from flows.tracks import title
from handlers.draw import World
from messages import Text, both, isolated, join, t
from messages.arabic import digits
from storage import certificates, figures
from storage.certificates import Certificate
from storage.unit import Unit

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 1 O I L, which are taken for one another."""
_LETTERS: Final = 12
_GROUP: Final = 4
NUMBER: Final = re.compile(rf"S[{ALPHABET}]{{{_LETTERS}}}")
"""S and twelve of them: 59 bits of chance, so that a thousand guesses a second find none in ten thousand years."""
LONGEST: Final = 64
"""Characters that are looked at: nobody writes a number longer, with whatever stands between its letters."""
MONTHS: Final = (
    ("يناير", "January"), ("فبراير", "February"), ("مارس", "March"), ("أبريل", "April"), ("مايو", "May"),
    ("يونيو", "June"), ("يوليو", "July"), ("أغسطس", "August"), ("سبتمبر", "September"), ("أكتوبر", "October"),
    ("نوفمبر", "November"), ("ديسمبر", "December"),
)  # fmt: skip
"""As they are named in Yemen (domain/arabic.md 3.5)."""

UNKNOWN: Final = t(
    "We know no certificate with this number. Please compare it letter by letter: it begins with S, twelve more "
    "letters and digits follow, and there is never a 0 or a 1 in it."
)


def give(unit: Unit, course: str, score: int, world: World) -> Text:
    """Keep one under a fresh number, and show it to her with how anybody can check it. Raises `Taken`."""
    certificate = Certificate(_fresh(world), course, figures.month_of(world.now, world.zone), score)
    certificates.give(unit, certificate)
    shown = t(
        "Your certificate:\n{number}\n{course}, {month}, {score} % right. There is no name in it, and nobody but you "
        "knows whose it is.",
        number=isolated(spaced(certificate.number)),
        course=title(course),
        month=month(certificate.month),
        score=score,
    )
    how = t("Whoever wants to check it writes “certificate” here, and then the number.")
    if not world.address:
        return join(shown, how)
    link = t("Or opens this page:\n{address}", address=isolated(f"{world.address}/certificate"))
    return join(shown, join(how, link, between="\n"))


def told(unit: Unit, written: str) -> Text:
    """What there is to say of a number as somebody wrote it."""
    found = look_up(unit, written)
    return UNKNOWN if found is None else said(found)


def said(found: Certificate) -> Text:
    """That it was given, for what and when."""
    return t(
        "This certificate was given: {course}, all lessons, {score} % of the last questions right, {month}. It was "
        "given without a name.",
        course=title(found.course),
        score=found.score,
        month=month(found.month),
    )


def look_up(unit: Unit, written: str) -> Certificate | None:
    """The certificate of a number, however it is written: small letters, dashes, spaces, Arabic digits."""
    number = plain(written)
    return certificates.find(unit, number) if NUMBER.fullmatch(number) else None


def plain(written: str) -> str:
    """A number as it is kept."""
    whole = digits(unicodedata.normalize("NFKC", written[:LONGEST])).upper()
    return "".join(letter for letter in whole if letter.isascii() and letter.isalnum())


def spaced(number: str) -> str:
    """A number as it is shown: in groups of four behind the S, S7K2M-4QTR-9WXY."""
    groups = [number[place : place + _GROUP] for place in range(1, len(number), _GROUP)]
    return number[:1] + "-".join(groups)


def month(kept: str) -> Text:
    """A month in words, from 2026-11."""
    year, _, number = kept.partition("-")
    arabic, english = MONTHS[int(number) - 1]
    return both(ar=f"{arabic} {year}", en=f"{english} {year}")


def _fresh(world: World) -> str:
    chance, letters = int.from_bytes(world.draw.seed(16)), "S"
    for _ in range(_LETTERS):
        chance, place = divmod(chance, len(ALPHABET))
        letters += ALPHABET[place]
    return letters
