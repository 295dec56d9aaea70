"""The composer in a real browser: written, previewed, tested and signed by hand, in both languages, readable to all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from flows.core import Language
from messages import Text
from messages.catalog import render
from tests.console.preview_browser import SMALL, WIDE
from tests.desk.campaign_town import ARABIC, ENGLISH, SID, Team, campaign_town
from tests.desk.desk_browser import desk_open
from tests.desk.test_looks import ARRANGEMENTS, TOO_SMALL, complaints

pytestmark = pytest.mark.browser


@pytest.fixture
async def team(sqlite: str, tmp_path: Path) -> AsyncIterator[Team]:
    async with campaign_town(sqlite, tmp_path) as found:
        yield found


def said(sentence: str, language: Language) -> str:
    return render(Text(sentence), language)


async def faults(page: Page, size: tuple[int, int]) -> list[str]:
    """What is wrong with a page whose every part is open."""
    await page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    small = await page.evaluate(TOO_SMALL)
    return [*([f"{wide} pixels wide"] if wide > size[0] else []), *small, *await complaints(page)]


@pytest.mark.parametrize(("language", "size", "dark"), ARRANGEMENTS)
async def test_every_page_of_it_is_readable_to_all(
    team: Team, chromium: str, language: Language, size: tuple[int, int], *, dark: bool
) -> None:
    template = {
        "name": "Idea",
        "sid": SID,
        "language": "ar",
        "category": "utility",
        "title-0": "افتحي",
        "way-0": "menu",
    }
    await team.writer.post("/desk/campaigns/templates", template | {"body": "صباح الخير، فكرة {{1}} بين يديكِ."})
    bad = await team.begins()
    await team.saves(bad, name="", ar_0="اتصل بنا على ٧٧٠٠٠٠٠٠١", en_0="", hour="", act="more")
    asked = await team.asked(sid_ar_0=SID, blanks_ar_0="اليوم", buttons_0=["subscribe", "course"], hour="23:00")
    approved = await team.asked()
    await team.signs(team.second, approved)
    paths = ["", f"/{bad}", f"/{bad}/look", f"/{asked}/look", f"/{approved}/look", "/templates", "/1/look"]
    async with desk_open(chromium, team.place, language, size, carrying=team.second, dark=dark) as screen:
        for path in paths:
            await screen.opens(f"/desk/campaigns{path}")
            assert await faults(screen.page, size) == [], path


@pytest.mark.parametrize(("language", "size"), [("ar", SMALL), ("en", WIDE)])
async def test_one_writes_and_tests_it_another_signs_it_and_takes_it_back(
    team: Team, chromium: str, language: Language, size: tuple[int, int]
) -> None:
    async with desk_open(chromium, team.place, language, size, carrying=team.writer) as screen:
        page = screen.page
        await screen.opens("/desk/campaigns")
        await page.get_by_role("button", name=said("Write a new campaign", language)).click()
        await _writes(page, language)
        await page.get_by_role("button", name=said("Save", language), exact=True).click()
        await expect(page.locator("#ar-0-wrong")).to_contain_text("770 000 001")
        await page.locator("#ar-0").fill(ARABIC)
        await page.get_by_role("button", name=said("Save, and look at it", language)).click()
        await expect(page.locator(".phone.telegram .bubble").first).to_have_text(ARABIC)
        own = f"{said('Send it to my own phone', language)} ({said('in Arabic', language)})"
        await page.get_by_role("button", name=own).click()
        await expect(page.get_by_role("status").filter(has_text=said(SENT, language))).to_be_visible()
        await team.writer.phone.sees("صباح الخير")
        await page.get_by_role("button", name=said("Ask for a second person", language)).click()
        await expect(page.get_by_text(said(NOT_YOU, language))).to_be_visible()
        await expect(page.get_by_role("button", name=said("Approve it", language))).to_have_count(0)
    async with desk_open(chromium, team.place, language, size, carrying=team.second) as screen:
        page = screen.page
        await screen.opens("/desk/campaigns")
        await page.get_by_role("link", name="A word about passwords").click()
        await page.get_by_role("button", name=said("Approve it", language)).click()
        await expect(page.locator("[data-left]")).to_be_visible()
        await page.get_by_role("button", name=said("Take it back whole", language)).click()
        await expect(page.get_by_role("button", name=said("Ask for a second person", language))).to_be_visible()
    (found,) = await team.place.working.store.read(_campaigns)
    assert [run.state for run in await team.runs(found)] == ["cancelled"]


async def _writes(page: Page, language: Language) -> None:
    """Fill the form in by hand, with a telephone number in it that nobody meant."""
    await page.get_by_label(said("Name, for the team alone", language)).fill("A word about passwords")
    await page.get_by_label(said("First day of its period", language)).fill("2026-11-22")
    await page.get_by_label(said("Last day of its period", language)).fill("2026-12-22")
    await page.get_by_label(said("Whoever asked for tips", language)).check()
    await page.get_by_label(said("The text in Arabic", language)).fill(f"{ARABIC} ٧٧٠ ٠٠٠ ٠٠١")
    await page.get_by_label(said("The text in English", language)).fill(ENGLISH)
    await page.get_by_label(said("The day", language), exact=True).fill("2026-11-24")
    await page.get_by_label(said("The hour", language), exact=True).fill("17:00")


async def test_the_undo_window_counts_down_on_the_page(team: Team, chromium: str) -> None:
    number = await team.asked(day="2026-11-22", hour="12:00")
    await team.signs(team.second, number)
    async with desk_open(chromium, team.place, "en", WIDE, carrying=team.second) as screen:
        await screen.opens(f"/desk/campaigns/{number}/look")
        await expect(screen.page.locator("[data-left]")).to_contain_text(":")
        first = await screen.page.locator("[data-left]").inner_text()
        await expect(screen.page.locator("[data-left]")).not_to_have_text(first)


async def test_only_the_fields_of_the_chosen_rhythm_are_shown(team: Team, chromium: str) -> None:
    number = await team.written()
    async with desk_open(chromium, team.place, "en", WIDE, carrying=team.writer) as screen:
        page = screen.page
        await screen.opens(f"/desk/campaigns/{number}")
        await expect(page.get_by_label("Monday")).to_be_hidden()
        await page.get_by_label("Every week, on these days").check()
        await expect(page.get_by_label("Monday")).to_be_visible()
        await expect(page.get_by_label("The day", exact=True)).to_be_hidden()


def _campaigns(unit: object) -> list[int]:
    from storage import campaigns  # noqa: PLC0415 - what the page wrote

    return [one.id for one in campaigns.everything(unit)]  # type: ignore[arg-type]


SENT = "It is on its way to your own phones, and to nobody else."
NOT_YOU = "A second person has been asked. It can't be whoever wrote or last changed it."
