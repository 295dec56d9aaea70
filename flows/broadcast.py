"""Says what a broadcast is made of, for whom, and when each reader may be written to; the plan, not the sending.

It never reads a clock or a list: whoever plans hands over one subscriber after the other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from flows.public import Hours, Subscription, Topic
from flows.pushed import base36
from messages.text import Language

RunState = Literal["planning", "waiting", "sending", "paused", "done", "cancelled"]
"""planning: recipients are being listed · waiting: the undo window, or the hour set for it · the rest as said."""
RecipientState = Literal[
    "pending", "queued", "sent", "delivered", "read", "failed", "unsubscribed", "skipped", "cancelled", "doubt"
]
"""queued: a letter is in the outbox · skipped: her hours, spacing or hidden chat left no moment for it (`why`)."""
HOME: Final = "Asia/Aden"
"""On whose clock `starts_at` is meant where it is each reader's own."""
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
