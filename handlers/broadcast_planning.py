"""Plans a run: lists its recipients piece by piece, each with the moment at which she may be written to.

It never sends, and it holds the writer for no longer than a few milliseconds: what is read is read beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flows.broadcast_times import EARLIEST, Timetable
from handlers.broadcast_acts import UNDOABLE
from handlers.draw import World
from storage import recipients, runs, subscribers
from storage.recipients import Listed
from storage.runs import Run
from storage.store import Store
from storage.unit import Unit

PIECE: Final = 500
"""Subscribers that are looked at for one transaction."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one look found: who is to get it, and up to which subscriber it looked (None: to the last)."""

    listed: tuple[Listed, ...]
    to: int | None


def opens_at(run: Run, world: World) -> datetime:
    """Before this nothing of a run leaves. On the readers' clocks its hour strikes earlier in the east of Aden."""
    if not run.frozen.reader_clock:
        return run.starts_at
    undo = run.made_at if run.kind in UNDOABLE else run.made_at + world.rules.broadcasts.undo
    return max(undo, run.starts_at - EARLIEST)


def timetable(run: Run, world: World) -> Timetable:
    """When its readers may be written to."""
    return Timetable(run.frozen, run.starts_at, run.ends_at, world.rules.broadcasts, opens_at(run, world))


async def plan(store: Store, run: Run, world: World) -> None:
    """List all recipients of a run, from where its list ends. Stopped or killed half way, it is gone on with later."""
    hours, at = timetable(run, world), run.planned_to
    while at is not None:
        piece = await store.read(look, run, at, hours)
        if not await store.write(keep, run.id, at, piece):
            return
        at = piece.to


def look(unit: Unit, run: Run, after: int, hours: Timetable) -> Piece:
    """Look at the next subscribers."""
    found = list(subscribers.joined_by(unit, after, run.made_at, PIECE))
    wanted = (one for one in found if run.frozen.audience.has(one.facts.subscription, one.channel, one.facts.leader))
    listed = []
    for one in wanted:
        moment = hours.moment(one.facts.subscription, one.last_at)
        listed.append(Listed(one.id, one.channel, moment.at or run.ends_at, moment.why))
    return Piece(tuple(listed), found[-1].id if len(found) == PIECE else None)


def keep(unit: Unit, run: int, after: int, piece: Piece) -> bool:
    """Write down what was found. False where the run was held or ended meanwhile, or somebody else has planned it."""
    if not runs.planned(unit, run, after, piece.to):
        return False
    recipients.add(unit, run, piece.listed)
    if piece.to is None:
        runs.move(unit, run, "waiting")
    return True
