"""Decides who is on call at a moment, where the rota has gaps, and when working hours begin.

It never reads the clock: the moment is given, as an aware UTC time. Wall-clock times are read in the shift's own zone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from flows.rules import WorkingHours

RotaLevel = Literal["first", "substitute"]
Span = tuple[datetime, datetime]
"""From (included) to (excluded), aware UTC."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One person on call at one level, from `starts` (included) to `ends` (excluded): naive wall-clock times in `zone`.

    An `override` stands in for the shifts of `covers` (a staff id), or for everybody's at its level when `covers` is
    None, for its own hours only: before and after it, they are as they were. Raises ValueError for times with a zone,
    or an end that isn't after the start, and ZoneInfoNotFoundError for a zone that doesn't exist.
    """

    id: int
    staff_id: int
    level: RotaLevel
    starts: datetime
    ends: datetime
    zone: str
    override: bool = False
    covers: int | None = None

    def __post_init__(self) -> None:
        """Refuse what could never be on call."""
        if self.starts.tzinfo or self.ends.tzinfo:
            raise ValueError("A shift's times are wall-clock times: leave the zone out, and give it beside them.")
        if self.ends <= self.starts:
            raise ValueError("A shift must end after it starts.")
        ZoneInfo(self.zone)

    @property
    def span(self) -> Span:
        """When it really is.

        Where the clock goes back, an hour comes twice: a start means the first, an end the second. Where it goes
        forward, an hour is missing: a start in it means as early, an end as late as it can be read. So a shift is never
        shorter than any reading of it, neighbours overlap rather than leave a gap, and nobody is off by mistake.
        """
        return min(self._readings(self.starts)), max(self._readings(self.ends))

    def _readings(self, wall: datetime) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.zone)
        first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        return first, second


def on_call(shifts: Iterable[Shift], level: RotaLevel, now: datetime) -> tuple[int, ...]:
    """Return the staff on call at `now` (aware UTC), each once, who began earliest first."""
    return _present([(shift.span, shift) for shift in shifts if shift.level == level], now)


def everybody(shifts: Iterable[Shift], now: datetime) -> tuple[int, ...]:
    """Return the staff on call at any level, first ones first, each once."""
    listed = tuple(shifts)
    return tuple(dict.fromkeys((*on_call(listed, "first", now), *on_call(listed, "substitute", now))))


def gaps(shifts: Iterable[Shift], level: RotaLevel, start: datetime, end: datetime) -> list[Span]:
    """Return the spans between `start` and `end` (aware UTC) in which nobody is on call at the level."""
    spans = [(shift.span, shift) for shift in shifts if shift.level == level]
    edges = sorted({start, end, *(edge for span, _ in spans for edge in span if start < edge < end)})
    empty = ((a, b) for a, b in pairwise(edges) if not _present(spans, a))
    return list(_joined(empty))


def working_moment(hours: WorkingHours, now: datetime) -> datetime:
    """Return `now` when it lies in working hours, else the moment they begin next (aware UTC)."""
    zone = ZoneInfo(hours.zone)
    for days in range(8):
        day = now.astimezone(zone).date() + timedelta(days=days)
        opens, closes = (datetime.combine(day, at, zone).astimezone(UTC) for at in (hours.starts, hours.ends))
        if day.weekday() in hours.days and now < closes:
            return max(now, opens)
    raise ValueError("Working hours name no day, so they never begin.")


def _present(spans: Iterable[tuple[Span, Shift]], now: datetime) -> tuple[int, ...]:
    active = sorted(((s, shift) for s, shift in spans if s[0] <= now < s[1]), key=lambda pair: (pair[0], pair[1].id))
    covered = {shift.covers for _, shift in active if shift.override}
    stays = (s for _, s in active if s.override or not (None in covered or s.staff_id in covered))
    return tuple(dict.fromkeys(shift.staff_id for shift in stays))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans with those that touch made one."""
    held: Span | None = None
    for span in spans:
        if held and held[1] == span[0]:
            held = (held[0], span[1])
            continue
        if held:
            yield held
        held = span
    if held:
        yield held
