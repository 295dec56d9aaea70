"""How the page of a case looks and reads: for screen readers and keyboards, and on paper."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from flows.core import Language
from tests.console.preview_browser import ARABIC_UNSEEN, AXE
from tests.desk.case_story import Shown, told, with_case
from tests.desk.desk_browser import desk_open
from tests.desk.staff import Desks
from tests.town import Town, town

pytestmark = pytest.mark.browser
SMALL = (360, 740)


@pytest.fixture
async def place(sqlite: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(sqlite, tmp_path) as found:
        yield found


@pytest.fixture
async def desks(place: Town) -> AsyncIterator[Desks]:
    async with Desks(place) as found:
        yield found


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_the_page_is_for_screen_readers_and_keyboards_too(
    desks: Desks, place: Town, chromium: str, language: Language
) -> None:
    huda, code, _ = await with_case(desks)
    async with desk_open(chromium, place, language, SMALL, carrying=huda, dark=language == "en") as screen:
        case = Shown(screen, code)
        await case.opens()
        for folded in await case.body.locator("details:visible > summary").all():
            await folded.click()
        assert await complaints(screen.page) == []


async def complaints(page: Page) -> list[str]:
    """What axe finds serious or critical."""
    source = await asyncio.to_thread(AXE.read_text, "utf-8")
    assert ARABIC_UNSEEN in source
    await page.evaluate(source.replace(ARABIC_UNSEEN, "vChild.props.nodeName === '#text'"))
    found = await page.evaluate("axe.run()")
    return [f"{one['id']}: {one['nodes']}" for one in found["violations"] if one["impact"] in {"serious", "critical"}]


async def test_on_paper_stands_the_case_and_the_warning_and_no_control(
    desks: Desks, place: Town, chromium: str
) -> None:
    huda, code, _ = await with_case(desks)
    async with desk_open(chromium, place, carrying=huda) as screen:
        case = Shown(screen, code)
        await case.opens()
        await screen.page.emulate_media(media="print")
        await expect(screen.page.locator(".print-only")).to_contain_text(code)
        await expect(case.part("answers")).to_contain_text(told().what)
        await expect(screen.page.locator("button:visible, textarea:visible, summary:visible")).to_have_count(0)
