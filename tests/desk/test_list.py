"""The list of cases: who sees which lines, in which order, page by page; on both databases."""

from datetime import timedelta

import pytest

from handlers import board
from handlers.board_order import PAGE
from storage import assignments, cases
from storage.board import Facets
from storage.store import Store
from storage.unit import millis
from tests.desk.board_cases import NOW, Desk, reader


@pytest.fixture
async def desk(store: Store) -> Desk:
    desk = Desk(store)
    await desk.does(reader)
    return desk


async def test_a_focal_point_sees_her_own_cases_and_those_that_wait_for_somebody(desk: Desk) -> None:
    huda, rana = await desk.has("Huda"), await desk.has("Rana")
    await desk.case("AAA-222", by=huda, status="taken")
    await desk.case("BBB-222", by=rana, status="taken")
    await desk.case("CCC-222")
    assert sorted(await desk.codes(huda)) == ["AAA-222", "CCC-222"]
    assert sorted(await desk.codes(rana)) == ["BBB-222", "CCC-222"]


async def test_whom_no_ladder_names_sees_only_her_own_cases(desk: Desk) -> None:
    worker, national = await desk.has("Layla", "case_worker"), await desk.has("Noor", "national_desk")
    await desk.case("AAA-222", "high")
    await desk.case("BBB-222", "critical")
    await desk.case("CCC-222", "low", status="contacted", by=worker)
    assert await desk.codes(worker) == ["CCC-222"]
    assert await desk.codes(national) == ["BBB-222"]


async def test_a_coordinator_sees_every_open_line_but_no_place_of_a_case_that_is_not_hers(desk: Desk) -> None:
    huda, salma = await desk.has("Huda"), await desk.has("Salma", "coordinator")
    await desk.case("AAA-222", by=huda, status="taken")
    await desk.case("BBB-222", by=salma, status="taken")
    await desk.case("CCC-222", "critical")
    rows = {row.code: row for row in (await desk.sees(salma)).rows}
    assert {code: row.governorate for code, row in rows.items()} == {
        "AAA-222": "",
        "BBB-222": "marib",
        "CCC-222": "marib",
    }
    assert rows["AAA-222"].workers == ("Huda",)
    assert {code: row.mine for code, row in rows.items()} == {"AAA-222": False, "BBB-222": True, "CCC-222": False}


async def test_a_case_that_she_must_never_see_is_in_no_list_of_hers(desk: Desk) -> None:
    huda, salma = await desk.has("Huda"), await desk.has("Salma", "coordinator")
    waits = await desk.case("AAA-222", "critical")
    closed = await desk.case("BBB-222", status="closed")
    for member in (huda, salma):
        for number in (waits, closed):
            await desk.does(assignments.exclude, number, member.id, NOW)
        assert await desk.codes(member) == []
        assert await desk.codes(member, whose="closed") == []


async def test_what_waits_comes_first_by_level_and_then_by_how_long_it_waits(desk: Desk) -> None:
    huda = await desk.has("Huda")
    await desk.case("IDL-222", "critical", "contacted", by=huda, heard=5, answered=4)
    await desk.case("MED-222", "medium", hours=40)
    await desk.case("NEW-222", "high", hours=1)
    await desk.case("LNG-222", "high", hours=9)
    await desk.case("SHE-222", "high", "contacted", by=huda, hours=30, heard=20, answered=25)
    await desk.case("TKN-222", "critical", "taken", by=huda, contact=0.5)
    await desk.case("CRI-222", "critical", hours=0.1)
    assert await desk.codes(huda) == ["CRI-222", "TKN-222", "LNG-222", "NEW-222", "SHE-222", "MED-222", "IDL-222"]


async def test_a_line_says_everything_that_waits_in_it(desk: Desk) -> None:
    huda = await desk.has("Huda")
    number = await desk.case("AAA-222", status="taken", by=huda, hours=5, heard=2, contact=-1)
    sql = "INSERT INTO tasks (id, case_id, staff_id, due_at, made_at) VALUES (1, :case, :staff, :due, 0)"
    values = {"case": number, "staff": huda.id, "due": millis(NOW - timedelta(hours=3))}
    await desk.does(lambda unit: unit.do(sql, values))
    (row,) = (await desk.sees(huda)).rows
    said = [(wait.what, (NOW - wait.at) / timedelta(hours=1)) for wait in row.waits]
    assert said == [("contact", 1), ("answer", 2), ("task", 3)]


async def test_her_first_words_are_no_unanswered_ones_until_she_writes_again(desk: Desk) -> None:
    huda = await desk.has("Huda")
    number = await desk.case("AAA-222", status="contacted", by=huda, hours=2)
    assert (await desk.sees(huda)).rows[0].waits == ()
    await desk.does(cases.note_heard, number, NOW)
    assert [wait.what for wait in (await desk.sees(huda)).rows[0].waits] == ["answer"]
    await desk.does(cases.note_answered, number, NOW)
    assert (await desk.sees(huda)).rows[0].waits == ()


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({"whose": "mine"}, ["AAA-222", "CCC-222"]),
        ({"whose": "waiting"}, ["BBB-222"]),
        ({"level": "low"}, ["CCC-222"]),
        ({"status": "taken"}, ["AAA-222"]),
        ({"waits": "contact"}, ["AAA-222"]),
        ({"waits": "somebody"}, ["BBB-222"]),
        ({"waits": "answer"}, ["CCC-222"]),
        ({"waits": "task"}, []),
        ({"whose": "mine", "level": "high", "status": "taken", "waits": "contact"}, ["AAA-222"]),
    ],
)
async def test_each_filter_leaves_what_fits_it(desk: Desk, wanted: dict[str, str], codes: list[str]) -> None:
    huda = await desk.has("Huda")
    await desk.case("AAA-222", "high", "taken", by=huda, contact=1)
    await desk.case("BBB-222", "medium")
    await desk.case("CCC-222", "low", "contacted", by=huda, hours=5, heard=1)
    page = await desk.sees(huda, **wanted)
    assert [row.code for row in page.rows] == codes
    assert page.counts == {"all": 3, "mine": 2, "waiting": 1}


async def test_pages_hold_fifty_lines_and_none_is_on_two(desk: Desk) -> None:
    salma = await desk.has("Salma", "coordinator")
    for number in range(PAGE + 3):
        await desk.case(f"C{number:02}-222")
    first, second, third = [await desk.sees(salma, page=number) for number in (1, 2, 3)]
    assert (len(first.rows), len(second.rows), len(third.rows)) == (PAGE, 3, 0)
    assert len({row.code for row in (*first.rows, *second.rows)}) == PAGE + 3
    assert (first.pages, first.total) == (2, PAGE + 3)


async def test_closed_cases_are_listed_apart_the_latest_first_page_by_page(desk: Desk) -> None:
    huda, salma = await desk.has("Huda"), await desk.has("Salma", "coordinator")
    for number in range(PAGE + 2):
        await desk.case(f"C{number:02}-222", status="closed", hours=number // 3, by=huda if number < 2 else None)
    assert await desk.codes(salma) == []
    assert sorted(await desk.codes(huda, whose="closed")) == ["C00-222", "C01-222"]
    first = await desk.sees(salma, whose="closed")
    assert first.after is not None
    second = await desk.sees(salma, whose="closed", before=first.after)
    assert second.after is None
    codes = [row.code for row in (*first.rows, *second.rows)]
    assert sorted(codes) == [f"C{number:02}-222" for number in range(PAGE + 2)]
    assert set(codes[:3]) == {"C00-222", "C01-222", "C02-222"}


async def test_a_drill_is_marked(desk: Desk) -> None:
    huda = await desk.has("Huda")
    await desk.case("AAA-222", drill=True)
    assert [row.drill for row in (await desk.sees(huda)).rows] == [True]


async def test_a_raised_level_is_seen_at_the_next_look(desk: Desk) -> None:
    huda = await desk.has("Huda")
    number = await desk.case("AAA-222", "low")
    assert (await desk.sees(huda)).rows[0].level == "low"
    await desk.does(cases.put_facets, number, cases.Facets("high"))
    assert (await desk.sees(huda)).rows[0].level == "high"


async def test_what_the_list_remembers_has_a_bound(desk: Desk) -> None:
    huda = await desk.has("Huda")
    desk.board = board.Board(Facets(most=2))
    for number in range(5):
        await desk.case(f"C{number:02}-222", "critical" if number else "low")
    for _ in range(2):
        assert [row.level for row in (await desk.sees(huda)).rows] == ["critical"] * 4 + ["low"]
