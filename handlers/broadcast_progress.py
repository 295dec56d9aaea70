"""Tells how far a run has come: counts, rate, when it is expected to end, why letters failed, and who is in doubt.

It never says who was sent what: a letter in doubt is named by its subscriber's number, which says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, get_args

from flows.broadcast import RecipientState, RunState
from flows.pushed import base36
from handlers.draw import World
from storage import recipients, run_figures, runs
from storage.runs import Run
from storage.unit import Unit

STATES: Final[tuple[RecipientState, ...]] = get_args(RecipientState)
_LATELY: Final = timedelta(minutes=1)
_WITH_REASON: Final = frozenset(("failed", "skipped", "unsubscribed", "pending"))
_TAPS: Final = "tapped"
WHOLE: Final = "all"
"""Under which name it is kept how many recipients a run had."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    run: int
    name: str
    kind: str
    state: RunState
    why: str
    """Why it stands still by itself, or what is to be known of it: media, template; else empty."""
    made_at: datetime
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    total: int
    """How many are to get it; while it is planning, how many are listed."""
    counts: Mapping[RecipientState, int]
    """By state; states that nobody is in are left out. Telegram tells nothing after it took a letter: delivered."""
    channels: Mapping[str, Mapping[RecipientState, int]]
    reasons: Mapping[str, int]
    """Why letters failed, were skipped, ended with her leaving, or wait longer."""
    taps: int
    rate: float = 0.0
    """Letters that left in the last minute."""
    expected_end: datetime | None = None
    """When the last is expected to leave, at the pace it has; None where nobody can tell."""
    by_hour: tuple[tuple[datetime, int], ...] = ()
    """How many left in each hour (UTC) that had any."""
    in_doubt: tuple[int, ...] = ()
    """Numbers of subscribers of whom nobody knows whether their letter arrived: up to a hundred."""
    forgotten: bool = False
    """Its recipients are deleted after their time; only counts are left."""

    @property
    def left(self) -> int:
        """How many are still to be sent it."""
        return self.counts.get("pending", 0) + self.counts.get("queued", 0)


def progress(unit: Unit, run: int, world: World) -> Progress | None:
    """How far a run is; None where there is none. To be read beside the writer: a big run takes some 50 ms."""
    found = runs.get(unit, run)
    if found is None:
        return None
    rows = run_figures.counts(unit, run)
    if not rows and found.ended_at is not None:
        return _kept(unit, found)
    states: Counter[RecipientState] = Counter()
    channels: dict[str, Counter[RecipientState]] = {}
    reasons: Counter[str] = Counter()
    for channel, state, why, count, _taps in rows:
        states[state] += count
        channels.setdefault(channel, Counter())[state] += count
        if why and state in _WITH_REASON:
            reasons[why] += count
    lately = run_figures.left_since(unit, run, world.now - _LATELY)
    return Progress(
        *_head(found), sum(states.values()), states, channels, reasons, sum(row[4] for row in rows), float(lately),
        _expected(unit, found, states, lately, world), tuple(run_figures.by_hour(unit, run)),
        tuple(recipients.in_doubt(unit, run)),
    )  # fmt: skip


def _head(run: Run) -> tuple[int, str, str, RunState, str, datetime, datetime, datetime, datetime | None]:
    return (
        run.id, run.frozen.name, run.kind, run.state, run.why, run.made_at, run.starts_at, run.ends_at, run.ended_at,
    )  # fmt: skip


def _expected(unit: Unit, run: Run, states: Mapping[RecipientState, int], lately: int, world: World) -> datetime | None:
    """At the pace of the last minute, or the one that is allowed, but not before the last is due."""
    waiting = states.get("pending", 0) + states.get("queued", 0)
    if run.state not in {"waiting", "sending"} or not waiting:
        return None
    pace = lately or run.frozen.per_minute or world.rules.broadcasts.per_minute
    begins = max(world.now, run.starts_at)
    last = recipients.last_due(unit, run.id)
    return min(run.ends_at, max(begins + timedelta(minutes=waiting / pace), last or begins))


def keep(unit: Unit, run: Run, now: datetime) -> None:
    """Keep a run's counts in the figures, to outlive its recipients."""
    rows = run_figures.counts(unit, run.id)
    by = Counter[str]({WHOLE: sum(row[3] for row in rows)})
    for _channel, state, _why, count, taps in rows:
        by[state] += count
        by[_TAPS] += taps
    run_figures.keep(unit, base36(run.id), f"{(run.ended_at or now):%Y-%m}", by)


def _kept(unit: Unit, run: Run) -> Progress:
    found = run_figures.kept(unit, base36(run.id), (*STATES, _TAPS))
    taps = found.pop(_TAPS, 0)
    states = {state: found[state] for state in STATES if state in found}
    return Progress(*_head(run), sum(states.values()), states, {}, {}, taps, forgotten=True)
