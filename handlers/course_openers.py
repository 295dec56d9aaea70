"""Lets every lesson that is due be told of, each in a transaction of its own, and forgets who has long stopped.

It never sends more than one line for what waits, however long the server was away: it looks at the row, not the days.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from flows import course_events as events
from handlers.course_letters import is_hidden
from handlers.course_turns import turn
from handlers.draw import World
from storage import learners, outbox, people
from storage.learners import Learner
from storage.store import Store
from storage.unit import Unit

_MOST: Final = 200
_BESIDE: Final = 2
"""They wait in a line of their own, so that no reply waits for all of them."""
_TALKING: Final = timedelta(minutes=10)
"""Whoever wrote so lately is in the middle of something, and is told a little later."""


async def send_due(store: Store, world: Callable[[], World], failed: Callable[[Exception], None]) -> int:
    """Tell everyone whose lesson is due. One that breaks stops no other, is told to `failed`, and is tried again."""
    acted = 0
    for number in await store.read(learners.due, world().now, _MOST):
        try:
            acted += await store.write_for(_BESIDE, fire, number, world())
        except Exception as error:  # noqa: BLE001 - it is tried again, and the others go on
            failed(error)
    return acted


def fire(unit: Unit, number: int, world: World) -> bool:
    """Let one act whose moment has come. False where somebody was first, or nothing changed."""
    seen = learners.get(unit, number)
    learner = learners.find(unit, seen.channel, seen.facts.address) if seen else None
    if learner is None or learner.next_at is None or learner.next_at > world.now:
        return False
    busy = is_hidden(unit, learner) or _is_talking(unit, learner, world)
    turn(unit, learner, events.TimePassed(busy=busy), world)
    return True


def _is_talking(unit: Unit, learner: Learner, world: World) -> bool:
    for index in unit.vault.indexes(people.who(learner.channel, learner.facts.address)):
        heard = outbox.last_heard(unit, index)
        if heard is not None and world.now - heard < _TALKING:
            return True
    return False


def sweep(unit: Unit, world: World) -> int:
    """Forget learners a year (retention.toml) after the last thing they did. Says how many."""
    return learners.expire(unit, world.now - world.rules.retention.learners)
