"""Notes with its recipients what became of a run's letters: delivered, read, failed and why, in doubt, she is gone.

It never has one sent again that may have arrived: that is asked of a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, assert_never

import msgspec

from flows.broadcast import RecipientState, read_key
from handlers import broadcast_acts, courses, public
from handlers.broadcast_feeding import template_stands
from handlers.channel import Delivered, Held, InDoubt, Moved, Outcome, TryLater, Undeliverable
from handlers.draw import World
from storage import outbox, people, recipients, runs, subscribers, templates
from storage.outbox import Body, Letter
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
_RECOVERED: Final = 200
"""More than are ever claimed at once."""
_RANKS: Final[Mapping[int, RecipientState]] = {1: "sent", 2: "failed", 3: "delivered", 4: "read"}


def settle(unit: Unit, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Write down what became of many letters, by key, and of their recipients, all in one transaction."""
    told = [(read_key(key), row) for key, row in rows]
    outbox.settle(unit, [row for named, row in told if named is None])
    casts = [(named, row) for named, row in told if named and outbox.settle_one(unit, row)]
    changes = [_change(named, row) for named, row in casts if row["state"] in _STATES]
    recipients.change(unit, changes)
    arrived = [one for one in changes if one.at is not None]
    spaced = {run for run in {one.run for one in arrived} if _is_spaced(unit, run)}
    for one in arrived:
        if one.run in spaced and one.at is not None:
            subscribers.note_sent(unit, one.subscriber, one.at)


def _change(named: tuple[int, int], row: Mapping[str, Any]) -> Change:
    at = None if row["sent_at"] is None else moment(row["sent_at"])
    return Change(*named, _STATES[str(row["state"])], row["why"] or "", at)


def _is_spaced(unit: Unit, run: int) -> bool:
    found = runs.get(unit, run)
    return found is not None and found.frozen.spaced


def is_special(letter: Letter, row: Mapping[str, Any]) -> bool:
    """Whether more follows from an outcome than a row for `settle`: it is held, or its template was refused."""
    return letter.key.startswith(PREFIXES) and (row["state"] == "held" or _blames_template(letter.body, row["why"]))


def _blames_template(body: Body, why: str | None) -> bool:
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
        courses.held_back(unit, letter.key, world)
        return
    if why.isdecimal() or letter.body.sid:
        recipients.change(unit, [Change(*named, "skipped", "window")])
        return
    outbox.drop(unit, letter.key)
    recipients.wait(unit, *named, world.now)


def _wait_for_template(unit: Unit, named: tuple[int, int], key: str, body: Body, why: str, world: World) -> None:
    """The platform refused a template: nobody is lost. Its readers wait until somebody has seen to it."""
    outbox.drop(unit, key, even_sending=True)
    recipients.wait(unit, *named, world.now, "template")
    _reckon_spacing(unit, named[1])
    runs.remark(unit, named[0], "template")
    templates.pause(unit, body.sid, why)
    if template_stands(unit, body.sid):  # nobody registered it: the run waits instead
        broadcast_acts.pause(unit, named[0], None, world, why="template")


def _reckon_spacing(unit: Unit, subscriber: int) -> None:
    """Her spacing counts from what has reached her: not from what the platform took and could not deliver."""
    subscribers.sent_nothing_since(unit, subscriber, recipients.last_sent(unit, subscriber))


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


def status(
    unit: Unit, key: str, rank: int, outcome: Outcome, kept: tuple[str, Body] | None, world: World, *, moved: bool
) -> None:
    """A status of a letter of this lane; `kept` are its channel and body as they were before, `moved` if it was new."""
    named = read_key(key)
    if named:
        _advance(unit, named, rank, outcome, moved=moved)
        if moved and (not isinstance(outcome, Delivered) or _is_spaced(unit, named[0])):
            _reckon_spacing(unit, named[1])
    if moved and isinstance(outcome, Held):
        outbox.cancel(unit, [key])
        courses.held_back(unit, key, world)
    if moved and kept and isinstance(outcome, Undeliverable):
        channel, body = kept
        if outcome.gone:
            _leave(unit, key, channel, body.to, outcome.why, world)
        elif named and _blames_template(body, outcome.why):
            _wait_for_template(unit, named, key, body, outcome.why, world)


def _advance(unit: Unit, named: tuple[int, int], rank: int, outcome: Outcome, *, moved: bool) -> None:
    match outcome:
        case TryLater():
            if moved:
                recipients.requeue(unit, *named)
        case Held():
            recipients.change(unit, [Change(*named, "skipped", "window", rank=rank)])
        case Undeliverable(why) | InDoubt(why):
            recipients.change(unit, [Change(*named, "failed", why, rank=rank)])
        case Moved():
            recipients.change(unit, [Change(*named, "failed", "moved", rank=rank)])
        case Delivered():
            recipients.change(unit, [Change(*named, _RANKS.get(rank, "sent"), rank=rank)])
        case _:
            assert_never(outcome)


# ---------------------------------------------------------------- letters in doubt


def recover(unit: Unit, channel: str, *, doubtful: bool) -> None:
    """Take back what a dispatcher that died had claimed. What of a run never began goes out as before.

    Where the rest is in doubt, so are its recipients, until the platform or a person says what became of it.
    """
    outbox.recover(unit, channel, doubtful=doubtful)
    for letter in outbox.in_doubt(unit, channel, _RECOVERED) if doubtful else ():
        named = read_key(letter.key)
        if named is None:
            continue
        if recipients.has_begun(unit, *named):
            recipients.change(unit, [Change(*named, "doubt")])
        else:
            outbox.resolve_doubt(unit, letter.id, outbox.settled(letter.id, "waiting"))


def resolve(unit: Unit, letter: Letter, named: tuple[int, int], row: Mapping[str, Any]) -> None:
    """Write down what the platform knows of a letter that was in doubt. Nothing? A person decides, not we blindly."""
    if not outbox.is_in_doubt(unit, letter.id):
        return
    if row["state"] == "waiting":
        row = outbox.settled(letter.id, "failed", why="doubt")
        recipients.change(unit, [Change(*named, "doubt", "unknown")])
    elif row["state"] in _STATES:
        recipients.change(unit, [_change(named, row)])
    outbox.resolve_doubt(unit, letter.id, row)
