"""She presses «طقس اليوم», and all that could be deleted is gone from her chat, over the real server."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.contest import TOKEN
from benchmarks.process import SECRET, environment, free_port, prepare, running
from storage.inventory import PERSONAL, PLAIN
from storage.unit import Unit
from tests import telling
from tests.people import Woman
from tests.platforms.telegram import Telegram
from tests.telling import ON_WHATSAPP, ONCE, WELCOME
from tests.town import Town, town

BOTH = pytest.mark.parametrize(
    ("database", "place"),
    [("sqlite", "telegram"), pytest.param("postgres", "telegram", marks=pytest.mark.postgres)],
    indirect=True,
)
WEATHER = "طقس اليوم"
FIRST = 77_163_540
"""The first message's number: one that is found in a database only where it was put."""


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        found.telegram.next_message = FIRST
        yield found


async def talks(her: Woman, times: int) -> None:
    """She is welcomed, and writes so often, each time with an answer."""
    await her.says("مرحبا")
    await her.sees(WELCOME)
    await her.answers("العربية")
    await her.phone.until(
        lambda: len(her.phone.messages) >= 3
    )  # the question, a greeting with the button, the next question
    for number in range(times):
        seen = len(her.phone.messages)
        await her.says(f"كلام {number}")
        await her.phone.until(lambda seen=seen: len(her.phone.messages) > seen)


async def is_empty_but_for_a_line(her: Woman, within: float = 10, *, besides: int = 0) -> None:
    """Wait until one harmless line stands in her chat, beside what could not be deleted."""
    phone = her.phone
    await phone.until(lambda: len(phone.chat) == besides + 1 and not phone.standing, within)
    assert not phone.chat[-1].mine
    assert not phone.chat[-1].buttons


async def ids_in_the_database(place: Town) -> set[str]:
    """Every message's number that stands readable in any table."""
    tables = {one.table for one in PERSONAL} | PLAIN.keys()

    def look(unit: Unit) -> str:
        return " ".join(str(unit.all(f"SELECT * FROM {table}")) for table in sorted(tables))

    everything = await place.working.store.read(look)
    return {str(number) for number in range(FIRST, place.telegram.next_message + 1) if str(number) in everything}


async def nothing_is_left_to_do(place: Town) -> None:
    async with asyncio.timeout(10):
        while await telling.counted(place, "SELECT COUNT(*) FROM wipes"):
            pass


@BOTH
async def test_a_long_talk_is_gone_from_both_sides_and_so_are_its_ids(place: Town) -> None:
    amal = telling.her(place)
    await talks(amal, 60)
    assert len(amal.phone.chat) > 120
    assert len(await ids_in_the_database(place)) > 120
    await amal.phone.presses_standing(WEATHER)
    await is_empty_but_for_a_line(amal)
    await nothing_is_left_to_do(place)
    await telling.letters_are_gone(place)
    assert await ids_in_the_database(place) == {str(amal.phone.chat[-1].id)}
    calls = [call for call in place.telegram.calls if call.method == "deleteMessages"]
    assert all(len(call.params["message_ids"]) <= 100 for call in calls)


@ONCE
async def test_what_is_older_than_two_days_stays_and_breaks_nothing(place: Town) -> None:
    amal = telling.her(place)
    await talks(amal, 3)
    await telling.letters_are_gone(place)
    old = list(amal.phone.chat)
    place.telegram.passes(49 * 3600)
    await amal.says("مرحبا")
    await amal.phone.until(lambda: len(amal.phone.chat) > len(old) + 1)
    await telling.letters_are_gone(place)
    await amal.says(WEATHER)
    await is_empty_but_for_a_line(amal, besides=len(old))
    assert amal.phone.chat[:-1] == old


@ONCE
async def test_told_to_wait_it_is_done_when_the_wait_is_over(place: Town) -> None:
    amal = telling.her(place)
    await talks(amal, 3)
    place.telegram.fails("deleteMessages", retry_after=1)
    await amal.says(WEATHER)
    await is_empty_but_for_a_line(amal)
    first, second = [call.at for call in place.telegram.calls if call.method == "deleteMessages"][:2]
    assert second - first >= 1.0


@BOTH
async def test_a_restart_in_the_middle_ends_it(place: Town) -> None:
    amal = telling.her(place)
    await talks(amal, 3)
    place.telegram.fails("deleteMessages", status=502, times=None)
    await amal.says(WEATHER)
    await place.telegram.called("deleteMessages")
    await place.restarts()
    place.telegram.recovers()
    place.telegram.passes(60)
    await is_empty_but_for_a_line(amal)


async def test_a_kill_in_the_middle_ends_it_too(tmp_path: Path) -> None:
    await prepare(tmp_path)
    async with Telegram(TOKEN, limits=None) as platform:
        port = free_port()
        given = environment(tmp_path, platform.url, port)
        amal = Woman(platform.person(1001), "ar")
        command = ("benchmarks.server", "none")
        async with running(command, given) as (process, _):
            platform.sets_webhook(f"http://127.0.0.1:{port}/telegram", secret=SECRET)
            await talks(amal, 3)
            platform.fails("deleteMessages", hangs=True)
            await amal.says(WEATHER)
            await platform.called("deleteMessages")
            os.kill(process, signal.SIGKILL)
        assert len(amal.phone.chat) > 5
        async with running(command, given):
            await is_empty_but_for_a_line(amal)


@ONCE
async def test_a_letter_that_was_on_its_way_at_that_moment_goes_too(place: Town) -> None:
    amal = telling.her(place)
    await talks(amal, 1)
    await telling.letters_are_gone(place)
    slow = _Slow(place.telegram)
    await amal.says("كلام")
    await slow.has_begun.wait()
    await amal.says(WEATHER)
    await place.telegram.settles()
    await place.telegram.called("deleteMessages")
    slow.goes_on.set()
    await is_empty_but_for_a_line(amal)
    await nothing_is_left_to_do(place)


class _Slow:
    """The next message is shown on her phone, and its answer reaches us only when the test says so."""

    def __init__(self, platform: Telegram) -> None:
        self.has_begun, self.goes_on = asyncio.Event(), asyncio.Event()
        self._act = platform._act
        platform._act = self._held  # type: ignore[method-assign]

    async def _held(self, request: Any, method: str, raw: dict[str, Any]) -> Any:
        result = await self._act(request, method, raw)
        if method == "sendMessage" and not self.has_begun.is_set():
            self.has_begun.set()
            await self.goes_on.wait()
        return result


@ONCE
async def test_her_own_line_comes_though_the_platform_makes_the_deletion_wait(place: Town) -> None:
    amal = telling.her(place)
    await talks(amal, 1)
    await telling.letters_are_gone(place)
    amal.phone.reads()
    place.telegram.fails("deleteMessages", retry_after=3600, times=None)
    await amal.says(WEATHER)
    await amal.phone.until(lambda: bool(amal.phone.unread))
    assert amal.phone.standing == []


@ON_WHATSAPP
async def test_on_whatsapp_nought_stands_under_the_choices_and_hides_the_chat(place: Town) -> None:
    amal = telling.her(place)
    await amal.says("مرحبا")
    question = await amal.sees(WELCOME)
    assert f"0. {WEATHER}" in question.text
    await amal.answers("العربية")
    await telling.letters_are_gone(place)
    amal.phone.reads()
    await amal.says("٠")
    await amal.phone.until(lambda: bool(amal.phone.unread))
    assert "1." not in amal.phone.unread[0].text
    await nothing_is_left_to_do(place)


@BOTH
async def test_letters_that_waited_for_the_platform_never_go_out(place: Town) -> None:
    amal = telling.her(place)
    await talks(amal, 1)
    await telling.letters_are_gone(place)
    before = len(amal.phone.messages)
    place.telegram.fails("sendMessage", retry_after=2, chat_id=telling.NUMBER)
    for number in range(4):
        await amal.says(f"كلام آخر {number}")
    await place.telegram.settles()
    await amal.says(WEATHER)
    await is_empty_but_for_a_line(amal)
    await telling.letters_are_gone(place)
    assert len(amal.phone.messages) == before + 1
