"""Polling, over real HTTP against the emulator: nothing is confirmed that was not kept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from bot.channels.telegram import polling
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.polling import poll
from bot.metrics import Counts
from flows.core import Said
from handlers.channel import Inbound
from tests.bot.channels.letters import NOON
from tests.platforms.phones import Bell
from tests.platforms.telegram import Telegram as Platform

TOKEN = "123:abc"


@dataclass
class Desk:
    """Where messages are handed over: keeps them, or breaks where it is told to."""

    kept: list[str] = field(default_factory=list)
    breaks_on: dict[str, int] = field(default_factory=dict)
    waits_on: dict[str, asyncio.Event] = field(default_factory=dict)
    bell: Bell = field(default_factory=Bell)

    async def receive(self, inbound: Inbound) -> None:
        words = inbound.event.words if isinstance(inbound.event, Said) else type(inbound.event).__name__
        if event := self.waits_on.get(words):
            await event.wait()
        if self.breaks_on.get(words, 0) > 0:
            self.breaks_on[words] -= 1
            raise RuntimeError(words)
        self.kept.append(words)
        self.bell.ring()

    async def keeps(self, *words: str) -> None:
        assert await self.bell.until(lambda: set(words) <= set(self.kept) or None, within=10.0), self.kept


@pytest.fixture
async def tg() -> AsyncIterator[Platform]:
    async with Platform(token=TOKEN, limits=None) as platform:
        yield platform


@asynccontextmanager
async def polled(tg: Platform, receive: Callable[[Inbound], Awaitable[None]]) -> AsyncIterator[CollectorRegistry]:
    channel, stopping, registry = Telegram(TOKEN, lambda: NOON, api_url=tg.url), asyncio.Event(), CollectorRegistry()
    task = asyncio.create_task(poll(channel, receive, stopping, Counts(registry), pause=lambda _: 0.01))
    try:
        yield registry
    finally:
        stopping.set()
        await task
        await channel.close()


async def test_what_she_says_is_handed_over_and_then_confirmed(tg: Platform) -> None:
    desk = Desk()
    async with polled(tg, desk.receive):
        await tg.person(1001).says("سلام")
        await desk.keeps("سلام")
        await tg.settles()


async def test_one_persons_messages_stay_in_order_and_hold_nobody_else_up(tg: Platform) -> None:
    first = asyncio.Event()
    desk = Desk(waits_on={"a1": first})
    amal, huda = tg.person(1001), tg.person(1002)
    for person, words in ((amal, "a1"), (amal, "a2"), (huda, "h1")):
        await person.says(words)
    async with polled(tg, desk.receive):
        await desk.keeps("h1")
        first.set()
        await desk.keeps("a1", "a2")
    assert desk.kept == ["h1", "a1", "a2"]


async def test_a_message_that_was_not_kept_is_not_confirmed(tg: Platform) -> None:
    desk = Desk(breaks_on={"a1": 2})
    await tg.person(1001).says("a1")
    await tg.person(1001).says("a2")
    async with polled(tg, desk.receive):
        await desk.keeps("a1", "a2")
        await tg.settles()
    assert desk.kept == ["a1", "a2"]


async def test_one_message_that_always_breaks_does_not_hold_the_others_for_ever(
    tg: Platform,
) -> None:
    desk = Desk(breaks_on={"poison": 99})
    await tg.person(1001).says("poison")
    await tg.person(1002).says("h1")
    with capture_logs() as logs:
        async with polled(tg, desk.receive):
            await tg.settles()
    assert {entry["event"] for entry in logs} == {"receive_failed", "telegram_update_given_up"}
    assert "poison" not in str(logs)


async def test_while_nothing_can_be_kept_nothing_is_given_up(tg: Platform) -> None:
    desk = Desk(breaks_on={"a1": 12})
    await tg.person(1001).says("a1")
    async with polled(tg, desk.receive):
        await desk.keeps("a1")


async def test_an_update_of_no_use_is_counted_and_confirmed(tg: Platform) -> None:
    desk = Desk()
    amal = tg.person(1001)
    async with polled(tg, desk.receive) as registry:
        await amal.says("x")
        await desk.keeps("x")
        await amal.sends_raw(
            {"message": {"message_id": 1, "chat": {"id": -5, "type": "group"}, "date": 1, "text": "y"}}
        )
        await tg.settles()
    labels = {"channel": "telegram", "kind": "group"}
    assert registry.get_sample_value("sanad_updates_ignored_total", labels) == 1


async def test_after_an_empty_answer_telegram_is_asked_for_whatever_there_is_however_it_is_numbered() -> None:
    channel, place = Telegram(TOKEN, lambda: NOON), polling._Place(offset=700)
    assert await polling._hand_over(channel, [], place, Desk().receive, Counts(CollectorRegistry()))
    assert place.offset == 0


async def test_a_message_that_breaks_a_few_times_is_not_given_up(tg: Platform) -> None:
    desk = Desk(breaks_on={"a1": 4})
    await tg.person(1001).says("a1")
    await tg.person(1002).says("h1")
    async with polled(tg, desk.receive):
        await tg.settles()
    assert set(desk.kept) == {"a1", "h1"}


async def test_a_pressed_button_stops_its_hourglass(tg: Platform) -> None:
    desk = Desk()
    async with polled(tg, desk.receive):
        amal = tg.person(1001)
        await amal.says("x")
        await desk.keeps("x")
        query = await amal.presses_data("k1")
        await desk.keeps("Pressed")
        await tg.called("answerCallbackQuery", callback_query_id=query)


@pytest.mark.parametrize(
    ("status", "words", "event"),
    [
        (409, "Conflict: can't use getUpdates method while webhook is active", "telegram_webhook_is_set"),
        (409, "Conflict: terminated by other getUpdates request", "telegram_polled_elsewhere"),
        (401, "Unauthorized", "telegram_token_refused"),
    ],
)
async def test_what_stops_polling_is_said_with_what_mends_it(tg: Platform, status: int, words: str, event: str) -> None:
    tg.fails("getUpdates", status=status, description=words)
    desk = Desk()
    with capture_logs() as logs:
        async with polled(tg, desk.receive):
            await tg.person(1001).says("x")
            await desk.keeps("x")
    assert logs[0]["event"] == event
    assert logs[0]["mend"]


async def test_stopping_does_not_wait_for_an_answer(tg: Platform) -> None:
    async with asyncio.timeout(5), polled(tg, Desk().receive):
        await tg.called("getUpdates")
