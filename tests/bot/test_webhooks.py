"""The platforms' doors: who is let in, what is answered and when, and what never gets out."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from starlette.applications import Starlette
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from bot.channels.whatsapp.status import StatusChange, marked
from bot.metrics import Counts
from bot.webhooks import LARGEST, TelegramWebhook, WhatsAppWebhook, routes
from flows.core import Pressed, Said
from handlers.channel import Delivered, Inbound
from tests.bot.channels import telegram_updates as sample
from tests.bot.channels.letters import NOON
from tests.platforms.twilio_checks import signature

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
PUBLIC = "https://sanad.example"
TOKEN = "f" * 32
CANARY = "canary-7f3"
FORM = {"MessageSid": "SM" + "a" * 32, "From": "whatsapp:+967770000001", "Body": "سلام", "NumMedia": "0", "Empty": ""}


@dataclass
class House:
    """What stands behind the doors: keeps what is handed in, or breaks."""

    breaks: bool = False
    kept: list[Inbound] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    async def receive(self, inbound: Inbound) -> None:
        if self.breaks:
            raise RuntimeError(CANARY)
        self.kept.append(inbound)

    async def status(self, change: StatusChange) -> None:
        if self.breaks:
            raise RuntimeError(CANARY)
        self.changes.append(change)

    @cached_property
    def app(self) -> Starlette:
        twilio = WhatsAppWebhook(PUBLIC, TOKEN, lambda: NOON)
        return Starlette(
            routes=routes(TelegramWebhook("s3cret"), twilio, self.receive, self.status, Counts(self.registry))
        )

    def counted(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"sanad_{name}_total", labels)

    @asynccontextmanager
    async def visited(self) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.1:8000") as client:
            yield client

    async def gets(self, path: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        async with self.visited() as client:
            return await client.post(path, content=body, headers=dict(headers))


def signed(form: Mapping[str, str], path: str = "/whatsapp", token: str = TOKEN) -> dict[str, str]:
    return {
        "X-Twilio-Signature": signature(token, PUBLIC + path, dict(form)),
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    }


def encoded(form: Mapping[str, str]) -> bytes:
    return urlencode(form).encode()


@pytest.fixture
def house() -> House:
    return House()


# ---------------------------------------------------------------- Telegram


async def test_an_update_is_answered_once_it_is_kept(house: House) -> None:
    answer = await house.gets("/telegram", sample.update(message=sample.message(text="سلام")), SECRET)
    assert (answer.status_code, answer.content) == (200, b"")
    assert [inbound.event for inbound in house.kept] == [Said("سلام")]
    assert house.counted("updates", channel="telegram", kind="words") == 1


async def test_a_pressed_button_is_acknowledged_by_the_answer_itself(house: House) -> None:
    answer = await house.gets("/telegram", sample.pressing("k1"), SECRET)
    assert answer.json() == {"method": "answerCallbackQuery", "callback_query_id": "q-1"}
    assert [inbound.event for inbound in house.kept] == [Pressed("k1")]


@pytest.mark.parametrize(
    "headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": ""}, {"X-Telegram-Bot-Api-Secret-Token": "S3cret"}]
)
async def test_without_the_secret_nothing_is_read_and_nothing_said(house: House, headers: dict[str, str]) -> None:
    answer = await house.gets("/telegram", b"{ not even json", headers)
    assert (answer.status_code, answer.content, house.kept) == (403, b"", [])
    assert house.counted("webhooks_refused", channel="telegram", why="secret") == 1


async def test_a_secret_beyond_latin_letters_is_just_wrong(house: House) -> None:
    async with house.visited() as client:
        answer = await client.post(
            "/telegram", content=b"{}", headers=[(b"X-Telegram-Bot-Api-Secret-Token", b"\xff\xe9")]
        )
    assert answer.status_code == 403


async def test_what_is_not_json_is_refused_without_a_word(house: House) -> None:
    answer = await house.gets("/telegram", b"{", SECRET)
    assert (answer.status_code, answer.content) == (400, b"")


async def test_what_asks_for_no_answer_is_taken_and_counted(house: House) -> None:
    answer = await house.gets("/telegram", sample.update(edited_message=sample.message(text="x")), SECRET)
    assert (answer.status_code, house.kept) == (200, [])
    assert house.counted("updates_ignored", channel="telegram", kind="edited_message") == 1


async def test_what_was_not_kept_is_brought_again_and_nothing_of_it_is_logged(house: House) -> None:
    house.breaks = True
    with capture_logs() as logs:
        answer = await house.gets("/telegram", sample.update(message=sample.message(text=CANARY)), SECRET)
    assert (answer.status_code, answer.content) == (500, b"")
    assert [(entry["event"], entry["error"]) for entry in logs] == [("receive_failed", "RuntimeError")]
    assert CANARY not in str(logs)


@pytest.mark.parametrize("path", ["/telegram", "/whatsapp", "/whatsapp/status"])
async def test_a_body_of_more_than_a_megabyte_is_not_read(house: House, path: str) -> None:
    answer = await house.gets(path, b"x" * (LARGEST + 1), SECRET)
    assert (answer.status_code, answer.content) == (413, b"")


async def test_a_body_that_hides_its_length_is_cut_off(house: House) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65536

    async with house.visited() as client:
        answer = await client.post("/telegram", content=endless(), headers=SECRET)
    assert answer.status_code == 413


async def test_a_door_that_is_not_configured_is_not_there(house: House) -> None:
    assert routes(None, None, house.receive, house.status, Counts(house.registry)) == []


def test_an_empty_secret_is_no_secret() -> None:
    with pytest.raises(ValueError, match="TELEGRAM_WEBHOOK_SECRET"):
        TelegramWebhook("")


# ---------------------------------------------------------------- WhatsApp


async def test_a_message_is_answered_with_empty_twiml_once_it_is_kept(house: House) -> None:
    answer = await house.gets("/whatsapp", encoded(FORM), signed(FORM))
    assert (answer.status_code, answer.text) == (200, "<Response/>")
    assert answer.headers["content-type"].startswith("text/xml")
    assert [inbound.event for inbound in house.kept] == [Said("سلام")]


async def test_fields_that_twilio_has_not_announced_are_covered_by_the_signature(house: House) -> None:
    form = FORM | {"BrandNew": "x", "Another": ""}
    assert (await house.gets("/whatsapp", encoded(form), signed(form))).status_code == 200


def no_signature() -> dict[str, str]:
    return {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "headers",
    [
        no_signature(),
        signed(FORM, token="another"),
        signed(FORM, path="/elsewhere"),
        signed(FORM | {"Body": "changed"}),
        {**signed(FORM), "X-Twilio-Signature": ""},
        {**signed(FORM), "X-Twilio-Signature": "\u00e9"},
        {**signed(FORM), "Content-Type": "application/json"},
        {**signed(FORM), "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=NONE"},
    ],
)
async def test_whatever_is_not_signed_by_twilio_is_refused_without_a_trace(
    house: House, headers: dict[str, str]
) -> None:
    async with house.visited() as client:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        answer = await client.post("/whatsapp", content=encoded(FORM), headers=raw)
    assert (answer.status_code, answer.content, house.kept) == (403, b"", [])


async def test_a_json_body_is_refused_even_if_signed(house: House) -> None:
    headers = {**signed({}), "Content-Type": "application/json"}
    assert (await house.gets("/whatsapp", b"{}", headers)).status_code == 403


async def test_the_public_address_is_never_taken_from_a_header(house: House) -> None:
    made = signature(TOKEN, "https://evil.example/whatsapp", dict(FORM))
    headers = {**signed(FORM), "X-Twilio-Signature": made, "X-Forwarded-Host": "evil.example", "Host": "evil.example"}
    assert (await house.gets("/whatsapp", encoded(FORM), headers)).status_code == 403


async def test_the_newer_signature_with_sha_256_is_known() -> None:
    house = House()
    made = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/whatsapp", FORM, "HMAC_SHA256")
    headers = {
        **signed(FORM),
        "X-Twilio-Signature": made,
        "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256",
    }
    assert (await house.gets("/whatsapp", encoded(FORM), headers)).status_code == 200


async def test_a_status_is_handed_over_under_the_letters_key(house: House) -> None:
    form = {"MessageSid": "SM" + "a" * 32, "MessageStatus": "delivered"}
    path = f"/whatsapp/status?letter={marked('a/b&c')}"
    answer = await house.gets(path, encoded(form), signed(form, path))
    assert (answer.status_code, answer.content) == (200, b"")
    assert [(change.letter_key, change.outcome) for change in house.changes] == [("a/b&c", Delivered("SM" + "a" * 32))]


async def test_a_status_with_another_letters_key_is_refused(house: House) -> None:
    form = {"MessageSid": "SM" + "a" * 32, "MessageStatus": "delivered"}
    headers = signed(form, "/whatsapp/status?letter=mine")
    answer = await house.gets("/whatsapp/status?letter=yours", encoded(form), headers)
    assert (answer.status_code, house.changes) == (403, [])


async def test_a_status_that_says_nothing_is_taken(house: House) -> None:
    form = {"MessageSid": "SM" + "a" * 32, "MessageStatus": "queued"}
    answer = await house.gets("/whatsapp/status", encoded(form), signed(form, "/whatsapp/status"))
    assert (answer.status_code, house.changes) == (200, [])


async def test_what_was_not_kept_of_whatsapp_is_not_acknowledged(house: House) -> None:
    house.breaks = True
    status = {"MessageSid": "SM" + "a" * 32, "MessageStatus": "read"}
    answers = [
        await house.gets("/whatsapp", encoded(FORM), signed(FORM)),
        await house.gets("/whatsapp/status", encoded(status), signed(status, "/whatsapp/status")),
    ]
    assert [answer.status_code for answer in answers] == [500, 500]


# ---------------------------------------------------------------- whatever comes

LEAF: st.SearchStrategy[Any] = st.sampled_from(
    [CANARY, f"{CANARY}\x00\u202e", "😢" * 50, 0, -1, 2**63, 1.5, None, True, [], {}]
)
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("text"), inner), max_leaves=6
)
CHAT = st.sampled_from([sample.PRIVATE, *sample.GROUPS]) | JSON
CONTENT: dict[str, Any] = {
    **sample.WORDY,
    **{name: value for name, (_, value) in sample.FILES.items()},
    **sample.PLACES,
    **sample.UNUSABLE,
    **sample.BESIDE,
    **dict.fromkeys(sample.SERVICE, True),
}


@st.composite
def messages(draw: st.DrawFn) -> Any:
    names = draw(st.lists(st.sampled_from(sorted(CONTENT)), max_size=3))
    content = {name: draw(st.just(CONTENT[name]) | JSON) for name in names}
    head = {"message_id": 1, "from": draw(st.just(sample.SENDER) | JSON), "chat": draw(CHAT), "date": 1}
    return {**head, "text": CANARY, "caption": CANARY, **content} if draw(st.booleans()) else {**head, **content}


@st.composite
def updates(draw: st.DrawFn) -> bytes:
    kind = draw(st.sampled_from(["message", "message", "callback_query", "my_chat_member", *sample.OTHERS]))
    body = draw(messages() | JSON)
    if kind == "callback_query":
        body = {"id": "1", "from": sample.SENDER, "message": body, "data": draw(st.sampled_from([CANARY, "", 5, None]))}
    if kind == "my_chat_member":
        body = {"chat": draw(CHAT), "new_chat_member": draw(st.just({"status": "kicked"}) | JSON)}
    return json.dumps({"update_id": draw(st.sampled_from([1, 2**70, "x"]) | st.integers()), kind: body}).encode()


FIELDS = {
    "MessageSid": ["SM" + "a" * 32, ""],
    "From": ["whatsapp:+967770000001", "", CANARY, "+1"],
    "Body": [CANARY, "", "😢" * 5000, "\x00\u202e"],
    "NumMedia": ["0", "1", "x"],
    "MediaUrl0": ["https://api.twilio.com/x", CANARY, "http://[", ""],
    "MediaContentType0": ["image/jpeg", "text/vcard", ";", CANARY],
    "Latitude": ["15.4", "nan", CANARY, "1e400"],
    "Longitude": ["45", "", "-181"],
    "ButtonPayload": [CANARY, ""],
    "ButtonText": [CANARY],
    "ListId": [CANARY],
    "MessageType": ["text", "sticker", CANARY],
    "MessageStatus": ["sent", "failed", "read", CANARY],
    "ErrorCode": ["63016", CANARY, "-1", "9" * 5000],
    CANARY: [CANARY],
}
FORMS = st.lists(st.sampled_from(sorted(FIELDS)), unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: st.sampled_from(FIELDS[name]) for name in names})
)


class Listener(logging.Handler):
    """Writes down every line that anything logs by the standard library."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {record.levelname} {record.getMessage()} {record.exc_info}")


@contextmanager
def listening() -> Iterator[list[str]]:
    """Everything logged meanwhile, by structlog and by the standard library."""
    listener, root = Listener(), logging.getLogger()
    level, lines = root.level, listener.lines
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        with capture_logs() as entries:
            yield lines
            lines += [str(entry) for entry in entries]
    finally:
        root.removeHandler(listener)
        root.setLevel(level)


def nothing_got_out(house: House, lines: list[str]) -> None:
    ours = [line for line in lines if not line.startswith(("asyncio ", "httpx "))]
    assert not [line for line in ours if CANARY in line or "ERROR" in line or "receive_failed" in line]
    assert CANARY.encode() not in generate_latest(house.registry)


@settings(max_examples=300)
@given(updates())
def test_no_update_of_telegram_breaks_anything_or_leaks_a_word(body: bytes) -> None:
    house = House()
    with listening() as lines:
        answer = asyncio.run(house.gets("/telegram", body, SECRET))
    assert answer.status_code == 200
    nothing_got_out(house, lines)


@settings(max_examples=300)
@given(st.binary(max_size=200) | updates().map(lambda body: body[: len(body) // 2]))
def test_no_bytes_at_all_break_telegrams_door(body: bytes) -> None:
    house = House()
    with listening() as lines:
        answer = asyncio.run(house.gets("/telegram", body, SECRET))
    assert answer.status_code in {200, 400}
    nothing_got_out(house, lines)


@settings(max_examples=300)
@given(FORMS, st.sampled_from(["/whatsapp", "/whatsapp/status", f"/whatsapp/status?letter={CANARY}"]))
def test_no_form_of_twilio_breaks_anything_or_leaks_a_word(form: dict[str, str], path: str) -> None:
    house = House()
    with listening() as lines:
        answer = asyncio.run(house.gets(path, encoded(form), signed(form, path)))
    assert answer.status_code == 200
    nothing_got_out(house, lines)


@settings(max_examples=100)
@given(st.binary(max_size=300), st.text(alphabet="abc+/=", max_size=30))
def test_no_forgery_breaks_twilios_door(body: bytes, made: str) -> None:
    house = House()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": made}
    with listening() as lines:
        answer = asyncio.run(house.gets("/whatsapp", body, headers))
    assert answer.status_code == 403
    nothing_got_out(house, lines)
