"""Gathers what the page of a run shows, and names a letter in doubt by its running number. It sends and holds nothing.

What may be done with a run is in `handlers.broadcasts`; no address and no subscriber's number leaves from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flows.broadcast import Frozen
from handlers import broadcasts, campaign_report
from handlers.broadcast_acts import RETRIABLE
from handlers.broadcast_planning import opens_at
from handlers.broadcasts import Progress
from handlers.draw import World
from storage import audit, run_readers, runs, staff
from storage.runs import Run
from storage.unit import Unit

BEFORE: Final = frozenset(("planning", "waiting", "paused"))
"""States in which it may be that no letter has left yet."""
NEWEST: Final = 12
"""Runs of the calendar that its page names."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A letter of which nobody knows whether it arrived."""

    number: int
    """Its running number in this run."""
    channel: str
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Running:
    """All that the page of a run shows."""

    progress: Progress
    frozen: Frozen
    campaign: int
    """0 for what the calendar sends."""
    wrote: str
    approved: str
    """Names of the two who made it what it is; empty where it was nobody, or somebody who is gone."""
    opens_at: datetime
    """Before this no letter leaves."""
    stopped: bool
    """All broadcasts are held."""
    retriable: int
    """Letters that failed and may be sent again."""
    few: bool
    """It has so few readers that a count of what they did would say what one of them did."""

    @property
    def is_before(self) -> bool:
        """Whether it can still be taken back whole."""
        return self.progress.state in BEFORE and not self.progress.by_hour


def look(unit: Unit, campaign: int, run: int, world: World) -> Running | None:
    """A run of a campaign; None where there is none."""
    found = runs.get(unit, run)
    if found is None or (found.campaign or 0) != campaign:
        return None
    progress = broadcasts.progress(unit, run, world)
    if progress is None:
        return None
    return Running(
        progress,
        found.frozen,
        campaign,
        _name(unit, found.made_by),
        _name(unit, found.approved_by),
        opens_at(found, world),
        broadcasts.is_stopped(unit),
        _retriable(progress, found, world.now),
        progress.total < world.rules.broadcasts.smallest,
    )


def doubts(unit: Unit, run: int) -> list[Doubt]:
    """Letters of which nobody knows whether they arrived. To be read beside the writer: it puts a run in its order."""
    return [Doubt(*one) for one in campaign_report.uncertain(unit, run)]


def _name(unit: Unit, number: int | None) -> str:
    member = None if number is None else staff.member(unit, number)
    return "" if member is None else member.name


def _retriable(progress: Progress, run: Run, now: datetime) -> int:
    if run.state == "cancelled" or run.ends_at <= now:
        return 0
    return min(progress.counts.get("failed", 0), sum(progress.reasons.get(code, 0) for code in RETRIABLE))


def is_of(unit: Unit, campaign: int, run: int) -> bool:
    """Whether a run is this campaign's."""
    found = runs.get(unit, run)
    return found is not None and (found.campaign or 0) == campaign


def take_back(unit: Unit, run: int, by: int, world: World) -> bool:
    """Cancel a run of which no letter has left. False where one has: then it is to be ended like any other."""
    found = runs.held(unit, run)
    if found is None or found.state not in BEFORE or run_readers.span(unit, run) is not None:
        return False
    return broadcasts.cancel(unit, run, by, world)


def exported(unit: Unit, run: int, by: int, world: World) -> None:
    """Somebody took a run's table out."""
    audit.record(unit, world.now, "run_exported", staff=by, target=run)


def of_calendar(unit: Unit, world: World) -> list[Progress]:
    """The newest runs of the calendar, the newest first."""
    found = [broadcasts.progress(unit, number, world) for number in run_readers.newest(unit, "tip", NEWEST)]
    return [one for one in found if one is not None]
