"""Decides whether and when the team may write to her: only in the way and in the hours that she marked safe.

It never sends, and where she has said nothing it takes the narrower reading.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal

from flows.dates import YEMEN

WINDOWS: Final = {
    "any": (time(0), time.max),
    "morning": (time(7), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(21)),
    "night": (time(21), time.max),
}
"""Her safe hours by their code (flows.report_script.HOURS), wall clock in Yemen. A PROPOSAL, as the ladder's times."""
BY_DAY: Final = (time(8), time(20))
"""Where she has not said when, or said it in words that only people read."""
TALKING: Final = timedelta(minutes=15)
"""So long after her last word she is talking with us now."""
_SOON: Final = timedelta(seconds=1)
AWAITED: Final = timedelta(hours=24)
"""So long after her last word she who is in danger waits for an answer here, though no way was asked."""

Why = Literal["hours", "reach", "quiet", "locked", "silent", "do_not", "withdrawn", "gone"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is known of how and when she may be reached."""

    reach: str
    """The code of her answer; empty where she has not said."""
    hours: str
    urgent: bool
    """Her case is critical or high."""
    quiet: bool = False
    """It wasn't safe to talk when she wrote last."""
    withdrawn: bool = False
    gone: bool = False
    """She blocked us, or her address is forgotten."""
    heard_at: datetime | None = None
    """When she last wrote to us."""
    locked: bool = False
    """The chat is hidden until her word is heard, or shows nothing as old as this case."""
    silent: bool = False
    """Nothing about this case may ever be seen in her chat."""
    hid_at: datetime | None = None
    """When she hid the chat, perhaps because somebody came; None where she has written since."""

    def talks(self, now: datetime) -> bool:
        """Whether she is talking with us now."""
        return self._heard_within(TALKING, now)

    def waits_here(self, now: datetime) -> bool:
        """Whether this chat is the way to reach her."""
        return self.reach == "here" or (not self.reach and self.urgent and self._heard_within(AWAITED, now))

    def just_hid(self, now: datetime) -> bool:
        """Whether somebody may still stand beside her."""
        return self.hid_at is not None and now - self.hid_at <= TALKING

    def _heard_within(self, span: timedelta, now: datetime) -> bool:
        return self.heard_at is not None and now - self.heard_at <= span


@dataclass(frozen=True, slots=True)
class Go:
    """She may be written to now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now. `until` is None where only a word of hers opens the way."""

    why: Why
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Never:
    """Not at all."""

    why: Why


Verdict = Go | Wait | Never


def may_write(wishes: Wishes, now: datetime) -> Verdict:
    """Decide on a message from the desk."""
    if wishes.gone:
        return Never("gone")
    if wishes.withdrawn:
        return Never("withdrawn")
    if wishes.reach == "do_not":
        return Never("do_not")
    if wishes.silent:
        return Never("silent")
    if wishes.locked:
        return Wait("locked")
    if wishes.quiet:
        return Wait("quiet")
    if wishes.hid_at is not None and wishes.just_hid(now):
        return Wait("hours", wishes.hid_at + TALKING + _SOON)
    if wishes.talks(now):
        return Go()
    if not wishes.waits_here(now):
        return Wait("reach")
    hours = wishes.hours or ("any" if wishes.urgent else "")
    allowed = next_allowed(hours, now)
    return Go() if allowed <= now else Wait("hours", allowed)


def may_tell(wishes: Wishes, now: datetime) -> bool:
    """Decide on a line about where her case stands, which nobody would want later.

    While she is talking with us she always hears it; else only where she did not choose another way, in her hours.
    """
    if wishes.gone or wishes.silent or wishes.locked or wishes.quiet or wishes.just_hid(now):
        return False
    if wishes.talks(now):
        return True
    if wishes.withdrawn or wishes.reach not in {"", "here"}:
        return False
    return not wishes.hours or next_allowed(wishes.hours, now) <= now


def next_allowed(hours: str, now: datetime) -> datetime:
    """The first moment from now on that lies in her hours; now itself where it does."""
    starts, ends = WINDOWS.get(hours, BY_DAY)
    here = now.astimezone(YEMEN)
    if starts <= here.time() < ends:
        return now
    begins = datetime.combine(here.date(), starts, YEMEN)
    return begins if begins > here else begins + timedelta(days=1)
