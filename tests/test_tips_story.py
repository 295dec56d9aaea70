"""A month of tips over the emulated platform, the clock moved: both languages, hours, Fridays, absence, leaving."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.broadcast import is_quiet
from handlers import public, tip_calendar
from messages.catalog import render
from storage import subscribers
from storage.unit import Unit, millis, moment
from tests.broadcasting import HERS, subscribed, texts
from tests.town import Town, town

ADEN = ZoneInfo("Asia/Aden")
DAILY = "0 17 * * *"
START = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path, start=START) as found:
        yield found


@dataclass(slots=True)
class Month:
    """The days, one after the other."""

    place: Town

    async def begins(self, moments: str = DAILY, part: str = "") -> int:
        number = await self.place.working.store.write(tip_calendar.add, part, moments, 7, self.place.working.world())
        assert number is not None
        return number

    async def passes(self, days: int) -> None:
        for _ in range(days):
            for hours in (5.2, 0.1, 16.2, 2.5):  # past five in Aden's afternoon, half past nine, noon
                await self.place.passes(hours=hours)
                await self.place.working.store.write(tip_calendar.send_due, self.place.working.world())
                await self.rests()

    async def rests(self) -> None:
        """Whatever is due has gone out."""
        sql = """SELECT 1 FROM runs WHERE state IN ('planning', 'waiting') UNION ALL SELECT 1 FROM recipients
            WHERE state = 'queued' OR (state = 'pending' AND due_at <= :now)"""
        async with asyncio.timeout(15):
            while await self.place.working.store.read(  # noqa: ASYNC110 - the program tells nobody that it is idle
                lambda unit: unit.all(sql, {"now": millis(self.place.now())})
            ):
                await asyncio.sleep(0.02)

    def got(self, chat: int) -> list[str]:
        """The first line of each tip that came."""
        return [words.split("\n", 1)[0] for words in texts(self.place, chat)]

    async def when(self, chat: int) -> list[datetime]:
        """When each of them came, on Aden's clock."""
        sql = "SELECT sent_at FROM recipients WHERE subscriber_id = :number AND sent_at IS NOT NULL ORDER BY sent_at"

        def act(unit: Unit) -> list[datetime]:
            her = subscribers.find(unit, "telegram", str(chat))
            assert her is not None
            return [moment(at).astimezone(ADEN) for (at,) in unit.all(sql, {"number": her.id})]

        return await self.place.working.store.read(act)


async def test_a_month_of_tips_comes_to_each_in_her_hours_at_her_spacing_until_she_leaves(place: Town) -> None:
    month = Month(place)
    daily = replace(HERS, topics=("tips",))
    wishes = {
        1: daily,
        2: replace(daily, language="en", spacing=3),
        3: replace(daily, hours="morning"),
        4: daily,
        5: daily,
    }
    for number, wish in wishes.items():
        place.telegram.person(1000 + number, has_written=True)
        await subscribed(place, "telegram", str(1000 + number), wish)
    await month.begins()
    await month.passes(10)
    await place.working.store.write(public.gone, "telegram", "1004", place.working.world())
    left = len(month.got(1004))
    await place.telegram.persons[1005].blocks_bot()
    await month.passes(20)

    rules = place.working.rules.broadcasts
    every, third, mornings = [await month.when(1000 + number) for number in (1, 2, 3)]
    assert not [at for at in (*every, *third, *mornings) if is_quiet(at, rules)]
    assert {at.hour for at in mornings} <= set(range(7, 12))
    assert all(later - at >= timedelta(days=3) for at, later in pairwise(third))
    assert len(every) == len(month.got(1001)) >= 28
    assert 9 <= len(third) == len(month.got(1002)) <= 10
    assert len(mornings) == len(month.got(1003)) >= 24
    assert len(set(month.got(1001))) == len(every)  # none twice: there are thirty
    assert left >= 9
    assert len(month.got(1004)) == left
    assert len(month.got(1005)) <= 11
    tips = place.working.rules.content.tips
    english = {render(tip.text, "en").split("\n", 1)[0] for tip in tips.values()}
    assert set(month.got(1002)) <= english


async def test_after_a_week_s_absence_one_tip_comes_and_not_seven(place: Town) -> None:
    month = Month(place)
    place.telegram.person(1001, has_written=True)
    await subscribed(place, "telegram", "1001", HERS)
    await month.begins()
    await place.closes()
    place.telegram.passes(timedelta(days=7, hours=5.2).total_seconds())
    await place.opens()
    await place.working.store.write(tip_calendar.send_due, place.working.world())
    await month.rests()
    assert len(month.got(1001)) <= 1
    await month.passes(2)
    assert 2 <= len(month.got(1001)) <= 3


async def test_a_line_that_rests_sends_nothing_and_goes_on_where_it_was(place: Town) -> None:
    month = Month(place)
    place.telegram.person(1001, has_written=True)
    await subscribed(place, "telegram", "1001", HERS)
    number = await month.begins(part="digital")
    await month.passes(1)
    store = place.working.store
    assert await store.write(tip_calendar.pause, number, 7, place.working.world())
    await month.passes(2)
    assert len(month.got(1001)) == 1
    assert await store.write(tip_calendar.resume, number, 7, place.working.world())
    await month.passes(1)
    first, second = month.got(1001)
    digital = [render(tip.text, "ar") for tip in place.working.rules.content.tips_of("digital")]
    assert [first, second] == [words.split("\n", 1)[0] for words in digital[:2]]


async def test_a_tip_that_nobody_looked_at_for_a_year_is_left_out(place: Town) -> None:
    number = await Month(place).begins(part="legal")
    (entry,) = await place.working.store.read(tip_calendar.everything)
    world = place.working.world()
    assert tip_calendar.next_tip(entry, world) is not None
    later = replace(world, now=world.now + timedelta(days=800))
    assert tip_calendar.next_tip(entry, later) is None
    assert await place.working.store.write(tip_calendar.remove, number, 7, world)


@pytest.mark.parametrize(
    "moments", ["", "x", "0 25 * * *", "0 0 31 2 *", "🙂" * 5000, "* * * *", "0 17 * * *\n0 18 * * *"]
)
async def test_a_line_that_never_strikes_is_no_line(place: Town, moments: str) -> None:
    world = place.working.world()
    assert await place.working.store.write(tip_calendar.add, "", moments, 7, world) is None
    assert await place.working.store.write(tip_calendar.add, "cooking", DAILY, 7, world) is None
    assert await place.working.store.read(tip_calendar.everything) == []
