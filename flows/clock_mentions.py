"""Finds the times that stand in her words: hours of the day, usual hours, spans from now; and makes words comparable.

It never decides which of them she means, nor which day: `flows.clock_words` does.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from flows.clock_vocabulary import (
    AFTER,
    COUNTS,
    DAYS,
    FILLERS,
    FRACTIONS,
    HOURS,
    LEADS,
    LETTERS,
    MIDNIGHT,
    MINUTES,
    ONE_OF,
    PARTS,
    TO_THE_HOUR,
    TWO_OF,
    UNITS,
    USUAL,
    Part,
    Spoken,
)
from messages.arabic import digits, strip_controls, tokens

LONGEST: Final = 400
"""Characters in which a time is looked for."""
LONGEST_NUMBER: Final = 4
HALF_A_DAY, DAY_HOURS, HOUR = 12, 24, 60
NEAR: Final = 3
"""Words between an hour and the half of the day that belongs to it."""
DATED: Final = re.compile(r"\d{1,4}\s?[/-]\s?\d{1,4}(?:\s?[/-]\s?\d{1,4})?")
PHONE: Final = re.compile(r"\+?\d[\d ]{6,}")
WRITTEN: Final = re.compile(r"(?<![\d.:])(\d{1,2})\s?[:.٫]\s?([0-5]\d)(?::[0-5]\d)?(?![\d])")
AND_A_HALF: Final = re.compile(r"(?<![\d.])(\d{1,2})[.,٫]5(?=\s?(?:h|سا))")
HALVES: Final = re.compile(r"(?<![^\W\d_])([ap])\.?\s?m(?![^\W_])\.?")
ARABIZI: Final = (
    ("alsa3a", "الساعة"),
    ("elsa3a", "الساعة"),
    ("sa3tain", "ساعتين"),
    ("sa3a", "الساعة"),
    ("ba3d", "بعد"),
)
HOURS_STUCK: Final = re.compile(r"(?<=\d)h(?=\d)")
STUCK: Final = re.compile(r"(و|ل|ب|ال)?(\d+(?:_\d\d)?)([^\W\d_]*)")


@dataclass(frozen=True, slots=True)
class Mention:
    """One time in her words, from word `start` to before `end`."""

    kind: Literal["hour", "usual", "span"]
    start: int
    end: int
    minutes: int
    """Of the day, or of the span."""
    exact: bool = False
    """Said on a clock of 24 hours."""
    sure: bool = False
    """A time even within a sentence: a bare number is none."""
    part: Part | None = None


# ---------------------------------------------------------------- words made comparable


def prepared(words: str) -> list[str]:
    """Normalised words in which 6:30 is `6_30`, and what is stuck to a number stands by itself."""
    plain = digits(strip_controls(words[:LONGEST])).casefold().replace("_", " ").replace("½", " ونص ")
    for arabizi, arabic in ARABIZI:
        plain = plain.replace(arabizi, arabic)
    plain = HOURS_STUCK.sub(" h ", DATED.sub(" _ ", PHONE.sub(" _ ", plain)))
    plain = AND_A_HALF.sub(lambda found: f" {int(found[1]) * HOUR + 30} min _", plain)
    plain = HALVES.sub(r" \1m ", WRITTEN.sub(r" \1_\2 ", plain))
    return [part for token in tokens(plain) for part in _apart(token)]


def _apart(token: str) -> tuple[str, ...]:
    stuck = STUCK.fullmatch(token)
    if stuck is None:
        return (token,)
    before, number, behind = stuck.groups()
    if behind and behind not in PARTS and (behind,) not in UNITS:
        return (token,)
    return tuple(part for part in ("و" if before == "و" else "", number, behind) if part)


def _longest(said: Sequence[str], at: int, table: Mapping[Spoken, int]) -> tuple[int, int] | None:
    """The value of the longest entry that begins here, and where it ends."""
    for length in (3, 2, 1):
        spoken = tuple(said[at : at + length])
        if len(spoken) == length and (value := table.get(spoken)) is not None:
            return value, at + length
    return None


def _joined(said: Sequence[str], at: int, table: Mapping[Spoken, int]) -> tuple[int, int] | None:
    """The same behind an "and", which Arabic writes onto the word."""
    if at >= len(said):
        return None
    if said[at] in {"و", "and"}:
        return _longest(said, at + 1, table)
    found = _longest([said[at][1:], *said[at + 1 : at + 3]], 0, table) if said[at].startswith("و") else None
    return (found[0], at + found[1]) if found else None


def _digits(said: Sequence[str], at: int) -> int | None:
    token = said[at] if at < len(said) else ""
    return int(token) if token.isdecimal() and len(token) <= LONGEST_NUMBER else None


def _count(said: Sequence[str], at: int) -> tuple[int, int] | None:
    """How many of something, in digits or words."""
    number = _digits(said, at)
    return (number, at + 1) if number is not None else _longest(said, at, COUNTS)


# ---------------------------------------------------------------- what stands in them


def mentions(said: Sequence[str]) -> list[Mention]:
    """Every time in her words, in order; none holds a word of another."""
    found: list[Mention] = []
    at = 0
    while at < len(said):
        mention = _span(said, at) or _hour(said, at) or _usual(said, at)
        if mention:
            found.append(mention)
        at = mention.end if mention else at + 1
    return found


def _span(said: Sequence[str], at: int) -> Mention | None:
    """«بعد ساعتين وربع»، "in 2 h 10 min"; without the "after" it is none within a sentence."""
    led = said[at] in AFTER
    start = at + led
    first = _quantity(said, start, led=led)
    if first is None:
        return None
    minutes, end = first
    while (more := _more_of_it(said, end)) is not None:
        minutes, end = minutes + more[0], more[1]
    return Mention("span", at, end, minutes, sure=led)


def _quantity(said: Sequence[str], at: int, *, led: bool = True) -> tuple[int, int] | None:
    if found := _longest(said, at, TWO_OF):
        return found
    if (part := _longest(said, at, FRACTIONS)) and (unit := _longest(said, part[1], UNITS)) and unit[0] == HOUR:
        return part[0], unit[1]
    if (count := _count(said, at)) and (unit := _longest(said, count[1], UNITS)):
        return count[0] * unit[0], unit[1]
    one = _longest(said, at, ONE_OF)
    if one is None or (not led and (_count(said, one[1]) or "_" in "".join(said[one[1] : one[1] + 1]))):
        return None  # «ساعة 6» is an hour of the day
    return one


def _more_of_it(said: Sequence[str], at: int) -> tuple[int, int] | None:
    if at >= len(said):
        return None
    if said[at] == "الا":
        less = _quantity(said, at + 1) or _longest(said, at + 1, MINUTES)
        return (-less[0], less[1]) if less else None
    if said[at] in {"و", "and"}:
        skip = at + 1 + (said[at + 1 : at + 2] == ["a"])
        return _quantity(said, skip) or _longest(said, skip, MINUTES)
    if said[at].startswith("و"):
        onward = [said[at][1:], *said[at + 1 : at + 4]]
        found = _quantity(onward, 0) or _longest(onward, 0, MINUTES)
        return (found[0], at + found[1]) if found else None
    number = _digits(said, at)
    unit = _longest(said, at + 1, UNITS) if number is not None else None
    return (number * unit[0], unit[1]) if number is not None and unit else None


def _hour(said: Sequence[str], at: int) -> Mention | None:
    """«الساعة ست إلا ربع»، "half past six", 18:00."""
    start, sure = at, False
    while at < len(said) and said[at] in LEADS:
        sure, at = sure or said[at] in TO_THE_HOUR, at + 1
    read = _past(said, at) or _read(said, at)
    if read is None:
        return None
    minutes, end, exact, precise = read
    while (more := _minutes_more(said, end)) is not None:
        minutes, end, precise = minutes + more[0], more[1], True
    part = _part(said, start, end)
    return Mention("hour", start, end, minutes, exact=exact, sure=sure or precise or exact or bool(part), part=part)


def _read(said: Sequence[str], at: int) -> tuple[int, int, bool, bool] | None:
    """Minutes of the day, where it ends, whether on 24 hours, whether minutes were said."""
    token = said[at] if at < len(said) else ""
    if "_" in token and len(token) > 1:
        hour, _, minute = token.partition("_")
        return _of_day(int(hour), int(minute), at + 1, precise=True)
    number = _digits(said, at)
    if number is not None:
        beside = said[at + 1] if at + 1 < len(said) else ""
        if len(beside) == len("30") and beside.isdecimal() and int(beside) < HOUR:
            return _of_day(number, int(beside), at + 2, precise=True)
        return _of_day(number, 0, at + 1, precise=False)
    if (found := _longest(said, at, HOURS)) is None:
        return None
    spoken = _longest(said, found[1], MINUTES) if said[at].isascii() else None
    return _of_day(found[0], spoken[0] if spoken else 0, spoken[1] if spoken else found[1], precise=bool(spoken))


def _of_day(hour: int, minute: int, end: int, *, precise: bool) -> tuple[int, int, bool, bool] | None:
    if hour > DAY_HOURS or (hour == DAY_HOURS and minute):
        return None
    exact = hour == 0 or hour > HALF_A_DAY
    return hour % DAY_HOURS * HOUR + minute, end, exact, precise


def _past(said: Sequence[str], at: int) -> tuple[int, int, bool, bool] | None:
    """English: "half past six", "ten to seven"."""
    number = _digits(said, at)
    minute = (number, at + 1) if number is not None else _longest(said, at, MINUTES)
    if minute is None or minute[1] >= len(said) or said[minute[1]] not in {"past", "to"}:
        return None
    read = _read(said, minute[1] + 1)
    if read is None or minute[0] >= HOUR:
        return None
    sign = 1 if said[minute[1]] == "past" else -1
    return read[0] + sign * minute[0], read[1], read[2], True


def _minutes_more(said: Sequence[str], at: int) -> tuple[int, int] | None:
    """«ونص»، «و20 دقيقة»، «إلا ربع»."""
    if at >= len(said):
        return None
    sign = -1 if said[at] == "الا" else 1
    found = _longest(said, at + 1, MINUTES) if sign < 0 else _joined(said, at, MINUTES)
    if found is None and said[at] in {"الا", "و"} and (number := _digits(said, at + 1)) is not None and number < HOUR:
        found = (number, at + 2)
    if found is None:
        return None
    unit = _longest(said, found[1], UNITS)
    if unit and unit[0] != 1:
        return None  # «الساعة 6 وبعد نص ساعة» is two things
    return sign * found[0], unit[1] if unit else found[1]


def _part(said: Sequence[str], start: int, end: int) -> Part | None:
    """The half of the day that stands behind an hour, or else before it."""
    for at in range(end, min(end + NEAR, len(said))):
        if said[at] in PARTS and (at == end or said[at] not in LETTERS):
            return PARTS[said[at]]
        if said[at] not in FILLERS and said[at] not in AFTER and said[at] not in DAYS:
            break
    for at in range(start - 1, max(start - 1 - NEAR, -1), -1):
        if said[at] in PARTS and said[at] not in LETTERS:
            return PARTS[said[at]]
        if said[at] not in FILLERS and said[at] not in AFTER and said[at] not in DAYS:
            break
    return None


def _usual(said: Sequence[str], at: int) -> Mention | None:
    """«بعد المغرب»، «قبل الظهر»، "midnight"."""
    if tuple(said[at : at + 2]) in MIDNIGHT:
        return Mention("usual", at, at + 2, 0, sure=True)
    hour = USUAL.get(said[at])
    if hour is None:
        return None
    before = said[at - 1] if at else ""
    shift = 30 if before in {"بعد", "after"} else -30 if before in {"قبل", "before"} else 0
    return Mention("usual", at, at + 1, hour[0] * HOUR + hour[1] + shift, sure=True)
