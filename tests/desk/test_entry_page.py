"""Getting in at the desk in a real browser: the invitation, the key, the second step, the passphrases."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from storage import logins, readers
from storage.seal import public_key
from tests.desk.desk_browser import Screen, desk_open
from tests.desk.entry_story import FORCED, OTHER, PASSPHRASE, Newly, changes, is_open
from tests.desk.staff import derive, unwrap
from tests.town import Town, town

pytestmark = pytest.mark.browser


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


async def test_from_the_invitation_her_key_stays_open_to_her_first_page(huda: Newly) -> None:
    await huda.is_welcomed()
    await is_open(huda.page)


async def test_she_can_sign_out_from_the_page_that_shows_her_codes(huda: Newly) -> None:
    await huda.screen.opens(huda.link)
    await huda.chooses(PASSPHRASE)
    await huda.gets_her_codes()
    await huda.page.locator("form[data-leave] button").click()
    await expect(huda.page).to_have_url(re.compile(r"/desk/enter$"))


async def test_the_key_that_her_browser_made_is_the_one_that_cases_are_sealed_to(place: Town, huda: Newly) -> None:
    await huda.is_welcomed()
    login = await place.working.store.read(logins.by_name, "huda")
    reader = await place.working.store.read(readers.of_staff, huda.number)
    assert login is not None
    assert reader is not None
    seed = unwrap(derive(PASSPHRASE, login.salt).wrapping, login.wrapped, huda.number)
    assert reader.public_key == public_key(seed)


async def test_a_weak_passphrase_and_one_written_differently_are_not_taken(huda: Newly) -> None:
    await huda.screen.opens(huda.link)
    problem = huda.page.locator(".problem")
    await huda.chooses("password1234")
    await expect(problem).to_contain_text("يسهل تخمينها")
    await huda.chooses(PASSPHRASE, PASSPHRASE + "!")
    await expect(problem).to_contain_text("غير متطابقتين")
    await expect(huda.page.locator("[name=passphrase]")).to_have_value(PASSPHRASE)


async def test_a_proposed_passphrase_is_shown_and_taken_once_she_wrote_it_again(huda: Newly) -> None:
    await huda.screen.opens(huda.link)
    await huda.page.locator("[data-generate] button").click()
    await expect(huda.page.locator(".generated")).not_to_be_empty()
    proposed = await huda.page.locator(".generated").inner_text()
    assert len(proposed.split()) == 7
    await expect(huda.page.locator("[name=passphrase]")).to_have_value(proposed)
    await expect(huda.page.locator("meter")).to_have_attribute("aria-label", re.compile("."))
    await huda.chooses(proposed)
    await expect(huda.page).to_have_url(re.compile(r"/desk/account/second$"))


async def test_a_passphrase_goes_nowhere_but_to_the_worker(huda: Newly) -> None:
    sent: list[str] = []
    huda.page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    await huda.is_welcomed()
    assert any("/desk/welcome/" in line for line in sent)
    assert not [line for line in sent if "قارب" in line or "\\u0642" in line or "%D9%82" in line]


async def test_a_wrong_passphrase_is_told_in_a_sentence_and_the_form_stays(huda: Newly) -> None:
    await huda.is_at_work()
    await huda.page.context.clear_cookies(name="desk")
    await huda.gives("some other words entirely")
    await expect(huda.page.locator("form[data-enter] .problem")).not_to_be_empty()
    await expect(huda.page.locator("[name=name]")).to_have_value("huda")


async def test_signing_in_opens_the_same_key_again(huda: Newly) -> None:
    await huda.is_at_work()
    await huda.page.locator("form[data-leave] button").click()
    await expect(huda.page).to_have_url(re.compile(r"/desk/enter$"))
    await huda.signs_in()
    await is_open(huda.page)


async def test_a_changed_passphrase_opens_the_desk_and_the_old_one_does_not(huda: Newly) -> None:
    await huda.is_at_work()
    await changes(huda, "data-passphrase", OTHER)
    await expect(huda.page.locator("form[data-passphrase] [name=passphrase]")).to_have_value("")
    await huda.page.locator("form[data-leave] button").click()
    await huda.gives(PASSPHRASE)
    await expect(huda.page.locator("form[data-enter] .problem")).not_to_be_empty()
    await huda.place.passes(minutes=1)
    await huda.signs_in(OTHER)
    await is_open(huda.page)


async def test_the_passphrase_for_when_she_is_forced_opens_an_empty_desk_that_looks_the_same(huda: Newly) -> None:
    await huda.is_at_work()
    await changes(huda, "data-duress", FORCED)
    await expect(huda.page.locator("form[action='/desk/account/duress/remove']")).to_be_visible()
    await huda.page.locator("form[data-leave] button").click()
    await huda.signs_in(FORCED)
    await is_open(huda.page)


async def test_a_lost_connection_is_told_and_what_she_wrote_stays(huda: Newly) -> None:
    await huda.screen.opens("/desk/enter")
    await huda.page.locator("[name=name]").fill("huda")
    await huda.page.locator("[name=passphrase]").fill(PASSPHRASE)
    await huda.page.context.route("**/desk/enter/salt", lambda route: route.abort())
    await huda.page.locator("form[data-enter] button.button:not(.quiet)").click()
    await expect(huda.page.locator(".problem")).to_contain_text("تعذّر الوصول")
    await expect(huda.page.locator("[name=passphrase]")).to_have_value(PASSPHRASE)


async def test_a_form_that_could_not_be_sent_stays_and_the_page_says_so(huda: Newly) -> None:
    await huda.is_at_work()
    await huda.page.locator("nav.ways a[href='/desk/account']").click()
    await huda.page.locator("#change-old").evaluate("field => (field.value = 'as she left it')")
    await huda.page.context.route("**/desk/account/link", lambda route: route.abort())
    await huda.page.locator("form[action='/desk/account/link'] button").click()
    await expect(huda.page.locator("#news")).to_contain_text("تعذّر الوصول")
    await expect(huda.page.locator("#change-old")).to_have_value("as she left it")


async def test_a_refusal_is_told_in_its_own_sentence_and_the_page_stays(huda: Newly) -> None:
    await huda.is_at_work()
    await huda.page.locator("nav.ways a[href='/desk/account']").click()
    await expect(huda.page).to_have_url(re.compile(r"/desk/account$"))
    await huda.page.evaluate("document.body.dataset.token = 'of another session'")
    await huda.page.locator("form[action='/desk/account/link'] button").click()
    await expect(huda.page.locator("#news")).not_to_be_empty()
    await expect(huda.page.locator("#change-old")).to_have_count(1)
