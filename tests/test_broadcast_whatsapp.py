"""Broadcasts on WhatsApp: the 24-hour window, templates and their faults, the tier, statuses, and letters in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import chance
from flows.template import Category
from handlers import broadcasts
from storage import subscribers, templates
from storage.unit import Unit
from tests.broadcasting import TIPS, becomes, ends, launched, progress, subscribed
from tests.town import Town, town

UNDER_WAY = "SELECT 1 FROM letters WHERE state IN ('waiting', 'sending', 'sent')"
SID = "HX" + "0" * 32
FIRST = 1001


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = True
        yield found


def address(number: int) -> str:
    return f"+96777{number:07}"


async def wrote(place: Town, number: int) -> Any:
    """Somebody on WhatsApp who has just written to us, has been answered, and is subscribed."""
    phone = place.phone(number)
    await phone.says("السلام عليكم")
    await phone.sees("")
    while await place.working.store.read(lambda unit: unit.all(UNDER_WAY)):  # noqa: ASYNC110 - nobody is told
        await asyncio.sleep(0.02)
    await place.twilio.settles()
    await subscribed(place, "whatsapp", address(number))
    return phone


async def registered(place: Town, sid: str = SID) -> None:
    """A template that Meta approved, at Twilio and in the desk."""
    place.twilio.template(sid, body="نصيحة: {{1}}.")
    category: Category = "utility"
    template = templates.Template(
        chance.number(), sid, "advice", "ar", category, "نصيحة: {{1}}.", 1, (), "approved", "", place.now()
    )
    await place.working.store.write(templates.add, template, 1)


BY_TEMPLATE = replace(TIPS, sids={"ar": SID}, blanks={"ar": ("بدّلي كلمة السر",)})


def seen(phone: Any, words: str = "بدّلي كلمة السر") -> int:
    return sum(words in message.text for message in phone.messages)


async def test_within_the_window_she_gets_the_words_and_outside_it_is_left_out(place: Town) -> None:
    late = await wrote(place, FIRST)
    await place.passes(hours=25)
    fresh = await wrote(place, FIRST + 1)
    found = await ends(place, await launched(place))
    assert found.reasons == {"window": 1}
    assert (seen(fresh), seen(late)) == (1, 0)


async def test_outside_the_window_a_template_carries_it(place: Town) -> None:
    await registered(place)
    amal = await wrote(place, FIRST)
    await place.passes(hours=25)
    await ends(place, await launched(place, BY_TEMPLATE))
    await amal.sees("نصيحة: بدّلي كلمة السر.")


async def test_statuses_move_a_recipient_forward_to_read(place: Town) -> None:
    place.twilio.statuses = ("sent", "delivered", "read")
    await wrote(place, FIRST)
    run = await launched(place)
    found = await becomes(place, run, lambda found: found.counts.get("read") == 1)
    assert found.counts == {"read": 1}


async def test_a_template_that_the_provider_paused_stops_what_goes_by_it_and_loses_nobody(place: Town) -> None:
    await registered(place)
    phones = [await wrote(place, FIRST + number) for number in range(3)]
    await place.passes(hours=25)
    inside = await wrote(place, FIRST + 9)
    place.twilio.fails_later(63041, to=address(FIRST))
    run = await launched(place, BY_TEMPLATE)
    found = await becomes(place, run, lambda found: found.why == "template" and not found.counts.get("queued"), 20)
    assert found.state == "sending"
    kept = await place.working.store.read(templates.by_sid, SID)
    assert kept is not None
    assert (kept.state, kept.why) == ("paused", "63041")

    other = await launched(place, replace(BY_TEMPLATE, spaced=False))
    waits = await becomes(place, other, lambda found: found.reasons.get("template") == 3)
    assert waits.counts["pending"] == 3
    await becomes(place, other, lambda _: seen(inside) == 2)

    await place.working.store.write(templates.resume, SID)
    await place.passes(minutes=11)
    await ends(place, run, 20)
    await ends(place, other, 20)
    assert [seen(phone) for phone in phones] == [2, 2, 2]


async def test_the_tier_of_the_portfolio_spreads_templates_over_days(place: Town) -> None:
    await registered(place)
    narrow = replace(place.working.rules.broadcasts, portfolio=250)
    object.__setattr__(place.working, "rules", replace(place.working.rules, broadcasts=replace(narrow, portfolio=2)))
    phones = [await wrote(place, FIRST + number) for number in range(3)]
    await place.passes(hours=25)
    run = await launched(place, BY_TEMPLATE, ends_at=place.now() + timedelta(days=3))
    found = await becomes(place, run, lambda found: found.reasons.get("portfolio") == 1)
    await place.twilio.settles()
    assert sum(map(seen, phones)) == 2
    assert found.counts["pending"] == 1
    await place.passes(hours=24, minutes=1)
    await ends(place, run)
    assert [seen(phone) for phone in phones] == [1, 1, 1]


async def test_who_blocked_us_on_whatsapp_leaves_every_list(place: Town) -> None:
    await wrote(place, FIRST)
    place.twilio.fails_later(63033, to=address(FIRST))
    run = await launched(place)
    found = await becomes(place, run, lambda found: found.counts == {"unsubscribed": 1})
    assert found.reasons == {"63033": 1}
    assert await place.working.store.read(subscribers.count) == 0


async def test_a_letter_in_doubt_that_the_platform_has_is_not_sent_again(place: Town) -> None:
    amal = await wrote(place, FIRST)
    place.twilio.hangs_after_accepting(times=1, closes=True)
    place.twilio.withholds_callbacks()
    run = await launched(place)
    await becomes(place, run, lambda found: bool(found.counts.get("sent")), 25)
    place.twilio.releases_callbacks()
    await ends(place, run)
    assert seen(amal) == 1


async def test_a_letter_of_which_the_platform_knows_nothing_waits_for_a_person(place: Town) -> None:
    amal = await wrote(place, FIRST)
    place.twilio.fails(status=503, times=1, to=address(FIRST))
    run = await launched(place)
    found = await becomes(place, run, lambda found: bool(found.in_doubt))
    await place.passes(minutes=2)
    await ends(place, run)
    (subscriber,) = found.in_doubt
    found = await progress(place, run)
    assert found.counts == {"doubt": 1}
    assert seen(amal) == 0

    world = place.working.world()
    assert await place.working.store.write(broadcasts.settle_doubt, run, subscriber, "again", 7, world)
    await ends(place, run, 40)  # her next letter waits for the status of the one in doubt (outcomes.STATUS_PATIENCE)
    await becomes(place, run, lambda found: not found.counts.get("doubt") and not found.left)
    await amal.sees("بدّلي كلمة السر")
    assert seen(amal) == 1
    assert not await place.working.store.write(broadcasts.settle_doubt, run, subscriber, "again", 7, world)


async def test_said_to_have_arrived_it_is_not_sent_again(place: Town) -> None:
    amal = await wrote(place, FIRST)
    place.twilio.fails(status=503, times=1, to=address(FIRST))
    run = await launched(place)
    (subscriber,) = (await becomes(place, run, lambda found: bool(found.in_doubt))).in_doubt
    world = place.working.world()
    assert await place.working.store.write(broadcasts.settle_doubt, run, subscriber, "sent", 7, world)
    await place.passes(minutes=2)
    assert (await ends(place, run)).counts == {"sent": 1}
    assert seen(amal) == 0


async def test_a_letter_claimed_but_not_begun_is_in_no_doubt_after_a_restart(place: Town) -> None:
    amal = await wrote(place, FIRST)
    run = await launched(place, after=timedelta(hours=1))
    await becomes(place, run, lambda found: found.state == "waiting")
    await place.closes()
    place.twilio.passes(3601)

    def died_before_it_began(unit: Unit) -> None:
        del unit

    await place.opens()
    await place.working.store.write(died_before_it_began)
    await ends(place, run)
    assert seen(amal) == 1
