"""Decides who is to be reminded of her time on call, when, and when silence is told to the coordinators.

It never reads the clock and never sends: the moment is given, as an aware UTC time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flows.rota import RotaLevel, Shift, on_call, stretches

Kind = Literal["day", "hour"]
AHEAD: dict[Kind, timedelta] = {"day": timedelta(hours=24), "hour": timedelta(hours=1)}
"""How long before her time begins each of the two goes out."""
SILENCE = timedelta(minutes=30)
"""So long before her time begins, the coordinators hear that she has not said she is ready."""
FAIR = timedelta(minutes=15)
"""So long she has to answer in any case, when her reminder itself came late."""
BACK = timedelta(hours=12)
"""A time on call that began longer ago is nothing to be reminded of."""
PATIENCE = timedelta(minutes=10)
"""A reminder that goes out so much after its moment is a late one."""
QUIET_FROM, QUIET_UNTIL = time(22), time(6)
"""Quiet hours, by the clock of her shift: what isn't urgent waits for their end."""
_LEVELS: tuple[RotaLevel, ...] = ("first", "substitute")


@dataclass(frozen=True, slots=True)
class Stint:
    """One person's time on call without a break, at whichever level (aware, UTC); `shift` is what it begins with."""

    staff: int
    shift: int
    zone: str
    starts: datetime
    ends: datetime

    def key(self, kind: Kind) -> str:
        """What its reminder is known by."""
        return f"{self.shift}:{self.staff}:{int(self.starts.timestamp())}:{kind}"


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is to go out now. `begun`: her time has begun already."""

    stint: Stint
    kind: Kind
    late: bool
    begun: bool


def stints(shifts: Iterable[Shift], now: datetime) -> list[Stint]:
    """Return every time on call that began lately, or begins within a day, by its start.

    Shifts of one person that touch are one time on call, so that she isn't reminded in the middle of it.
    """
    listed, window = list(shifts), (now - BACK, now + AHEAD["day"] + timedelta(minutes=1))
    spans: dict[int, list[tuple[datetime, datetime]]] = {}
    for level in _LEVELS:
        for one in stretches(listed, level, *window):
            for who in one.staff:
                spans.setdefault(who, []).append((one.starts, one.ends))
    joined = [(start, end, who) for who, hers in spans.items() for start, end in _joined(hers)]
    return [_stint(listed, who, start, end) for start, end, who in sorted(joined) if start > window[0]]


def _joined(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _stint(shifts: list[Shift], who: int, start: datetime, end: datetime) -> Stint:
    hers = [one for one in shifts if one.staff_id == who and one.span[0] <= start < one.span[1]]
    by_level = {level: on_call(shifts, level, start) for level in _LEVELS}
    first = min(hers, key=lambda one: (who not in by_level[one.level], not one.override, one.level, one.id))
    return Stint(who, first.id, first.zone, start, end)


def due(stint: Stint, now: datetime, looked: datetime | None) -> Due | None:
    """Return the reminder of a time on call that is to go out by now, sent or not; None where none is.

    `looked` is when it was last asked: what was due before, and is found only now, is late by our fault.
    """
    if now >= stint.ends:
        return None
    kind: Kind = "hour" if now >= stint.starts - AHEAD["hour"] else "day"
    if now < stint.starts - AHEAD[kind] or (kind == "day" and is_quiet(now, stint.zone)):
        return None
    moment = stint.starts - AHEAD[kind]
    if kind == "day":
        moment = after_quiet(moment, stint.zone)
    late = looked is not None and looked < moment and now - moment > PATIENCE
    return Due(stint, kind, late, now >= stint.starts)


def is_silent(stint: Stint, now: datetime, first_sent: datetime) -> bool:
    """Whether it is time to tell the coordinators that she has not said she is ready."""
    return stint.starts - SILENCE <= now < stint.ends and now >= first_sent + FAIR


def is_quiet(now: datetime, zone: str) -> bool:
    """Whether quiet hours hold at a moment, by the clock of a zone."""
    wall = now.astimezone(ZoneInfo(zone)).time()
    return wall >= QUIET_FROM or wall < QUIET_UNTIL


def after_quiet(moment: datetime, zone: str) -> datetime:
    """Return a moment, or the end of the quiet hours that it lies in."""
    if not is_quiet(moment, zone):
        return moment
    wall = moment.astimezone(ZoneInfo(zone))
    day = wall.date() if wall.time() < QUIET_UNTIL else wall.date() + timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, ZoneInfo(zone)).astimezone(moment.tzinfo)


def is_daytime(now: datetime, zone: str, begins: time) -> bool:
    """Whether it is after an hour of the day, and not yet night."""
    return now.astimezone(ZoneInfo(zone)).time() >= begins and not is_quiet(now, zone)
