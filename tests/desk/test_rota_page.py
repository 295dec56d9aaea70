"""The rota in a real browser: arranged by hand on a phone and on a desk, readable to all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from flows.core import Language
from messages import Text
from messages.catalog import render
from tests.console.preview_browser import SMALL, WIDE
from tests.desk.desk_browser import desk_open
from tests.desk.rota_town import ROTA, Rota, rota_town
from tests.desk.test_looks import ARRANGEMENTS, TOO_SMALL, complaints

pytestmark = pytest.mark.browser


@pytest.fixture
async def rota(sqlite: str, tmp_path: Path) -> AsyncIterator[Rota]:
    async with rota_town(sqlite, tmp_path) as found:
        await found.shift(found.huda, "2026-11-22T08:00", "2026-11-22T20:00")
        await found.shift(found.huda, "2026-11-24T08:00", "2026-11-24T20:00", "Europe/Berlin")
        await found.shift(found.najla, "2026-11-25T08:00", "2026-11-25T20:00", level="substitute")
        yield found


async def faults(page: Page, size: tuple[int, int]) -> list[str]:
    """What is wrong with a page whose every part is open."""
    await page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    wide = await page.evaluate("document.documentElement.scrollWidth")
    small = await page.evaluate(TOO_SMALL)
    return [*([f"{wide} pixels wide"] if wide > size[0] else []), *small, *await complaints(page)]


@pytest.mark.parametrize(("language", "size", "dark"), ARRANGEMENTS)
async def test_the_rota_and_what_it_asks_are_readable_to_all(
    rota: Rota, chromium: str, language: Language, size: tuple[int, int], *, dark: bool
) -> None:
    for who in (rota.huda, rota.boss):
        async with desk_open(chromium, rota.place, language, size, carrying=who, dark=dark) as screen:
            await screen.opens(ROTA)
            assert await faults(screen.page, size) == []
            label = render(Text("Remove"), language)
            await screen.page.get_by_role("button", name=label).first.click()
            sure = render(Text("Do it all the same"), language)
            await expect(screen.page.get_by_role("button", name=sure)).to_be_visible()
            assert await faults(screen.page, size) == []


async def test_a_shift_is_asked_about_by_one_and_taken_by_the_other_without_a_new_load(
    rota: Rota, chromium: str
) -> None:
    async with desk_open(chromium, rota.place, "en", SMALL, carrying=rota.huda) as screen:
        await screen.opens(ROTA)
        await screen.page.evaluate("window.stayed = true")
        await screen.page.get_by_text("Hand over, whole or in part").last.click()
        await screen.page.get_by_label("To whom").last.select_option(label="Najla")
        await screen.page.get_by_role("button", name="Ask her").last.click()
        await expect(screen.page.get_by_text("You have asked, and the answer is still to come:")).to_be_visible()
        assert await screen.page.evaluate("window.stayed"), "the keys would have been lost"
    async with desk_open(chromium, rota.place, "ar", WIDE, carrying=rota.najla) as screen:
        await screen.opens(ROTA)
        await screen.page.get_by_role("button", name="نعم، أستطيع").click()
        await expect(screen.page.locator(".rota-day").nth(3).locator(".rota-piece.me")).to_contain_text("Najla")
    assert [one[0] for one in await rota.every()] == [rota.huda.number, rota.najla.number, rota.najla.number]


async def test_what_is_off_is_told_and_the_form_stays_as_she_filled_it(rota: Rota, chromium: str) -> None:
    async with desk_open(chromium, rota.place, "en", WIDE, carrying=rota.huda) as screen:
        page = screen.page
        await screen.opens(ROTA)
        await page.get_by_text("Add a shift").click()
        form = page.locator("form[action='/desk/rota/add']")
        await form.get_by_label("From").fill("2026-11-26T08:00")
        await form.get_by_label("Until").fill("2026-11-26T20:00")
        await form.get_by_label("By the clock of").fill("Mars/Base")
        await form.get_by_role("button").click()
        await expect(page.get_by_role("alert")).to_contain_text("There is no such time zone.")
        await expect(form.get_by_label("From")).to_have_value("2026-11-26T08:00")
        await form.get_by_label("By the clock of").fill("Asia/Aden")
        await form.get_by_role("button").click()
        await expect(page.locator(".rota-day").nth(5).locator(".rota-piece.me")).to_contain_text("08:00 to 20:00")


async def test_a_new_link_for_the_calendar_is_shown_once(rota: Rota, chromium: str) -> None:
    async with desk_open(chromium, rota.place, "en", SMALL, carrying=rota.huda) as screen:
        await screen.opens(ROTA)
        await screen.page.get_by_role("button", name="Make a new link").click()
        shown = screen.page.locator("main input[readonly]")
        assert ".ics" in await shown.input_value()
        assert screen.page.url.endswith(ROTA)
        await screen.opens(ROTA)
        await expect(screen.page.get_by_text("There is a link.")).to_be_visible()
        await expect(shown).to_have_count(0)
