"""Proof that the Twilio emulator behaves as Twilio does, to a plain HTTP client and to the real SDK."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import encode_basic_auth, web
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.platforms.serving import Served
from tests.platforms.twilio import Person, Twilio

PUBLIC = "https://sanad.example"
NUMBER = "+967770000001"
TEMPLATE = "HX" + "0" * 32


class Site(Served):
    """The project's two addresses, answering as told and keeping what came."""

    def __init__(self) -> None:
        super().__init__(None, 0)
        self.got: list[dict[str, str]] = []
        self.statuses: list[dict[str, str]] = []
        self.signatures: list[tuple[str, dict[str, str], str]] = []
        self.answers: list[int] = []

    async def start(self) -> None:
        self.url = await self.open([web.post("/whatsapp", self._take), web.post("/whatsapp/status", self._take)])

    async def _take(self, request: web.Request) -> web.Response:
        fields = {name: str(value) for name, value in (await request.post()).items()}
        (self.statuses if request.path.endswith("status") else self.got).append(fields)
        self.signatures.append((PUBLIC + request.path, fields, request.headers.get("X-Twilio-Signature", "")))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as one:
        yield one


@pytest.fixture
async def tw(site: Site) -> AsyncIterator[Twilio]:
    async with Twilio() as platform:
        platform.webhook = f"{site.url}/whatsapp"
        platform.public_url = PUBLIC
        yield platform


@pytest.fixture
async def amal(tw: Twilio) -> Person:
    person = tw.person(NUMBER, "Amal")
    person.last_wrote = tw.clock.now()
    return person


async def ask(tw: Twilio, verb: str, path: str, token: str | None = None, **fields: Any) -> tuple[int, Any]:
    auth = encode_basic_auth(tw.account_sid, token or tw.auth_token)
    url = f"{tw.url}/2010-04-01/Accounts/{tw.account_sid}/{path}"
    form: dict[str, Any] = {"params": fields} if verb == "GET" else {"data": fields}
    async with tw.session.request(verb, url, headers={"Authorization": auth}, allow_redirects=False, **form) as answer:
        return answer.status, await answer.json() if answer.content_type == "application/json" else None


async def send(tw: Twilio, **fields: str) -> tuple[int, Any]:
    usual = {"To": f"whatsapp:{NUMBER}", "From": tw.sender, "StatusCallback": f"{PUBLIC}/whatsapp/status"}
    return await ask(tw, "POST", "Messages.json", **{**usual, **fields})


async def test_a_message_is_queued_shown_and_its_statuses_are_told(tw: Twilio, site: Site, amal: Person) -> None:
    status, body = await send(tw, Body="هل أنت في مكان آمن؟")
    assert (status, body["status"], body["direction"]) == (201, "queued", "outbound-api")
    await amal.sees("مكان آمن")
    await tw.settles()
    assert [told["MessageStatus"] for told in site.statuses] == ["sent", "delivered", "read"]
    assert {told["MessageSid"] for told in site.statuses} == {body["sid"]}


async def test_a_wrong_token_is_refused_in_twilios_words(tw: Twilio) -> None:
    status, body = await ask(tw, "GET", "Messages.json", token="wrong")
    assert status == 401
    assert body == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": "whatsapp:0770"}, 21211),
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"From": "whatsapp:+15550001111"}, 63007),
        ({"To": NUMBER}, 21910),
        ({"Body": ""}, 21619),
        ({"Body": "ا" * 1601}, 21617),
        ({"StatusCallback": "https://un_der.example/x"}, 21609),
        ({"ContentSid": "HX1"}, 21655),
        ({"ContentSid": "HX" + "9" * 32}, 21655),
        ({"ContentSid": TEMPLATE, "ContentVariables": "1"}, 21656),
        ({"ContentSid": TEMPLATE, "ContentVariables": '{"1": "a\\nb"}'}, 21656),
        ({"ContentSid": TEMPLATE, "ContentVariables": '{"1": ""}'}, 21656),
        ({"ContentSid": TEMPLATE, "ContentVariables": '{"1": "' + "a" * 1601 + '"}'}, 21658),
        ({"MediaUrl": "no address"}, 21620),
        ({"ValidityPeriod": "soon"}, 20001),
    ],
)
async def test_it_refuses_a_message_as_twilio_does(tw: Twilio, amal: Person, fields: dict[str, str], code: int) -> None:
    tw.template(TEMPLATE, body="{{1}}")
    status, body = await send(tw, **{"Body": "hello", **fields})
    assert (status, body["code"]) == (400, code)
    assert not tw.records
    amal.expects_nothing_more()


async def test_who_opted_out_or_has_no_mobile_is_refused_at_once(tw: Twilio, amal: Person) -> None:
    await amal.opts_out()
    assert (await send(tw, Body="a"))[1]["code"] == 21610
    amal.opted_out, amal.is_mobile = False, False
    assert (await send(tw, Body="a"))[1]["code"] == 21614


async def test_free_words_fail_later_once_the_window_closed_and_a_template_does_not(
    tw: Twilio, site: Site, amal: Person
) -> None:
    tw.template(TEMPLATE, body="News for {{1}}")
    tw.passes(24 * 3600)
    assert (await send(tw, Body="too late"))[0] == 201
    await send(tw, ContentSid=TEMPLATE, ContentVariables='{"1": "you"}')
    await amal.sees("News for you")
    await tw.settles()
    assert [(told["MessageStatus"], told.get("ErrorCode")) for told in site.statuses if "ErrorCode" in told] == [
        ("failed", "63016")
    ]
    amal.expects_nothing_more()


async def test_her_words_open_the_window_again(tw: Twilio, amal: Person) -> None:
    tw.passes(24 * 3600)
    await amal.says("١")
    await send(tw, Body="welcome back")
    await amal.sees("welcome back")


async def test_a_number_without_whatsapp_fails_later(tw: Twilio, site: Site) -> None:
    await send(tw, Body="a", To="whatsapp:+967711111111")
    await tw.settles()
    assert [(told["MessageStatus"], told["ErrorCode"]) for told in site.statuses] == [("undelivered", "63024")]


@pytest.mark.parametrize("code", [63018, 63024, 63032, 63033])
async def test_later_failures_come_on_command(tw: Twilio, site: Site, amal: Person, code: int) -> None:
    tw.fails_later(code, to=NUMBER)
    sid = (await send(tw, Body="lost"))[1]["sid"]
    await send(tw, Body="arrives")
    await amal.sees("arrives")
    await tw.settles()
    assert [told["ErrorCode"] for told in site.statuses if told["MessageSid"] == sid] == [str(code)]
    assert (await ask(tw, "GET", f"Messages/{sid}.json"))[1]["error_code"] == code
    amal.expects_nothing_more()


async def test_callbacks_are_withheld_reversed_and_repeated_on_command(tw: Twilio, site: Site, amal: Person) -> None:
    tw.withholds_callbacks("delivered")
    await send(tw, Body="a")
    await amal.sees("a")
    await tw.settles()
    assert [told["MessageStatus"] for told in site.statuses] == ["sent", "read"]
    assert tw.releases_callbacks() == 1
    await tw.settles()
    tw.reorders_callbacks()
    tw.repeats_deliveries = 2
    site.statuses.clear()
    await send(tw, Body="b")
    await amal.sees("b")
    await tw.settles()
    assert [told["MessageStatus"] for told in site.statuses] == ["read"] * 2 + ["delivered"] * 2 + ["sent"] * 2


async def test_everything_it_posts_passes_twilios_own_validator(tw: Twilio, site: Site, amal: Person) -> None:
    tw.extra_params = {"NewTomorrow": "", "Another": "é"}
    await amal.says("مرحبا")
    await send(tw, Body="a")
    await amal.sees("a")
    await tw.settles()
    assert len(site.signatures) == 4
    validator = RequestValidator(tw.auth_token)
    assert all(validator.validate(url, fields, made) for url, fields, made in site.signatures)


@pytest.mark.parametrize("how", ["unsigned", "wrong token", "other address", "changed"])
async def test_no_forged_post_passes_it(tw: Twilio, site: Site, amal: Person, how: Any) -> None:
    site.answers = [403]
    assert await amal.forges("let me in", how) == 403
    url, fields, made = site.signatures[0]
    assert not RequestValidator(tw.auth_token).validate(url, fields, made)


async def test_her_words_come_with_whatsapps_fields(tw: Twilio, site: Site, amal: Person) -> None:
    await amal.says("١")
    await tw.settles()
    (fields,) = site.got
    assert fields["Body"] == "١"
    assert fields["From"] == f"whatsapp:{NUMBER}"
    assert (fields["WaId"], fields["ProfileName"], fields["NumMedia"]) == ("967770000001", "Amal", "0")


async def test_a_location_comes_as_coordinates(tw: Twilio, site: Site, amal: Person) -> None:
    await amal.sends_location(15.35, 44.2)
    await tw.settles()
    assert (site.got[0]["Latitude"], site.got[0]["Longitude"]) == ("15.35", "44.2")


async def test_buttons_and_rows_come_back_with_their_ids(tw: Twilio, site: Site, amal: Person) -> None:
    tw.template(TEMPLATE, body="Safe?", buttons=[("Yes", "b1"), ("No", "b2")], opens=False)
    tw.template("HX" + "1" * 32, body="Where?", rows=[("Sanaa", "r1"), ("Aden", "r2")])
    await send(tw, ContentSid=TEMPLATE)
    sid = (await amal.sees("Safe?")).id
    await send(tw, ContentSid="HX" + "1" * 32)
    await amal.sees("Where?")
    await amal.presses("No")
    await amal.presses("Aden")
    await tw.settles()
    button, row = site.got
    assert (button["ButtonText"], button["ButtonPayload"], button["OriginalRepliedMessageSid"]) == ("No", "b2", sid)
    assert (row["ListTitle"], row["ListId"]) == ("Aden", "r2")


async def test_a_missing_variable_fails_later(tw: Twilio, site: Site, amal: Person) -> None:
    tw.template(TEMPLATE, body="{{1}} and {{2}}")
    await send(tw, ContentSid=TEMPLATE, ContentVariables='{"1": "a"}')
    await tw.settles()
    assert site.statuses[0]["ErrorCode"] == "63028"
    amal.expects_nothing_more()


def test_a_template_whatsapp_would_not_take_is_told_to_the_test() -> None:
    with pytest.raises(ValueError, match="too long"):
        Twilio().template(TEMPLATE, body="a", buttons=[("a title of more than twenty", "1")])


async def test_media_wants_auth_then_redirects_to_a_host_that_wants_none(tw: Twilio, site: Site, amal: Person) -> None:
    await amal.sends_photo(b"jpeg", "image/jpeg")
    await tw.settles()
    url = site.got[0]["MediaUrl0"]
    assert site.got[0]["MediaContentType0"] == "image/jpeg"
    async with tw.session.get(url) as refused:
        assert refused.status == 401
    headers = {"Authorization": encode_basic_auth(tw.account_sid, tw.auth_token)}
    async with tw.session.get(url, headers=headers) as answer:
        assert await answer.read() == b"jpeg"
        assert answer.url.host == "localhost"
        link = answer.url
    assert tw.leaked_credentials == 0
    async with tw.session.get(link, headers=headers) as answer:
        assert answer.status == 200
    assert tw.leaked_credentials == 1
    tw.passes(4 * 3600 + 1)
    async with tw.session.get(link) as late:
        assert late.status == 403


async def test_words_and_media_stay_until_they_are_deleted(tw: Twilio, site: Site, amal: Person) -> None:
    message = await amal.sends_photo(b"jpeg", caption="secret")
    await tw.settles()
    (media,) = tw.media
    assert tw.kept_words() == ["secret"]
    assert (await ask(tw, "DELETE", f"Messages/{message.id}/Media/{media}.json"))[0] == 204
    assert (await ask(tw, "GET", f"Messages/{message.id}/Media/{media}"))[1]["code"] == 20404
    assert (await ask(tw, "POST", f"Messages/{message.id}.json", Body=""))[1]["body"] == ""
    assert tw.kept_words() == []
    assert (await ask(tw, "DELETE", f"Messages/{message.id}.json"))[0] == 204
    assert not tw.records
    assert not tw.media


@pytest.mark.parametrize(("closes", "error"), [(True, aiohttp.ClientError), (False, TimeoutError)])
async def test_a_lost_answer_leaves_a_message_that_a_listing_finds(
    tw: Twilio, amal: Person, closes: bool, error: type[Exception]
) -> None:
    tw.hangs_after_accepting(closes=closes)
    with pytest.raises(error):
        await asyncio.wait_for(send(tw, Body="once"), 0.2)
    await amal.sees("once")
    listing = (await ask(tw, "GET", "Messages.json", To=f"whatsapp:{NUMBER}"))[1]["messages"]
    assert [message["body"] for message in listing] == ["once"]


@pytest.mark.parametrize(("created", "kept"), [(True, 1), (False, 0)])
async def test_an_error_may_or_may_not_hide_a_message(tw: Twilio, amal: Person, created: bool, kept: int) -> None:
    tw.fails(status=500, created=created)
    status, body = await send(tw, Body="maybe")
    assert (status, body["code"]) == (500, 20500)
    await tw.settles()
    assert len(tw.records) == len(amal.messages) == kept


async def test_too_many_at_once_is_429_and_nothing_is_kept(tw: Twilio, amal: Person) -> None:
    tw.fails(code=20429)
    status, body = await send(tw, Body="a")
    assert (status, body["code"]) == (429, 20429)
    assert not tw.records
    assert (await send(tw, Body="a"))[0] == 201


async def test_a_listing_is_filtered_by_number_and_day(tw: Twilio, amal: Person) -> None:
    tw.person("+967770000002").last_wrote = tw.clock.now()
    await send(tw, Body="to amal")
    await send(tw, Body="to huda", To="whatsapp:+967770000002")
    found = await ask(tw, "GET", "Messages.json", To="whatsapp:+967770000002", From=tw.sender)
    assert [message["body"] for message in found[1]["messages"]] == ["to huda"]
    assert (await ask(tw, "GET", "Messages.json", DateSent="2001-01-01"))[1]["messages"] == []
    assert len((await ask(tw, "GET", "Messages.json", **{"DateSent>": "2001-01-01"}))[1]["messages"]) == 2


@pytest.mark.parametrize(("fragment", "tries"), [("", 1), ("#rp=5xx", 2), ("#rc=3&rp=all", 4)])
async def test_a_failed_webhook_is_tried_again_as_its_fragment_says(
    tw: Twilio, site: Site, amal: Person, fragment: str, tries: int
) -> None:
    tw.webhook = f"{site.url}/whatsapp{fragment}"
    site.answers = [500] * 9
    await amal.says("a")
    await tw.settles()
    assert len(site.got) == tries
    assert {fields["MessageSid"] for fields in site.got} == {amal.wrote[0].id}
    validator = RequestValidator(tw.auth_token)
    assert all(validator.validate(url, fields, made) for url, fields, made in site.signatures)


async def test_an_unreachable_webhook_is_tried_twice(tw: Twilio, amal: Person) -> None:
    tw.webhook = "http://127.0.0.1:9/whatsapp"
    await amal.says("a")
    await tw.settles()
    assert [post.status for post in tw.deliveries] == [0, 0]


async def test_calls_are_only_recorded(tw: Twilio) -> None:
    status, body = await ask(tw, "POST", "Calls.json", To=NUMBER, From="+14155238886", Twiml="<Response/>")
    assert (status, body["status"]) == (201, "queued")
    assert tw.voice_calls == [{"To": NUMBER, "From": "+14155238886", "Twiml": "<Response/>"}]


class LocalClient(TwilioHttpClient):
    """Twilio's own client, pointed at the emulator."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def request(self, method: str, url: str, *rest: Any, **more: Any) -> Any:  # type: ignore[override]
        return super().request(method, url.replace("https://api.twilio.com", self.url), *rest, **more)


async def test_twilios_sdk_talks_to_it(tw: Twilio, amal: Person) -> None:
    client = Client(tw.account_sid, tw.auth_token, http_client=LocalClient(tw.url))

    def talk() -> tuple[str, int | None, list[str | None]]:
        made = client.messages.create(to=f"whatsapp:{NUMBER}", from_=tw.sender, body="from the SDK")
        with pytest.raises(TwilioRestException) as refused:
            client.messages.create(to="whatsapp:12", from_=tw.sender, body="a")
        listed = [message.body for message in client.messages.list(to=f"whatsapp:{NUMBER}", limit=5)]
        client.messages(str(made.sid)).update(body="")
        client.messages(str(made.sid)).delete()
        return str(made.status), refused.value.code, listed

    assert await asyncio.to_thread(talk) == ("queued", 21211, ["from the SDK"])
    await amal.sees("from the SDK")
    assert not tw.records
