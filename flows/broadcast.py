"""Says what a broadcast is made of, for whom, and when each reader may be written to; the plan, not the sending.

It never reads a clock or a list: whoever plans hands over one subscriber after the other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.public import Hours, Subscription, Topic
from flows.pushed import base36
from messages.text import Language

RunState = Literal["planning", "waiting", "sending", "paused", "done", "cancelled"]
"""planning: recipients are being listed · waiting: the undo window, or the hour set for it · the rest as said."""
RecipientState = Literal[
    "pending", "queued", "sent", "delivered", "read", "failed", "unsubscribed", "skipped", "cancelled", "doubt"
]
"""queued: a letter is in the outbox · skipped: her hours, spacing or hidden chat left no moment for it (`why`)."""
ENDED: Final = frozenset(("done", "cancelled"))
HOURS: Final[Mapping[Hours, tuple[time, time]]] = {
    "any": (time(0), time.max),
    "morning": (time(7), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(21)),
}


@dataclass(frozen=True, slots=True)
class Quiet:
    """A span of the day in which nothing is sent; where it ends before it begins it goes over midnight."""

    begins: time
    ends: time

    def holds(self, at: time) -> bool:
        """Whether a moment of the day lies in it."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class BroadcastRules:
    """What of the megaphone is the association's to set. Source: broadcasts.toml, which explains each."""

    quiet: tuple[Quiet, ...]
    friday: tuple[Quiet, ...]
    ramadan: tuple[Quiet, ...]
    ramadans: tuple[tuple[date, date], ...]
    undo: timedelta
    per_minute: int
    tip_stays: timedelta
    stale: timedelta
    smallest: int
    fewest_on_call: int
    lesson_days: frozenset[int]
    """0 is Monday."""
    lesson_nudges: int
    nudge_after: timedelta
    pass_mark: int
    quiz: int
    portfolio: int
    cost: Mapping[str, int]
    """By category of template: hundredths of a US cent for one."""
    names: tuple[str, ...]
    """Personal names that no broadcast may hold."""
    recipients_kept: timedelta
    questions_kept: timedelta


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets it. Empty means all of that kind. `leaders`: only leaders of these kinds, and nobody else."""

    topic: Topic | Literal[""] = ""
    languages: tuple[Language, ...] = ()
    areas: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()

    def has(self, subscription: Subscription, channel: str, leader: str) -> bool:
        """Whether this subscriber is in it. Leaders get what is meant for leaders, and nothing else unasked."""
        if self.leaders:
            return leader in self.leaders and self._fits(subscription, channel)
        if not self.topic or self.topic not in subscription.topics:
            return False
        wanted = not self.tracks or not subscription.tracks or bool(set(self.tracks) & set(subscription.tracks))
        return wanted and self._fits(subscription, channel)

    def _fits(self, subscription: Subscription, channel: str) -> bool:
        return (
            (not self.languages or subscription.language in self.languages)
            and (not self.areas or subscription.area in self.areas)
            and (not self.channels or channel in self.channels)
        )


@dataclass(frozen=True, slots=True)
class Frozen:
    """What goes out, as it was approved: nothing of it changes any more."""

    name: str
    texts: Mapping[Language, str]
    audience: Audience
    buttons: tuple[str, ...] = ()
    """Ways of `flows.pushed.WAYS`."""
    media: int = 0
    """Number of a row of `media`; 0 for none."""
    sids: Mapping[Language, str] = field(default_factory=dict)
    """Content templates for WhatsApp outside the window, by language."""
    blanks: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    """What fills their variables."""
    category: str = "utility"
    about: int = 0
    """What the buttons are about: a poll's number."""
    spaced: bool = True
    """It keeps the spacing that each reader chose."""
    reader_clock: bool = False
    """`starts_at` is meant on each reader's own clock, not on Aden's."""
    per_minute: int = 0
    """Letters a minute at most; 0 leaves it to the rules."""
    full: bool = False
    """The full version of its media, not the light one."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a reader may be written to: `at`, or None with the reason: hours, spacing."""

    at: datetime | None
    why: str = ""


def is_quiet(at: datetime, rules: BroadcastRules) -> bool:
    """Whether nobody is written to at this moment of her own clock (`at` in her zone)."""
    spans = list(rules.quiet)
    if at.weekday() == 4:  # noqa: PLR2004 - Friday, as datetime counts
        spans += rules.friday
    if any(first <= at.date() <= last for first, last in rules.ramadans):
        spans += rules.ramadan
    return any(span.holds(at.time()) for span in spans)


_KEY: Final = re.compile(r"cast:([0-9a-z]{1,13}):([0-9a-z]{1,13})")
WINDOW: Final = timedelta(hours=24) - timedelta(minutes=5)
"""How long after her last message WhatsApp takes free words; the rest is for clocks and queues (channels)."""


def letter_key(run: int, subscriber: int) -> str:
    """The key of the letter that a run has for a subscriber: there is one."""
    return f"cast:{base36(run)}:{base36(subscriber)}"


def read_key(key: str) -> tuple[int, int] | None:
    """The run and the subscriber that a letter's key names; None for every other letter."""
    found = _KEY.fullmatch(key)
    return (int(found[1], 36), int(found[2], 36)) if found else None


HOME: Final = "Asia/Aden"
"""On whose clock `starts_at` is meant where it is each reader's own."""
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


def moment_for(
    subscription: Subscription,
    last_at: datetime | None,
    frozen: Frozen,
    starts_at: datetime,
    ends_at: datetime,
    rules: BroadcastRules,
) -> Moment:
    """When a reader may be written to: on her clock, in her hours, never in a quiet span, never within her spacing.

    `last_at` is when she was last sent something that keeps her spacing. Past `ends_at` there is no moment. All
    datetimes are aware.
    """
    return Timetable(frozen, starts_at, ends_at, rules).moment(subscription, last_at)


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
