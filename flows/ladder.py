"""Levels of urgency, and the ladder at each: who is paged when, until a person takes the case.

Values only: it neither pages nor knows what time it is (flows.alarm does, on these).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import Final, Literal, get_args

Level = Literal["critical", "high", "medium", "low"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
"""Most urgent first."""
Who = Literal["first", "substitute", "everybody", "coordinator", "national_desk"]
By = Literal["first_channel", "second_channel", "voice", "all_channels"]


def highest(levels: Collection[Level], floor: Level = "low") -> Level:
    """Return the most urgent of the levels, at least `floor`."""
    return min((*levels, floor), key=LEVELS.index)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder: `wait` after the step before, page `who` by `by`; `tell_her` that it goes on."""

    name: str
    wait: timedelta
    who: Who
    by: By
    tell_her: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """What happens at one level until a person takes the case.

    `again_after` the last step it begins again as the next round; None only where there are no steps. A case that was
    taken but shows no contact with her within `contact_within` is un-taken.
    """

    level: Level
    steps: tuple[Step, ...]
    again_after: timedelta | None
    contact_within: timedelta
    working_hours_only: bool

    def faster(self, times: int) -> "Ladder":
        """Return the same ladder with every wait divided, for the demo and for drills."""
        return replace(
            self,
            steps=tuple(replace(step, wait=step.wait / times) for step in self.steps),
            again_after=self.again_after and self.again_after / times,
            contact_within=self.contact_within / times,
        )


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When levels with `working_hours_only` page. `days` as in datetime.weekday (Monday is 0), wall-clock in `zone`."""

    days: frozenset[int]
    starts: time
    ends: time
    zone: str
