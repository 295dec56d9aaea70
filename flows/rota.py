"""Decides who is on call at a moment, where the rota has gaps, and when working hours begin.

It never reads the clock: the moment is given, as an aware UTC time. Wall-clock times are read in the shift's own zone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `starts` to `ends` (aware UTC) the same people are on call at a level; nobody where `staff` is empty."""

    starts: datetime
    ends: datetime
    level: RotaLevel
    staff: tuple[int, ...]


def stretches(shifts: Iterable[Shift], level: RotaLevel, start: datetime, end: datetime) -> list[Stretch]:
    """Return the time from `start` to `end` (aware UTC) whole and in order, cut wherever those on call change."""
    spans = [(span, shift) for shift in shifts if shift.level == level and meets(span := shift.span, (start, end))]
    edges = sorted({start, end, *(edge for span, _ in spans for edge in span if start < edge < end)})
    found: list[Stretch] = []
    for a, b in pairwise(edges):
        present = _present(spans, a)
        if found and found[-1].staff == present:
            found[-1] = replace(found[-1], ends=b)
        else:
            found.append(Stretch(a, b, level, present))
    return found


def meets(one: Span, other: Span) -> bool:
    """Return whether two spans share a moment."""
    return one[0] < other[1] and other[0] < one[1]


def handed_over(shift: Shift, to: int, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return what stands for a shift when `to` takes it from `start` to `end` (aware UTC); new ones have the number 0.

    All of it: the shift itself, now hers. A part of an ordinary shift: the shift as it was, and an override for that
    part. A part of an override: cut at the edges, since nothing stands in for what stands in. ValueError where the two
    share no moment.
    """
    whole = shift.span
    if not meets(whole, (start, end)):
        raise ValueError("There is nothing of this shift to take.")
    start, end = max(start, whole[0]), min(end, whole[1])
    if (start, end) == whole:
        return (replace(shift, staff_id=to),)
    if not shift.override:
        part = Shift(0, to, shift.level, *_walls(shift, start, end), shift.zone, override=True, covers=shift.staff_id)
        return shift, part
    pieces = [(whole[0], start, shift.staff_id), (start, end, to), (end, whole[1], shift.staff_id)]
    real = [(a, b, who) for a, b, who in pieces if a < b]
    cut = [replace(_between(shift, a, b), id=0, staff_id=who) for a, b, who in real]
    return replace(cut[0], id=shift.id), *cut[1:]


def cut_short(shift: Shift, end: datetime) -> Shift:
    """Return a shift that has begun, ended at a moment (aware UTC): what was before stays as it was."""
    return _between(shift, shift.span[0], end)


def own_spans(shift: Shift, others: Iterable[Shift]) -> list[Span]:
    """Return when of a shift its own person really is on call, without the hours in which others stand in for her."""
    start, end = shift.span
    if shift.override:
        return [(start, end)]
    instead = [
        other.span
        for other in others
        if other.override and other.level == shift.level and other.covers in {None, shift.staff_id}
    ]
    left = [(start, end)]
    for a, b in instead:
        left = [
            part for one in left for part in ((one[0], min(one[1], a)), (max(one[0], b), one[1])) if part[0] < part[1]
        ]
    return left


def _between(shift: Shift, start: datetime, end: datetime) -> Shift:
    starts, ends = _walls(shift, start, end)
    return replace(shift, starts=starts, ends=ends)


def _walls(shift: Shift, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Two moments by the shift's clock; its own edges as they are written there, also in a missing hour."""
    zone, whole = ZoneInfo(shift.zone), shift.span
    starts, ends = (at.astimezone(zone).replace(tzinfo=None, fold=0) for at in (start, end))
    starts, ends = shift.starts if start == whole[0] else starts, shift.ends if end == whole[1] else ends
    return (starts, ends) if starts < ends else (starts, starts + (end - start))


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
