"""Typical audit findings at the page of a case, a test for each: what she wrote is not run, followed, kept or sent."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Request, expect

from tests.desk.case_story import HOSTILE, Shown, pdf, told, with_case
from tests.desk.desk_browser import Screen, desk_open
from tests.desk.staff import Desks
from tests.town import Town, town

pytestmark = pytest.mark.browser
CANARY = "زعفران في الصندوق الثالث"
NOTHING = {"local": 0, "session": 0, "caches": 0, "databases": 0, "workers": 0}


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite, tmp_path) as found:
        yield found


async def test_finding_03_what_a_person_wrote_is_text_and_never_runs(place: Town, chromium: str) -> None:
    said = told(
        what=HOSTILE, never=HOSTILE, wish=HOSTILE, caption=HOSTILE, file_name="<img src=x onerror=alert(1)>.pdf"
    )
    async with Desks(place) as desks:
        huda, code, _ = await with_case(desks, said)
        async with desk_open(chromium, place, carrying=huda) as screen:
            case = Shown(screen, code)
            await case.opens()
            await expect(case.part("answers")).to_contain_text("<script>window.hit=1</script>")
            await expect(case.part("wishes").locator(".wish").first).to_contain_text('onerror="window.hit=2"')
            assert await screen.page.evaluate("window.hit") is None
            assert await case.body.locator("script, img, iframe, object, embed, [onerror], [style]").count() == 0


async def test_finding_03_marks_that_turn_words_round_are_left_out_and_a_flood_of_emoji_harms_no_page(
    place: Town, chromium: str
) -> None:
    async with Desks(place) as desks:
        huda, code, _ = await with_case(desks, told(what="\u202eقبل\u2066 " + "😱" * 2000))
        async with desk_open(chromium, place, carrying=huda, size=(360, 740)) as screen:
            case = Shown(screen, code)
            await case.opens()
            shown = await case.part("answers").locator(".long").inner_text()
            assert shown.startswith("قبل")
            assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)
            assert shown.count("😱") == 2000
            assert await screen.page.evaluate("document.documentElement.scrollWidth") == 360


async def test_finding_04_nothing_is_asked_of_another_host_and_the_policy_names_none(
    place: Town, chromium: str
) -> None:
    async with Desks(place) as desks:
        huda, code, _ = await with_case(desks)
        async with desk_open(chromium, place, carrying=huda) as screen:
            asked: list[str] = []
            screen.page.on("request", lambda request: asked.append(request.url))
            case = Shown(screen, code)
            answer = await screen.page.goto(f"{screen.address}/desk/cases/{code}")
            assert answer is not None
            policy = answer.headers["content-security-policy"]
            await case.unlocks()
            for kind in ("صورة", "تسجيل صوتي", "مستند"):
                await expect((await case.opens_file(kind)).locator("img, audio, canvas")).to_be_visible()
            hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("blob:", "data:"))}
            assert hosts == {urlsplit(screen.address).netloc}
            assert "http" not in policy
            assert "unsafe" not in policy
            assert "*" not in policy


async def test_finding_05_the_words_of_a_note_never_leave_the_page_unsealed(place: Town, chromium: str) -> None:
    async with Desks(place) as desks:
        huda, code, _ = await with_case(desks)
        async with desk_open(chromium, place, carrying=huda) as screen:
            sent: list[str] = []
            screen.page.on("request", lambda request: sent.append(_whole(request)))
            case = Shown(screen, code)
            await case.opens()
            await case.writes_note(CANARY)
            await expect(case.part("notes").locator(".remarks")).to_contain_text(CANARY)
            assert any("/items" in one for one in sent)
            escaped = CANARY.encode("unicode-escape").decode()
            for one in sent:
                assert CANARY not in one
                assert escaped not in one
            assert any(item.get("words") == CANARY for item in (await place.opens_case(code)).data["items"])


async def test_finding_05_no_answer_of_the_server_switches_sealing_off(place: Town, chromium: str) -> None:
    async with Desks(place) as desks:
        huda, code, _ = await with_case(desks)
        async with desk_open(chromium, place, carrying=huda) as screen:
            case = Shown(screen, code)
            await case.opens()
            sent: list[str] = []
            screen.page.on("request", lambda request: sent.append(_whole(request)))
            await screen.page.route(
                "**/items",
                lambda route: route.fulfill(
                    status=409, json={"why": "x", "code": "epoch", "epoch": 2, "publicKey": "bm8ga2V5"}
                ),
            )
            await case.writes_note(CANARY)
            await expect(case.part("notes").locator("[data-problem]")).to_be_visible()
            assert await screen.page.locator("#note").input_value() == CANARY
            assert not any(CANARY in one for one in sent)
            screen.noise.clear()  # a key that is none is complained of, without a word of hers


def _whole(request: Request) -> str:
    return f"{request.url} {(request.post_data_buffer or b'').decode('utf-8', 'replace')}"


async def test_finding_14_links_are_dead_and_marks_of_hers_stay_in_her_words(place: Town, chromium: str) -> None:
    async with Desks(place) as desks:
        huda, code, _ = await with_case(desks, told(what=HOSTILE))
        async with desk_open(chromium, place, carrying=huda) as screen:
            case = Shown(screen, code)
            await case.opens()
            links = await screen.page.locator("a[href]").evaluate_all("all => all.map((one) => one.href)")
            assert not [link for link in links if "evil.example" in link or link.startswith("javascript:")]
            for place_of_mark in await screen.page.get_by_text("✓ من الفريق").all():
                assert await place_of_mark.evaluate("one => one.closest('.words') !== null")
            await case.opens_file("مستند")
            await expect(case.part("files").locator("canvas")).to_be_visible()
            await screen.page.locator("canvas").click(position={"x": 60, "y": 60})
            await expect(case.part("files")).to_contain_text("Letter 4711")
            assert screen.page.url.endswith(code)


async def test_finding_14_what_calls_itself_a_picture_and_is_none_is_not_shown(place: Town, chromium: str) -> None:
    async with Desks(place) as desks:
        page = b"so many words that nobody looks further " * 200 + b"<!doctype html><script>parent.hit=1</script>"
        huda, code, _ = await with_case(desks, told(photo=page, document=b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
        async with desk_open(chromium, place, carrying=huda) as screen:
            case = Shown(screen, code)
            await case.opens()
            await expect((await case.opens_file("صورة")).locator(".notice")).to_be_visible()
            refused = screen.page.locator("li.file", has_text="مستند")
            await expect(refused).to_contain_text("هذا نوع من الملفات قد يضر من يفتحه")
            await expect(refused.locator('[data-fill="look"]')).to_be_hidden()
            assert await case.body.locator("img, iframe, object, embed, svg").count() == 0


async def test_finding_15_a_locked_page_holds_no_word_and_nothing_is_stored(place: Town, chromium: str) -> None:
    async with Desks(place) as desks:
        huda, code, _ = await with_case(desks)
        async with desk_open(chromium, place, carrying=huda) as screen:
            case = Shown(screen, code)
            await case.opens()
            await (await case.opens_file("صورة")).locator("img").wait_for()
            source = await screen.page.locator(".view img").get_attribute("src")
            await screen.page.locator("#message").fill(CANARY)
            await screen.page.locator("[data-lock]").click()
            await expect(screen.page.locator("dialog.unlock")).to_be_visible()
            await _holds_nothing(screen)
            gone = "source => fetch(source).then(() => false, () => true)"
            assert source is not None
            assert await screen.page.evaluate(gone, source)
            screen.noise.clear()  # that fetch was refused
            assert await screen.keeps() == NOTHING


async def _holds_nothing(screen: Screen) -> None:
    whole = await screen.page.evaluate(
        """() => document.documentElement.outerHTML
            + [...document.querySelectorAll("input, textarea")].map((one) => one.value).join()"""
    )
    for words in (told().what, told().never, told().word, CANARY):
        assert words not in whole


async def test_finding_15_what_was_being_written_is_there_again_after_the_lock(place: Town, chromium: str) -> None:
    async with Desks(place) as desks:
        huda, code, _ = await with_case(desks)
        async with desk_open(chromium, place, carrying=huda) as screen:
            case = Shown(screen, code)
            await case.opens()
            await screen.page.locator("#note").fill(CANARY)
            await expect(screen.page.locator("#note")).to_have_attribute("data-kept", "")
            await screen.page.locator("[data-lock]").click()
            await _holds_nothing(screen)
            await case.unlocks()
            await expect(screen.page.locator("#note")).to_have_value(CANARY)


def test_the_pdf_of_these_stories_wants_to_run_and_to_be_pressed() -> None:
    assert b"/JavaScript" in pdf()
    assert b"evil.example" in pdf()
