"""Reports a run: what became of its letters, and what followed it, as sums; nobody can be told from them.

It never joins anything by person. Of cases it gives one number for three days, rounded up, and nothing below five.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flows.broadcast import RecipientState
from handlers.draw import World
from storage import half_days, run_readers
from storage.run_readers import Row
from storage.unit import Unit

SPAN: Final = timedelta(hours=72)
"""What follows a run is counted so long, and what came before it just as long."""
ARRIVED: Final[frozenset[RecipientState]] = frozenset(("sent", "delivered", "read"))
_ROUND: Final = 5
_HALVES: Final = SPAN // half_days.HALF
_STEPS: Final = (60_000, 300_000, 900_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000)
"""Milliseconds: a minute, five, a quarter of an hour, an hour, six, a day."""
_MOST_STEPS: Final = 120


@dataclass(frozen=True, slots=True)
class Sum:
    """A count that may be shown: `about` is rounded up to the next five; None says fewer than may be told."""

    about: int | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What came in the three days from a run's first letter on. Whole halves of days, on the association's clock."""

    since: datetime
    until: datetime
    subscribed: Sum
    left: Sum
    cases: Sum
    cases_before: Sum
    """In the three days before `since`."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run brought. `followed` is None until its three days are over."""

    grew: tuple[tuple[datetime, int], ...]
    """Letters that left, by the moment at which a step of time began."""
    until: datetime | None
    """When the last of these steps ends."""
    languages: Mapping[str, Mapping[RecipientState, int]]
    """By language, "" for those who have left since."""
    ready_at: datetime | None
    """When its three days are over; None where nothing was sent."""
    followed: Followed | None


def rounded(count: int, smallest: int) -> Sum:
    """A count as it may be shown: nothing below the smallest, not even that it is none; else the next five above."""
    return Sum(None if count < smallest else -(-count // _ROUND) * _ROUND)


def report(unit: Unit, run: int, world: World) -> Report:
    """What a run brought. To be read beside the writer."""
    span = run_readers.span(unit, run)
    if span is None:
        return Report((), None, _by_language(unit, run), None, None)
    first, last = span
    since = half_days.begin(first, world.zone)
    step = _step(first, last)
    grew = run_readers.left_by(unit, run, step)
    until = grew[-1][0] + timedelta(milliseconds=step)
    ready_at = since + SPAN
    followed = _followed(unit, since, world) if ready_at <= world.now else None
    return Report(tuple(grew), until, _by_language(unit, run), ready_at, followed)


def _step(first: datetime, last: datetime) -> int:
    """The finest step by which a line has few enough corners."""
    span = (last - first) // timedelta(milliseconds=1)
    return next((step for step in _STEPS if span // step <= _MOST_STEPS), _STEPS[-1])


def _followed(unit: Unit, since: datetime, world: World) -> Followed:
    smallest, until = world.rules.broadcasts.smallest, since + SPAN
    return Followed(
        since,
        until,
        subscribed=rounded(half_days.between(unit, half_days.JOINED, since, _HALVES), smallest),
        left=rounded(half_days.between(unit, half_days.LEFT, since, _HALVES), smallest),
        cases=rounded(run_readers.opened(unit, since, until), smallest),
        cases_before=rounded(run_readers.opened(unit, since - SPAN, since), smallest),
    )


def _by_language(unit: Unit, run: int) -> Mapping[str, Mapping[RecipientState, int]]:
    spoken = run_readers.languages(unit, run)
    found: dict[str, Counter[RecipientState]] = {}
    for row in run_readers.rows(unit, run):
        found.setdefault(spoken.get(row.subscriber, ""), Counter())[row.state] += 1
    return found


def places(unit: Unit, run: int) -> Mapping[int, int]:
    """Each recipient's running number in this run: by a secret order that is another in every run.

    So number 17 here is not number 17 there, and nobody can follow one reader from one run to the next.
    """
    return _ordered(unit, run, run_readers.numbers(unit, run))


def _ordered(unit: Unit, run: int, numbers: Sequence[int]) -> Mapping[int, int]:
    ordered = sorted(numbers, key=lambda number: unit.vault.index(f"place:{run}:{number}"))
    return {number: place for place, number in enumerate(ordered, 1)}


def letters(unit: Unit, run: int) -> list[tuple[int, Row]]:
    """What became of each letter, by running number."""
    rows = run_readers.rows(unit, run)
    known = _ordered(unit, run, [row.subscriber for row in rows])
    return sorted((known[row.subscriber], row) for row in rows)


def uncertain(unit: Unit, run: int) -> list[tuple[int, str, datetime | None]]:
    """Letters of which nobody knows whether they arrived: running number, channel, when it left."""
    found = run_readers.in_doubt(unit, run)
    if not found:
        return []
    known = places(unit, run)
    return sorted((known[number], channel, at) for number, channel, at in found)


def subscriber_at(unit: Unit, run: int, place: int) -> int | None:
    """Whose running number this is."""
    return next((number for number, known in places(unit, run).items() if known == place), None)
