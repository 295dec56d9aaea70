"""The page of a case in a real browser: what a member reads, does and is told, over the whole program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import expect

from bot import chance
from storage import cases
from storage.cases import Item
from storage.coding import encode
from storage.seal import seal_to
from storage.unit import Unit
from tests import pictures, telling
from tests.desk.case_story import Shown, picture, reported, taken, told, with_case, with_passphrase
from tests.desk.desk_browser import desk_open
from tests.desk.staff import Desks
from tests.people import Woman
from tests.town import Town, town

pytestmark = pytest.mark.browser
NOTE = "زعفران في الصندوق الثالث"
SMALL = (360, 740)


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite, tmp_path) as found:
        yield found


@pytest.fixture
async def desks(place: Town) -> AsyncIterator[Desks]:
    async with Desks(place) as found:
        yield found


async def test_her_wishes_stand_first_and_every_answer_is_in_words(desks: Desks, place: Town, chromium: str) -> None:
    huda, code, _ = await with_case(desks)
    async with desk_open(chromium, place, carrying=huda, size=SMALL) as screen:
        case = Shown(screen, code)
        await case.opens()
        await expect(case.body.locator(".wish").first).to_contain_text(told().never)
        for words in (told().contact, told().hours, told().word, told().wish):
            await expect(case.part("wishes")).to_contain_text(words)
        for words in (told().what, told().where, told().when, told().who, "نعم، آمنة", "مرة واحدة"):
            await expect(case.part("answers")).to_contain_text(words)
        assert await screen.page.evaluate("document.documentElement.scrollWidth") == SMALL[0]


async def test_her_new_words_stand_there_at_once(desks: Desks, place: Town, chromium: str) -> None:
    huda, code, amal = await with_case(desks)
    async with desk_open(chromium, place, carrying=huda) as screen:
        case = Shown(screen, code)
        async with screen.page.expect_response("**/desk/events"):
            await case.opens()
        await screen.page.locator("#note").fill(NOTE)
        await telling_more(amal)
        await expect(case.part("talk").locator(".chat")).to_contain_text("عاد إلى الباب")
        await expect(screen.page.locator("#note")).to_have_value(NOTE)


async def telling_more(amal: Woman) -> None:
    """She adds something to her case."""
    await amal.says("متابعة")
    await amal.sees("These have reached us:")
    await amal.answers(await amal.code())
    await amal.answers("Add to it")
    await amal.sees("Write or send what you would like to add.")
    await amal.says("عاد إلى الباب")
    await amal.answers("That's all")


async def test_a_message_is_shown_exactly_as_she_sees_it_and_said_to_be_sent(
    desks: Desks, place: Town, chromium: str
) -> None:
    huda, code, amal = await with_case(desks)
    async with desk_open(chromium, place, carrying=huda) as screen:
        case = Shown(screen, code)
        await case.opens()
        await screen.page.locator("#message").fill("متى يناسبكِ أن نتحدث؟")
        await screen.page.locator("[data-preview]").click()
        seen = await screen.page.locator(".phone .words").inner_text()
        await screen.page.locator("[data-send]:enabled").click()
        await expect(case.part("talk").locator(".chat .ours")).to_contain_text("متى يناسبكِ")
        await expect(screen.page.locator("[data-send]")).to_be_disabled()
        assert (await amal.sees_words("متى يناسبكِ أن نتحدث؟")).text == seen


async def test_a_message_outside_her_way_is_said_to_be_held_and_can_be_taken_back(
    desks: Desks, place: Town, chromium: str
) -> None:
    amal = telling.her(place)
    code = await reported(place, amal)
    await place.passes(minutes=20)  # she asked for a call, and does not talk with us any more
    huda = await with_passphrase(desks, "هدى", on_call="first")
    await taken(place, huda, code)
    async with desk_open(chromium, place, carrying=huda) as screen:
        case = Shown(screen, code)
        await case.opens()
        await screen.page.locator("#message").fill("متى يناسبكِ أن نتحدث؟")
        await screen.page.locator("[data-preview]").click()
        await expect(screen.page.locator('[data-fill="when"]')).to_contain_text("ستنتظر الآن.")
        await screen.page.locator("[data-send]:enabled").click()
        bubble = case.part("talk").locator(".chat .ours")
        await expect(bubble).to_contain_text("تنتظر الآن.")
        await bubble.locator("button").click()
        await expect(bubble).to_contain_text("استُعيدت")


async def test_words_that_were_not_looked_at_are_not_sent(desks: Desks, place: Town, chromium: str) -> None:
    huda, code, _ = await with_case(desks)
    async with desk_open(chromium, place, carrying=huda) as screen:
        case = Shown(screen, code)
        await case.opens()
        await screen.page.locator("#message").fill("أولى")
        await screen.page.locator("[data-preview]").click()
        await expect(screen.page.locator("[data-send]")).to_be_enabled()
        await screen.page.locator("#message").fill("أخرى")
        await expect(screen.page.locator("[data-send]")).to_be_disabled()


async def test_what_does_not_open_is_said_and_the_rest_is_shown(desks: Desks, place: Town, chromium: str) -> None:
    huda, code, _ = await with_case(desks)
    await place.working.store.write(_adds_what_is_spoilt, code, place.now())
    async with desk_open(chromium, place, carrying=huda) as screen:
        case = Shown(screen, code)
        await case.opens()
        await expect(case.body.locator('[data-fill="shut"]')).to_contain_text("1")
        await expect(case.part("answers")).to_contain_text(told().what)


def _adds_what_is_spoilt(unit: Unit, code: str, now: datetime) -> None:
    case = cases.by_code(unit, code)
    assert case is not None
    number = chance.number()
    body = bytearray(seal_to(case.public_key, cases.item_place(case.id, number), encode([Item("words", now, {})])))
    body[-1] ^= 1
    cases.put_items(unit, case, number, bytes(body), None)


async def test_a_file_is_saved_only_after_a_warning_as_it_was_received(
    desks: Desks, place: Town, chromium: str
) -> None:
    huda, code, _ = await with_case(desks)
    async with desk_open(chromium, place, carrying=huda) as screen:
        case = Shown(screen, code)
        await case.opens()
        card = screen.page.locator("li.file").filter(has_text="كما وصلت، دليلًا")
        await expect(card.get_by_text("الملف المحفوظ لا يبقى مختومًا")).to_be_hidden()
        await card.locator(".grow summary").click()
        await expect(card.get_by_text("الملف المحفوظ لا يبقى مختومًا")).to_be_visible()
        async with screen.page.expect_download() as saving:
            await card.locator('[data-fill="save"]').click()
        saved = await saving.value
        assert saved.suggested_filename == f"{code}-file.jpg"
        assert await asyncio.to_thread((await saved.path()).read_bytes) == picture()


async def test_a_case_is_worked_to_its_end_and_opened_again(desks: Desks, place: Town, chromium: str) -> None:
    huda, code, _ = await with_case(desks)
    async with desk_open(chromium, place, carrying=huda) as screen:
        case, page = Shown(screen, code), screen.page
        await case.opens()
        await page.locator('[data-press="contact"]').click()
        await expect(page.locator('[data-press="contact"]')).to_be_hidden()
        await closes(case)
        await expect(page.locator("form[data-close] [data-problem]")).to_be_visible()
        await expect(page.locator("#closing")).to_have_value(NOTE)
        for part in await case.part("tracks").locator("[data-track-part]").all():
            await case.unfolds(part)
            await part.locator("select").select_option("done")
            await part.locator("form button").click()
            await expect(part.locator('[data-fill="state"] .badge')).to_have_class("badge good")
        await page.locator("form[data-close] button").click()
        await expect(page.locator("form[data-compose]")).to_be_hidden()
        await page.locator("details[data-when=is-closed] summary").click()
        await page.locator("form[data-reopen] button").click()
        await expect(page.locator("form[data-compose]")).to_be_visible()


async def test_where_somebody_may_read_along_with_her_the_page_says_so_and_offers_no_message(
    desks: Desks, place: Town, chromium: str
) -> None:
    huda, code, _ = await with_case(desks)

    def silence(unit: Unit) -> None:
        found = cases.by_code(unit, code)
        assert found is not None
        cases.put_facets(unit, found.id, msgspec.structs.replace(found.facets, silent=True))

    async with desk_open(chromium, place, carrying=huda) as screen:
        case = Shown(screen, code)
        await place.working.store.write(silence)
        await case.opens()
        await expect(screen.page.locator("[data-when=silent]")).to_contain_text("لا اتصال بها ولا كتابة لها")
        await expect(screen.page.locator("form[data-compose]")).to_be_hidden()
        await expect(screen.page.locator("form[data-note]")).to_be_visible()


async def closes(case: Shown) -> None:
    """Close the case with a reason."""
    await case.page.locator("details", has=case.page.locator("form[data-close]")).locator("summary").click()
    await case.page.locator("#closing").fill(NOTE)
    await case.page.locator("form[data-close] button").click()


async def test_a_case_of_others_is_no_more_there_than_one_that_does_not_exist(desks: Desks, place: Town) -> None:
    _, code, _ = await with_case(desks)
    rana = await desks.hired("رنا")
    hers, none = await rana.get(f"/desk/cases/{code}"), await rana.get("/desk/cases/ZZZ-999")
    assert hers.status == none.status == 404
    assert hers.text.replace(code, "") == none.text.replace("ZZZ-999", "")
    assert (await rana.get(f"/desk/cases/{code}/times")).status == 404


async def test_a_picture_and_its_copy_without_place_and_time_are_told_apart_and_the_copy_is_offered_first(
    desks: Desks, place: Town, chromium: str
) -> None:
    huda, code, _ = await with_case(desks, told(photo=pictures.jpeg()))
    async with desk_open(chromium, place, carrying=huda) as screen:
        case = Shown(screen, code)
        await case.opens()
        cards = screen.page.locator("li.file", has_text="صورة")
        await expect(cards).to_have_count(2)
        await expect(cards.nth(0)).to_contain_text("إن لزم تسليم شيء لأحد فلتكن هذه")
        await expect(cards.nth(1)).to_contain_text("كما وصلت، دليلًا")
        await cards.nth(0).locator('[data-fill="look"]').click()
        await expect(cards.nth(0).locator("img")).to_be_visible()
        await expect(cards.nth(0).locator('[data-fill="hash"]')).to_be_hidden()
        await cards.nth(1).locator('[data-fill="look"]').click()
        await expect(cards.nth(1).locator('[data-fill="checked"]')).to_be_visible()


async def test_of_a_picture_that_she_wanted_clean_the_page_says_that_the_original_is_gone(
    desks: Desks, place: Town, chromium: str
) -> None:
    amal, said = telling.her(place), told()
    huda = await with_passphrase(desks, "هدى", on_call="first")
    await telling.begins(place, amal)
    await telling.tells(amal, said)
    await amal.phone.sends_photo(pictures.jpeg())
    await telling.sees_it_kept(amal)
    await amal.answers("Without place and time")
    await amal.sees("Of pictures we keep only a copy without place and time. What came as it was is then destroyed.")
    await amal.answers(telling.DONE)
    code = await telling.ends(amal, said)
    await telling.files_are_here(place)
    await taken(place, huda, code)
    async with desk_open(chromium, place, carrying=huda, size=SMALL) as screen:
        case = Shown(screen, code)
        await case.opens()
        cards = screen.page.locator("li.file")
        await expect(cards).to_have_count(2)
        await expect(cards.nth(1)).to_contain_text("وقد أُتلف الأصل")
        await expect(cards.nth(1).locator('[data-fill="look"]')).to_be_hidden()
        await expect(case.part("answers")).to_contain_text("الصور بلا مكان ولا وقت فقط")
        assert await screen.page.evaluate("document.documentElement.scrollWidth") == SMALL[0]
