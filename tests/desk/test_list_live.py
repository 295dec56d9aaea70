"""An open desk hears of changes at once: over the stream itself, and in a browser whose list renews itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from console.desk.hub import MOST, Hub
from storage import cases, sessions
from tests.desk.board_cases import NOW, lines
from tests.desk.desk_browser import desk_open
from tests.desk.staff import Desks, Staffer
from tests.telling import her, in_danger
from tests.town import town

EVENT = b"event: cases\n"


@asynccontextmanager
async def listening(staffer: Staffer) -> AsyncIterator[aiohttp.StreamReader]:
    """Her open stream, behind its first line."""
    headers = {"Accept": "text/event-stream"}
    async with staffer.client.http.get("/desk/events", headers=headers, timeout=aiohttp.ClientTimeout()) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert (await answer.content.readline()).startswith(b"retry: ")
        assert await answer.content.readline() == b"\n"
        yield answer.content


async def hears(stream: aiohttp.StreamReader) -> None:
    """The stream says that something changed, before it says that nothing did."""
    async with asyncio.timeout(10):
        while (line := await stream.readline()) != EVENT:
            assert line in {b"\n", b"data:\n"}


async def test_a_woman_in_danger_is_heard_of_and_so_is_every_word_that_she_adds(database: str, tmp_path: Path) -> None:
    async with town(database, tmp_path) as place, Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with listening(huda) as stream:
            amal = her(place)
            code = await in_danger(place, amal)
            await hears(stream)
            assert code in (await huda.get("/desk")).text
            await huda.post(f"/desk/cases/{code}/take")
            await hears(stream)
            await amal.says("هو عند الباب الآن")
            await hears(stream)


async def test_the_open_list_shows_a_new_case_and_says_so_without_moving_her_focus(
    sqlite: str, tmp_path: Path, chromium: str
) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        huda = await desks.hired("هدى", language="en")
        number = await lines(place).case("AAA-222", "high")
        async with desk_open(chromium, place, "en", carrying=huda) as screen:
            page = screen.page
            async with page.expect_response("**/desk/events"):
                await screen.opens("/desk")
            take = page.locator("#take-AAA-222")
            await take.focus()
            await lines(place).case("BBB-222", "critical")
            await expect(page.locator("#list .code").first).to_have_text("BBB-222")
            await expect(page.locator("#news")).to_have_text("The list has changed.")
            await expect(take).to_be_focused()
            await place.working.store.write(cases.put_status, number, "closed")
            await expect(page.locator("#list .code")).to_have_count(1)


async def test_under_duress_the_stream_says_nothing(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        huda, rana = await desks.hired("هدى", duress=True), await desks.hired("رنا")
        async with listening(huda) as silent, listening(rana) as stream:
            await lines(place).case("AAA-222")
            await hears(stream)
            assert not silent._buffer


async def test_the_stream_ends_with_the_session_at_the_next_change(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with listening(huda) as stream:
            await place.working.store.write(sessions.end_all, huda.number)
            await lines(place).case("AAA-222")
            async with asyncio.timeout(10):
                assert (await stream.read()).strip() == b""
        assert (await huda.get("/desk/events")).status in {303, 401}


async def test_the_server_stops_and_starts_while_a_desk_is_open(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        huda = await desks.hired("هدى")
        async with listening(huda) as stream:
            async with asyncio.timeout(10):
                await place.restarts()
            assert await stream.read() == b""
        assert (await huda.get("/desk")).status == 200


async def test_one_stream_more_than_a_member_may_have_ends_her_oldest() -> None:
    hub = Hub()
    opened = [hub.open(1) for _ in range(MOST + 1)]
    streams = [one.__enter__() for one in opened]
    with hub.open(2) as another:
        assert [stream.ended for stream in streams] == [True, *[False] * MOST]
        assert not another.ended
    for one in opened:
        one.__exit__(None, None, None)


@pytest.mark.parametrize(("names", "is_heard"), [({"cases"}, True), ({"alarms", "page"}, True), ({"talk"}, False)])
async def test_a_stream_wakes_for_cases_and_alarms_alone(names: set[str], *, is_heard: bool) -> None:
    hub = Hub()
    with hub.open(1) as stream:
        hub.woken(frozenset(names))
        assert await stream.waits(0) is is_heard
