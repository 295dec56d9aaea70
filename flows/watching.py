"""What a check-in remembers, what may happen to it, and what it may want done; and the association's times for it.

Values only, which outlive a restart as JSON: `flows.watch` decides, `handlers.check_ins` acts.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True)
class CheckInRules:
    """The times of check-ins. Source: check_ins.toml, which says what each means."""

    reminders: tuple[timedelta, ...]
    asks: tuple[timedelta, ...]
    least_grace: timedelta
    most_grace: timedelta
    soonest: timedelta
    latest: timedelta
    extensions: int
    wrong_words: int
    late: timedelta
    keep: timedelta
    mass_number: int
    mass_window: timedelta
    mass_hold: timedelta

    def faster(self, times: int) -> "CheckInRules":
        """Return the same with every wait divided, for the demo; how long things are kept, and how far ahead, stays."""
        return replace(
            self,
            reminders=tuple(one / times for one in self.reminders),
            asks=tuple(one / times for one in self.asks),
            least_grace=self.least_grace / times,
            most_grace=self.most_grace / times,
            soonest=self.soonest / times,
            mass_window=self.mass_window / times,
            mass_hold=self.mass_hold / times,
        )


State = Literal["armed", "asked", "overdue", "paused", "over"]
Why = Literal["missed", "wrong_word", "duress"]
Every = Literal["", "daily", "weekdays"]


@dataclass(frozen=True, slots=True)
class Watch:
    """One check-in. `next_at` is when it acts next by itself; None where it waits for a person."""

    rules: CheckInRules
    """Those it began with."""
    due_at: datetime
    grace: timedelta
    next_at: datetime | None
    every: str = ""
    anchor: datetime | None = None
    """When this round was due before she put it off: the next round keeps its hour. None: `due_at` itself."""
    state: State = "armed"
    step: int = 0
    """How many reminders and questions of this round are behind it."""
    round: int = 1
    extended: int = 0
    wrong: int = 0
    raised: Literal["", Why] = ""
    """Why its case was woken, if it was."""
    ended_at: datetime | None = None

    @property
    def silent(self) -> bool:
        """Its case was woken without a word about it in her chats: somebody else may hold her phone."""
        return self.raised in {"duress", "wrong_word"}


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class TimePassed:
    """It may be due."""


@dataclass(frozen=True, slots=True)
class Safe:
    """She says that she is safe, with her word."""


@dataclass(frozen=True, slots=True)
class Extended:
    """She puts it off by so many minutes, with her word."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    """She wants it no more, with her word."""


@dataclass(frozen=True, slots=True)
class Paused:
    """It is not to come again until she says so, with her word."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """It comes again."""


@dataclass(frozen=True, slots=True)
class WrongWord:
    """Where her word was asked for, somebody wrote another."""


@dataclass(frozen=True, slots=True)
class Duress:
    """She wrote the word that only looks like hers: what she seemed to do is seen to happen."""

    seeming: Safe | Extended | Cancelled | Paused | Resumed


Event = TimePassed | Safe | Extended | Cancelled | Paused | Resumed | WrongWord | Duress


# ---------------------------------------------------------------- effects


@dataclass(frozen=True, slots=True)
class Remind:
    """Tell her that its moment comes."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask her on all her chats whether she is well. It was to be done `late` ago."""

    late: timedelta


@dataclass(frozen=True, slots=True)
class Raise:
    """Wake its case, with her plan, as critical. At most once for each check-in. It was to be done `late` ago."""

    why: Why
    late: timedelta


@dataclass(frozen=True, slots=True)
class Note:
    """Its case is awake already: seal this into it, and tell whoever holds it."""

    what: Literal["says_safe", "missed", "wrong_word", "duress"]


@dataclass(frozen=True, slots=True)
class CallBack:
    """Questions and reminders of this moment that have not gone out are not sent any more."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class PutOff:
    """Seal into its case how often she has put it off; where `often`, tell the coordinators softly."""

    times: int
    often: bool


Effect = Remind | Ask | Raise | Note | CallBack | PutOff


@dataclass(frozen=True, slots=True)
class Turned:
    """What one event led to."""

    watch: Watch
    effects: tuple[Effect, ...] = ()
