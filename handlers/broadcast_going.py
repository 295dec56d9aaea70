"""Asks once more, just before a letter of the lowest lane leaves, whether it may: its run, its reader, the hour.

It never lets one go that was held, nor one to a chat that shows nothing; what may not go now is not lost.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flows.broadcast import RecipientState, read_key
from flows.broadcast_times import fits, on_her_clock
from handlers import courses
from handlers.broadcast_acts import is_stopped, pause
from handlers.broadcast_feeding import SOON, is_hidden, is_outside, may_be_shown, template_stands
from handlers.draw import World
from storage import outbox, recipients, runs, subscribers
from storage.outbox import Letter
from storage.recipients import Change
from storage.unit import Unit

_STOPPED_WAITS: Final = timedelta(minutes=1)


def let_go(unit: Unit, letter: Letter, channel: str, heard_at: datetime | None, world: World) -> bool:
    """Whether it may leave now. If not, it waits in its run again, or is given up; both are written down."""
    if not outbox.still_wanted(unit, letter.id):
        return False
    if named := read_key(letter.key):
        return _let_cast_go(unit, letter, channel, named, heard_at, world)
    if is_stopped(unit):
        outbox.put_back(unit, letter.id, world.now + _STOPPED_WAITS)
        return False
    if letter.key.startswith("lesson:") and not courses.still_wanted(unit, letter, world):
        outbox.give_up(unit, letter.id, "unwanted")
        return False
    return True


def _let_cast_go(
    unit: Unit, letter: Letter, channel: str, named: tuple[int, int], heard_at: datetime | None, world: World
) -> bool:
    run, subscriber = named
    if recipients.state_of(unit, run, subscriber) != "queued":
        outbox.give_up(unit, letter.id, "unwanted")
        return False
    if never := _never(unit, letter, channel, named, world):
        outbox.give_up(unit, letter.id, never[1] or never[0])
        recipients.change(unit, [Change(run, subscriber, *never)])
        return False
    if until := _not_now(unit, letter, named, heard_at, world):
        outbox.take_out(unit, letter.id, "sending")
        recipients.wait(unit, run, subscriber, until)
        return False
    recipients.begin(unit, run, subscriber, world.now)
    return True


def _never(
    unit: Unit, letter: Letter, channel: str, named: tuple[int, int], world: World
) -> tuple[RecipientState, str] | None:
    """Why it never goes out: the state that its reader comes to, and the reason."""
    run, her = runs.get(unit, named[0]), subscribers.get(unit, named[1])
    if run is None or run.state == "cancelled":
        return "cancelled", ""
    if world.now > run.ends_at:
        return "skipped", "late"
    if her is None:
        return "unsubscribed", ""
    if not run.frozen.audience.has(her.facts.subscription, her.channel, her.facts.leader):
        return "unsubscribed", "topic"
    if is_hidden(unit, channel, letter.body.to):
        return "skipped", "hidden"
    return None


def _not_now(
    unit: Unit, letter: Letter, named: tuple[int, int], heard_at: datetime | None, world: World
) -> datetime | None:
    """Until when it waits; None where it may go."""
    run, subscriber = named
    standing, her = runs.standing(unit, run), subscribers.get(unit, subscriber)
    if is_stopped(unit) or standing is None or standing[0] == "paused" or her is None:
        return world.now
    if not may_be_shown(unit, letter.body.media):
        pause(unit, run, None, world, why="media")
        return world.now
    if letter.body.sid and is_outside(heard_at, world.now) and not template_stands(unit, letter.body.sid):
        return world.now + SOON
    subscription = her.facts.subscription
    at = on_her_clock(world.now, subscription)
    return None if fits(at, subscription.hours, world.rules.broadcasts) else world.now
