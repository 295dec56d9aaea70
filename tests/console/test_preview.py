"""The preview page's server answers this machine's own browser, and nobody else."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Message

from bot.channels.preview import Preview
from console.explained import SCENES
from console.preview import LARGEST_FILE, LARGEST_JSON, routes
from console.preview_words import STORY
from flows.core import Located, Pressed, Said
from handlers.channel import Handle
from tests.console.preview_story import MadeUpStory

HOME = "http://127.0.0.1:8000"
Headers = Mapping[str, str]


def preview() -> Preview:
    return Preview((phone.name for phone in STORY.phones), "run", lambda: datetime(2026, 11, 22, tzinfo=UTC))


def app_of(story: MadeUpStory, heartbeat: float = 15.0) -> Starlette:
    return Starlette(routes=routes(story.phones, story.receive, story.look, STORY, heartbeat=heartbeat))


@pytest.fixture
def story() -> MadeUpStory:
    return MadeUpStory(preview())


@pytest.fixture
def browser(story: MadeUpStory) -> Iterator[TestClient]:
    with TestClient(app_of(story), base_url=HOME, client=("127.0.0.1", 40000)) as client:
        yield client


@pytest.mark.parametrize("address", ["203.0.113.5", "10.0.0.1", "::ffff:203.0.113.5", "not an address"])
@pytest.mark.parametrize(
    "path", ["/preview", "/preview/explained", "/preview/inside", "/preview/events", "/preview/static/preview.js"]
)
def test_another_machine_is_refused(story: MadeUpStory, address: str, path: str) -> None:
    client = TestClient(app_of(story), base_url=HOME, client=(address, 40000))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize(("language", "said"), [("ar", "ما لا يستطيعه"), ("en", "What it can&#39;t do")])
def test_it_explains_what_was_seen_with_its_limits_in_both_languages(
    browser: TestClient, language: str, said: str
) -> None:
    page = browser.get(f"/preview/explained?lang={language}")
    assert page.text.count(f"<h3>{said}</h3>") == len(SCENES)
    assert f"/preview/explained?lang={language}" in browser.get(f"/preview?lang={language}").text


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_answered(story: MadeUpStory, address: str) -> None:
    client = TestClient(app_of(story), base_url=HOME, client=(address, 40000))
    assert client.get("/preview").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "0.0.0.0", "", "["])
def test_a_name_that_was_made_to_lead_here_is_refused(browser: TestClient, host: str) -> None:
    assert browser.get("/preview", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "127.0.0.1", "[::1]:8000"])
def test_the_machines_own_names_are_answered(browser: TestClient, host: str) -> None:
    assert browser.get("/preview", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_came_through_a_proxy_is_refused(browser: TestClient, name: str) -> None:
    assert browser.get("/preview", headers={name: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_another_site_cannot_write_on_a_phone(browser: TestClient, story: MadeUpStory, headers: Headers) -> None:
    assert browser.post("/preview/hers/say", json={"text": "مرحبا"}, headers=headers).status_code == 403
    assert story.arrived == []


@pytest.mark.parametrize("headers", [{"origin": HOME, "sec-fetch-site": "same-origin"}, {}])
def test_the_page_itself_can_write_on_a_phone(browser: TestClient, story: MadeUpStory, headers: Headers) -> None:
    assert browser.post("/preview/hers/say", json={"text": "مرحبا"}, headers=headers).status_code == 204
    assert [inbound.event for inbound in story.arrived] == [Said("مرحبا")]


def test_another_site_may_link_to_the_page_but_not_read_what_lies_inside(browser: TestClient) -> None:
    linked = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    fetched = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert browser.get("/preview", headers=linked).status_code == 200
    assert browser.get("/preview/inside", headers=fetched).status_code == 403


@pytest.mark.parametrize("path", ["/preview", "/preview/inside", "/preview/hers/file", "/preview/static/preview.js"])
def test_every_answer_forbids_what_is_not_its_own(browser: TestClient, path: str) -> None:
    headers = browser.request("POST" if path.endswith("file") else "GET", path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "font-src", "connect-src")} == {"'self'"}
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "lang", "direction"), [("", "ar", "rtl"), ("?lang=en", "en", "ltr"), ("?lang=xx", "ar", "rtl")]
)
def test_the_page_is_arabic_unless_english_is_asked_for(
    browser: TestClient, query: str, lang: str, direction: str
) -> None:
    page = browser.get(f"/preview{query}").text
    assert f'<html lang="{lang}" dir="{direction}">' in page


def test_the_page_names_no_other_host_and_holds_no_code_of_its_own(browser: TestClient) -> None:
    page = browser.get("/preview").text
    assert "//" not in page.replace("<!doctype", "")
    assert " style=" not in page
    assert "<script>" not in page


def test_each_thing_done_on_a_phone_arrives_as_such(browser: TestClient, story: MadeUpStory) -> None:
    browser.post("/preview/hers/say?lang=en", json={"text": "hello"})
    browser.post("/preview/hers/press", json={"key": "safe", "message": "run-3"})
    browser.post("/preview/hers/place", json={"lat": 15.46, "lon": 45})
    browser.post("/preview/hers/file", files={"file": ("رسالة.ogg", b"OggS", "audio/ogg")})
    said, pressed, placed, shared = story.arrived
    assert (said.event, said.hint) == (Said("hello"), "en")
    assert (pressed.event, pressed.pressed_on, pressed.hint) == (Pressed("safe"), "run-3", "ar")
    assert placed.event == Located(15.46, 45)
    assert isinstance(shared.event, Handle)
    assert (shared.event.kind, shared.event.name, shared.event.size) == ("voice", "رسالة.ogg", 4)
    assert {inbound.address for inbound in story.arrived} == {"hers"}


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("say", b""),
        ("say", b"not json"),
        ("say", b"[" * 50000),
        ("say", b'{"text": ""}'),
        ("say", b'{"text": " \\n"}'),
        ("say", b'{"text": 5}'),
        ("say", json.dumps({"text": "x" * 4097}).encode()),
        ("press", b'{"key": "safe"}'),
        ("place", b'{"lat": 91, "lon": 0}'),
        ("place", b'{"lat": NaN, "lon": 0}'),
        ("place", b'{"lat": "15", "lon": 45}'),
        ("file", b"no form"),
    ],
)
def test_what_no_phone_could_send_is_refused_and_not_repeated(
    browser: TestClient, story: MadeUpStory, act: str, body: bytes
) -> None:
    answer = browser.post(f"/preview/hers/{act}", content=body)
    assert answer.status_code == 400
    assert answer.text == "Bad Request"
    assert story.arrived == []


@pytest.mark.parametrize(("act", "size"), [("say", LARGEST_JSON + 1), ("file", LARGEST_FILE + 5000)])
def test_what_is_too_large_is_refused_unread(browser: TestClient, story: MadeUpStory, act: str, size: int) -> None:
    assert browser.post(f"/preview/hers/{act}", content=b"x" * size).status_code == 413
    assert story.arrived == []


def test_a_phone_that_is_not_there_is_not_found(browser: TestClient, story: MadeUpStory) -> None:
    assert browser.post("/preview/nobody/say", json={"text": "مرحبا"}).status_code == 404
    assert story.arrived == []


def test_inside_shows_sealed_bytes_as_digits_beside_what_the_key_opens(browser: TestClient) -> None:
    assert browser.get("/preview/inside").json() == {"stored": [], "opened": None, "ladder": None, "watched": None}
    browser.post("/preview/hers/press", json={"key": "unsafe", "message": ""})
    inside = browser.get("/preview/inside?lang=en").json()
    assert {"table": "cases", "column": "level", "plain": "critical"} in inside["stored"]
    sealed = next(cell for cell in inside["stored"] if cell["table"] == "outbox")
    assert (bytes.fromhex(sealed["hex"]), sealed["size"]) == (bytes(range(7, 140)), 133)
    assert inside["opened"]["answers"]["where"]["words"] == "قرب السوق القديم"
    assert (inside["ladder"]["level"], inside["ladder"]["taken_by"]) == ("critical", None)
    assert [step["state"] for step in inside["ladder"]["steps"]] == ["current", "waiting", "waiting"]
    assert inside["ladder"]["steps"][1]["name"] == "Huda: on call"


async def streamed(app: Starlette, until: str, last: str = "") -> str:
    """Read the event stream as a browser does, until it has said `until`; then go away."""
    said, enough = [], asyncio.Event()
    headers = [(b"host", b"127.0.0.1:8000"), *([(b"last-event-id", last.encode())] if last else [])]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/preview/events",
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 40000),
    }

    async def receive() -> Message:
        await enough.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        said.append(message.get("body", b"").decode())
        if until in "".join(said):
            enough.set()

    await asyncio.wait_for(app(scope, receive, send), 10)
    return "".join(said)


async def test_what_happens_is_streamed_and_goes_on_where_it_broke_off(story: MadeUpStory) -> None:
    app = app_of(story)
    for words in ("one", "two", "three"):
        story.phones.say("hers", words)
    everything = await streamed(app, until='"three"')
    kinds = [line for line in everything.splitlines() if line.startswith("event: ")]
    assert kinds == ["event: start", *["event: message"] * 3]
    ids = [line.removeprefix("id: ") for line in everything.splitlines() if line.startswith("id: ")]
    missed = await streamed(app, until='"three"', last=ids[1])
    assert '"one"' not in missed
    assert '"two"' in missed


async def test_words_with_line_breaks_stay_inside_their_event(story: MadeUpStory) -> None:
    story.phones.say("hers", "one\n\nevent: ladder\ndata: {}\u2028\udcff")
    stream = await streamed(app_of(story), until="event: message\ndata: ")
    data = [line for line in stream.splitlines() if line.startswith("data: ")][-1]
    assert json.loads(data.removeprefix("data: "))["text"] == "one\n\nevent: ladder\ndata: {}\u2028\udcff"


async def test_a_silent_stream_shows_that_it_lives(story: MadeUpStory) -> None:
    assert ": still here\n\n" in await streamed(app_of(story, heartbeat=0.01), until=": still here")


async def test_a_reader_who_leaves_is_forgotten(story: MadeUpStory) -> None:
    await streamed(app_of(story, heartbeat=0.01), until=": still here")
    assert story.phones._followers == set()
