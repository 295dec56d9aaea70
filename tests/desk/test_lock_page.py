"""The keys are in the page's worker and nowhere else: what locks them, what opens them again, and the ways out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.desk.desk_browser import Screen, desk_open
from tests.desk.entry_story import FORCED, PASSPHRASE, Newly, changes, is_locked, is_open, lock, panel
from tests.town import Town, town

pytestmark = pytest.mark.browser

NOTHING = {"local": 0, "session": 0, "caches": 0, "databases": 0, "workers": 0}
WORDS = "document.querySelector('main').insertAdjacentHTML('beforeend', '<p data-sealed>her words</p>')"
"""Stands for what a case's page has opened."""


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite, tmp_path) as found:
        yield found


@pytest.fixture
async def screen(chromium: str, place: Town) -> AsyncIterator[Screen]:
    async with desk_open(chromium, place) as found:
        yield found


@pytest.fixture
async def huda(place: Town, screen: Screen) -> Newly:
    return await Newly.invited(place, screen)


async def test_after_a_reload_the_passphrase_is_asked_for_again(huda: Newly) -> None:
    await huda.is_at_work()
    await huda.page.reload()
    await is_locked(huda.page)
    await lock(huda.page).click()
    await huda.unlocks("another passphrase")
    await expect(panel(huda.page).locator(".problem")).to_contain_text("لا تطابق")
    await huda.unlocks(PASSPHRASE)
    await expect(panel(huda.page)).to_have_count(0)
    await is_open(huda.page)


async def test_moving_between_pages_and_back_keeps_the_key(huda: Newly) -> None:
    await huda.is_at_work()
    await huda.page.locator("nav.ways a[href='/desk/account']").click()
    await expect(huda.page).to_have_url(re.compile(r"/desk/account$"))
    await is_open(huda.page)
    await huda.page.go_back()
    await expect(huda.page).to_have_url(re.compile(r"/desk$"))
    await is_open(huda.page)


async def test_after_ten_idle_minutes_the_key_is_gone_and_what_was_opened_with_it(huda: Newly) -> None:
    await huda.page.clock.install()
    await huda.is_at_work()
    await huda.page.evaluate(WORDS)
    workers = len(huda.page.workers)
    await huda.page.clock.run_for(9 * 60_000 + 6_000)
    await expect(huda.page.locator("#news")).to_contain_text("سيُقفل المكتب بعد دقيقة")
    await huda.page.clock.run_for(60_000)
    await expect(panel(huda.page)).to_be_visible()
    await expect(huda.page.locator("body")).not_to_contain_text("her words")
    assert len(huda.page.workers) == workers - 1


async def test_while_she_works_it_is_not_locked(huda: Newly) -> None:
    await huda.page.clock.install()
    await huda.is_at_work()
    for _ in range(3):
        await huda.page.clock.run_for(9 * 60_000)
        await huda.page.keyboard.press("Shift")
    await is_open(huda.page)


async def test_who_wakes_a_phone_that_slept_for_an_hour_finds_it_locked(huda: Newly) -> None:
    await huda.page.clock.install()
    await huda.is_at_work()
    await huda.page.evaluate(WORDS)
    await huda.page.clock.pause_at(await huda.page.evaluate("Date.now() + 3_600_000"))
    await huda.page.keyboard.press("Shift")
    await expect(panel(huda.page)).to_be_visible()
    await expect(huda.page.locator("body")).not_to_contain_text("her words")


async def test_the_lock_button_locks_at_once_and_the_page_comes_anew_when_it_opens(huda: Newly) -> None:
    await huda.is_at_work()
    await huda.page.evaluate(WORDS)
    await lock(huda.page).click()
    await expect(huda.page.locator("[data-sealed]")).to_have_text("فتح القفل")
    await huda.unlocks(PASSPHRASE)
    await is_open(huda.page)
    await expect(huda.page.locator("[data-sealed]")).to_have_count(0)


async def test_forced_to_unlock_she_gives_the_other_passphrase_and_is_at_the_empty_desk(huda: Newly) -> None:
    await huda.is_at_work()
    await changes(huda, "data-duress", FORCED)
    await expect(huda.page.locator("form[action='/desk/account/duress/remove']")).to_be_visible()
    await lock(huda.page).click()
    await huda.unlocks(FORCED)
    await expect(huda.page).to_have_url(re.compile(r"/desk$"))
    await is_open(huda.page)


@pytest.mark.parametrize("by", ["link", "keys", "panel"])
async def test_the_quick_exit_shows_a_neutral_page_and_leads_back_to_nothing(huda: Newly, by: str) -> None:
    await huda.is_at_work()
    match by:
        case "link":
            await huda.page.locator("header [data-exit]").click()
        case "keys":
            for _ in range(3):
                await huda.page.keyboard.press("Escape")
        case _:
            await lock(huda.page).click()
            await panel(huda.page).locator("[data-exit]").click()
    await expect(huda.page).to_have_title("An encyclopedia")
    assert huda.page.url.startswith("https://ar.wikipedia.org/")
    await huda.page.go_back()
    await expect(huda.page.locator("nav.ways")).to_have_count(0)
    await huda.screen.opens("/desk")
    await expect(huda.page).to_have_url(re.compile(r"/desk/enter$"))


async def test_back_after_signing_out_shows_nothing(huda: Newly) -> None:
    await huda.is_at_work()
    await huda.page.locator("form[data-leave] button").click()
    await expect(huda.page).to_have_url(re.compile(r"/desk/enter$"))
    await huda.page.go_back()
    await expect(huda.page.locator("nav.ways")).to_have_count(0)
    await expect(huda.page.locator("form[data-enter]")).to_be_visible()


async def test_the_browser_has_stored_nothing_of_it_all(huda: Newly) -> None:
    await huda.is_welcomed()
    await huda.page.locator("nav.ways a[href='/desk/account']").click()
    await expect(huda.page).to_have_url(re.compile(r"/desk/account$"))
    assert await huda.screen.keeps() == NOTHING
