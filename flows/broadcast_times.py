"""Finds when each reader of a broadcast may be written to: on her clock, in her hours, at her spacing, never in quiet.

It reads no clock and no list: whoever plans hands over one subscription after the other.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.broadcast import HOME, HOURS, BroadcastRules, Frozen, Moment, is_quiet
from flows.public import Hours, Subscription

EARLIEST: Final = timedelta(hours=11)
"""So long before Aden the same hour strikes where the day begins first."""


@dataclass(slots=True)
class Timetable:
    """When each reader of one run may be written to. It remembers what it found: most readers share their hours."""

    frozen: Frozen
    starts_at: datetime
    ends_at: datetime
    rules: BroadcastRules
    not_before: datetime | None = None
    """Before this (the undo window's end) nobody is written to, though the hour strikes earlier on her clock."""
    _found: dict[tuple[Hours, str, datetime], datetime | None] = field(default_factory=dict)

    def moment(self, subscription: Subscription, last_at: datetime | None, now: datetime | None = None) -> Moment:
        """Her moment: at the earliest that fits her clock, her hours and her spacing, and not before `now`."""
        zone = _zone(subscription.zone)
        floors = [floor for floor in (self.not_before, now) if floor is not None]
        begins = max([self._begins(zone), *floors])
        spaced = begins
        if self.frozen.spaced and last_at is not None:
            spaced = max(begins, last_at + timedelta(days=subscription.spacing))
        if at := self._first(subscription.hours, zone, spaced):
            return Moment(at)
        was_spaced = spaced > begins and self._first(subscription.hours, zone, begins) is not None
        return Moment(None, "spacing" if was_spaced else "hours")

    def _begins(self, zone: ZoneInfo) -> datetime:
        if not self.frozen.reader_clock:
            return self.starts_at
        return self.starts_at.astimezone(_zone(HOME)).replace(tzinfo=zone).astimezone(UTC)

    def _first(self, hours: Hours, zone: ZoneInfo, earliest: datetime) -> datetime | None:
        key = (hours, zone.key, earliest)
        if key not in self._found:
            self._found[key] = _first_fitting(hours, zone, earliest, self.ends_at, self.rules)
        return self._found[key]


def on_her_clock(at: datetime, subscription: Subscription) -> datetime:
    """A moment as her clock shows it."""
    return at.astimezone(_zone(subscription.zone))


def fits(at: datetime, hours: Hours, rules: BroadcastRules) -> bool:
    """Whether a moment of her own clock (`at` in her zone) lies in her hours and in no quiet span."""
    begins, ends = HOURS[hours]
    return begins <= at.time() < ends and not is_quiet(at, rules)


def _first_fitting(
    hours: Hours, zone: ZoneInfo, earliest: datetime, ends_at: datetime, rules: BroadcastRules
) -> datetime | None:
    """The first moment that fits: the earliest itself, else where her hours begin or a quiet span ends."""
    if earliest > ends_at:
        return None
    if fits(earliest.astimezone(zone), hours, rules):
        return earliest
    begins = _begins_of(hours, rules)
    day, last = earliest.astimezone(zone).date(), ends_at.astimezone(zone).date()
    while day <= last:
        moments = {
            datetime.combine(day, begin, zone).replace(fold=fold).astimezone(UTC) for begin in begins for fold in (0, 1)
        }
        for at in sorted(moments):  # where clocks are put back, an hour strikes twice
            if earliest <= at <= ends_at and fits(at.astimezone(zone), hours, rules):
                return at
        day += timedelta(days=1)
    return None


def _begins_of(hours: Hours, rules: BroadcastRules) -> frozenset[time]:
    spans = (*rules.quiet, *rules.friday, *rules.ramadan)
    return frozenset((time(0), HOURS[hours][0], *(span.ends for span in spans)))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    """Her zone; Aden's where the name is none that this machine knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(HOME)
