"""The whole desk as one story: invited, paged, worked on by two, one taken off, a passphrase lost, closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import expect

from storage import cases
from tests.desk.entry_story import OTHER, PASSPHRASE, Newly
from tests.desk.whole_story import (
    Holders,
    Whole,
    asks_in,
    changes_track,
    closes,
    finds,
    fingerprint,
    links_her_phone,
    takes_off_for_good,
)
from tests.people import Woman
from tests.test_main_job import CONTACT, NOW, TAKE, WORDS, finishes, goes_on, reports_in_danger
from tests.town import SEED, Town, town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
HER_OWN = "مظلة خضراء وسبع حمامات"
BEFORE, SHE_SAYS = "اتفقنا أن أكلمها كل مساء", "شكرًا، سأنتظر مكالمتك"
TO_RANA, END = "ستزورها أنتِ", "تمّ ما أرادته"
AFTER, TO_HER = "انتقلت إلى بيت خالتها", "مرحبًا، أنا معك. هل يناسبك المساء؟"


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite, tmp_path) as found:
        yield found


@pytest.fixture
async def whole(place: Town, chromium: str) -> AsyncIterator[Whole]:
    async with AsyncExitStack() as stack:
        yield await Whole.begins(place, chromium, stack)


async def test_from_the_invitation_to_the_closed_case(
    whole: Whole, place: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huda, rana = await _they_come_in(whole)
    amal, code = await _she_is_in_danger(whole, huda)
    await _she_is_answered(whole, huda, amal, code)
    await _two_share_it_and_one_is_taken_off(whole, huda, rana, code)
    await _a_lost_passphrase_is_made_good(whole, huda, code, tmp_path, monkeypatch)
    await _it_is_closed(whole, huda, code)


async def _they_come_in(whole: Whole) -> tuple[Newly, Newly]:
    huda = await whole.invites("هدى", "huda", 71)
    await whole.looks(whole.salma.page, "invited")
    rana = await whole.invites("رنا", "rana", 72)
    await huda.screen.opens(huda.link)
    await whole.looks(huda.page, "welcome")
    await huda.is_welcomed(PASSPHRASE)
    await rana.is_welcomed(HER_OWN)
    await links_her_phone(huda, whole.phones["هدى"])
    await links_her_phone(rana, whole.phones["رنا"])
    await whole.looks(huda.page, "account")
    await whole.is_on_call(huda)
    return huda, rana


async def _she_is_in_danger(whole: Whole, huda: Newly) -> tuple[Woman, str]:
    """She reports, and Huda is woken on the phone that she linked, and takes it there by a tap."""
    place = whole.place
    amal, hers = Woman(place.phone(1001), "ar"), whole.phones["هدى"]
    await huda.page.locator("nav.ways a[href='/desk']").click()
    code = await reports_in_danger(place, amal, goes_on)
    await expect(huda.page.locator(f"#take-{code}")).to_be_visible()
    await whole.looks(huda.page, "waiting")
    page = await hers.sees(NOW)
    assert code not in page.text
    await finishes(place, amal, goes_on)
    await hers.answers(TAKE)
    await hers.sees("The appointment is yours ({code}). When you have spoken, choose “Contact made”.")
    await amal.sees("A person has your message now and is seeing to it.")
    return amal, code


async def _she_is_answered(whole: Whole, huda: Newly, amal: Woman, code: str) -> None:
    case = await finds(huda, code)
    await expect(case.part("answers")).to_contain_text(WORDS)
    await whole.looks(huda.page, "case")
    await case.writes_note(BEFORE)
    await expect(case.part("notes").locator(".remarks")).to_contain_text(BEFORE)
    await whole.phones["هدى"].answers(CONTACT)
    await expect(huda.page.locator('[data-press="contact"]')).to_be_hidden()
    await case.writes_to_her(TO_HER)
    await amal.sees_words(TO_HER)
    await amal.says(SHE_SAYS)
    await amal.sees("It has reached the person who wrote to you. You can write more here.")
    await expect(case.part("talk")).to_contain_text(SHE_SAYS)
    await whole.looks(huda.page, "talked")


async def _two_share_it_and_one_is_taken_off(whole: Whole, huda: Newly, rana: Newly, code: str) -> None:
    shown = await fingerprint(rana)
    case = await finds(huda, code)
    await asks_in(case, "رنا", TO_RANA)
    hand = case.part("people").locator('[data-fill="hand"]:not([hidden])')
    await expect(hand.locator("[data-fingerprint]")).to_have_text(shown)
    await whole.phones["رنا"].sees("A colleague asks for your help. Please look at the desk when you can.")
    hers = await finds(rana, code)
    await expect(hers.part("wishes")).to_contain_text("لا يفتحه مفتاحكِ بعد")
    await whole.looks(rana.page, "asked-in")
    await whole.looks(huda.page, "hands-on")
    await hand.locator("button").click()
    await expect(hers.part("answers")).to_contain_text(WORDS)
    await expect(hers.part("notes")).to_contain_text(BEFORE)
    await expect(hers.part("notes")).to_contain_text(TO_RANA)
    await whole.looks(rana.page, "reads")
    key = await whole.key_of(rana, HER_OWN)
    kept = await whole.seeds(code, key)
    assert await whole.notes(code, kept) == [BEFORE]
    await takes_off_for_good(case, "رنا", "هي قريبة له")
    await expect(rana.page.locator("[data-notice]")).to_be_visible()
    await expect(rana.page.locator("main")).not_to_contain_text(WORDS)
    await expect(rana.page.locator("[data-back] a")).to_be_visible()
    await whole.looks(rana.page, "gone")
    await case.writes_note(AFTER)
    await expect(case.part("notes").locator(".remarks")).to_contain_text(AFTER)
    assert await whole.seeds(code, key) == {}
    assert await whole.notes(code, kept) == [BEFORE], "what she may have kept of the case opens nothing that followed"
    assert await whole.notes(code, await whole.seeds(code, (1, SEED))) == [BEFORE, AFTER]
    await whole.looks(huda.page, "alone")


async def _a_lost_passphrase_is_made_good(
    whole: Whole, huda: Newly, code: str, folder: Path, patch: pytest.MonkeyPatch
) -> None:
    huda.link = await whole.invites_anew("هدى")
    await whole.looks(whole.salma.page, "invited-anew")
    await whole.phones["هدى"].sees(
        "You were invited anew. If you did not ask for it, please speak with a colleague whom you trust."
    )
    await expect(huda.page.locator("main")).not_to_contain_text(WORDS)
    await whole.looks(huda.page, "signed-out")
    await huda.is_welcomed(OTHER)
    case = await finds(huda, code)
    await expect(case.body.locator('[data-fill="shut"]')).to_be_visible()
    await expect(case.part("answers")).not_to_contain_text(WORDS)
    await expect(case.part("notes")).not_to_contain_text(BEFORE)
    await whole.looks(huda.page, "cant-read")
    shown = await fingerprint(huda)
    said = await asyncio.to_thread(Holders.of(whole.place, folder, patch).give_back, "هدى")
    assert shown in said
    case = await finds(huda, code)
    await expect(case.part("answers")).to_contain_text(WORDS)
    await expect(case.part("notes")).to_contain_text(BEFORE)
    await expect(case.part("notes")).to_contain_text(AFTER)
    await expect(case.part("talk")).to_contain_text(SHE_SAYS)
    await whole.looks(huda.page, "reads-again")


async def _it_is_closed(whole: Whole, huda: Newly, code: str) -> None:
    case = await finds(huda, code)
    await closes(case, "resolved", END)
    await expect(huda.page.locator("form[data-close] [data-problem]")).to_be_visible()
    await whole.looks(huda.page, "not-yet")
    await changes_track(case, "legal", "none_needed", "لا تريد شكوى")
    await changes_track(case, "physical", "done")
    await changes_track(case, "psychosocial", "done")
    await closes(case, "resolved", END)
    await expect(huda.page.locator("form[data-compose]")).to_be_hidden()
    await expect(case.part("notes").locator(".remarks")).to_contain_text(END)
    await whole.looks(huda.page, "closed")
    found = await whole.place.working.store.read(cases.by_code, code)
    assert found is not None
    assert found.status == "closed"
    await huda.page.locator("nav.ways a[href='/desk']").click()
    await huda.page.locator("#whose-closed").click()
    await expect(huda.page.locator(f"#case-{code}")).to_be_visible()
    await whole.looks(huda.page, "list-closed")
