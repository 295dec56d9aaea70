"""The log's pages: whoever audits sees all of it, who works on a case sees that case's, nobody else anything."""

import ast
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.mechanism import load
from bot.settings import ROOT
from bot.wiring import DRAW
from console.desk.log_words import SAID
from handlers import retention
from handlers.draw import World
from storage import assignments, audit, cases
from storage.cases import Facets
from storage.store import Store
from storage.unit import Unit
from tests.desk.staff import Desks, Staffer
from tests.town import Town, town

CODE = "KTR-4MW"
START = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as place:
        yield place


def _case(unit: Unit, place: Town, worker: int) -> None:
    to = cases.readers(unit, {"focal_point"})
    cases.open_case(
        unit, 9, CODE, b"s" * 32, person=None, facets=Facets("high"), mechanism="v1", now=place.now(), to=to
    )
    assignments.begin(unit, 1, 9, worker, "lead", place.now())


async def _told(place: Town, desks: Desks) -> tuple[Staffer, Staffer]:
    """An auditor, and a focal point with a case."""
    auditor, huda = await desks.hired("Noor", "auditor", language="en"), await desks.hired("هدى", language="en")
    await place.working.store.write(_case, place, huda.number)
    await place.working.store.write(audit.record, place.now(), "read", staff=huda.number, case=9)
    await place.working.store.write(audit.record, place.now(), "close", staff=huda.number, case=9)
    return auditor, huda


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_an_auditor_sees_who_did_what_and_that_she_looked_is_written_down(place: Town) -> None:
    async with Desks(place) as desks:
        auditor, _ = await _told(place, desks)
        page = await auditor.get("/desk/log")
        assert page.status == 200
        assert page.text.index("closed the case") < page.text.index("opened the case")
        assert "هدى" in page.text
        assert CODE in page.text
        last = (await place.working.store.read(audit.newest, 1))[0]
        assert (last.what, last.staff) == ("log:read", auditor.number)


ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@ON_SQLITE
async def test_the_log_is_paged_by_a_hundred_and_filtered_by_person(place: Town) -> None:
    async with Desks(place) as desks:
        auditor, huda = await _told(place, desks)
        for _ in range(150):
            await place.working.store.write(audit.record, place.now(), "signed_in", staff=huda.number)
        first = await auditor.get("/desk/log")
        assert first.text.count("<tr>") == 101
        assert "before=53" in first.text
        second = await auditor.get("/desk/log?before=53")
        assert "opened the case" in second.text
        assert "Older entries" not in second.text
        hers = await auditor.get(f"/desk/log?who={huda.number}")
        assert "looked into the log" not in hers.text
        assert f"who={huda.number}" in hers.text


@ON_SQLITE
async def test_who_works_on_a_case_sees_its_log_and_everybody_else_finds_nothing(place: Town) -> None:
    async with Desks(place) as desks:
        auditor, huda = await _told(place, desks)
        rana, salma = await desks.hired("Rana"), await desks.hired("Salma", "coordinator")
        page = await huda.get(f"/desk/cases/{CODE}/log")
        assert page.status == 200
        assert "closed the case" in page.text
        for other in (rana, salma):
            assert (await other.get(f"/desk/cases/{CODE}/log")).status == 404
        unknown, not_hers = await rana.get("/desk/cases/ZZZ-999/log"), await rana.get(f"/desk/cases/{CODE}/log")
        assert unknown.text.replace("ZZZ-999", CODE) == not_hers.text
        assert (await auditor.get(f"/desk/cases/{CODE}/log")).status == 403


@ON_SQLITE
async def test_only_whoever_audits_sees_the_whole_log(place: Town) -> None:
    async with Desks(place) as desks:
        for role in ("focal_point", "coordinator", "campaigner", "key_holder"):
            member = await desks.hired(role, role)
            assert (await member.get("/desk/log")).status == 403


@ON_SQLITE
async def test_under_duress_the_log_is_empty_and_nothing_says_so(place: Town) -> None:
    async with Desks(place) as desks:
        await _told(place, desks)
        forced, focal = await desks.hired("N", "auditor", duress=True), await desks.hired("F", duress=True)
        await place.working.store.write(assignments.begin, 77, 9, focal.number, "second", place.now())
        page = await forced.get("/desk/log")
        assert page.status == 200
        assert "هدى" not in page.text
        assert (await focal.get(f"/desk/cases/{CODE}/log")).status == 404


@ON_SQLITE
@pytest.mark.parametrize("query", ["before=x", "before=-1", "who=99999999999999999999999", "before=٣", "who=1.5"])
async def test_a_page_that_is_none_is_said_in_a_sentence(place: Town, query: str) -> None:
    async with Desks(place) as desks:
        auditor = await desks.hired("Noor", "auditor", language="en")
        answer = await auditor.get(f"/desk/log?{query}")
        assert (answer.status, answer.text) == (400, "The log has no such page. Go back and choose again.\n")


# ---------------------------------------------------------------- words and time


def _codes(path: Path) -> set[str]:
    """Every fixed code that a module hands to the log."""
    found: set[str] = set()
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"audit.record", "note", "record"}:
            given = [one for arg in call.args for one in ast.walk(arg) if isinstance(one, ast.Constant)]
            found |= {one.value for one in given if isinstance(one.value, str)}
    return found


def test_every_code_in_the_log_has_words() -> None:
    folders = ("bot", "console", "handlers", "storage")
    found = {code for folder in folders for path in (ROOT / folder).rglob("*.py") for code in _codes(path)}
    assert found - SAID.keys() == set(), "add it to console/desk/log_words.py, with its Arabic"


async def test_the_sweep_removes_what_is_older_than_the_rules_allow_once_a_day(store: Store) -> None:
    rules, now = load(ROOT / "mechanism"), START
    for day in range(4):
        await store.write(audit.record, now + timedelta(days=day), "read")
    later = now + rules.retention.access_log

    async def sweeps(days: float) -> int:
        return await store.write(retention.sweep_log, World(later + timedelta(days=days), rules, DRAW))

    assert await sweeps(0.5) == 0
    assert await sweeps(1.5) == 2
    assert await sweeps(1.6) == 0
    assert [entry.what for entry in await store.read(audit.newest, 1)] == [audit.TRIMMED]
