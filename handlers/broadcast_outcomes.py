"""Notes with its recipients what became of a run's letters: delivered, read, failed and why, in doubt, she is gone.

It never has one sent again that may have arrived: that is asked of a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from flows.broadcast import RecipientState, read_key
from handlers import broadcast_acts, public
from handlers.channel import Held, InDoubt, Moved, Outcome, TryLater, Undeliverable
from handlers.draw import World
from storage import outbox, people, recipients, runs, subscribers
from storage.outbox import Letter
from storage.recipients import Change
from storage.unit import Unit, moment

PREFIXES: Final = ("cast:", "lesson:")
"""How the keys of letters begin whose reader is found by an index of her own list, not by that of `people`."""
TEMPLATE_FAULTS: Final = frozenset(("63027", "63028", "63041", "21655", "21656"))
"""Missing in this language, wrong number of blanks, paused; no such SID, blanks that can't be read (channels)."""
_STATES: Final[Mapping[str, RecipientState]] = {
    "delivered": "delivered",
    "sent": "sent",
    "failed": "failed",
    "doubt": "doubt",
}
"""By the letter's state: the recipient's. A letter that waits to be tried again leaves her where she is."""
_RANKS: Final = {1: "sent", 2: "failed", 3: "delivered", 4: "read"}


def settle(unit: Unit, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Write down what became of many letters, by key, and of their recipients, all in one transaction."""
    told = list(rows)
    outbox.settle(unit, [row for _, row in told])
    for key, row in told:
        if named := read_key(key):
            _follow(unit, named, row)


def _follow(unit: Unit, named: tuple[int, int], row: Mapping[str, Any]) -> None:
    state = _STATES.get(str(row["state"]))
    if state is None:
        return
    run, subscriber = named
    at = None if row["sent_at"] is None else moment(row["sent_at"])
    recipients.change(unit, [Change(run, subscriber, state, row["why"] or "", at)])
    if state in {"sent", "delivered"}:
        _keeps_spacing(unit, run, subscriber, at)


def _keeps_spacing(unit: Unit, run: int, subscriber: int, at: datetime | None) -> None:
    if at is not None and runs.is_spaced(unit, run):
        subscribers.note_sent(unit, subscriber, at)


def is_special(letter: Letter, row: Mapping[str, Any]) -> bool:
    """Whether more follows from an outcome than a row for `settle`: it is held, or its template was refused."""
    return letter.key.startswith(PREFIXES) and (row["state"] == "held" or _blames_template(letter.body, row["why"]))


def _blames_template(body: outbox.Body, why: str | None) -> bool:
    return bool(body.sid) and why in TEMPLATE_FAULTS


def record(unit: Unit, letter: Letter, row: Mapping[str, Any], *, gone: bool, channel: str, world: World) -> None:
    """Write down an outcome from which more follows."""
    named = read_key(letter.key)
    if named and _blames_template(letter.body, row["why"]):
        _wait_for_template(unit, named, letter.key, letter.body, str(row["why"]), world)
        return
    settle(unit, [(letter.key, row)])
    if row["state"] == "held":
        _let_go_of_held(unit, letter, named, str(row["why"]), world)
    if gone:
        _leave(unit, letter.key, channel, letter.body.to, str(row["why"]), world)


def _let_go_of_held(unit: Unit, letter: Letter, named: tuple[int, int] | None, why: str, world: World) -> None:
    """The window shut meanwhile: she is looked at anew (a template may do), but never sent the same in a circle."""
    outbox.cancel(unit, [letter.key])
    if named is None:
        return
    if why.isdecimal() or letter.body.sid:
        recipients.change(unit, [Change(*named, "skipped", "window")])
        return
    outbox.drop(unit, letter.key)
    recipients.wait(unit, *named, world.now)


def _wait_for_template(
    unit: Unit, named: tuple[int, int], key: str, body: outbox.Body, why: str, world: World
) -> None:
    """The platform refused a template: nobody is lost. Its readers wait until somebody has seen to it."""
    unit.do("UPDATE letters SET state = 'failed' WHERE key = :key", {"key": key})
    outbox.drop(unit, key)
    recipients.wait(unit, *named, world.now, "template")
    runs.remark(unit, named[0], "template")
    if not runs.pause_template(unit, body.sid, why):
        broadcast_acts.pause(unit, named[0], None, world, why="template")


def _leave(unit: Unit, key: str, channel: str, address: str, why: str, world: World) -> None:
    """She can't be written to here any more: she is on no list, until she comes back herself."""
    if named := read_key(key):
        recipients.change(unit, [Change(*named, "unsubscribed", why, rank=2)])
    public.gone(unit, channel, address, world)
    for index in unit.vault.indexes(people.who(channel, address)):
        people.mark_gone(unit, index, gone=True)


def moved(unit: Unit, letter: Letter, channel: str, address: str) -> None:
    """The platform gave her another address: her letter goes there, and so does whatever comes later."""
    for index in unit.vault.indexes(people.who(channel, letter.body.to)):
        people.change_address(unit, index, channel, address)
    named = read_key(letter.key)
    her = subscribers.get(unit, named[1]) if named else None
    reader = subscribers.move(unit, her, address) if her else letter.reader
    outbox.move(unit, letter, msgspec.structs.replace(letter.body, to=address), reader)


# ---------------------------------------------------------------- what the platform says later


def status(unit: Unit, key: str, rank: int, outcome: Outcome, world: World) -> None:
    """A status of a letter of this lane, before the letter itself is moved. An older one than is known does nothing."""
    named, kept = read_key(key), outbox.body_of(unit, key)
    if named:
        _advance(unit, named, key, rank, outcome, world)
    if kept and isinstance(outcome, Undeliverable):
        channel, body = kept
        if outcome.gone:
            _leave(unit, key, channel, body.to, outcome.why, world)
        elif named and _blames_template(body, outcome.why):
            _wait_for_template(unit, named, key, body, outcome.why, world)


def _advance(unit: Unit, named: tuple[int, int], key: str, rank: int, outcome: Outcome, world: World) -> None:
    match outcome:
        case TryLater():
            return
        case Held():
            recipients.change(unit, [Change(*named, "skipped", "window", rank=rank)])
        case Undeliverable(why) | InDoubt(why):
            recipients.change(unit, [Change(*named, "failed", why, rank=rank)])
        case Moved():
            recipients.change(unit, [Change(*named, "failed", "moved", rank=rank)])
        case _:
            recipients.change(unit, [Change(*named, _RANKS.get(rank, "sent"), rank=rank)])
    del key, world


def unresolved(unit: Unit, letter: Letter) -> None:
    """The platform knows nothing of a letter that may have left: a person decides, it is not sent blindly."""
    named = read_key(letter.key)
    if named is None or not recipients.has_begun(unit, *named):
        return
    recipients.change(unit, [Change(*named, "doubt", "never arrived")])
