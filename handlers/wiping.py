"""Deletes from her chat what can be deleted of both sides: an act says what, and `Wiper` works it off until it is done.

It never deletes, nor calls back, what a member of staff is sent for her work.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handlers import replies
from handlers.channel import ChannelName, Inbound
from handlers.draw import World
from storage import learners, subscribers, wipes
from storage.people import Known
from storage.unit import Unit
from storage.wipes import Wipe

ERASABLE: Final[frozenset[ChannelName]] = frozenset({"telegram", "preview"})
"""Channels that let messages be deleted: those whose `Limits.erases` is set."""
AT_WORK: Final = (
    *("page:", "staff:", "late:", "quiet:", "silent:", "remind:", "swap:", "rota:", "week:", "link:", "drill:"),
    "recovery:",
    "try:",
)
"""How the keys of letters begin that a member of staff gets for her work."""
LEASE: Final = timedelta(seconds=20)
"""So long a process has for the next hundred; killed meanwhile, another takes over after that."""
_ARRIVING: Final = timedelta(seconds=1)


def note(unit: Unit, person: int, message: str, now: datetime) -> None:
    """Keep the channel's id of a message of hers, to delete it by."""
    wipes.note(unit, person, message, now)


def begin(unit: Unit, known: Known, inbound: Inbound, world: World) -> None:
    """Have the chat wiped: both sides' messages until now. What waits for her is called back.

    What is put out afterwards, in the same turn too, stays.
    """

    def of_talk(key: str) -> bool:
        return known.staff is None or not key.startswith(AT_WORK)

    called_back, going = wipes.stop(unit, inbound.channel, known.index, of_talk)
    for key in called_back:
        replies.came_to_nothing(unit, key, world)
    messages: list[str] = []
    if inbound.channel in ERASABLE:
        since = world.now - world.rules.retention.message_ids
        messages = wipes.take_hers(unit, known.id, since)
        messages += wipes.take_ours(unit, inbound.channel, known.index, since, of_talk)
        for index in _unasked(unit, inbound):
            messages += wipes.take_ours(unit, inbound.channel, index, since, of_talk)
    for index in _unasked(unit, inbound):
        if leaving := wipes.leaving(unit, inbound.channel, index):
            going += leaving
            unit.wakes.add("broadcasts")  # those that were let go a moment ago are asked for again
    if messages or going:
        newest_first = tuple(sorted(set(messages), key=lambda one: (len(one), one), reverse=True))
        number = world.draw.number()
        wipes.add(unit, Wipe(number, inbound.channel, inbound.address, newest_first, tuple(going), world.now))


def _unasked(unit: Unit, inbound: Inbound) -> tuple[bytes, ...]:
    """Under which indexes she was sent what came unasked: it leaves the chat with the rest.

    What still waits is not called back here: none goes out to a hidden chat (`handlers.broadcast_going`). What is just
    leaving is deleted once it has arrived.
    """
    lists = (subscribers.who(inbound.channel, inbound.address), learners.who(inbound.channel, inbound.address))
    return tuple(index for one in lists for index in unit.vault.indexes(one))


def erase_this(unit: Unit, known: Known, inbound: Inbound, world: World) -> None:
    """Have this one message of hers deleted, where the channel lets us. Nothing is called back."""
    if inbound.message and inbound.channel in ERASABLE:
        wipes.forget_one(unit, known.id, inbound.message)
        number = world.draw.number()
        wipes.add(unit, Wipe(number, inbound.channel, inbound.address, (inbound.message,), (), world.now))


def sweep(unit: Unit, world: World) -> int:
    """A duty: forget ids by which nothing can be deleted any more. Says how many rows."""
    return wipes.expire(unit, world.now - world.rules.retention.message_ids)


# ---------------------------------------------------------------- what `handlers.wiper` asks


def take_due(unit: Unit, most: int, world: World) -> list[Wipe]:
    """Wipes to be worked on, with the ids of letters that have arrived since. What is too old is given up."""
    oldest = world.now - world.rules.retention.message_ids
    due = []
    for wipe in wipes.take(unit, world.now, world.now + LEASE, most):
        if wipe.before_at < oldest:
            wipes.end(unit, wipe.id)
            continue
        due.append(_followed(unit, wipe, world) if wipe.letters else wipe)
    return due


def take_over(unit: Unit, world: World) -> None:
    """This process is the only one, and has just begun: what another left in the middle is due now."""
    wipes.hasten(unit, world.now)


def _followed(unit: Unit, wipe: Wipe, world: World) -> Wipe:
    """See what became of the letters that were on their way: what arrived is to be deleted too."""
    messages, still = list(wipe.messages), []
    for number in wipe.letters:
        fate = wipes.fate(unit, number, erasable=wipe.channel in ERASABLE)
        if fate is None:
            continue
        messages += fate.messages
        if fate.state == "sending":
            still.append(number)
        elif fate.state == "cancelled":
            replies.came_to_nothing(unit, fate.key, world)
    followed = replace(wipe, messages=tuple(messages), letters=tuple(still))
    if followed != wipe:
        wipes.keep(unit, followed, world.now + LEASE)
    return followed


def keep_on(unit: Unit, wipe: Wipe, due_at: datetime) -> None:
    """So much is left; go on then."""
    wipes.keep(unit, wipe, due_at)


def finish(unit: Unit, wipe: Wipe, world: World) -> None:
    """All known messages are deleted: it ends, or waits for a letter that is still on its way."""
    if wipe.letters:
        wipes.keep(unit, replace(wipe, messages=(), tries=0), world.now + _ARRIVING)
    else:
        wipes.end(unit, wipe.id)
