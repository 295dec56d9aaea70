"""Pictures, voices and videos by WhatsApp: Twilio fetches them from our own address, over real HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.whatsapp.channel import WhatsApp
from bot.channels.whatsapp.client import TwilioHttp
from handlers.channel import Delivered, Held, Outgoing, Piece, TryLater, Undeliverable
from tests.bot.channels.letters import letter
from tests.bot.channels.shelves import OneShelf
from tests.platforms.twilio import Twilio
from tests.platforms.twilio_person import Person

NUMBER = "+967770000001"
HX = "HX" + "b" * 32


@pytest.fixture
async def tw() -> AsyncIterator[Twilio]:
    async with Twilio() as platform:
        yield platform


@pytest.fixture
async def amal(tw: Twilio) -> Person:
    person = tw.person(NUMBER)
    await person.says("سلام")
    return person


@pytest.fixture
async def shelf() -> AsyncIterator[OneShelf]:
    async def given(_: web.Request) -> web.Response:
        return web.Response(body=b"\xff\xd8\xff a picture", content_type="image/jpeg")

    site = web.Application()
    site.router.add_get("/media/t", given)
    async with TestServer(site) as server:
        yield OneShelf(address=str(server.make_url("/media/t")))


@pytest.fixture
async def channel(tw: Twilio, shelf: OneShelf) -> AsyncIterator[WhatsApp]:
    opened = WhatsApp(
        tw.account_sid,
        tw.auth_token,
        "+14155238886",
        "https://sanad.example",
        lambda: moment(tw),
        api_url=tw.url,
        http=TwilioHttp(tw.url, patience=1.0),
        shelf=shelf,
    )
    yield opened
    await opened.close()


def moment(tw: Twilio) -> datetime:
    return datetime.fromtimestamp(tw.clock.now(), UTC)


def to_her(tw: Twilio, **more: object) -> Outgoing:
    heard = {"heard_at": moment(tw) - timedelta(hours=1), **more}
    return letter(address=NUMBER, media=9, **heard)


async def test_a_picture_comes_with_its_words_in_one_message(tw: Twilio, channel: WhatsApp, amal: Person) -> None:
    assert isinstance(await channel.send(to_her(tw, text="نصيحة اليوم")), Delivered)
    shown = await amal.sees("نصيحة اليوم", within=5)
    assert shown.kind == "image"
    record = tw.records[shown.id]
    assert record.attached is not None
    assert record.attached.data == b"\xff\xd8\xff a picture"


async def test_a_voice_comes_after_its_words_since_it_carries_none(
    tw: Twilio, channel: WhatsApp, amal: Person, shelf: OneShelf
) -> None:
    shelf.lies = Piece("voice", 9, "light", "audio/ogg", "voice.ogg")
    assert isinstance(await channel.send(to_her(tw, text="نصيحة اليوم")), Delivered)
    await amal.sees("نصيحة اليوم", within=5)
    assert [record.media for record in tw.records.values() if record.to.endswith(NUMBER)] == [0, 1]
    assert [("StatusCallback" in record.request) for record in tw.records.values()][-2:] == [False, True]


async def test_outside_the_window_the_template_goes_without_the_picture(
    tw: Twilio, channel: WhatsApp, amal: Person
) -> None:
    tw.template(HX, "نصيحة جديدة: {{1}}")
    late = to_her(tw, heard_at=moment(tw) - timedelta(days=2), sid=HX, blanks=("كلمات المرور",))
    assert isinstance(await channel.send(late), Delivered)
    shown = await amal.sees("نصيحة جديدة: كلمات المرور", within=5)
    assert shown.kind != "image"


async def test_outside_the_window_without_a_template_it_is_held(tw: Twilio, channel: WhatsApp, amal: Person) -> None:
    late = to_her(tw, heard_at=moment(tw) - timedelta(days=2))
    assert isinstance(await channel.send(late), Held)
    amal.expects_nothing_more()


async def test_what_was_withdrawn_is_not_sent(tw: Twilio, channel: WhatsApp, amal: Person, shelf: OneShelf) -> None:
    shelf.lies = None
    assert await channel.send(to_her(tw)) == Undeliverable("withdrawn")
    amal.expects_nothing_more()


async def test_a_database_that_is_away_lets_the_letter_wait(tw: Twilio, channel: WhatsApp, shelf: OneShelf) -> None:
    shelf.away = True
    assert isinstance(await channel.send(to_her(tw)), TryLater)


async def test_a_picture_in_doubt_is_found_among_what_twilio_lists(tw: Twilio, channel: WhatsApp, amal: Person) -> None:
    since = moment(tw)
    await channel.send(to_her(tw, text="نصيحة اليوم"))
    await amal.sees("نصيحة اليوم", within=5)
    assert isinstance(await channel.reconcile(to_her(tw, text="نصيحة اليوم"), since), Delivered)
