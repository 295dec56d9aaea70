"""The coordinators' page: the load, the gaps, the times, and who can read what; on both databases, and over HTTP."""

from datetime import timedelta
from pathlib import Path

import pytest

from flows.rota import Shift
from handlers import load
from handlers.load import Load
from storage import alarms, assignments, audit, cases, shifts, staff
from storage.seal import public_key
from storage.store import Store
from tests.desk.board_cases import NOW, Desk, lines, reader
from tests.desk.staff import Desks
from tests.town import town


@pytest.fixture
async def desk(store: Store) -> Desk:
    desk = Desk(store)
    await desk.does(reader)
    return desk


async def looks(desk: Desk) -> Load:
    return await desk.does(load.load_of, desk.board.facets, desk.world())  # type: ignore[no-any-return]


async def turned(desk: Desk, case: int, what: str, took: timedelta, ago: timedelta = timedelta(hours=1)) -> None:
    await desk.does(lambda unit: alarms.log(unit, case, NOW - ago, what, late=took))


async def test_it_counts_what_each_leads_and_what_waits_in_it(desk: Desk) -> None:
    huda, rana = await desk.has("Huda"), await desk.has("Rana")
    await desk.case("AAA-222", "critical", "taken", by=huda, beside=rana, contact=-1)
    await desk.case("BBB-222", "high", "taken", by=huda, contact=2)
    await desk.case("CCC-222", "low", "contacted", by=huda, hours=9, heard=1, answered=2)
    await desk.case("DDD-222", "low", "closed", by=huda)
    hers, ranas = (await looks(desk)).people
    assert (hers.leads, hers.beside, hers.to_contact, hers.overdue, hers.unanswered) == (3, 0, 2, 1, 1)
    assert (ranas.leads, ranas.beside, ranas.to_contact, ranas.overdue, ranas.unanswered) == (0, 1, 0, 0, 0)


async def test_it_says_what_nobody_has_taken_by_level_and_since_when(desk: Desk) -> None:
    await desk.case("AAA-222", "high", hours=3)
    await desk.case("BBB-222", "high", hours=5)
    await desk.case("CCC-222", "critical", hours=1)
    untaken = [(one.level, one.count, NOW - one.since) for one in (await looks(desk)).untaken]
    assert untaken == [("critical", 1, timedelta(hours=1)), ("high", 2, timedelta(hours=5))]


async def test_median_and_ninth_decile_are_times_that_occurred(desk: Desk) -> None:
    for minutes in range(1, 11):
        case = await desk.case(f"A{minutes:02}-222", "critical")
        await turned(desk, case, "taken", timedelta(minutes=minutes))
    speeds = (await looks(desk)).speeds
    assert speeds is not None
    (speed,) = {speed for (level, what, _), speed in speeds.items() if (level, what) == ("critical", "taken")}
    assert (speed.count, speed.median, speed.p90) == (10, timedelta(minutes=5), timedelta(minutes=9))


async def test_drills_second_times_and_old_turns_are_no_times(desk: Desk) -> None:
    drill, twice = await desk.case("DRI-222", drill=True), await desk.case("TWO-222", "high")
    await turned(desk, drill, "taken", timedelta(minutes=1))
    await turned(desk, twice, "taken", timedelta(minutes=1), timedelta(days=100))
    await turned(desk, twice, "taken", timedelta(days=100))
    await turned(desk, twice, "contacted", timedelta(hours=1), timedelta(days=40))
    speeds = (await looks(desk)).speeds
    assert speeds is not None
    assert [(what, span.days) for _, what, span in speeds] == [("contacted", 90)]


async def test_it_names_who_is_on_call_who_comes_next_and_where_nobody_is(desk: Desk) -> None:
    huda, rana = await desk.has("Huda"), await desk.has("Rana")
    for number, (who, start, end) in enumerate([(huda, -1, 8), (rana, 30, 60)]):
        wall = NOW.replace(tzinfo=None)
        times = wall + timedelta(hours=start), wall + timedelta(hours=end)
        await desk.does(shifts.add, Shift(number + 1, who.id, "first", *times, "UTC"))
    found = await looks(desk)
    hers, ranas = found.people
    assert (hers.on_call, ranas.on_call, ranas.next_shift) == (True, False, NOW + timedelta(hours=30))
    assert found.gaps is not None
    assert found.gaps["substitute"] == ((NOW, NOW + timedelta(days=7)),)


async def test_it_says_who_lacks_a_key_a_second_factor_or_a_proven_channel(desk: Desk) -> None:
    huda = await desk.has("Huda")
    await desk.does(cases.add_reader, 7, "staff", public_key(b"h" * 32), NOW, huda.id)
    (hers,) = (await looks(desk)).people
    assert (hers.has_key, hers.has_factor, hers.is_proven) == (True, False, False)


async def test_whose_keys_open_how_many_cases_and_which_is_told_by_code_and_logged(desk: Desk) -> None:
    huda, salma = await desk.has("Huda"), await desk.has("Salma", "coordinator")
    await desk.does(cases.add_reader, 7, "staff", public_key(b"h" * 32), NOW, huda.id)
    opened = {code: await desk.case(code, hours=hours) for code, hours in (("AAA-222", 3), ("BBB-222", 2))}
    for number in opened.values():
        await desk.does(cases.put_share, number, 1, 7, b"sealed")
        await desk.does(cases.put_share, number, 2, 7, b"sealed")
    assert {one.name: one.opens for one in (await looks(desk)).people} == {"Huda": 2, "Salma": 0}
    _, codes = await desk.does(load.codes_of, salma.id, huda.id, desk.world())
    assert codes == ["BBB-222", "AAA-222"]
    (entry,) = await desk.store.read(audit.after, 0)
    assert (entry.what, entry.staff, entry.target) == ("readers", salma.id, huda.id)


async def test_a_coordinator_does_not_learn_the_code_of_a_case_she_must_never_see(desk: Desk) -> None:
    huda, salma = await desk.has("Huda"), await desk.has("Salma", "coordinator")
    await desk.does(cases.add_reader, 7, "staff", public_key(b"h" * 32), NOW, huda.id)
    number = await desk.case("AAA-222")
    await desk.does(cases.put_share, number, 1, 7, b"sealed")
    await desk.does(assignments.exclude, number, salma.id, NOW)
    assert (await desk.does(load.codes_of, salma.id, huda.id, desk.world()))[1] == []


async def test_the_page_is_for_those_who_organise_and_empty_under_duress(sqlite: str, tmp_path: Path) -> None:
    async with town(sqlite, tmp_path, start=NOW) as place, Desks(place) as desks:
        salma, huda = await desks.hired("سلمى", "coordinator"), await desks.hired("هدى")
        forced = await desks.hired("نور", "coordinator", duress=True)
        member = await place.working.store.read(staff.member, huda.number)
        await lines(place).case("AAA-222", "critical", "taken", by=member)
        assert (await huda.get("/desk/load")).status == 403
        assert "هدى" in (await salma.get("/desk/load")).text
        assert "هدى" not in (await forced.get("/desk/load")).text
        assert (await salma.get(f"/desk/load/{huda.number}")).status == 200
        for path in (f"/desk/load/{huda.number}0", "/desk/load/x", "/desk/load/٢"):
            assert (await salma.get(path)).status == 404
        assert (await forced.get(f"/desk/load/{huda.number}")).status == 404
