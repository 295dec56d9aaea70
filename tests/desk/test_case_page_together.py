"""Two members at one case in real browsers: neither saves over the other, and keys are handed on in the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from storage.seal import public_key
from storage.vault import shown
from tests.desk.case_story import Shown, told, with_case, with_passphrase
from tests.desk.desk_browser import desk_open
from tests.desk.staff import Desks, Staffer
from tests.town import Town, town

pytestmark = pytest.mark.browser
NOTE = "زعفران في الصندوق الثالث"


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite, tmp_path) as found:
        yield found


@pytest.fixture
async def desks(place: Town) -> AsyncIterator[Desks]:
    async with Desks(place) as found:
        yield found


async def asks_in(huda: Staffer, code: str, rana: Staffer) -> None:
    """A colleague works on the case beside her."""
    answer = await huda.post(f"/desk/cases/{code}/people", json={"staff": str(rana.number), "part": "second"})
    assert answer.status == 200, answer.text


async def test_a_track_that_a_colleague_changed_is_not_saved_over_and_the_words_stay(
    desks: Desks, place: Town, chromium: str
) -> None:
    huda, code, _ = await with_case(desks)
    rana = await desks.hired("رنا")
    await asks_in(huda, code, rana)
    async with desk_open(chromium, place, carrying=huda) as screen:
        await screen.page.route("**/desk/events", lambda route: route.abort())
        case = Shown(screen, code)
        await case.opens()
        asked = {"track": "legal", "state": "done", "version": 0}
        version = (await rana.get(f"/desk/cases/{code}/sealed")).json()["tracks"]["legal"]["version"]
        assert (await rana.post(f"/desk/cases/{code}/tracks", json=asked | {"version": version})).status == 200
        await case.unfolds(case.part("tracks"))
        await screen.page.locator("#words-legal").fill(NOTE)
        await screen.page.locator("#state-legal").select_option("none_needed")
        form = screen.page.locator("form[data-track=legal]")
        await form.locator("button").click()
        await expect(form.locator("[data-problem]")).to_contain_text("رنا")
        await expect(screen.page.locator("#words-legal")).to_have_value(NOTE)


async def test_a_note_written_while_the_case_got_a_new_key_is_sealed_anew_by_itself(
    desks: Desks, place: Town, chromium: str
) -> None:
    huda, code, _ = await with_case(desks)
    rana = await desks.hired("رنا")
    await asks_in(huda, code, rana)
    async with desk_open(chromium, place, carrying=huda) as screen:
        await screen.page.route("**/desk/events", lambda route: route.abort())
        case = Shown(screen, code)
        await case.opens()
        off = await huda.post(f"/desk/cases/{code}/people/{rana.number}/off", json={"for_good": True})
        assert off.status == 200
        await case.writes_note(NOTE)
        await expect(case.part("notes").locator(".remarks")).to_contain_text(NOTE)
        assert any(item.get("words") == NOTE for item in (await place.opens_case(code)).data["items"])


async def test_whoever_reads_it_hands_the_key_on_by_a_press(desks: Desks, place: Town, chromium: str) -> None:
    huda, code, _ = await with_case(desks)
    assert (await huda.post(f"/desk/cases/{code}/contact", json={})).status == 200
    rana = await with_passphrase(desks, "رنا")
    await asks_in(huda, code, rana)
    async with desk_open(chromium, place, carrying=rana) as screen:
        case = Shown(screen, code)
        await case.opens()
        await expect(case.body.locator('[data-fill="shut"]')).to_contain_text("هدى")
        async with desk_open(chromium, place, carrying=huda) as other:
            await Shown(other, code).opens()
            team = other.page.locator('[data-fill="team"]')
            await expect(team.locator('[data-fill="hand"]:not([hidden]) [data-fingerprint]')).to_have_text(
                shown(public_key(rana.seed))
            )
            await team.get_by_role("button", name="سلّميها المفتاح").click()
            await expect(other.page.locator('[data-fill="team"]')).not_to_contain_text("بعد.")
        await screen.page.reload()
        await case.unlocks()
        await expect(case.part("answers")).to_contain_text(told().what)
