"""The sweep: what has had its time goes, with its files; what has not, and what a case holds, stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.mechanism import load
from bot.settings import ROOT
from bot.wiring import DRAW
from flows.core import Answer, Talk
from flows.rota import Shift
from handlers import retention
from handlers.draw import World
from storage import files, inbox, outbox, people, shifts, staff, swaps
from storage.files import FileNote
from storage.outbox import Body, Lane
from storage.store import Store
from storage.swaps import Swap
from storage.unit import Unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = load(ROOT / "mechanism")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Shelf:
    """Drafts in a database, and the sweep over them."""

    store: Store

    async def holds(self, number: int, talk: Talk, silence: timedelta | None, at: datetime = NOW) -> None:
        await self.store.write(_draft, number, talk, silence, at)

    async def sweeps(self, after: timedelta) -> int:
        return await self.store.write(retention.sweep_drafts, World(NOW + after, RULES, DRAW))

    async def sweeps_records(self, after: timedelta) -> int:
        return await self.store.write(retention.sweep_records, World(NOW + after, RULES, DRAW))

    async def column(self, sql: str) -> list[int]:
        rows = await self.store.read(lambda unit: unit.all(sql))
        return [row[0] for row in rows]

    async def drafts(self) -> list[int]:
        return await self.column("SELECT person_id FROM talks WHERE body IS NOT NULL ORDER BY person_id")

    async def files(self) -> list[int]:
        return await self.column("SELECT id FROM files WHERE secret IS NOT NULL ORDER BY id")


def _draft(unit: Unit, number: int, talk: Talk, silence: timedelta | None, at: datetime) -> None:
    people.meet(unit, number, "telegram", f"{number}")
    people.keep_talk(unit, number, talk, at, silence)


def _file(unit: Unit, number: int, at: datetime = NOW) -> None:
    files.want(unit, FileNote(number, "photo", b"k" * 32), 1, "telegram", b"{}", at)
    files.put_part(unit, number, 0, b"sealed")


@pytest.fixture
def shelf(store: Store) -> Shelf:
    return Shelf(store)


async def test_every_file_of_a_draft_goes_wherever_it_stands_in_it(shelf: Shelf) -> None:
    waiting = Talk("report", answers={"what": Answer(files=(1,))}, partial=Answer(files=(2,)), early=Answer(files=(3,)))
    await shelf.holds(1, Talk("danger", answers={"heard": Answer(files=(4,))}, under=waiting), HOUR)
    for number in (1, 2, 3, 4):
        await shelf.store.write(_file, number)
    await shelf.sweeps(HOUR)
    assert await shelf.files() == []


async def test_a_draft_goes_when_its_hour_is_over_and_not_before(shelf: Shelf) -> None:
    await shelf.holds(1, Talk("report"), RULES.retention.draft_silence)
    assert await shelf.sweeps(HOUR - timedelta(seconds=1)) == 0
    assert await shelf.sweeps(HOUR) == 1
    assert await shelf.drafts() == []


async def test_only_drafts_whose_time_is_over_go(shelf: Shelf) -> None:
    await shelf.holds(1, Talk("report"), HOUR)
    await shelf.holds(2, Talk("paused"), DAY)
    await shelf.holds(3, Talk(), None)
    assert await shelf.sweeps(2 * HOUR) == 1
    assert await shelf.drafts() == [2, 3]


async def test_a_sweep_that_comes_twice_does_no_more(shelf: Shelf) -> None:
    await shelf.holds(1, Talk("report"), HOUR)
    assert [await shelf.sweeps(HOUR), await shelf.sweeps(HOUR)] == [1, 0]


async def test_the_draft_s_files_go_with_it_and_nobody_else_s(shelf: Shelf) -> None:
    await shelf.holds(1, Talk("report", partial=Answer(files=(5,))), HOUR)
    await shelf.holds(2, Talk("report", partial=Answer(files=(6,))), DAY)
    for number in (5, 6):
        await shelf.store.write(_file, number)
    await shelf.sweeps(HOUR)
    assert await shelf.files() == [6]
    assert await shelf.column("SELECT file_id FROM file_parts") == [6]


async def test_a_file_that_no_draft_names_goes_when_none_can_any_more(shelf: Shelf) -> None:
    await shelf.holds(1, Talk(), None)
    await shelf.store.write(_file, 7)
    await shelf.sweeps(2 * DAY - HOUR)
    assert await shelf.files() == [7]
    await shelf.sweeps(2 * DAY + HOUR)
    assert await shelf.files() == []


async def test_a_clock_that_goes_back_destroys_nothing(shelf: Shelf) -> None:
    await shelf.holds(1, Talk("report"), HOUR)
    assert await shelf.sweeps(-DAY) == 0
    assert await shelf.drafts() == [1]


async def test_ids_of_deliveries_are_forgotten_after_their_time(shelf: Shelf) -> None:
    await shelf.store.write(inbox.is_new, "telegram", "old", NOW)
    await shelf.store.write(inbox.is_new, "telegram", "new", NOW + DAY)
    assert await shelf.sweeps_records(RULES.retention.seen_updates + HOUR) == 1
    assert not await shelf.store.write(inbox.is_new, "telegram", "new", NOW + 15 * DAY)


async def test_letters_are_deleted_after_their_time_even_those_that_never_arrived(shelf: Shelf) -> None:
    content = Body("1001", "ar", ["raw", "words"])
    await shelf.store.write(outbox.add, "k1", "telegram", b"reader", Lane.CONVERSATION, content, NOW)
    assert await shelf.sweeps_records(RULES.retention.undelivered_letters - HOUR) == 0
    assert await shelf.sweeps_records(RULES.retention.undelivered_letters + HOUR) == 1


async def test_requests_about_shifts_are_forgotten_after_their_time_but_those_that_wait(shelf: Shelf) -> None:
    await shelf.store.write(_swaps)
    assert await shelf.sweeps_records(RULES.retention.access_log - HOUR) == 0
    assert await shelf.sweeps_records(RULES.retention.access_log + HOUR) == 1
    assert await shelf.column("SELECT id FROM swaps") == [1]


def _swaps(unit: Unit) -> None:
    for number in (1, 2):
        staff.add(unit, number, staff.Facts(f"N{number}", "en"), "focal_point", {}, NOW)
    begins = datetime(2026, 11, 23, 8)  # noqa: DTZ001 - a wall-clock time, as shifts have
    shifts.add(unit, Shift(1, 1, "first", begins, begins + 8 * HOUR, "Asia/Aden"))
    swaps.add(unit, Swap(1, 1, 1, 2, "asked", NOW))
    swaps.add(unit, Swap(2, 1, 1, 2, "declined", NOW))
