"""Acts on runs, one at a time: who may end a stop, what is sent again, what is kept when recipients are forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot import mechanism
from bot.settings import ROOT
from flows.broadcast import Audience, Frozen, RecipientState, letter_key
from flows.public import Subscription
from handlers import broadcast_work, broadcasts
from handlers.broadcast_outcomes import settle
from handlers.broadcast_planning import look, opens_at, timetable
from handlers.broadcast_work import Pace
from handlers.channel import Delivered, Outcome, TryLater, Undeliverable
from handlers.clearing import Cleared
from handlers.draw import Draw, World
from handlers.lanes import Ready
from handlers.statuses import record_status
from messages import raw
from storage import outbox, recipients, runs, subscribers
from storage.outbox import Lane, Letter
from storage.recipients import Change, Listed
from storage.store import Store
from storage.unit import Unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NUMBERS = count(1)
WORLD = World(NOW, mechanism.load(ROOT / "mechanism"), Draw(lambda: next(NUMBERS), str, str, bytes))
TIP = Frozen("t", {"ar": "نص"}, Audience("tips"))


async def a_run(store: Store, states: dict[int, tuple[RecipientState, str]], world: World = WORLD) -> int:
    """A run that sends, with recipients in these states."""

    def act(unit: Unit) -> int:
        run = broadcasts.launch(unit, TIP, world.now, world, kind="tip")
        runs.planned(unit, run, 0, None)
        recipients.add(unit, run, [Listed(number, "telegram", world.now) for number in states])
        recipients.change(unit, [Change(run, number, *found) for number, found in states.items()])
        runs.move(unit, run, "sending")
        return run

    return await store.write(act)


async def claimed(store: Store, run: int) -> Letter:
    """Her letter, as it is just being sent."""
    content = outbox.body("+967770001001", "ar", raw("x"))
    await store.write(outbox.add, letter_key(run, 1), "whatsapp", b"reader", Lane.BROADCAST, content, NOW)
    (letter,) = await store.write(outbox.claim, "whatsapp", Lane.BROADCAST, 9, NOW)
    return letter


async def test_whoever_stopped_everything_cannot_allow_it_again_alone(store: Store) -> None:
    assert await store.write(broadcasts.stop_all, 7, WORLD)
    assert not await store.write(broadcasts.stop_all, 8, WORLD)
    assert await store.read(broadcasts.stopped_by) == 7
    assert not await store.write(broadcasts.allow_again, 7, WORLD)
    assert await store.read(broadcasts.is_stopped)
    assert await store.write(broadcasts.allow_again, 8, WORLD)
    assert not await store.read(broadcasts.is_stopped)
    assert not await store.write(broadcasts.allow_again, 8, WORLD)


async def test_only_what_may_be_sent_again_is_sent_again(store: Store) -> None:
    run = await a_run(store, {1: ("failed", "gave_up"), 2: ("failed", "400"), 3: ("failed", "63032"), 4: ("sent", "")})
    assert await store.write(broadcasts.retry, run, 7, WORLD) == 1
    states = [await store.read(recipients.state_of, run, number) for number in (1, 2, 3, 4)]
    assert states == ["pending", "failed", "failed", "sent"]


async def test_after_its_end_nothing_is_sent_again(store: Store) -> None:
    run = await a_run(store, {1: ("failed", "gave_up"), 2: ("doubt", "")})
    late = replace(WORLD, now=NOW + timedelta(days=30))
    assert await store.write(broadcasts.retry, run, 7, late) == 0
    assert not await store.write(broadcasts.settle_doubt, run, 2, "again", 7, late)
    assert await store.write(broadcasts.settle_doubt, run, 2, "sent", 7, late)


@pytest.mark.parametrize("run", [0, 1, 2**62])
async def test_what_is_asked_of_a_run_that_is_none_does_nothing(store: Store, run: int) -> None:
    for act in (broadcasts.pause, broadcasts.resume, broadcasts.cancel):
        assert not await store.write(act, run, 7, WORLD)
    assert await store.write(broadcasts.retry, run, 7, WORLD) == 0
    assert not await store.write(broadcasts.settle_doubt, run, 5, "again", 7, WORLD)
    assert await store.read(broadcasts.progress, run, WORLD) is None
    await store.write(broadcasts.tapped, run, "telegram", "1")


async def test_an_older_status_never_moves_a_recipient_back(store: Store) -> None:
    run = await a_run(store, {1: ("pending", "")})
    told: list[tuple[int, RecipientState]] = [(4, "read"), (1, "sent"), (3, "delivered"), (2, "failed")]
    for rank, state in told:
        await store.write(recipients.change, [Change(run, 1, state, rank=rank)])
    assert await store.read(recipients.state_of, run, 1) == "read"


async def test_after_their_time_recipients_are_forgotten_and_their_counts_stay(store: Store) -> None:
    run = await a_run(store, {1: ("delivered", ""), 2: ("delivered", ""), 3: ("failed", "400")})
    await store.write(recipients.tap, run, 1)
    await store.write(runs.move, run, "done", ended_at=NOW)
    kept = WORLD.rules.broadcasts.recipients_kept
    assert await store.write(broadcast_work.sweep, replace(WORLD, now=NOW + kept - timedelta(days=1))) == 0
    assert await store.write(broadcast_work.sweep, replace(WORLD, now=NOW + kept + timedelta(days=1))) == 3
    found = await store.read(broadcasts.progress, run, WORLD)
    assert found is not None
    assert (found.forgotten, found.total, found.taps) == (True, 3, 1)
    assert found.counts == {"delivered": 2, "failed": 1}


async def test_a_plan_made_twice_lists_everybody_once(store: Store) -> None:
    def subscribe(unit: Unit) -> None:
        for number in range(1, 8):
            subscribers.put(unit, number, "telegram", subscribers.Facts(str(number), Subscription(("tips",))), NOW)

    await store.write(subscribe)
    number = await store.write(broadcasts.launch, TIP, NOW, WORLD, kind="tip")
    run = await store.read(runs.get, number)
    assert run is not None
    piece = await store.read(look, run, 0, timetable(run, WORLD))
    assert len(piece.listed) == 7
    for _ in range(2):
        await store.write(recipients.add, number, piece.listed)
    assert await store.read(lambda unit: unit.one("SELECT COUNT(*) FROM recipients")) == (7,)


async def test_a_campaign_begins_no_sooner_than_its_undo_window_is_over(store: Store) -> None:
    run = await store.read(runs.get, await store.write(broadcasts.launch, TIP, NOW, WORLD))
    assert run is not None
    assert opens_at(run, WORLD) == NOW + WORLD.rules.broadcasts.undo


async def test_what_arrived_keeps_her_spacing(store: Store) -> None:
    facts = subscribers.Facts("1", Subscription(("tips",)))
    await store.write(subscribers.put, 1, "telegram", facts, NOW)
    run = await a_run(store, {1: ("queued", "")})
    letter = await claimed(store, run)
    await store.write(settle, [(letter.key, outbox.settled(letter.id, "delivered", sent_at=NOW))])
    her = await store.read(subscribers.get, 1)
    assert her is not None
    assert her.last_at == NOW


@pytest.mark.parametrize(
    ("outcome", "rank", "state"),
    [(Delivered("SM1"), 3, "delivered"), (Undeliverable("63032"), 2, "failed"), (TryLater(NOW, "63018"), 2, "queued")],
)
async def test_a_status_that_comes_before_the_answer_to_its_own_request_is_not_undone(
    store: Store, outcome: Outcome, rank: int, state: str
) -> None:
    run = await a_run(store, {1: ("queued", "")})
    letter = await claimed(store, run)
    assert await store.write(record_status, letter.key, "SM1", rank, outcome, WORLD)
    await store.write(settle, [(letter.key, outbox.settled(letter.id, "sent", reference="SM1", sent_at=NOW))])
    assert await store.read(recipients.state_of, run, 1) == state


def test_a_pace_never_gives_more_than_a_second_s_letters_at_once() -> None:
    pace = Pace()
    assert pace.allows(1, 600, 0.0) == 1
    pace.took(1, 1)
    assert pace.allows(1, 600, 0.5) == 5
    assert pace.allows(1, 600, 3600.0) == 10


def test_a_slow_pace_gives_one_letter_now_and_then() -> None:
    pace = Pace()
    assert pace.allows(1, 1, 0.0) == 1
    pace.took(1, 1)
    assert pace.allows(1, 1, 59.0) == 0
    assert pace.allows(1, 1, 61.0) == 1


def _ready(number: int) -> Ready:
    return Ready(number, Letter(number, "k", b"", Lane.BROADCAST, outbox.body("1", "ar", raw("x")), 1, NOW))


def test_what_was_cleared_is_asked_for_again_when_something_was_held() -> None:
    cleared = Cleared(28.0)
    cleared.put(_ready(1), cleared.ask(), 0.0)
    cleared.asked()
    under_way = cleared.ask()
    cleared.doubt()
    cleared.put(_ready(2), under_way, 0.1)
    assert cleared.take(0.1) is None
    assert [ready.id for ready in cleared.doubtful(0.1)] == [1, 2]


def test_an_answer_holds_for_two_seconds() -> None:
    cleared = Cleared(None)
    cleared.put(_ready(1), cleared.ask(), 0.0)
    assert not cleared.has_ready(2.0)
    assert cleared.has_ready(1.9)
    assert [ready.id for ready in cleared.withdraw({1})] == [1]
    assert cleared.waiting() == []
