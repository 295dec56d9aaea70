"""Records what a platform says later of a letter that it took: a status only ever moves it forward.

It never sends anything again by itself: a letter whose fate is known to be bad is held, tried later, or given up.
"""

from __future__ import annotations

from typing import assert_never

from handlers import broadcast_outcomes, outcomes, public
from handlers.channel import Delivered, Held, InDoubt, Moved, Outcome, TryLater, Undeliverable
from handlers.draw import World
from storage import outbox, people
from storage.unit import Unit, millis


def record_status(unit: Unit, key: str, reference: str, rank: int, outcome: Outcome, world: World) -> bool:
    """One status callback. Says whether it moved the letter; an older or repeated one does not."""
    state, why = _state(outcome)
    of_run = key.startswith(broadcast_outcomes.PREFIXES)
    is_gone = isinstance(outcome, Undeliverable) and outcome.gone
    kept = outbox.body_of(unit, key) if of_run or is_gone else None
    moved = outbox.advance(unit, key, reference, rank, state, why)
    if of_run:
        broadcast_outcomes.status(unit, key, rank, outcome, kept, world, moved=moved)
    if not moved:
        return False
    reader = None if of_run else outbox.reader_of(unit, key)
    if isinstance(outcome, TryLater):
        outbox.postpone(unit, key, millis(outcome.at))
    if is_gone and reader is not None:
        people.mark_gone(unit, reader, gone=True)
        if kept:
            public.gone(unit, kept[0], kept[1].to, world)
    outcomes.tell(unit, key, state, world)
    return True


def _state(outcome: Outcome) -> tuple[str, str | None]:
    match outcome:
        case Delivered(final=final):
            return "delivered" if final else "sent", None
        case TryLater(why=why):
            return "waiting", why
        case Undeliverable(why=why):
            return "failed", why
        case Held(why=why):
            return "held", why
        case InDoubt(why=why):
            return "doubt", why
        case Moved():
            return "failed", "moved"
        case _:
            assert_never(outcome)
