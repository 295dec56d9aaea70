"""Reads the time that she writes: an hour, a day and an hour, or a span from now, in Yemen's time.

It never guesses in silence: what may be one of two is given as both, and everything is read back to her.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from flows.clock_mentions import DAY_HOURS, HALF_A_DAY, HOUR, Mention, mentions, prepared
from flows.clock_vocabulary import AFTER, DAYS, FILLERS, GOES, PARTS, RETURNS, WEEKDAYS
from flows.dates import YEMEN

DEAD_OF_NIGHT: Final = range(5)
"""Hours that nobody means without saying so."""
WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Moment:
    """When, in Yemen's time. `other` is the other half of the day, where her words leave it open."""

    at: datetime
    other: datetime | None = None


def when(words: str, now: datetime) -> Moment | None:
    """The moment that an answer names, or None. It may be past, or far away: who asks sets the bounds."""
    said = prepared(words)
    found = mentions(said)
    return _moment(said, [one for one in found if one.sure], now) or _bare(said, found, now)


def named_in(words: str, now: datetime) -> Moment | None:
    """The moment that a sentence about something else names, such as where she goes and when she comes back."""
    said = prepared(words)
    return _moment(said, [one for one in mentions(said) if one.sure], now)


def goes_and_returns(words: str, now: datetime) -> bool:
    """Whether a sentence says that she goes, and by when she is back."""
    said = frozenset(prepared(words))
    return bool(said & GOES) and bool(said & RETURNS) and named_in(words, now) is not None


# ---------------------------------------------------------------- what is meant


def _moment(said: Sequence[str], found: Sequence[Mention], now: datetime) -> Moment | None:
    """The last hour that she names, else the last span, else a usual hour; of those behind "I am back" if any are."""
    back = next((at for at, word in enumerate(said) if word in RETURNS), len(said))
    chosen = [one for one in found if one.start > back] or list(found)
    for kind in ("hour", "span", "usual"):
        for one in reversed(chosen):
            if one.kind == kind:
                return _meant(said, one, now)
    return None


def _bare(said: Sequence[str], found: Sequence[Mention], now: datetime) -> Moment | None:
    """A number or a span alone is a time only where nothing else is said."""
    if len(found) != 1:
        return None
    only = found[0]
    rest = [*said[: only.start], *said[only.end :]]
    known = FILLERS | AFTER | DAYS.keys() | WEEKDAYS.keys() | PARTS.keys()
    return _meant(said, only, now) if all(word in known for word in rest) else None


def _meant(said: Sequence[str], mention: Mention, now: datetime) -> Moment | None:
    here = now.astimezone(YEMEN).replace(second=0, microsecond=0)
    if mention.kind == "span":
        return Moment(here + timedelta(minutes=mention.minutes)) if mention.minutes > 0 else None
    hours = sorted({minutes % (DAY_HOURS * HOUR) for minutes in _readings(mention)})
    ahead = _ahead(said, hours, here, night=mention.part == "night")
    first, *others = [one for one in ahead if one > here] or ahead[-1:]
    other = next((one for one in others if one.hour not in DEAD_OF_NIGHT), None)
    return Moment(first, other)


def _readings(mention: Mention) -> tuple[int, ...]:
    """Minutes of the day that an hour may mean."""
    minutes, part = mention.minutes, mention.part
    if mention.kind == "usual" or mention.exact:
        return (minutes,)
    morning = minutes % (HALF_A_DAY * HOUR)
    evening = morning + HALF_A_DAY * HOUR
    match part:
        case "am":
            return (morning,)
        case "pm":
            return (evening,)
        case "noon":
            return (morning if morning >= 9 * HOUR else evening,)
        case "night":
            return (morning if morning < 5 * HOUR else evening,)
        case None:
            return (morning, evening)


def _ahead(said: Sequence[str], hours: Sequence[int], here: datetime, *, night: bool) -> list[datetime]:
    """These hours on the day that she names, or the next time that they come."""
    days = _day(said, here)
    midnight = datetime.combine(here.date(), time(), YEMEN)
    if days is None:
        nexts = [midnight + timedelta(minutes=hour) for hour in hours]
        return sorted(one if one > here else one + timedelta(days=1) for one in nexts)
    found = [midnight + timedelta(days=days, minutes=hour) for hour in hours]
    late = night and not (days == 0 and here.hour in DEAD_OF_NIGHT)
    found = [one + timedelta(days=1) if late and one.hour in DEAD_OF_NIGHT else one for one in found]
    same_weekday = days == 0 and not any(word in DAYS for word in said)
    return [one + timedelta(days=WEEK_DAYS) for one in found] if same_weekday and max(found) <= here else found


def _day(said: Sequence[str], here: datetime) -> int | None:
    """How many days from today; None where no day is named."""
    for at in range(len(said) - 1, -1, -1):
        if (days := DAYS.get(said[at])) is not None:
            return days + (days == 1 and at > 0 and said[at - 1] in {"بعد", "after"})
        if (weekday := WEEKDAYS.get(said[at])) is not None:
            return (weekday - here.weekday()) % WEEK_DAYS
    return None
