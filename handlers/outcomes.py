"""Decides what an outcome means for a letter and its reader, and takes letters in.

It never sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

import msgspec

from flows.broadcast import read_key
from handlers import alarms, broadcast_outcomes, destroying, public, replies
from handlers.broadcast_feeding import heard_at
from handlers.channel import Delivered, Held, InDoubt, Moved, Outcome, TryLater, Undeliverable
from handlers.draw import World
from handlers.lanes import Ready
from storage import outbox, people
from storage.ending import PARTING
from storage.outbox import Lane, Letter
from storage.unit import Unit

STATUS_PATIENCE = 15.0
"""Seconds that a reader's next letter waits for the status of the one before, where the channel keeps no order."""
GIVE_UP = timedelta(hours=24)
"""A letter that could not be sent for so long is given up: Telegram itself keeps updates no longer (channels)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from an outcome: a row for `outbox.settle`, and what it means for the reader and the account."""

    row: Mapping[str, Any]
    waits: float = 0.0
    """Seconds that the reader's next letter waits."""
    awaits_status: bool = False
    account_waits: bool = False
    reader_gone: bool = False
    moved_to: str = ""


def take_letters(unit: Unit, channel: str, room: Mapping[Lane, int], now: datetime) -> list[Ready]:
    """Claim letters for each lane that has room, with when their readers last wrote where that decides (WhatsApp)."""
    taken = [letter for lane, most in room.items() for letter in outbox.claim(unit, channel, lane, most, now)]
    counted = channel == "whatsapp"
    return [Ready(letter.id, letter, _last_heard(unit, letter) if counted else None) for letter in taken]


def doubtful(unit: Unit, channel: str) -> list[Ready]:
    """Letters in doubt, with when their readers last wrote: what was sent (free words, a template) hangs on that."""
    return [Ready(letter.id, letter, _last_heard(unit, letter)) for letter in outbox.in_doubt(unit, channel)]


def _last_heard(unit: Unit, letter: Letter) -> datetime | None:
    """Of her to whom a parting letter goes nothing is known any more: it answers what she had just written.

    Whoever is on a list of the public is found by her address: her index there is another one.
    """
    if letter.key.startswith(broadcast_outcomes.PREFIXES):
        return heard_at(unit, "whatsapp", letter.body.to)
    return letter.made_at if letter.key.startswith(PARTING) else outbox.last_heard(unit, letter.reader)


def judge(letter: Letter, outcome: Outcome, now: datetime) -> Verdict:
    """What an outcome means. Pure."""
    match outcome:
        case Delivered(reference, final=True):
            return Verdict(outbox.settled(letter.id, "delivered", reference=reference, sent_at=now))
        case Delivered(reference):
            row = outbox.settled(letter.id, "sent", reference=reference, sent_at=now)
            return Verdict(row, waits=STATUS_PATIENCE, awaits_status=True)
        case TryLater(at, why, everybody):
            return _try_later(letter, at, why, now, everybody=everybody)
        case Undeliverable(why, gone):
            return Verdict(outbox.settled(letter.id, "failed", why=why), reader_gone=gone)
        case Moved(address):
            return Verdict(outbox.settled(letter.id, "waiting"), moved_to=address)
        case InDoubt(why):
            return Verdict(outbox.settled(letter.id, "doubt", why=why), waits=STATUS_PATIENCE)
        case Held(why):
            return Verdict(outbox.settled(letter.id, "held", why=why))
        case _:
            assert_never(outcome)


def _try_later(letter: Letter, at: datetime, why: str, now: datetime, *, everybody: bool) -> Verdict:
    if now - letter.made_at > GIVE_UP:
        return Verdict(outbox.settled(letter.id, "failed", why="gave_up"))
    row = outbox.settled(letter.id, "waiting", why=why, due_at=at)
    return Verdict(row, waits=max(0.05, (at - now).total_seconds()), account_waits=everybody)


def is_plain(letter: Letter, verdict: Verdict) -> bool:
    """Whether only the letter's own row changes, so that many may be written down at once."""
    special = verdict.reader_gone or verdict.moved_to or verdict.row["state"] == "held"
    is_lost = letter.lane is Lane.RELAY and verdict.row["state"] == "failed"
    is_parting = letter.key.startswith(PARTING) or broadcast_outcomes.is_special(letter, verdict.row)
    return letter.lane is not Lane.PAGE and not special and not is_lost and not is_parting


def record(unit: Unit, ready: Ready, channel: str, verdict: Verdict, world: World) -> None:
    """Write down an outcome that changes more than the letter: a page's, a reader's who is gone or has moved."""
    letter = ready.letter
    if letter.key.startswith(broadcast_outcomes.PREFIXES):
        if verdict.moved_to:
            broadcast_outcomes.moved(unit, letter, channel, verdict.moved_to)
            return
        broadcast_outcomes.record(unit, letter, verdict.row, gone=verdict.reader_gone, channel=channel, world=world)
        return
    if verdict.moved_to:
        reader = people.change_address(unit, letter.reader, channel, verdict.moved_to)
        outbox.move(unit, letter, msgspec.structs.replace(letter.body, to=verdict.moved_to), reader)
        return
    outbox.settle(unit, [verdict.row])
    destroying.parted(unit, letter.key, letter.id, verdict.row["state"])
    if verdict.row["state"] == "held" and outbox.last_heard(unit, letter.reader) != ready.heard_at:
        outbox.release(unit, letter.reader)  # she wrote while it was on its way
    if verdict.reader_gone:
        people.mark_gone(unit, letter.reader, gone=True)
        public.gone(unit, channel, letter.body.to, world)
    tell(unit, letter.key, verdict.row["state"], world)


def tell(unit: Unit, letter_key: str, state: str, world: World) -> None:
    """Let those hear of it who wait for a letter's fate: a page's alarm, a message's case."""
    if letter_key.startswith("page:"):
        alarms.delivered(unit, letter_key, state, world)
    elif state == "failed":
        replies.came_to_nothing(unit, letter_key, world)


def resolve(unit: Unit, letter: Letter, row: Mapping[str, Any], world: World) -> None:
    """Write down what became of a letter that was in doubt; a page's alarm hears of it."""
    if named := read_key(letter.key):
        broadcast_outcomes.resolve(unit, letter, named, row)
        return
    outbox.resolve_doubt(unit, letter.id, row)
    destroying.parted(unit, letter.key, letter.id, row["state"])
    tell(unit, letter.key, row["state"], world)
