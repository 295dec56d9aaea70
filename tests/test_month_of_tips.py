"""A month of tips over both platforms with the clock moved: her own hours, Fridays, a week away, and leaving."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import chance
from flows.broadcast import is_quiet
from flows.public import Subscription
from handlers import tip_calendar
from messages.catalog import render
from messages.content import Tip
from storage import subscribers, templates
from storage.unit import Unit
from tests.broadcasting import subscribed
from tests.town import Town, town

ADEN = ZoneInfo("Asia/Aden")
BEGINS = datetime(2026, 11, 22, 3, tzinfo=UTC)
STEP = timedelta(hours=3)
LINES = (("digital", "0 17 * * sun"), ("legal", "0 10 * * tue"), ("physical", "0 9 * * fri"))
"""Sunday, Tuesday, and a Friday morning, which waits for the afternoon."""
TEMPLATE = "HX" + "7" * 32
WORKING = """
    SELECT 1 FROM runs WHERE state = 'planning' OR (ended_at IS NULL AND EXISTS (SELECT 1 FROM recipients
        WHERE run_id = runs.id AND (state = 'queued' OR (state = 'pending' AND due_at <= :now))))
"""


@dataclass
class Month:
    """A town in which readers wait for tips."""

    place: Town
    got: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)

    async def lives(self, **span: float) -> None:
        """Let so much time pass, in steps, with everything done that falls due in each."""
        ends = self.place.now() + timedelta(**span)
        while self.place.now() < ends:
            self.place.telegram.passes(STEP.total_seconds())
            await self.looks()

    async def looks(self) -> None:
        """Do what is due now, and wait until it is done."""

        def due(unit: Unit) -> None:
            tip_calendar.send_due(unit, self.place.working.world())
            unit.wakes.add("broadcasts")

        await self.place.working.store.write(due)
        now = int(self.place.now().timestamp() * 1000)
        try:
            async with asyncio.timeout(30):
                while await self.place.working.store.read(lambda unit: unit.one(WORKING, {"now": now})):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        except TimeoutError:
            runs = await self.place.working.store.read(
                lambda unit: unit.all("SELECT state, why, COUNT(*) FROM recipients GROUP BY state, why")
            )
            raise AssertionError(f"at {self.place.now()} it stands: {runs}") from None

    def tips(self, phone: Any, language: str = "ar") -> list[tuple[datetime, str]]:
        """When which tip came to this phone, on Aden's clock."""
        found = []
        for message in phone.messages:
            at = datetime.fromtimestamp(message.at, UTC).astimezone(ADEN)
            found += [(at, tip.id) for tip in self.content if _first(tip, language) in message.text]
        return found

    @property
    def content(self) -> list[Tip]:
        return list(self.place.working.rules.content.tips.values())


def _first(tip: Tip, language: Any) -> str:
    return render(tip.text, language).splitlines()[0][:60]


@pytest.fixture
async def month(database: str, tmp_path: Path) -> AsyncIterator[Month]:
    async with town(database, tmp_path, start=BEGINS) as place:
        for part, moments in LINES:
            await place.working.store.write(tip_calendar.add, part, moments, None, place.working.world())
        yield Month(place)


TIPS = Subscription(("tips",), "ar")


async def reader(month: Month, chat: int, subscription: Subscription = TIPS) -> Any:
    phone = month.place.telegram.person(chat, has_written=True)
    await subscribed(month.place, "telegram", str(chat), subscription)
    return phone


@pytest.mark.timeout(240)
async def test_a_month_of_tips(month: Month) -> None:
    amal = await reader(month, 1)
    nour = await reader(month, 2, replace(TIPS, tracks=("legal",), hours="evening"))
    rare = await reader(month, 3, replace(TIPS, spacing=7, language="en"))
    leaves, blocks = await reader(month, 4), await reader(month, 5)

    await month.lives(days=9)
    await leaves.says("إلغاء الاشتراك")
    await leaves.sees("")
    await blocks.blocks_bot()
    await month.place.telegram.settles()
    before = len(month.tips(leaves)), len(month.tips(blocks))
    await month.lives(days=5)
    await month.place.closes()
    month.place.telegram.passes(timedelta(days=7).total_seconds())
    await month.place.opens()
    await month.looks()
    back = month.place.now().astimezone(ADEN)
    await month.lives(days=9)

    hers = month.tips(amal)
    away = [at for at, _ in hers if back - timedelta(days=7) < at < back]
    assert away == []
    assert len(hers) == 3 * 3 + 1  # three full weeks and the last Sunday: none is made up for the week away
    assert len({tip for _, tip in hers}) == len(hers)
    _kept_the_rules(month, hers, timedelta(days=1))

    legal = month.tips(nour)
    assert {tip[0] for _, tip in legal} == {"l"}
    assert all(17 <= at.hour < 21 for at, _ in legal)

    seldom = month.tips(rare, "en")
    assert 3 <= len(seldom) <= 5
    _kept_the_rules(month, seldom, timedelta(days=7))

    assert (len(month.tips(leaves)), len(month.tips(blocks))) == before
    assert await month.place.working.store.read(subscribers.count) == 3


def _kept_the_rules(month: Month, got: list[tuple[datetime, str]], apart: timedelta) -> None:
    rules = month.place.working.rules.broadcasts
    assert not [at for at, _ in got if is_quiet(at.replace(tzinfo=None), rules)]
    assert not [at for at, _ in got if at.weekday() == 4 and at.hour < 16]
    moments = [at for at, _ in got]
    assert all(later - earlier >= apart for earlier, later in pairwise(moments))


async def test_in_ramadan_a_tip_waits_for_an_hour_between(database: str, tmp_path: Path) -> None:
    start = datetime(2027, 2, 14, 3, tzinfo=UTC)
    async with town(database, tmp_path, start=start) as place:
        month = Month(place)
        await place.working.store.write(tip_calendar.add, "digital", "0 17 * * sun", None, place.working.world())
        amal = await reader(month, 1)
        await month.lives(days=2)
        ((at, _),) = month.tips(amal)
        assert (at.day, at.hour) in {(14, 20), (15, 11), (15, 12)}
        assert not is_quiet(at.replace(tzinfo=None), place.working.rules.broadcasts)


@pytest.mark.timeout(120)
async def test_on_whatsapp_a_window_closes_a_template_carries_it_and_the_provider_pauses_the_template(
    month: Month,
) -> None:
    place = month.place
    place.twilio.template(TEMPLATE, body="لكِ من القائمة: {{1}} انتهى.")
    kept = templates.Template(
        chance.number(), TEMPLATE, "tip", "ar", "utility", "لكِ من القائمة: {{1}} انتهى.", 1, (), "approved", "", BEGINS
    )
    await place.working.store.write(templates.add, kept, 1)
    sara = place.twilio.person("+967770000001")
    await sara.says("السلام عليكم")
    await sara.sees("")
    await subscribed(place, "whatsapp", "+967770000001", TIPS)
    await month.lives(days=4)
    assert len(sara.messages) >= 2
    last = len(sara.messages)
    place.twilio.fails_later(63041)
    await month.lives(days=7)
    found = await place.working.store.read(templates.by_sid, TEMPLATE)
    assert found is not None
    assert found.state == "paused"
    assert len(sara.messages) == last
