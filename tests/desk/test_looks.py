"""How every page of the desk looks: readable to all, on a phone as on a desk, light to load, and left with one key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Response, expect

from console import desk
from flows.core import Language
from messages.wording import faults_in_arabic, faults_in_english
from storage import staff
from tests.console.preview_browser import ARABIC_UNSEEN, AXE, SMALL, WIDE
from tests.desk.board_cases import NOW, lines
from tests.desk.desk_browser import Screen, desk_open
from tests.desk.staff import Desks, Staffer
from tests.town import Town, town

pytestmark = pytest.mark.browser

KIB = 1024
NO_PAGES = {"/desk/events", "/desk/words", "/desk/unlock"}
"""What answers a GET there is no page: a stream and JSON."""
ARRANGEMENTS: list[tuple[Language, tuple[int, int], bool]] = [
    ("ar", SMALL, False),
    ("ar", WIDE, True),
    ("en", SMALL, True),
    ("en", WIDE, False),
]
"""Language, size, dark: every two of them together once."""
TOO_SMALL = """() => [...document.querySelectorAll("button, .button, select, nav a, .tabs > *, summary, input")]
    .filter((one) => one.checkVisibility() && !["checkbox", "radio", "hidden"].includes(one.type))
    .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([, box]) => box.width && (Math.round(box.height) < 44 || Math.round(box.width) < 44))
    .map(([html, box]) => `${html} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


@dataclass(frozen=True, slots=True)
class Team:
    """Who looks, in a town with some work in it."""

    place: Town
    huda: Staffer
    salma: Staffer
    noor: Staffer

    def pages(self) -> list[tuple[Staffer, str]]:
        """Every page that needs nothing in its address, by whom it is for, and the others with something in theirs."""
        found = [(self._who(way.needs), way.path) for way in desk.WAYS if "GET" in way.methods and "{" not in way.path]
        others = {
            way.path for way in desk.WAYS if way.needs in {"answer", "leaders"}
        }  # test_public_pages looks at them
        unseen = NO_PAGES | others
        pages = [(who, path) for who, path in found if path not in unseen and not path.endswith(".ics")]
        hers = (self.salma, f"/desk/load/{self.huda.number}")
        return [*pages, (self.noor, "/desk"), hers, (self.huda, "/desk/cases/AAA-222")]

    def _who(self, needs: str) -> Staffer:
        if needs in {"organise", "compose", "approve", "publish", "moderate"}:
            return self.salma
        return {"audit": self.noor}.get(needs, self.huda)


@pytest.fixture
async def team(sqlite: str, tmp_path: Path) -> AsyncIterator[Team]:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        huda = await desks.hired("هدى", phone=place.phone(71), on_call="first")
        salma, noor = await desks.hired("سلمى", "coordinator"), await desks.hired("نور", "auditor")
        member = await place.working.store.read(staff.member, huda.number)
        cases = lines(place)
        await cases.case("AAA-222", "high", "taken", by=member, hours=5, heard=1, contact=3)
        await cases.case("BBB-222", "critical", hours=0.2)
        await cases.case("CCC-222", "low", "contacted", by=member, drill=True)
        await cases.case("DDD-222", "medium", "closed", by=member)
        yield Team(place, huda, salma, noor)


async def complaints(page: Page) -> list[str]:
    """What axe finds serious or critical, as rule and element; it is told to look at Arabic as well."""
    source = AXE.read_text(encoding="utf-8")
    assert ARABIC_UNSEEN in source
    await page.evaluate(source.replace(ARABIC_UNSEEN, "vChild.props.nodeName === '#text'"))
    found: Any = await page.evaluate("axe.run()")
    return [
        f"{violation['id']}: {node['html'][:120]} {node['any'][0]['message'] if node['any'] else ''}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


@asynccontextmanager
async def looking(
    chromium: str,
    team: Team,
    who: Staffer,
    language: Language = "ar",
    size: tuple[int, int] = WIDE,
    *,
    dark: bool = False,
) -> AsyncIterator[Screen]:
    async with desk_open(chromium, team.place, language, size, carrying=who, dark=dark) as screen:
        yield screen


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("language", "size", "dark"), ARRANGEMENTS)
async def test_every_page_is_readable_to_all(
    team: Team, chromium: str, language: Language, size: tuple[int, int], *, dark: bool
) -> None:
    wrong: list[str] = []
    for who in (team.huda, team.salma, team.noor):
        async with looking(chromium, team, who, language, size, dark=dark) as screen:
            for path in [path for one, path in team.pages() if one is who]:
                await screen.opens(path)
                wrong += [f"{path}: {fault}" for fault in await _faults(screen.page, language, size)]
    assert wrong == []


async def _faults(page: Page, language: Language, size: tuple[int, int]) -> list[str]:
    """Everything that is wrong with one page."""
    title = await page.title()
    said = faults_in_arabic(title, is_page=True) if language == "ar" else faults_in_english(title, is_page=True)
    wide = await page.evaluate("document.documentElement.scrollWidth")
    found = [f"the title: {fault}" for fault in said]
    found += [f"{wide} pixels wide"] if wide > size[0] else []
    found += [] if await page.locator("h1").count() == 1 else ["not one h1"]
    found += [] if await page.locator("header [data-exit]").count() == 1 else ["no quick exit"]
    found += [] if await page.locator("html").get_attribute("lang") == language else ["another language"]
    found += [f"too small: {one}" for one in await page.evaluate(TOO_SMALL)]
    return found + await complaints(page)


async def test_axe_still_sees_arabic_that_is_too_pale(team: Team, chromium: str) -> None:
    async with looking(chromium, team, team.huda) as screen:
        await screen.opens("/desk")
        await screen.page.locator("#whose-mine").evaluate("link => { link.style.color = '#d8d4cc'; }")
        assert any(fault.startswith('color-contrast: <a id="whose-mine"') for fault in await complaints(screen.page))


@pytest.mark.parametrize("path", ["/desk/enter", "/desk"])
async def test_the_first_page_weighs_less_than_a_hundred_kib_beside_its_fonts(
    team: Team, chromium: str, path: str
) -> None:
    member = await team.place.working.store.read(staff.member, team.huda.number)
    for number in range(50):
        await lines(team.place).case(f"W{number:02}-222", "high", "contacted", by=member, heard=0.1)
    weighed: list[Response] = []

    def weigh(answer: Response) -> None:
        weighed.append(answer)

    async with looking(chromium, team, team.huda) as screen:
        screen.page.on("response", weigh)
        await screen.opens(path)
        await expect(screen.page.locator("h1")).to_have_count(1)
        sizes = {one.url: (await one.request.sizes())["responseBodySize"] for one in weighed if "events" not in one.url}
    fonts = sum(size for url, size in sizes.items() if ".woff" in url)
    page = sum(size for url, size in sizes.items() if ".woff" not in url and not url.endswith("/keeper.js"))
    assert 0 < page < 100 * KIB, sizes
    assert fonts < 140 * KIB, sizes  # Noto Sans Arabic in two weights, Arabic and Latin; kept by the browser for a day


async def test_the_quick_exit_is_reached_by_keyboard_and_before_the_page_itself(team: Team, chromium: str) -> None:
    async with looking(chromium, team, team.huda, "en", SMALL) as screen:
        await screen.opens("/desk")
        exit_link = screen.page.locator("header [data-exit]")
        for _ in range(8):
            await screen.page.keyboard.press("Tab")
            if await exit_link.evaluate("link => link === document.activeElement"):
                break
        await expect(exit_link).to_be_focused()
        await screen.page.keyboard.press("Enter")
        await screen.page.wait_for_url("**wikipedia.org/**")


async def test_the_skip_link_leads_past_the_header(team: Team, chromium: str) -> None:
    async with looking(chromium, team, team.huda, "en") as screen:
        await screen.opens("/desk")
        await screen.page.keyboard.press("Tab")
        await expect(screen.page.locator(".skip")).to_be_focused()
        await screen.page.keyboard.press("Enter")
        await screen.page.keyboard.press("Tab")
        assert await screen.page.evaluate("document.activeElement.closest('main') !== null")


async def test_printed_a_page_has_no_buttons_and_no_header(team: Team, chromium: str) -> None:
    async with looking(chromium, team, team.huda, "en") as screen:
        await screen.opens("/desk")
        await screen.page.emulate_media(media="print")
        await expect(screen.page.locator("header.top")).to_be_hidden()
        await expect(screen.page.get_by_role("button").first).to_be_hidden()
        await expect(screen.page.locator("#list .code").first).to_be_visible()
