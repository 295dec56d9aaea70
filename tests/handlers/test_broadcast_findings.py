"""What a hostile review of the engine found: each of these broke once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from flows.public import Subscription
from handlers import broadcast_feeding, broadcasts
from handlers.broadcast_feeding import Later, Put
from handlers.broadcast_going import let_go
from handlers.broadcast_work import Broadcaster
from handlers.channel import Limits, Outcome, Outgoing
from handlers.delivery import Dispatcher
from handlers.draw import World
from messages import raw
from storage import outbox, recipients, runs, subscribers
from storage.outbox import Lane
from storage.recipients import Change
from storage.store import Store
from storage.unit import Unit
from tests.handlers.test_broadcasts import NOW, TIP, WORLD


class Interrupted:
    """A store in which somebody's act comes between what a duty reads and what it writes."""

    def __init__(self, store: Store, act: Callable[..., Any], *args: Any) -> None:
        self._store, self._act, self._args = store, act, args
        self.durable = store.durable

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def read(self, act: Callable[..., Any], *args: Any, **more: Any) -> Any:
        found = await self._store.read(act, *args, **more)
        if act is broadcast_feeding.look:
            await self._store.write(self._act, *self._args)
        return found


async def _sending(store: Store, readers: int, at: datetime = NOW) -> int:
    """A run that sends, with so many readers who are due."""

    def act(unit: Unit) -> int:
        for number in range(1, readers + 1):
            facts = subscribers.Facts(str(number), Subscription(("tips", "awareness")))
            subscribers.put(unit, number, "telegram", facts, NOW - timedelta(days=9))
        world = replace(WORLD, now=at)
        run = broadcasts.launch(unit, TIP, at, world, kind="tip")
        runs.planned(unit, run, 0, None)
        listed = [recipients.Listed(number, "telegram", at) for number in range(1, readers + 1)]
        recipients.add(unit, run, listed)
        runs.move(unit, run, "sending")
        return run

    return await store.write(act)


def _broadcaster(store: Any, world: Callable[[], World] = lambda: WORLD) -> Broadcaster:
    return Broadcaster(store, ("telegram",), world, lambda: 0.0, "one")


@pytest.mark.parametrize("act", [broadcasts.pause, broadcasts.cancel])
async def test_a_run_held_while_it_is_being_fed_holds_up_no_other(store: Store, act: Any) -> None:
    run = await _sending(store, 60)
    broadcaster = _broadcaster(Interrupted(store, act, run, 7, WORLD))
    async with asyncio.timeout(5):
        await broadcaster.work()
    assert await store.read(lambda unit: unit.one("SELECT COUNT(*) FROM letters")) == (0,)


async def test_stopping_everything_while_a_run_is_fed_holds_up_nothing(store: Store) -> None:
    await _sending(store, 60)
    async with asyncio.timeout(5):
        await _broadcaster(Interrupted(store, broadcasts.stop_all, 7, WORLD)).work()
    assert await store.read(lambda unit: unit.one("SELECT COUNT(*) FROM letters")) == (0,)


async def test_a_letter_in_doubt_counts_as_sent_for_her_spacing_and_no_longer(store: Store) -> None:
    first = await _sending(store, 1)
    doubt = Change(first, 1, "doubt", "unknown", NOW)
    await store.write(recipients.change, [doubt])
    for hours, kind in ((2, Later), (200, Put)):
        world = replace(WORLD, now=NOW + timedelta(hours=hours))
        number = await _sending(store, 1, world.now)
        run = await store.read(runs.get, number)
        assert run is not None
        run = replace(run, ends_at=NOW + timedelta(days=30))
        (found,) = await store.read(broadcast_feeding.look, run, "telegram", 9, world)
        assert isinstance(found, kind)


async def test_a_letter_that_a_person_found_to_have_arrived_keeps_her_spacing(store: Store) -> None:
    run = await _sending(store, 1)
    await store.write(recipients.change, [Change(run, 1, "doubt", "unknown", NOW)])
    assert await store.write(broadcasts.settle_doubt, run, 1, "sent", 7, WORLD)
    her = await store.read(subscribers.get, 1)
    assert her is not None
    assert her.last_at == NOW


async def test_a_run_that_is_paused_past_its_end_ends(store: Store) -> None:
    number = await _sending(store, 3)
    await store.write(broadcasts.pause, number, 7, WORLD)
    late = replace(WORLD, now=NOW + timedelta(days=30))
    broadcaster = _broadcaster(store, lambda: late)
    for _ in range(3):
        await broadcaster.work()
    run, found = await store.read(runs.get, number), await store.read(broadcasts.progress, number, late)
    assert run is not None
    assert found is not None
    assert (run.state, run.ended_at, found.counts) == ("done", late.now, {"skipped": 3})
    assert found.reasons == {"late": 3}


async def test_whoever_wants_the_topic_no_more_gets_no_letter_that_was_already_put_out(store: Store) -> None:
    run = await _sending(store, 1)
    await _broadcaster(store).work()
    (letter,) = await store.write(outbox.claim, "telegram", Lane.BROADCAST, 9, NOW)
    facts = subscribers.Facts("1", Subscription(("awareness",)))
    await store.write(subscribers.put, 1, "telegram", facts, NOW)
    assert not await store.write(let_go, letter, "telegram", None, WORLD)
    assert await store.read(recipients.state_of, run, 1) == "unsubscribed"


class Silent:
    """A platform that takes every question and answers none."""

    name = "whatsapp"
    limits = Limits(rate=None, text=1600, buttons=10, waits_for_status=True)

    def __init__(self) -> None:
        self.asked = 0
        self.was_asked = asyncio.Event()

    async def reconcile(self, letter: Outgoing, since: datetime) -> Outcome:
        del letter, since
        self.asked += 1
        self.was_asked.set()
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_platform_that_answers_no_question_is_asked_one_at_a_time(store: Store) -> None:
    content, seconds, silent = outbox.body("+967770001001", "ar", raw("x")), count(0, 11), Silent()
    await store.write(outbox.add, "note:1", "whatsapp", b"reader", Lane.RELAY, content, NOW)
    (letter,) = await store.write(outbox.claim, "whatsapp", Lane.RELAY, 9, NOW)
    await store.write(outbox.settle, [outbox.settled(letter.id, "doubt")])
    channel: Any = silent
    dispatcher = Dispatcher(store, channel, lambda: WORLD, lambda: float(next(seconds)), "one", lambda *_: None)
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(10):
        await silent.was_asked.wait()
    looked = next(seconds)
    for _ in range(25):  # each look at the clock is eleven seconds after the one before
        await store.write(lambda unit: unit.wakes.add("status"))
    assert next(seconds) > looked + 100
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert silent.asked == 1


async def test_news_that_comes_while_letters_are_claimed_is_looked_at_at_once(store: Store) -> None:
    """Else a page whose commit shares the claim's would wait for the next look, a second later (measured: 1.1 s)."""
    channel: Any = Silent()
    dispatcher = Dispatcher(store, channel, lambda: WORLD, lambda: 0.0, "one", lambda *_: None)
    dispatcher._woken(frozenset({"letters"}))
    claiming = asyncio.create_task(dispatcher._bring_in())
    await asyncio.sleep(0)
    dispatcher._woken(frozenset({"letters"}))
    await claiming
    assert dispatcher._wanted
