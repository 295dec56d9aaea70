"""The page of a run in a browser: watched from the undo window to the last letter, and readable to all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from flows.core import Language
from handlers import broadcasts
from storage import runs
from tests.broadcasting import becomes, crowd, launched, texts
from tests.console.preview_browser import SMALL, WIDE
from tests.desk.desk_browser import Screen, desk_open
from tests.desk.run_seeds import FROZEN, Seeds, half_sent
from tests.desk.staff import Desks, Staffer
from tests.desk.test_campaign_run import at
from tests.desk.test_looks import ARRANGEMENTS, _faults
from tests.town import Town, town

pytestmark = pytest.mark.browser

READERS = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A town with two of the campaign team."""

    town: Town
    rana: Staffer
    noor: Staffer

    @asynccontextmanager
    async def screen(
        self, chromium: str, language: Language = "ar", size: tuple[int, int] = WIDE, *, dark: bool = False
    ) -> AsyncIterator[Screen]:
        async with desk_open(chromium, self.town, language, size, carrying=self.rana, dark=dark) as found:
            yield found

    async def launched(self) -> int:
        """A campaign's message to everybody, slow enough to be watched: ten letters a second."""
        frozen = replace(FROZEN, per_minute=600)
        run = await launched(
            self.town, frozen, kind="campaign", campaign=5, made_by=self.rana.number, approved_by=self.noor.number
        )
        await becomes(self.town, run, lambda found: found.state == "waiting")
        return run

    def arrived(self) -> int:
        return sum(len(texts(self.town, chat)) for chat in range(1001, 1001 + READERS))


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with town(sqlite, tmp_path) as opened, Desks(opened) as desks:
        rana, noor = await desks.hired("رنا", "campaigner"), await desks.hired("نور", "campaigner")
        yield Place(opened, rana, noor)


async def test_a_run_is_watched_from_its_undo_window_to_the_last_letter_with_a_pause(
    place: Place, chromium: str
) -> None:
    await crowd(place.town, READERS)
    run = await place.launched()
    async with place.screen(chromium) as screen:
        page = screen.page
        await screen.opens(at(run))
        await expect(page.locator("#run-back")).to_be_visible()
        first = await page.locator(".countdown .number").inner_text()
        await expect(page.locator(".countdown .number")).not_to_have_text(first)
        assert place.arrived() == 0

        await place.town.passes(minutes=10)
        await becomes(place.town, run, lambda found: found.counts.get("delivered", 0) > 5)
        await expect(page.locator("#run-now .badge")).to_have_text("يجري إرسالها")
        await expect(page.locator("#run-back")).to_have_count(0)
        await page.locator("#run-pause").click()
        await expect(page.locator("#run-resume")).to_be_visible()
        held = await becomes(place.town, run, lambda found: found.counts.get("queued", 0) == 0)
        assert held.state == "paused"
        assert 0 < place.arrived() < READERS

        await page.locator("#run-resume").click()
        await becomes(place.town, run, lambda found: found.ended_at is not None, 40)
        await expect(page.locator("#run-now .badge")).to_have_text("أُرسلت كلها")
        await expect(page.locator("#run-news")).to_have_text("أُرسلت كلها")
        await expect(page.locator("#run-now")).to_contain_text(f"المجموع {READERS}")
        assert await page.locator("#run-now").get_attribute("hx-trigger") is None
        assert place.arrived() == READERS

        await page.locator("#run-acts a", has_text="إلى التقرير").click()
        await expect(page.locator("h1")).to_contain_text("أسبوع كلمات السر")
        await expect(page.locator(".plot")).to_be_visible()
        await expect(page.locator("table", has_text="وصلت").first).to_contain_text(str(READERS))
        async with page.expect_download() as download:
            await page.locator("a", has_text="رسالة رسالة").click()
        saved = await asyncio.to_thread(Path.read_bytes, await (await download.value).path())
        assert saved.startswith("\ufeff".encode())
        assert saved.count(b"\r\n") == READERS + 1


async def test_taken_back_in_the_browser_nothing_ever_leaves(place: Place, chromium: str) -> None:
    await crowd(place.town, 3)
    run = await place.launched()
    async with place.screen(chromium, "en", SMALL) as screen:
        await screen.opens(at(run))
        await screen.page.locator("#run-back").click()
        await expect(screen.page.locator("#run-now .badge")).to_have_text("Taken back")
    await place.town.passes(minutes=20)
    assert place.arrived() == 0


async def test_ending_it_asks_once_more_and_what_is_open_stays_open_while_numbers_move(
    place: Place, chromium: str
) -> None:
    run = await half_sent(Seeds(place.town))
    async with place.screen(chromium, "en") as screen:
        page = screen.page
        await screen.opens(at(run))
        await page.locator("summary", has_text="End it for good").click()
        async with page.expect_response(lambda answer: "/now?seen=" in answer.url) as looked:
            pass
        assert (await (await looked.value).request.all_headers())["x-desk-live"] == "1"
        await expect(page.locator("#run-cancel")).to_be_visible()
        await page.locator("#run-cancel").click()
        await expect(page.locator("#run-now .badge")).to_have_text("Taken back")
    found = await place.town.working.store.read(runs.get, run)
    assert found is not None
    assert found.state == "cancelled"


async def test_what_a_colleague_does_shows_without_a_reload_and_is_said_politely(place: Place, chromium: str) -> None:
    run = await half_sent(Seeds(place.town))
    async with place.screen(chromium, "en") as screen:
        await screen.opens(at(run))
        store, world = place.town.working.store, place.town.working.world()
        await store.write(broadcasts.stop_all, place.noor.number, world)
        news = screen.page.locator("#run-news")
        await expect(news).to_have_text("Everything that is being sent is held.")
        assert await news.get_attribute("aria-live") == "polite"
        await expect(screen.page.locator("#run-stop-all")).to_have_count(0)


async def test_a_letter_in_doubt_is_settled_by_a_click(place: Place, chromium: str) -> None:
    seeds = Seeds(place.town)
    run = await seeds.run("paused")
    await seeds.many(run, 3, "delivered")
    await seeds.listed(run, "doubt", "whatsapp")
    async with place.screen(chromium, "en", SMALL) as screen:
        await screen.opens(at(run))
        await screen.page.locator("#run-doubts button", has_text="It arrived").click()
        await expect(screen.page.locator("#run-doubts")).to_be_hidden()
        await expect(screen.page.locator("#run-now .legend")).to_contain_text("Sent 1")


async def test_without_scripts_the_page_works_by_reload(place: Place, chromium: str) -> None:
    run = await half_sent(Seeds(place.town))
    async with place.screen(chromium, "en") as screen:
        await screen.page.context.route("**/*.js", lambda route: route.abort())
        await screen.opens(at(run))
        await screen.page.locator("#run-pause").click()
        await expect(screen.page.locator("#run-resume")).to_be_visible()
        await expect(screen.page.locator("#run-now .badge")).to_have_text("Paused")


@pytest.mark.parametrize(("language", "size", "dark"), ARRANGEMENTS)
async def test_run_report_and_calendar_are_readable_to_all(
    place: Place, chromium: str, language: Language, size: tuple[int, int], *, dark: bool
) -> None:
    seeds = Seeds(place.town)
    full = await half_sent(seeds, made_by=place.rana.number, approved_by=place.noor.number)
    early = await seeds.run("waiting", starts_at=place.town.now() + timedelta(minutes=9))
    await seeds.many(early, 3, "pending")
    old = await half_sent(seeds, state="done")
    await place.rana.post("/desk/campaigns/calendar/suggested")
    wrong: list[str] = []
    async with place.screen(chromium, language, size, dark=dark) as screen:
        for path in (at(full), at(early), at(old), at(full, "/report"), "/desk/campaigns/calendar", at(7)):
            await screen.opens(path)
            wrong += [f"{path}: {fault}" for fault in await _faults(screen.page, language, size)]
    assert wrong == []
