"""What an alarm remembers, what may happen to it, and what it may want done.

Values only, which outlive a restart as JSON: `flows.climbing` decides, `handlers.alarms` acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from flows.ladder import Ladder, Level, WorkingHours
from flows.paging import Call

Status = Literal["open", "taken", "contacted", "closed"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One case's alarm. `step` is the next to be climbed; behind the last one, the next round is waited for."""

    level: Level
    ladders: Mapping[Level, Ladder]
    hours: WorkingHours
    mechanism: str
    """Version of the rules it began with."""
    started_at: datetime
    due_at: datetime | None
    """When it acts next by itself: the next step, or the end of the time for contact. None where nothing is to do."""
    status: Status = "open"
    round: int = 1
    step: int = 0
    asked_at: int | None = None
    """The latest step of this round at which somebody was paged."""
    asked: tuple[int, ...] = ()
    """Who was paged there, can be reached, and has not passed."""
    paged: tuple[int, ...] = ()
    """Who was paged in this round and can be reached."""
    passed: tuple[int, ...] = ()
    """Who passed in this round."""
    staff: int | None = None
    """Who took it last."""
    taken_at: datetime | None = None
    told_at: datetime | None = None
    """When she was last told that we are still looking for somebody."""
    drill: bool = False
    """Nobody is in danger: it ends when somebody answers, or after one round."""

    @property
    def ladder(self) -> Ladder:
        """The ladder of its level, as it was when the alarm began."""
        return self.ladders[self.level]


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class TimePassed:
    """It may be due."""


@dataclass(frozen=True, slots=True)
class Raised:
    """More is known: it's at least this urgent. An alarm is never lowered by it."""

    level: Level


@dataclass(frozen=True, slots=True)
class Took:
    """A member of staff took the case."""

    staff: int


@dataclass(frozen=True, slots=True)
class Passed:
    """A member of staff who was paged said that she can't."""

    staff: int


@dataclass(frozen=True, slots=True)
class GaveBack:
    """Who took it can't go on."""

    staff: int


@dataclass(frozen=True, slots=True)
class MadeContact:
    """Who took it has spoken with her."""

    staff: int


@dataclass(frozen=True, slots=True)
class Unreached:
    """None of a step's pages can reach this person; `at_all` where none of the whole round can."""

    staff: int
    round: int
    step: int
    at_all: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """The case is over."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A person who works on the case found it less urgent."""

    level: Level


@dataclass(frozen=True, slots=True)
class LetGo:
    """Who took it does not have it any more: given back at the desk, taken off, or because she asked for another."""

    staff: int
    by_her: bool = False
    """She who reported asked for it, and hears of it where she asked."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A colleague has it from now on."""

    staff: int


@dataclass(frozen=True, slots=True)
class Reopened:
    """A closed case goes on, in the hands of this member."""

    staff: int


Event = (
    TimePassed
    | Raised
    | Took
    | Passed
    | GaveBack
    | MadeContact
    | Unreached
    | Closed
    | Lowered
    | LetGo
    | HandedOver
    | Reopened
)


# ---------------------------------------------------------------- effects

ToHer = Literal["calling_next", "nobody_yet", "again", "taken", "contacted"]
ToStaff = Literal["taken", "raised", "untaken"]
Logged = Literal[
    "empty", "nobody", "raised", "taken", "passed", "gave_back", "contacted", "untaken", "unreached", "closed",
    "lowered", "handed_over", "reopened",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageStep:
    """Page these people, once for each (round, step, person, channel); it was to be done `late` ago."""

    round: int
    step: int
    level: Level
    calls: tuple[Call, ...]
    late: timedelta


@dataclass(frozen=True, slots=True)
class StopPages:
    """Call back what has not gone out, and tell those who were paged, except `taker`, that it's taken or over."""

    taker: int | None


@dataclass(frozen=True, slots=True)
class TellHer:
    """Tell her honestly where it stands."""

    what: ToHer
    level: Level


@dataclass(frozen=True, slots=True)
class TellStaff:
    """Tell one member of staff."""

    staff: int
    what: ToStaff


@dataclass(frozen=True, slots=True)
class PutStatus:
    """The case is now waiting, taken, contacted or closed."""

    status: Literal["waiting", "taken", "contacted", "closed"]


@dataclass(frozen=True, slots=True)
class Log:
    """Write down what happened; `late` is its latency: after it was due, or after the alarm began."""

    what: Logged
    late: timedelta
    staff: int | None = None
    step: int | None = None


Effect = PageStep | StopPages | TellHer | TellStaff | PutStatus | Log


@dataclass(frozen=True, slots=True)
class Turned:
    """What one event led to."""

    alarm: Alarm
    effects: tuple[Effect, ...] = ()
