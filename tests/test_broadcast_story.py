"""Broadcasts as stories over the emulated platforms: who gets them, when, what holds them, and what the team sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.broadcast import Audience
from handlers import broadcasts, public
from tests.broadcasting import AWARE, HERS, TIPS, becomes, crowd, ends, launched, progress, subscribed, texts
from tests.town import Town, town


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        yield found


async def test_everybody_who_asked_for_it_gets_it_once_and_nobody_else(place: Town) -> None:
    await crowd(place, 7)
    place.telegram.person(2001, has_written=True)  # she wrote to us once, and subscribed to nothing
    other = replace(HERS, topics=("courses",))
    await crowd(place, 2, 3001, other)

    found = await ends(place, await launched(place))

    assert found.counts == {"delivered": 7}
    assert all(len(texts(place, chat)) == 1 for chat in range(1001, 1008))
    assert not texts(place, 2001)
    assert not texts(place, 3001)


async def test_each_gets_it_in_her_language_with_buttons_that_count_taps(place: Town) -> None:
    phones = await crowd(place, 1)
    english = await crowd(place, 1, 2001, replace(HERS, language="en"))
    run = await launched(place, replace(TIPS, buttons=("subscribe", "unsubscribe")))
    await ends(place, run)

    await phones[1001].sees("نصيحة اليوم")
    message = await english[2001].sees("Today's tip")
    assert [list(row) for row in message.labels] or message.labels
    await english[2001].presses("Choose what I receive")
    assert (await becomes(place, run, lambda found: found.taps == 1)).taps == 1


async def test_nothing_leaves_before_the_undo_window_is_over(place: Town) -> None:
    await crowd(place, 1)
    run = await launched(place, kind="campaign")
    found = await becomes(place, run, lambda found: found.state == "waiting")
    assert found.counts == {"pending": 1}
    assert not texts(place, 1001)

    await place.passes(minutes=10)
    await ends(place, run)
    assert len(texts(place, 1001)) == 1


async def test_taken_back_in_the_undo_window_it_never_leaves(place: Town) -> None:
    await crowd(place, 1)
    run = await launched(place, kind="campaign")
    await becomes(place, run, lambda found: found.state == "waiting")
    await place.working.store.write(broadcasts.cancel, run, None, place.working.world())
    await place.passes(minutes=20)
    found = await ends(place, run)
    assert found.counts == {"cancelled": 1}
    assert not texts(place, 1001)


async def test_who_subscribes_the_day_after_the_approval_is_not_in_it(place: Town) -> None:
    await crowd(place, 1)
    run = await launched(place, after=timedelta(days=2))
    await becomes(place, run, lambda found: found.state == "waiting")
    await place.passes(days=1)
    await crowd(place, 1, 2001)
    await place.passes(days=1)
    await ends(place, run)
    assert len(texts(place, 1001)) == 1
    assert not texts(place, 2001)


async def test_who_leaves_in_the_middle_gets_nothing_more(place: Town) -> None:
    await crowd(place, 2)
    run = await launched(place, after=timedelta(hours=1))
    await becomes(place, run, lambda found: found.state == "waiting")
    world = place.working.world()
    await place.working.store.write(public.gone, "telegram", "1001", world)
    await place.passes(hours=1)
    found = await ends(place, run)
    assert found.counts == {"delivered": 1, "unsubscribed": 1}
    assert not texts(place, 1001)


async def test_a_reader_who_blocked_us_leaves_every_list(place: Town) -> None:
    phones = await crowd(place, 2)
    place.telegram.fails("sendMessage", status=403, chat_id=1001)
    found = await ends(place, await launched(place))
    assert found.counts == {"delivered": 1, "unsubscribed": 1}
    assert found.reasons == {"403": 1}
    del phones
    await place.passes(days=2)
    later = await ends(place, await launched(place))
    assert later.total == 1


async def test_within_the_spacing_she_chose_the_second_one_waits_and_past_its_end_is_left_out(place: Town) -> None:
    await crowd(place, 1, subscription=replace(HERS, spacing=3))
    await ends(place, await launched(place))
    short = await launched(place, AWARE, ends_at=place.now() + timedelta(hours=20))
    assert (await ends(place, short)).reasons == {"spacing": 1}
    long = await launched(place, AWARE, ends_at=place.now() + timedelta(days=5))
    await becomes(place, long, lambda found: found.state == "sending")
    await place.passes(days=2, hours=23)
    assert len(texts(place, 1001)) == 1
    await place.passes(hours=1)
    await ends(place, long)
    assert len(texts(place, 1001)) == 2


async def test_two_runs_at_once_never_both_reach_her_within_her_spacing(place: Town) -> None:
    await crowd(place, 5)
    first = await launched(place, ends_at=place.now() + timedelta(hours=3))
    second = await launched(place, AWARE, ends_at=place.now() + timedelta(hours=3))
    async with asyncio.timeout(30):
        while not all([(await progress(place, run)).ended_at for run in (first, second)]):
            await asyncio.sleep(0.3)
            await place.passes(minutes=2)  # whoever has the other's letter on its way waits a minute
    assert [len(texts(place, chat)) for chat in range(1001, 1006)] == [1] * 5


async def test_in_the_night_it_waits_for_her_morning(place: Town) -> None:
    await crowd(place, 1)
    await place.passes(hours=10)  # 22:00 in Aden
    run = await launched(place)
    await becomes(place, run, lambda found: found.state == "sending")
    assert not texts(place, 1001)
    await place.passes(hours=9, minutes=31)
    await ends(place, run)
    assert len(texts(place, 1001)) == 1


async def test_a_chat_that_she_hid_gets_none(place: Town) -> None:
    phones = await crowd(place, 1)
    await phones[1001].says("/start")
    await phones[1001].sees("")
    await phones[1001].says("خروج")
    await phones[1001].sees("طقس")
    before = len(texts(place, 1001))
    found = await ends(place, await launched(place))
    assert found.counts == {"skipped": 1}
    assert found.reasons == {"hidden": 1}
    assert len(texts(place, 1001)) == before


async def test_paused_it_stands_still_and_resumed_it_goes_on_to_the_rest(place: Town) -> None:
    await crowd(place, 12)
    run = await launched(place, replace(TIPS, per_minute=240))
    await becomes(place, run, lambda found: found.counts.get("delivered", 0) >= 3)
    assert await place.working.store.write(broadcasts.pause, run, None, place.working.world())
    await becomes(place, run, lambda found: not found.counts.get("queued"))
    await place.telegram.settles()
    sent = sum(len(texts(place, chat)) for chat in range(1001, 1013))
    assert sent < 12
    found = await progress(place, run)
    assert (found.state, found.counts["pending"]) == ("paused", 12 - sent)

    assert await place.working.store.write(broadcasts.resume, run, None, place.working.world())
    await ends(place, run)
    assert [len(texts(place, chat)) for chat in range(1001, 1013)] == [1] * 12


async def test_cancelled_in_the_middle_the_rest_get_none(place: Town) -> None:
    await crowd(place, 12)
    run = await launched(place, replace(TIPS, per_minute=240))
    await becomes(place, run, lambda found: found.counts.get("delivered", 0) >= 3)
    await place.working.store.write(broadcasts.cancel, run, None, place.working.world())
    found = await ends(place, run)
    assert found.counts["delivered"] + found.counts["cancelled"] == 12
    assert sum(len(texts(place, chat)) for chat in range(1001, 1013)) == found.counts["delivered"] < 12


async def test_stopped_at_once_with_letters_on_their_way_nobody_gets_it_twice_or_never(place: Town) -> None:
    await crowd(place, 40)
    run = await launched(place, replace(TIPS, per_minute=60_000))
    await becomes(place, run, lambda found: found.counts.get("delivered", 0) >= 1)
    assert await place.working.store.write(broadcasts.stop_all, 7, place.working.world())
    await becomes(place, run, lambda found: not found.counts.get("queued"))
    await place.telegram.settles()
    at_rest = sum(len(texts(place, chat)) for chat in range(1001, 1041))
    assert at_rest < 40

    assert not await place.working.store.write(broadcasts.allow_again, 7, place.working.world())
    assert sum(len(texts(place, chat)) for chat in range(1001, 1041)) == at_rest
    assert await place.working.store.write(broadcasts.allow_again, 8, place.working.world())
    await ends(place, run)
    assert [len(texts(place, chat)) for chat in range(1001, 1041)] == [1] * 40


async def test_a_broadcast_outlives_a_restart(place: Town) -> None:
    await crowd(place, 10)
    run = await launched(place, replace(TIPS, per_minute=240))
    await becomes(place, run, lambda found: found.counts.get("delivered", 0) >= 2)
    await place.restarts()
    await ends(place, run)
    assert [len(texts(place, chat)) for chat in range(1001, 1011)] == [1] * 10


async def test_told_to_wait_it_waits_to_the_second(place: Town) -> None:
    await crowd(place, 2)
    place.telegram.fails("sendMessage", retry_after=2, chat_id=1001, times=1)
    await ends(place, await launched(place))
    calls = [call for call in place.telegram.calls if call.method == "sendMessage"]
    refused = next(call for call in calls if call.status == 429)
    again = next(call for call in calls if call.at > refused.at and str(call.params["chat_id"]) == "1001")
    assert again.at - refused.at >= 2.0
    assert [len(texts(place, chat)) for chat in (1001, 1002)] == [1, 1]


async def test_a_server_error_is_tried_again(place: Town) -> None:
    await crowd(place, 3)
    place.telegram.fails("sendMessage", status=500, times=2)
    found = await ends(place, await launched(place))
    assert found.counts == {"delivered": 3}


async def test_what_failed_for_good_is_shown_with_its_reason_and_not_tried_again(place: Town) -> None:
    await crowd(place, 2)
    place.telegram.fails("sendMessage", status=413, chat_id=1001)
    run = await launched(place)
    found = await ends(place, run)
    assert found.counts == {"delivered": 1, "failed": 1}
    assert found.reasons == {"413": 1}
    assert await place.working.store.write(broadcasts.retry, run, None, place.working.world()) == 0


async def test_a_letter_too_old_is_not_sent(place: Town) -> None:
    await crowd(place, 1)
    run = await launched(place, after=timedelta(hours=1), ends_at=place.now() + timedelta(hours=3))
    await becomes(place, run, lambda found: found.state == "waiting")
    await place.closes()
    place.telegram.passes(timedelta(hours=4).total_seconds())
    await place.opens()
    found = await ends(place, run)
    assert found.reasons == {"late": 1}
    assert not texts(place, 1001)


async def test_the_estimate_counts_by_channel_and_language(place: Town) -> None:
    await crowd(place, 3)
    await crowd(place, 2, 2001, replace(HERS, language="en"))
    await subscribed(place, "whatsapp", "+967770001001")
    found = await place.working.store.read(broadcasts.estimate, Audience("tips"), place.working.world())
    assert [(part.channel, part.language, part.count, part.outside) for part in found.parts] == [
        ("telegram", "ar", 3, 0), ("telegram", "en", 2, 0), ("whatsapp", "ar", 1, 1),
    ]  # fmt: skip
    assert (found.total, found.outside, found.days, found.cents, found.minutes) == (6, 1, 1, 1, 1)
