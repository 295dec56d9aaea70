"""What the world may answer to a letter, as stories: told to wait, blocked, moved, in doubt, outside the window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.delivery import LOWEST_IN_FLIGHT
from messages import raw
from storage import marks, outbox
from storage.outbox import Lane
from storage.people import who
from storage.store import Store
from storage.unit import Unit
from tests.people import Woman
from tests.town import Town, town

HELLO = "Hello, and welcome. Which language suits you?"


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        yield found


async def sends(place: Town, channel: str, address: str, key: str, words: str, lane: Lane = Lane.RELAY) -> None:
    def act(unit: Unit) -> None:
        index = unit.vault.index(who(channel, address))
        outbox.add(unit, key, channel, index, lane, outbox.body(address, "ar", raw(words)), place.now())

    await place.working.store.write(act)


async def test_a_reader_told_to_wait_gets_her_letter_when_the_wait_is_over(place: Town) -> None:
    place.telegram.fails("sendMessage", retry_after=1, chat_id=1001)
    amal = Woman(place.phone(1001), "ar")
    await amal.says("/start")
    await amal.sees(HELLO)
    first, second = [call.at for call in place.telegram.calls if call.method == "sendMessage"][:2]
    assert second - first >= 1.0


async def test_one_readers_trouble_delays_no_other(place: Town) -> None:
    place.telegram.fails("sendMessage", hangs=True, chat_id=1001)
    amal, bushra = Woman(place.phone(1001), "ar"), Woman(place.phone(1002), "ar")
    await amal.says("/start")
    await bushra.says("/start")
    await bushra.sees(HELLO)
    place.telegram.recovers()


async def test_a_reader_told_to_wait_delays_no_other(place: Town) -> None:
    place.telegram.fails("sendMessage", retry_after=600, chat_id=1001, times=None)
    amal, bushra = Woman(place.phone(1001), "ar"), Woman(place.phone(1002), "ar")
    await amal.says("/start")
    await place.telegram.called("sendMessage", chat_id=1001)
    await bushra.says("/start")
    await bushra.sees(HELLO)


async def test_a_server_error_is_tried_again(place: Town) -> None:
    place.telegram.fails("sendMessage", status=502, times=1)
    amal = Woman(place.phone(1001), "ar")
    await amal.says("/start")
    await amal.sees(HELLO)


async def test_who_blocked_us_is_not_written_to_until_she_comes_back(place: Town) -> None:
    amal = Woman(place.phone(1001), "ar")
    await amal.says("/start")
    await amal.sees(HELLO)
    await amal.phone.blocks_bot()
    await place.telegram.settles()
    assert await place.working.store.read(gone) == [1]
    await amal.phone.unblocks_bot()
    await amal.says("/start")
    await amal.sees(HELLO)
    assert await place.working.store.read(gone) == [0]


def gone(unit: Unit) -> list[Any]:
    return [one for (one,) in unit.all("SELECT gone FROM people")]


async def test_a_chat_that_moved_gets_its_letter_at_its_new_place(place: Town) -> None:
    amal = Woman(place.phone(1001), "ar")
    await amal.says("/start")
    await amal.sees(HELLO)
    new = place.phone(-1001234, has_written=True)
    place.telegram.migrates(1001, -1001234)
    await sends(place, "telegram", "1001", "note", "خبر لها")
    await new.sees("خبر لها")


async def test_outside_the_window_a_letter_is_held_until_she_writes(place: Town) -> None:
    place.by_whatsapp = True
    amal = Woman(place.phone(1001), "ar")
    await amal.says("السلام عليكم")
    await amal.sees(HELLO)
    await place.passes(hours=25)
    await sends(place, "whatsapp", "+967770001001", "note", "خبر لها")
    await amal.says("مرحبا")
    await amal.phone.sees("خبر لها")


async def test_a_letter_in_doubt_is_looked_for_and_not_sent_twice(place: Town) -> None:
    place.by_whatsapp = True
    amal = Woman(place.phone(1001), "ar")
    await amal.says("السلام عليكم")
    await amal.sees(HELLO)
    place.twilio.hangs_after_accepting(times=1, closes=True)
    await sends(place, "whatsapp", "+967770001001", "note", "خبر لها")
    await amal.phone.sees("خبر لها")
    await place.passes(seconds=60)
    await place.restarts()
    await amal.says("مرحبا")
    await amal.phone.sees("")
    assert sum("خبر لها" in message.text for message in amal.phone.messages) == 1


async def test_a_page_goes_before_a_queue_of_other_letters(place: Town) -> None:
    place.phone(1001, has_written=True)
    huda = place.phone(2001, has_written=True)

    def act(unit: Unit) -> None:
        for number in range(300):
            index = unit.vault.index(who("telegram", "1001"))
            content = outbox.body("1001", "ar", raw(f"نشرة {number}"))
            outbox.add(unit, f"b{number}", "telegram", index, Lane.BROADCAST, content, place.now())

    await place.working.store.write(act)
    await sends(place, "telegram", "2001", "urgent", "موعد", Lane.CONVERSATION)
    await huda.sees("موعد")
    sent = [call for call in place.telegram.calls if call.method == "sendMessage"]
    assert len(sent) < 200


async def test_a_page_finds_a_place_where_nothing_answers_the_letters_of_a_broadcast(place: Town) -> None:
    crowd = range(3001, 3101)
    for chat in crowd:
        place.phone(chat, has_written=True)
        place.telegram.fails("sendMessage", hangs=True, chat_id=chat, times=None)
    huda = place.phone(2001, has_written=True)

    def act(unit: Unit) -> None:
        for chat in crowd:
            index = unit.vault.index(who("telegram", str(chat)))
            content = outbox.body(str(chat), "ar", raw("نشرة"))
            outbox.add(unit, f"b{chat}", "telegram", index, Lane.BROADCAST, content, place.now())

    await place.working.store.write(act)
    await place.telegram.called("sendMessage", chat_id=crowd[LOWEST_IN_FLIGHT - 1])
    await sends(place, "telegram", "2001", "urgent", "موعد", Lane.CONVERSATION)
    async with asyncio.timeout(3):
        await huda.sees("موعد")
    place.telegram.recovers()


async def test_only_one_process_sends_for_an_account(store: Store) -> None:
    now, length = datetime(2026, 11, 22, tzinfo=UTC), timedelta(seconds=30)
    assert await store.write(marks.hold, "send:telegram", "first", now, length)
    assert not await store.write(marks.hold, "send:telegram", "second", now, length)
    assert await store.write(marks.hold, "send:telegram", "second", now + length, length)
    assert not await store.write(marks.hold, "send:telegram", "first", now + length, length)
