"""What has been kept for its time ends by itself: closed cases, whose they were, people gone silent; held is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.mechanism import load
from bot.settings import ROOT
from bot.wiring import DRAW
from flows.core import Person, Talk
from handlers import retained
from handlers.draw import World
from storage import audit, cases, people, staff, tasks
from storage import retained as kept
from storage.cases import Facets, Item
from storage.seal import public_key
from storage.store import Store
from storage.tasks import Task
from storage.unit import Unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = load(ROOT / "mechanism")
DAY = timedelta(days=1)
KEEP, LINK = RULES.retention.closed_case, RULES.retention.chat_link


@dataclass
class Cupboard:
    """Closed cases of one woman, and the sweep that is done so long after they were closed."""

    store: Store

    async def sweeps(self, after: timedelta) -> int:
        return await self.store.write(retained.sweep, World(NOW + after, RULES, DRAW))

    async def cases(self) -> list[int]:
        rows = await self.store.read(lambda unit: unit.all("SELECT id FROM cases ORDER BY id"))
        return [row[0] for row in rows]

    async def count(self, sql: str) -> int:
        row = await self.store.read(lambda unit: unit.one(sql))
        assert row is not None
        return int(row[0])

    async def does(self, sql: str) -> None:
        await self.store.write(lambda unit: unit.do(sql))


def _closed(unit: Unit, number: int, code: str, *, documented: bool = False, status: str = "closed") -> None:
    facets = Facets("high", (), {"governorate": "marib"}, documented=documented)
    case = cases.open_case(
        unit,
        number,
        code,
        bytes([number]) * 32,
        person=1,
        facets=facets,
        mechanism="1",
        now=NOW,
        to=cases.readers(unit),
    )
    cases.add_items(unit, case, number * 10, [Item("report", NOW, {"words": "سر"})])
    cases.put_status(unit, number, status)
    if status == "closed":
        cases.note_closed(unit, number, NOW)


def _plant(unit: Unit) -> None:
    cases.add_reader(unit, 1, "recovery", public_key(bytes(32)), NOW)
    people.meet(unit, 1, "telegram", "12345")
    people.remember(unit, 1, Person(language="ar", welcomed=True, cases=("AAA-222", "BBB-333", "CCC-444")))
    people.keep_talk(unit, 1, Talk(), NOW, None)
    _closed(unit, 7, "AAA-222")
    _closed(unit, 8, "BBB-333", documented=True)
    _closed(unit, 9, "CCC-444", status="contacted")


@pytest.fixture
async def cupboard(store: Store) -> Cupboard:
    await store.write(_plant)
    return Cupboard(store)


async def test_a_closed_case_is_destroyed_after_its_time_and_not_a_day_before(cupboard: Cupboard) -> None:
    await cupboard.sweeps(KEEP - DAY)
    assert await cupboard.cases() == [7, 8, 9]
    await cupboard.sweeps(KEEP + DAY)
    assert await cupboard.cases() == [8, 9], "evidence and what is open stay"
    assert await cupboard.count("SELECT COUNT(*) FROM case_items WHERE case_id = 7") == 0
    assert await cupboard.count("SELECT COUNT(*) FROM case_keys WHERE case_id = 7") == 0


async def test_a_trace_stays_that_something_existed_and_says_nothing_of_whom(cupboard: Cupboard) -> None:
    await cupboard.sweeps(KEEP + DAY)
    assert await cupboard.count("SELECT COUNT(*) FROM destroyed WHERE what = 'case' AND why = 'time'") == 1


@pytest.mark.parametrize("column", ["heard_at", "answered_at"])
async def test_while_anything_is_done_about_it_it_is_held(cupboard: Cupboard, column: str) -> None:
    later = int((NOW + KEEP).timestamp() * 1000)
    await cupboard.does(f"UPDATE cases SET {column} = {later} WHERE id = 7")
    await cupboard.sweeps(KEEP + 2 * DAY)
    assert 7 in await cupboard.cases()
    await cupboard.sweeps(2 * KEEP + 2 * DAY)
    assert 7 not in await cupboard.cases()


async def test_while_a_task_is_left_it_is_held(cupboard: Cupboard) -> None:
    def leave(unit: Unit) -> None:
        staff.add(unit, 50, staff.Facts("هدى", "ar"), "focal_point", {"telegram": "777"}, NOW)
        tasks.add(unit, Task(5, 7, 50, NOW + DAY, NOW))

    await cupboard.store.write(leave)
    await cupboard.sweeps(KEEP + DAY)
    assert 7 in await cupboard.cases()
    await cupboard.does("UPDATE tasks SET done_at = 1 WHERE id = 5")
    await cupboard.sweeps(KEEP + 2 * DAY)
    assert 7 not in await cupboard.cases()


async def test_whose_a_closed_case_was_is_forgotten_before_the_case(cupboard: Cupboard) -> None:
    await cupboard.sweeps(LINK - DAY)
    assert await cupboard.count("SELECT COUNT(*) FROM cases WHERE person_id IS NULL") == 0
    await cupboard.sweeps(LINK + DAY)
    assert await cupboard.count("SELECT COUNT(*) FROM cases WHERE person_id IS NULL") == 1
    facts = await cupboard.store.read(people.facts, 1)
    assert facts is not None
    assert facts.cases == ("BBB-333", "CCC-444"), "the open one, and the evidence that only she can take back"


async def test_it_is_swept_once_a_day(cupboard: Cupboard) -> None:
    await cupboard.sweeps(KEEP + DAY)
    await cupboard.does("UPDATE cases SET status = 'closed', closed_at = 1, heard_at = 1 WHERE id = 9")
    assert await cupboard.sweeps(KEEP + DAY + timedelta(hours=1)) == 0
    assert await cupboard.sweeps(KEEP + 2 * DAY) > 0


async def test_what_is_kept_as_evidence_is_looked_at_again_once_a_year(cupboard: Cupboard) -> None:
    async def reviews() -> int:
        entries = await cupboard.store.read(audit.of_case, 8)
        return sum(entry.what == kept.REVIEW for entry in entries)

    often = RULES.retention.documentation_review
    await cupboard.sweeps(often - DAY)
    assert await reviews() == 0
    for days in (1, 2, 30):
        await cupboard.sweeps(often + days * DAY)
    assert await reviews() == 1
    await cupboard.sweeps(2 * often + 5 * DAY)
    assert await reviews() == 2
    assert 8 in await cupboard.cases()


async def test_evidence_that_she_withdraws_is_a_closed_case_like_any_other(cupboard: Cupboard) -> None:
    await cupboard.store.write(cases.put_facets, 8, Facets("high", documented=False))
    await cupboard.sweeps(KEEP + DAY)
    assert 8 not in await cupboard.cases()


async def test_who_has_been_silent_and_has_nothing_with_us_is_forgotten(cupboard: Cupboard) -> None:
    await cupboard.sweeps(RULES.retention.silent_person + DAY)
    assert await cupboard.count("SELECT COUNT(*) FROM people") == 1, "a case of hers is open"
    await cupboard.store.write(cases.put_facets, 8, Facets("high", documented=False))
    await cupboard.does("UPDATE cases SET status = 'closed', closed_at = 1, heard_at = 1 WHERE id = 9")
    await cupboard.sweeps(RULES.retention.silent_person + 2 * DAY)
    await cupboard.sweeps(RULES.retention.silent_person + 3 * DAY)
    assert await cupboard.count("SELECT COUNT(*) FROM people") == 0
    assert await cupboard.count("SELECT COUNT(*) FROM talks") == 0


async def test_when_it_was_last_done_is_known(cupboard: Cupboard) -> None:
    assert await cupboard.store.read(retained.last_swept) is None
    await cupboard.sweeps(DAY)
    assert await cupboard.store.read(retained.last_swept) == NOW + DAY
