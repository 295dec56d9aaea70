"""Turns counts into the shapes of a plot: bars with their shares, and a line as an SVG path. It never draws words.

What a plot says stands beside it as words and numbers: nobody needs to see it, and nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Final, TypeVar

Name = TypeVar("Name", bound=str)
WIDTH: Final = 600
"""Of a line's field, in units of its own; the page scales it."""
HEIGHT: Final = 160
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, or one piece of a bar: its name, its count, where it begins and how long it is, in hundredths."""

    name: str
    count: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line that rises: the path of its edge, the area below it, and what its axes are labelled with."""

    edge: str
    area: str
    top: int
    """The count at the upper edge: round, and not below the highest."""
    first: datetime
    last: datetime


def stacked(counts: Mapping[Name, int], order: Sequence[Name]) -> tuple[Bar, ...]:
    """One bar of several pieces: each begins where the one before it ends. Pieces without a count are left out."""
    total = sum(counts.get(name, 0) for name in order)
    found = [(name, counts[name]) for name in order if counts.get(name)]
    ends = [0.0, *accumulate(100 * count / total for _, count in found)]
    return tuple(
        Bar(name, count, round(start, 2), round(end - start, 2))
        for (name, count), (start, end) in zip(found, pairwise(ends), strict=True)
    )


def bars(counts: Mapping[Name, int]) -> tuple[Bar, ...]:
    """A bar for each, the longest first; the longest is whole."""
    longest = max(counts.values(), default=0)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Bar(name, count, 0, round(100 * count / longest, 2)) for name, count in ordered if count)


def line(series: Sequence[tuple[datetime, int]], until: datetime) -> Line | None:
    """How a sum grew: each moment with what was added in the span that begins there; `until` ends the last span.

    None where nothing was ever added.
    """
    added = sorted(one for one in series if one[1])
    if not added:
        return None
    first, last = added[0][0], max(until, added[-1][0])
    sums = list(accumulate(count for _, count in added))
    moments = [at for at, _ in added[1:]] + [last]
    top = _round_above(sums[-1])
    points = [(0.0, float(HEIGHT))] + [
        (_across(at, first, last), HEIGHT - HEIGHT * total / top) for at, total in zip(moments, sums, strict=True)
    ]
    edge = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return Line(edge, f"{edge} L{WIDTH} {HEIGHT} Z", top, first, last)


def _across(at: datetime, first: datetime, last: datetime) -> float:
    span = (last - first).total_seconds()
    return WIDTH if not span else WIDTH * (at - first).total_seconds() / span


def _round_above(count: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50, …: a number that is read at a glance."""
    tens = 1
    while True:
        for step in _STEPS:
            if step * tens >= count:
                return step * tens
        tens *= 10
