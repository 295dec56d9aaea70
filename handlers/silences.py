"""Calls the team where a woman wrote words of danger and then nothing for ten minutes, if she agreed to that before.

It never writes to her: her phone may be in somebody's hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from flows.core import Unusable
from flows.danger import unconfirmed
from handlers.carrying import Carrier
from handlers.channel import ChannelName, Inbound
from handlers.draw import World
from handlers.inbound import given_of, silence
from storage import people
from storage.store import Store
from storage.unit import Unit


async def fire_due(store: Store, world: Callable[[], World], failed: Callable[[Exception], None]) -> int:
    """Call for everyone whose silence is long enough, each in a transaction of her own. Says for how many.

    One that breaks stops no other, is told to `failed`, and is tried again. After downtime late rather than never.
    """
    called = 0
    for person in await store.read(people.due_alerts, world().now):
        try:
            called += await store.write_for(person, fire, person, world())
        except Exception as error:  # noqa: BLE001 - it is tried again, and the others go on
            failed(error)
    return called


def fire(unit: Unit, person: int, world: World) -> bool:
    """Open her case with what is known. False where she has written meanwhile. Raises `Taken`, `NoReader`."""
    due = people.take_alert(unit, person, world.now)
    if due is None:
        return False
    channel, address, known = due
    nothing = Inbound(cast("ChannelName", channel), f"silence:{world.draw.number():x}", address, Unusable("silence"))
    turn = unconfirmed(known.talk, given_of(unit, known, world, nothing))
    if turn.effects:
        people.remember(unit, known.id, replace(known.person, quiet=True))  # before the alarm could tell her anything
    Carrier(unit, known, nothing, world).carry(turn.effects)
    people.keep_on(unit, known.id, turn.talk, world.now, silence(turn.talk, world))
    return True
