"""Letters are claimed once, in order, by lane; their bodies go when they have arrived; statuses only move forward."""

from datetime import UTC, datetime, timedelta

import pytest

from messages import raw
from storage import outbox
from storage.outbox import Lane
from storage.store import Store
from storage.unit import Unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HERS = b"h" * 32


async def puts_out(store: Store, key: str, lane: Lane = Lane.CONVERSATION, words: str = "word") -> None:
    await store.write(outbox.add, key, "telegram", HERS, lane, outbox.body("1001", "ar", raw(words)), NOW)


async def claims(store: Store, lane: Lane = Lane.CONVERSATION, now: datetime = NOW) -> list[outbox.Letter]:
    return await store.write(outbox.claim, "telegram", lane, 10, now)


async def row(store: Store, key: str) -> tuple[object, ...]:
    def look(unit: Unit) -> tuple[object, ...]:
        found = unit.one("SELECT state, body, rank FROM letters WHERE key = :key", {"key": key})
        assert found is not None
        return found

    return await store.read(look)


async def test_letters_are_claimed_oldest_first_and_once(store: Store) -> None:
    for key in ("a", "b", "c"):
        await puts_out(store, key)
    assert [letter.key for letter in await claims(store)] == ["a", "b", "c"]
    assert await claims(store) == []


async def test_a_letter_says_what_was_put_into_it(store: Store) -> None:
    await puts_out(store, "a", words="كلامها")
    (letter,) = await claims(store)
    assert (letter.body.to, letter.body.words()) == ("1001", raw("كلامها"))


async def test_a_key_is_put_out_once(store: Store) -> None:
    await puts_out(store, "same")
    await puts_out(store, "same")
    assert len(await claims(store)) == 1


async def test_a_lane_gives_only_its_own(store: Store) -> None:
    await puts_out(store, "slow", Lane.BROADCAST)
    assert await claims(store, Lane.PAGE) == []
    assert len(await claims(store, Lane.BROADCAST)) == 1


async def test_a_delivered_letter_loses_its_body(store: Store) -> None:
    await puts_out(store, "a")
    (letter,) = await claims(store)
    await store.write(outbox.settle, [outbox.settled(letter.id, "delivered", reference="7", sent_at=NOW)])
    assert (await row(store, "a"))[:2] == ("delivered", None)


async def test_a_letter_put_off_comes_again_when_it_is_due(store: Store) -> None:
    await puts_out(store, "a")
    (letter,) = await claims(store)
    later = NOW + timedelta(seconds=30)
    await store.write(outbox.settle, [outbox.settled(letter.id, "waiting", due_at=later)])
    assert await claims(store, now=NOW + timedelta(seconds=29)) == []
    (again,) = await claims(store, now=later)
    assert again.attempts == 2


async def test_a_cancelled_letter_is_not_wanted_any_more(store: Store) -> None:
    await puts_out(store, "a")
    (letter,) = await claims(store)
    assert await store.read(outbox.still_wanted, letter.id)
    await store.write(outbox.cancel, ["a"])
    assert not await store.read(outbox.still_wanted, letter.id)


@pytest.mark.parametrize(("doubtful", "state"), [(False, "waiting"), (True, "doubt")])
async def test_what_a_dead_dispatcher_had_claimed_is_sent_again_or_in_doubt(
    store: Store, doubtful: bool, state: str
) -> None:
    await puts_out(store, "a")
    await claims(store)
    await store.write(outbox.recover, "telegram", doubtful=doubtful)
    assert (await row(store, "a"))[0] == state


async def test_a_status_moves_a_letter_forward_and_never_back(store: Store) -> None:
    await puts_out(store, "a")
    (letter,) = await claims(store)
    await store.write(outbox.settle, [outbox.settled(letter.id, "sent", reference="SM1", sent_at=NOW)])
    assert await store.write(outbox.advance, "a", "SM1", 3, "delivered")
    assert not await store.write(outbox.advance, "a", "SM1", 2, "sent")
    assert (await row(store, "a"))[0] == "delivered"


async def test_a_held_letter_goes_when_its_reader_writes(store: Store) -> None:
    await puts_out(store, "a")
    (letter,) = await claims(store)
    await store.write(outbox.settle, [outbox.settled(letter.id, "held")])
    await store.write(outbox.release, HERS)
    assert len(await claims(store)) == 1


async def test_letters_past_their_time_are_deleted(store: Store) -> None:
    await puts_out(store, "a")
    assert await store.write(outbox.expire, NOW) == 0
    assert await store.write(outbox.expire, NOW + timedelta(days=1)) == 1
