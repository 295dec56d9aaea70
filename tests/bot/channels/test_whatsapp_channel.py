"""WhatsApp as a channel, over real HTTP against the emulator of Twilio."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from bot.channels.whatsapp.channel import WhatsApp
from bot.channels.whatsapp.client import TwilioHttp
from bot.channels.whatsapp.status import unmarked
from bot.channels.whatsapp.templates import Templates
from bot.channels.whatsapp.understanding import understand
from handlers.channel import (
    Delivered,
    FetchLater,
    Handle,
    Held,
    InDoubt,
    Outgoing,
    TryLater,
    Undeliverable,
    Unfetchable,
)
from tests.bot.channels.letters import buttons, letter
from tests.platforms.twilio import Twilio
from tests.platforms.twilio_person import Person

NUMBER = "+967770000001"
HX = "HX" + "a" * 32


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
async def channel(tw: Twilio) -> AsyncIterator[WhatsApp]:
    opened = WhatsApp(
        tw.account_sid,
        tw.auth_token,
        "+14155238886",
        "https://sanad.example/",
        lambda: moment(tw),
        api_url=tw.url,
        templates=Templates({("page", "ar"): HX}),
        http=TwilioHttp(tw.url, patience=0.3),
    )
    yield opened
    await opened.close()


def moment(tw: Twilio) -> datetime:
    return datetime.fromtimestamp(tw.clock.now(), UTC)


def written(tw: Twilio, **changed: Any) -> Outgoing:
    return letter(**{"address": NUMBER, "heard_at": moment(tw), **changed})


async def taken(channel: WhatsApp, handle: Handle) -> bytes:
    return b"".join([piece async for piece in channel.fetch(handle)])


async def handle(tw: Twilio, data: bytes) -> Handle:
    message = await tw.person(NUMBER).sends_photo(data)
    inbound = understand(message.raw)
    assert inbound is not None
    assert isinstance(inbound.event, Handle)
    return inbound.event


async def test_a_letter_arrives_with_numbered_choices(tw: Twilio, amal: Person, channel: WhatsApp) -> None:
    result = await channel.send(written(tw, text="هل أنت بأمان؟", buttons=buttons("نعم", "لا")))
    shown = await amal.sees("هل أنت بأمان؟")
    assert result == Delivered(shown.id, final=False)
    assert shown.text.endswith("1. نعم\n2. لا\nاكتبي الرقم.")


async def test_the_status_comes_back_under_the_letters_own_key(tw: Twilio, amal: Person, channel: WhatsApp) -> None:
    await channel.send(written(tw, key="a/b&c"))
    url = urlsplit(tw.calls[-1].params["StatusCallback"])
    assert (url.netloc, url.path) == ("sanad.example", "/whatsapp/status")
    assert unmarked(parse_qs(url.query)["letter"][0]) == "a/b&c"


async def test_the_parts_of_a_long_letter_come_in_order(tw: Twilio, amal: Person, channel: WhatsApp) -> None:
    await channel.send(written(tw, text=" ".join(f"{number}." for number in range(900))))
    words = " ".join(message.text for message in amal.reads()).split()
    assert words == [f"{number}." for number in range(900)]


async def test_outside_the_window_a_letter_without_a_template_waits(tw: Twilio, channel: WhatsApp) -> None:
    assert await channel.send(written(tw, heard_at=None)) == Held("outside window")
    assert tw.calls == []


async def test_outside_the_window_a_page_goes_by_its_template(tw: Twilio, channel: WhatsApp) -> None:
    tw.template(HX, "رمز {{1}}", buttons=[("take", "t"), ("pass", "p")])
    huda = tw.person(NUMBER, "Huda")
    result = await channel.send(written(tw, heard_at=None, purpose="page", blanks=("K7Q",)))
    assert isinstance(result, Delivered)
    assert (await huda.sees("رمز K7Q")).labels == ["take", "pass"]


async def test_who_opted_out_is_gone(tw: Twilio, amal: Person, channel: WhatsApp) -> None:
    await amal.opts_out()
    assert await channel.send(written(tw)) == Undeliverable("21610", gone=True)


async def test_a_number_that_is_none_is_gone(tw: Twilio, channel: WhatsApp) -> None:
    assert await channel.send(written(tw, address="+12")) == Undeliverable("21211", gone=True)


async def test_too_many_requests_mean_later_for_everybody(tw: Twilio, amal: Person, channel: WhatsApp) -> None:
    tw.fails(code=20429)
    result = await channel.send(written(tw))
    assert isinstance(result, TryLater)
    assert result.everybody
    assert amal.unread == []


@pytest.mark.parametrize("trouble", [{"hangs": True}, {"closes": True}, {"status": 500}, {"status": 503}])
async def test_a_message_that_may_have_left_is_in_doubt_and_then_found(
    tw: Twilio, amal: Person, channel: WhatsApp, trouble: dict[str, Any]
) -> None:
    sent = written(tw)
    since = moment(tw)
    tw.fails(created=True, **trouble)
    assert isinstance(await channel.send(sent), InDoubt)
    assert await channel.reconcile(sent, since) == Delivered((await amal.sees("مرحبا")).id, final=False)


async def test_a_message_that_never_left_is_sent_again_only_after_a_while(
    tw: Twilio, amal: Person, channel: WhatsApp
) -> None:
    sent, since = written(tw), moment(tw)
    tw.fails(status=500)
    assert isinstance(await channel.send(sent), InDoubt)
    assert isinstance(await channel.reconcile(sent, since), InDoubt)
    tw.passes(31)
    assert isinstance(await channel.reconcile(sent, since), TryLater)


async def test_an_earlier_letter_with_the_same_words_is_not_taken_for_this_one(
    tw: Twilio, amal: Person, channel: WhatsApp
) -> None:
    await channel.send(written(tw, key="letter-0"))
    tw.passes(60)
    sent, since = written(tw), moment(tw)
    tw.fails(status=500)
    await channel.send(sent)
    tw.passes(31)
    assert isinstance(await channel.reconcile(sent, since), TryLater)


async def test_of_a_letter_half_sent_only_the_rest_is_sent_again(tw: Twilio, amal: Person, channel: WhatsApp) -> None:
    sent, since = written(tw, text="أولا. " + "x" * 1600), moment(tw)
    await channel.send(written(tw, text="أولا.", key="the first part"))
    assert isinstance(await channel.reconcile(sent, since), InDoubt)
    assert isinstance(await channel.send(sent), Delivered)
    assert [message.text[:3] for message in amal.reads()] == ["أول", "xxx"]


async def test_a_letter_found_failed_is_what_its_failure_says(tw: Twilio, amal: Person, channel: WhatsApp) -> None:
    tw.fails_later(63024)
    sent, since = written(tw), moment(tw)
    tw.fails(created=True, status=500)
    await channel.send(sent)
    assert await channel.reconcile(sent, since) == Undeliverable("63024", gone=True)


async def test_while_twilio_is_away_a_doubt_stays_a_doubt(tw: Twilio, channel: WhatsApp) -> None:
    tw.fails(method="ListMessages", status=503)
    assert isinstance(await channel.reconcile(written(tw), moment(tw)), InDoubt)


async def test_nobody_listening_means_later() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    channel = WhatsApp("AC" + "a" * 32, "t", "+1", "https://x.example", lambda: now, api_url="http://127.0.0.1:9")
    result = await channel.send(letter(address=NUMBER, heard_at=now))
    await channel.close()
    assert result == TryLater(now + timedelta(seconds=1), "ClientConnectorError")


async def test_refused_credentials_cost_no_letter(tw: Twilio) -> None:
    channel = WhatsApp(tw.account_sid, "wrong", "+14155238886", "https://x.example", lambda: moment(tw), api_url=tw.url)
    result, good = await channel.send(written(tw)), await channel.check()
    await channel.close()
    assert isinstance(result, TryLater)
    assert (result.everybody, good) == (True, False)


async def test_good_credentials_are_seen_to_be_good(channel: WhatsApp) -> None:
    assert await channel.check()


async def test_whether_credentials_are_good_cannot_be_told_while_twilio_is_away(tw: Twilio, channel: WhatsApp) -> None:
    tw.fails(method="ListMessages", status=503)
    with pytest.raises(ConnectionError, match="503"):
        await channel.check()


async def test_a_photo_comes_byte_for_byte_and_no_other_host_sees_our_credentials(
    tw: Twilio, channel: WhatsApp
) -> None:
    data = bytes(range(256)) * 900
    assert await taken(channel, await handle(tw, data)) == data
    assert tw.leaked_credentials == 0


async def test_after_discarding_twilio_holds_neither_file_nor_words(tw: Twilio, channel: WhatsApp) -> None:
    found = await handle(tw, b"proof")
    await channel.discard(found)
    assert (tw.media, tw.kept_words()) == ({}, [])


async def test_discarding_twice_does_no_harm(tw: Twilio, channel: WhatsApp) -> None:
    found = await handle(tw, b"proof")
    await channel.discard(found)
    await channel.discard(found)


async def test_what_twilio_did_not_delete_is_deleted_later(tw: Twilio, channel: WhatsApp) -> None:
    found = await handle(tw, b"proof")
    tw.fails(method="DeleteMedia", status=500)
    with pytest.raises(FetchLater):
        await channel.discard(found)


async def test_a_file_that_is_gone_is_unfetchable(tw: Twilio, channel: WhatsApp) -> None:
    found = await handle(tw, b"proof")
    await channel.discard(found)
    with pytest.raises(Unfetchable, match="gone"):
        await taken(channel, found)


async def test_a_file_over_20_mb_is_unfetchable(tw: Twilio, channel: WhatsApp) -> None:
    with pytest.raises(Unfetchable, match="too large"):
        await taken(channel, await handle(tw, bytes(20 * 2**20 + 1)))


async def test_a_file_is_fetched_later_when_twilio_fails(tw: Twilio, channel: WhatsApp) -> None:
    found = await handle(tw, b"proof")
    tw.fails(method="FetchMedia", status=503)
    with pytest.raises(FetchLater):
        await taken(channel, found)


@pytest.mark.parametrize(
    "where", ["http://evil.example/x", "file:///etc/passwd", "http://127.0.0.1:1/x", "http://169.254.169.254/", ""]
)
async def test_finding_07_no_other_host_is_ever_asked(channel: WhatsApp, where: str) -> None:
    with pytest.raises(Unfetchable, match="not an address of the API"):
        await taken(channel, Handle("photo", where))


async def test_side_by_side_each_letter_gets_its_own_answer(tw: Twilio, amal: Person, channel: WhatsApp) -> None:
    letters = [written(tw, key=str(number), text=f"n{number}") for number in range(40)]
    results = await asyncio.gather(*(channel.send(one) for one in letters))
    by_sid = {message.id: message.text for message in amal.reads()}
    assert [by_sid[result.reference] for result in results if isinstance(result, Delivered)] == [
        one.text for one in letters
    ]


async def test_neither_words_nor_numbers_are_logged(
    tw: Twilio, amal: Person, channel: WhatsApp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tw.fails(status=400)
    with capture_logs() as logs:
        await channel.send(written(tw, text="canary-words"))
        await channel.send(written(tw, text="canary-words"))
    ours = [entry.getMessage() for entry in caplog.records if not entry.name.startswith(("aiohttp", "asyncio"))]
    assert "canary" not in f"{logs}{ours}"
    assert "96777" not in f"{logs}{ours}"


def test_another_product_of_twilio_goes_to_the_same_address() -> None:
    assert TwilioHttp("http://127.0.0.1:4")._moved("https://content.twilio.com/v1/Content?a=b") == (
        "http://127.0.0.1:4/v1/Content?a=b"
    )


def test_with_twilios_own_address_each_product_keeps_its_host() -> None:
    assert TwilioHttp()._moved("https://content.twilio.com/v1") == "https://content.twilio.com/v1"
