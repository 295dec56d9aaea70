"""The doors under the emulators' real requests: what is not kept comes again, what is forged gets nowhere."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import uvicorn
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from bot.channels.whatsapp.channel import WhatsApp
from bot.channels.whatsapp.status import StatusChange
from bot.metrics import Counts
from bot.webhooks import TelegramWebhook, WhatsAppWebhook, routes
from flows.core import Said
from handlers.channel import Inbound
from tests.bot.channels.letters import NOON, letter
from tests.platforms.telegram import Telegram
from tests.platforms.twilio import Twilio

PUBLIC = "https://sanad.example"


@dataclass
class Doors:
    """The running doors, and what came in by them; the next `failures` messages are not kept."""

    url: str
    failures: int = 0
    words: list[str] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list)

    async def receive(self, inbound: Inbound) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError
        assert isinstance(inbound.event, Said)
        self.words.append(inbound.event.words)

    async def status(self, change: StatusChange) -> None:
        self.changes.append(change)


@pytest.fixture
async def doors() -> AsyncIterator[Doors]:
    listening = socket.create_server(("127.0.0.1", 0))
    opened = Doors(f"http://127.0.0.1:{listening.getsockname()[1]}")
    twilio = WhatsAppWebhook(PUBLIC, "f" * 32, lambda: NOON)
    app = Starlette(
        routes=routes(TelegramWebhook("s3cret"), twilio, opened.receive, opened.status, Counts(CollectorRegistry()))
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    yield opened
    server.should_exit = True
    await task
    listening.close()


@pytest.fixture
async def tg(doors: Doors) -> AsyncIterator[Telegram]:
    async with Telegram() as platform:
        platform.sets_webhook(f"{doors.url}/telegram", secret="s3cret")
        yield platform


@pytest.fixture
async def tw(doors: Doors) -> AsyncIterator[Twilio]:
    async with Twilio() as platform:
        platform.webhook, platform.public_url = f"{doors.url}/whatsapp#rc=5&rp=all", PUBLIC
        yield platform


async def test_telegram_brings_a_message_again_until_it_is_kept(doors: Doors, tg: Telegram) -> None:
    doors.failures = 2
    await tg.person(1001).says("سلام")
    await tg.settles()
    assert doors.words == ["سلام"]


async def test_nobody_speaks_for_her_on_telegram(doors: Doors, tg: Telegram) -> None:
    amal = tg.person(1001)
    assert [await amal.forges("x"), await amal.forges("x", "guess")] == [403, 403]
    assert doors.words == []


async def test_twilio_brings_a_message_again_until_it_is_kept(doors: Doors, tw: Twilio) -> None:
    doors.failures = 2
    tw.extra_params = {"Unannounced": "", "Emoji": "😢"}
    await tw.person("+967770000001").says("سلام + ؟ & =")
    await tw.settles()
    assert doors.words == ["سلام + ؟ & ="]


async def test_nobody_speaks_for_her_on_whatsapp(doors: Doors, tw: Twilio) -> None:
    amal = tw.person("+967770000001")
    forged = [
        await amal.forges("x"),
        await amal.forges("x", "wrong token"),
        await amal.forges("x", "other address"),
        await amal.forges("x", "changed"),
    ]
    assert forged == [403] * 4
    assert doors.words == []


async def test_the_statuses_of_a_letter_come_back_under_its_key_in_any_order(doors: Doors, tw: Twilio) -> None:
    tw.reorders_callbacks()
    amal = tw.person("+967770000001")
    await amal.says("سلام")
    channel = WhatsApp(tw.account_sid, tw.auth_token, "+14155238886", PUBLIC, lambda: datetime.now(UTC), api_url=tw.url)
    await channel.send(letter(key="a/b", address="+967770000001", heard_at=datetime.now(UTC)))
    await amal.sees("مرحبا")
    await tw.settles()
    await channel.close()
    assert [(change.letter_key, change.state) for change in doors.changes] == [
        ("a/b", "read"),
        ("a/b", "delivered"),
        ("a/b", "sent"),
    ]
