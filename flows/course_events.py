"""Holds what may happen to a course, what is to be done about it, and how she stood before and stands after.

It decides nothing: `flows.learning` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.broadcast import BroadcastRules
from flows.public import Learning
from messages.content import Lesson

# ---------------------------------------------------------------- events: what happened


@dataclass(frozen=True, slots=True)
class Opened:
    """She began a lesson."""

    lesson: str


@dataclass(frozen=True, slots=True)
class Answered:
    """She answered a lesson's question."""

    lesson: str
    right: bool


@dataclass(frozen=True, slots=True)
class Paused:
    """She wants a pause."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """She goes on."""


@dataclass(frozen=True, slots=True)
class HourSet:
    """She wants the lessons at another hour (0 to 23, on her own clock)."""

    hour: int


@dataclass(frozen=True, slots=True)
class Quizzed:
    """She answered a question of the last quiz."""

    right: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """She wants the certificate."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The letter that told her of a lesson may not be brought to her before she writes."""


@dataclass(frozen=True, slots=True)
class Missed:
    """The letter that was to tell her of a lesson could not go out at its moment: a hidden chat, a quiet hour."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """She wrote something."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The moment kept for it may have come. `busy`: she is in the middle of something else."""

    busy: bool = False


Event = Opened | Answered | Paused | Resumed | HourSet | Quizzed | Finished | HeldBack | Missed | Wrote | TimePassed


# ---------------------------------------------------------------- effects: what is to be done


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell her that a lesson is ready, in a letter of this number; `reminds` where she was told before."""

    letter: int
    reminds: bool


@dataclass(frozen=True, slots=True)
class CallBack:
    """What has not gone out of this letter is not sent any more."""

    letter: int


@dataclass(frozen=True, slots=True)
class Count:
    """One more of these, without her."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw which questions the last quiz asks."""


@dataclass(frozen=True, slots=True)
class Certify:
    """Give a certificate with this score (per cent)."""

    score: int


Effect = Tell | CallBack | Count | Draw | Certify


@dataclass(frozen=True, slots=True)
class Turned:
    """Where she stands now, when something is due by itself, and what is to be done."""

    learning: Learning
    next_at: datetime | None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class At:
    """What an event is judged by: how she stood, the moment, the course's lessons, and the rules."""

    learning: Learning
    next_at: datetime | None
    now: datetime
    course: tuple[Lesson, ...]
    rules: BroadcastRules
