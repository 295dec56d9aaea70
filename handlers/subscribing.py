"""Subscribes and unsubscribes: her line on the list, what is on its way to her, and counts that name nobody.

It never puts anybody on the list who did not choose it in her own chat, and never looks at who wrote to us.
"""

from __future__ import annotations

from typing import Final

from flows.broadcast import letter_key
from flows.core import Study
from flows.public import Learning, Subscription, Topic
from handlers import courses
from handlers.draw import World
from messages import Text
from storage import figures, half_days, learners, outbox, recipients, subscribers, wipes
from storage.subscribers import Facts
from storage.unit import Unit

SUBSCRIBED: Final = "subscribed"
UNSUBSCRIBED: Final = "unsubscribed"
"""Names of figures: by topic and month."""


def subscribe(unit: Unit, channel: str, address: str, subscription: Subscription, world: World) -> Text | None:
    """Keep what she asked for in the place of what she asked for before. Without a topic she is on no list."""
    known = subscribers.find(unit, channel, address)
    leader = known.facts.leader if known else ""
    if not subscription.topics and not leader:
        return unsubscribe(unit, channel, address, world)
    before = known.facts.subscription.topics if known else ()
    number = known.id if known else world.draw.number()
    subscribers.put(unit, number, channel, Facts(address, subscription, leader), world.now)
    if known is None:
        half_days.note(unit, half_days.JOINED, world.now, world.zone)
    elif known.facts.subscription != subscription:
        _look_anew(unit, number, world)
    _count(unit, SUBSCRIBED, set(subscription.topics) - set(before), world)
    _count(unit, UNSUBSCRIBED, set(before) - set(subscription.topics), world)
    return None


def _look_anew(unit: Unit, number: int, world: World) -> None:
    """She chose otherwise: what waits for her in the outbox waits in its run again, and goes by what she wants now."""
    for run in recipients.queued_of(unit, number):
        if outbox.take_back(unit, letter_key(run, number)):
            recipients.wait(unit, run, number, world.now)
            unit.wakes.add("broadcasts")


def unsubscribe(unit: Unit, channel: str, address: str, world: World) -> Text | None:
    """Take her off the list, call back what is on its way, let her course wait. Where she is on none, nothing happens.

    The flow that led here says so to her (`flows.unasked`).
    """
    _pause(unit, channel, address, world)
    known = subscribers.find(unit, channel, address)
    if known is None:
        return None
    subscribers.leave(unit, channel, address)
    half_days.note(unit, half_days.LEFT, world.now, world.zone)
    recipients.leave(unit, known.id)
    _call_back(unit, channel, known.index)
    _count(unit, UNSUBSCRIBED, set(known.facts.subscription.topics), world)
    return None


def forget(unit: Unit, channel: str, address: str) -> None:
    """Delete what tells of letters that were sent to her unasked: she has had everything deleted."""
    for index in (*unit.vault.indexes(subscribers.who(channel, address)), *_learning(unit, channel, address)):
        subscribers.forget_letters(unit, index)


def comes(learning: Learning | None) -> bool:
    """Whether a course reminds her by itself."""
    return learning is not None and learning.state in {"on", "quiz"}


def _pause(unit: Unit, channel: str, address: str, world: World) -> None:
    learning = courses.learning_of(unit, channel, address)
    if learning is None or not comes(learning):
        return
    courses.study(unit, channel, address, learning.language, Study("pause"), world)
    for index in _learning(unit, channel, address):
        _call_back(unit, channel, index)


def _learning(unit: Unit, channel: str, address: str) -> tuple[bytes, ...]:
    return unit.vault.indexes(learners.who(channel, address))


def _call_back(unit: Unit, channel: str, index: bytes) -> None:
    """Letters that wait are cancelled; one that was claimed and not begun is left; one that is leaving goes once."""
    wipes.stop(unit, channel, index, lambda _key: True)
    unit.wakes.add("wipes")


def _count(unit: Unit, name: str, topics: set[Topic], world: World) -> None:
    month = figures.month_of(world.now, world.zone)
    for topic in sorted(topics):
        figures.add(unit, name, topic, month)
