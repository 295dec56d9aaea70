"""Launches runs and holds them: pause, resume, cancel, all at once, send again what failed. Each is one transaction.

It never sends, and it never takes a letter for unsent that may be on its way.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from flows.broadcast import ENDED, Frozen, RunState, letter_key, read_key
from handlers.draw import World
from storage import audit, marks, outbox, recipients, runs, subscribers
from storage.runs import Run
from storage.unit import Unit

LASTS: Final = timedelta(days=14)
"""A run that was given no end waits so long for a reader's hours and spacing: twice the widest spacing there is."""
UNDOABLE: Final = frozenset(("tip",))
"""Kinds of runs without an undo window: a tip was looked at when its calendar was made."""
RETRIABLE: Final = ("gave_up", "0", "63017", "63018", "63019", "21655", "21656", "63027", "63028")
"""Why a letter failed that may arrive another time: the platform was away, or what was wrong with it can be mended."""
_STOPPED: Final = "broadcasts:stopped"


def launch(
    unit: Unit,
    frozen: Frozen,
    starts_at: datetime,
    world: World,
    *,
    kind: str = "campaign",
    campaign: int | None = None,
    made_by: int | None = None,
    approved_by: int | None = None,
    ends_at: datetime | None = None,
    undo: bool = True,
) -> int:
    """Send this from `starts_at` on, but not before the undo window is over (tips have none). Returns the run's number.

    `undo` is False where the approval was long ago: a campaign that comes again. Who is subscribed now gets it, and
    nobody else. Nothing leaves after `ends_at`.
    """
    if undo and kind not in UNDOABLE:
        starts_at = max(starts_at, world.now + world.rules.broadcasts.undo)
    ends_at = ends_at or starts_at + LASTS
    number = world.draw.number()
    runs.add(
        unit, Run(number, campaign, kind, "planning", frozen, starts_at, ends_at, 0, world.now, made_by, approved_by)
    )
    _note(unit, "run_launched", approved_by or made_by, number, world)
    return number


def pause(unit: Unit, run: int, staff: int | None, world: World, *, why: str = "") -> bool:
    """Hold a run: nothing of it leaves any more. False where it has ended, or is held already."""
    found = runs.held(unit, run)
    if found is None or found.state in ENDED or found.state == "paused":
        return False
    runs.move(unit, run, "paused", why=why)
    _call_back(unit, world, run)
    _note(unit, "run_paused", staff, run, world)
    return True


def resume(unit: Unit, run: int, staff: int | None, world: World) -> bool:
    """Let a held run go on where it was. Whoever was sent it is not sent it again. False where it isn't held."""
    found = runs.held(unit, run)
    if found is None or found.state != "paused":
        return False
    runs.move(unit, run, _goes_on(found))
    _note(unit, "run_resumed", staff, run, world)
    return True


def _goes_on(run: Run) -> RunState:
    """Whether it was listing its recipients, or waits: whoever feeds sees whether its moment has come."""
    return "waiting" if run.planned_to is None else "planning"


def cancel(unit: Unit, run: int, staff: int | None, world: World) -> bool:
    """End a run: whoever was not sent it never is. False where it has ended."""
    found = runs.held(unit, run)
    if found is None or found.state in ENDED:
        return False
    runs.move(unit, run, "cancelled")
    _call_back(unit, world, run)
    _note(unit, "run_cancelled", staff, run, world)
    return True


def stop_all(unit: Unit, staff: int | None, world: World) -> bool:
    """Hold everything of the lowest lane, lessons as well, at once. False where it was held already."""
    if is_stopped(unit):
        return False
    marks.put(unit, _STOPPED, str(staff or 0))
    _call_back(unit, world)
    _note(unit, "broadcasts_stopped", staff, None, world)
    return True


def allow_again(unit: Unit, staff: int, world: World) -> bool:
    """Let broadcasts go on. False where nothing is held, or where she herself stopped them: a second person decides."""
    by = stopped_by(unit)
    if by is None or by == staff:
        return False
    marks.drop(unit, _STOPPED)
    unit.wakes.update(("broadcasts", "letters"))
    _note(unit, "broadcasts_allowed", staff, None, world)
    return True


def is_stopped(unit: Unit) -> bool:
    """Whether all broadcasts are held."""
    return stopped_by(unit) is not None


def stopped_by(unit: Unit) -> int | None:
    """Who held all broadcasts: a number of staff, 0 for the program; None where they go out."""
    value = marks.get(unit, _STOPPED)
    return None if value is None else int(value)


def _call_back(unit: Unit, world: World, run: int | None = None) -> None:
    """Letters that wait in the outbox wait in their run again. Those claimed are asked for before they leave."""
    for number, key in outbox.waiting_in(unit, outbox.Lane.BROADCAST):
        named = read_key(key)
        if named is None or run not in {None, named[0]}:
            continue
        if outbox.take_out(unit, number, "waiting"):
            recipients.wait(unit, *named, world.now)
    unit.wakes.update(("broadcasts", "letters"))


def retry(unit: Unit, run: int, staff: int | None, world: World) -> int:
    """Send again what failed and may be sent again. Says to how many; 0 as well where its time is over."""
    found = runs.held(unit, run)
    if found is None or found.state == "cancelled" or found.ends_at <= world.now:
        return 0
    again = recipients.failed(unit, run, RETRIABLE)
    for subscriber in again:
        _once_more(unit, run, subscriber, world)
    if again:
        _open_again(unit, found)
        _note(unit, "run_retried", staff, run, world)
    return len(again)


def settle_doubt(
    unit: Unit, run: int, subscriber: int, fate: Literal["sent", "again"], staff: int | None, world: World
) -> bool:
    """A person decides about a letter of which nobody knows whether it arrived. False where it is known by now."""
    found = runs.held(unit, run)
    if found is None or recipients.state_of(unit, run, subscriber) != "doubt":
        return False
    if fate == "sent":
        recipients.change(unit, [recipients.Change(run, subscriber, "sent")])
        if found.frozen.spaced:
            subscribers.sent_nothing_since(unit, subscriber, recipients.last_sent(unit, subscriber))
        outbox.drop(unit, letter_key(run, subscriber))
    elif found.state == "cancelled" or found.ends_at <= world.now:
        return False
    else:
        _once_more(unit, run, subscriber, world)
        _open_again(unit, found)
    _note(unit, f"doubt_{fate}", staff, run, world)
    return True


def _once_more(unit: Unit, run: int, subscriber: int, world: World) -> None:
    outbox.drop(unit, letter_key(run, subscriber))
    recipients.wait(unit, run, subscriber, world.now)


def _open_again(unit: Unit, run: Run) -> None:
    if run.state == "done":
        runs.move(unit, run.id, "sending")
    unit.wakes.add("broadcasts")


def tapped(unit: Unit, run: int, channel: str, address: str) -> None:
    """Count a tap, once for each reader."""
    if subscriber := subscribers.find(unit, channel, address):
        recipients.tap(unit, run, subscriber.id)


def _note(unit: Unit, what: str, staff: int | None, run: int | None, world: World) -> None:
    audit.record(unit, world.now, what, staff=staff, target=run)
