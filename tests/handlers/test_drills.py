"""Drills: the real ladder and the real pages for nobody in danger, told afterwards, and gone after a week."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from flows.ladder import Level
from handlers import drills
from handlers.drills import Begun, Refused, Report
from storage import alarms, assignments, audit, cases
from storage import drills as kept
from storage.seal import public_key
from storage.store import Store
from tests.handlers.alarm_town import CASE, Phone, Town, a_team

PAGE = re.compile(r"You have an appointment that needs confirming( now| today)? \([A-Z][2-9A-Z]{2}\)")
IT_WAS = "This was a drill"


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


async def team(town: Town) -> tuple[Phone, Phone, Phone]:
    """Amal first, Badria her substitute, and the coordinator; and somebody who can open cases."""
    amal = await town.has("amal", "focal_point", "telegram", "whatsapp")
    badria = await town.has("badria")
    coordinator = await town.has("coordinator", "coordinator")
    await town.is_on_call(amal)
    await town.is_on_call(badria, "substitute")
    await town.store.write(cases.add_reader, 1, "recovery", public_key(b"r" * 32), town.now)
    return amal, badria, coordinator


async def begins(town: Town, level: Level = "critical") -> int:
    begun = await town.store.write(drills.begin, level, town.world(), 3)
    assert isinstance(begun, Begun), begun
    await town.post()
    return begun.case


async def report(town: Town) -> Report:
    (found,) = await town.asks(drills.reports)
    return found


async def audited(town: Town) -> list[tuple[str, int | None]]:
    return [(entry.what, entry.staff) for entry in await town.asks(audit.after, 0)]


# ---------------------------------------------------------------- as in earnest


async def test_a_drill_pages_as_in_earnest_and_whoever_answers_hears_that_it_was_one(town: Town) -> None:
    amal, _, _ = await team(town)
    await begins(town)
    assert PAGE.fullmatch(amal.pages[0].text)
    assert [button.label for button in amal.last.buttons] == ["I take it", "I can't"]
    await town.passes(minutes=1, seconds=7)
    await town.presses(amal, "I take it")
    assert amal.last.text.startswith(IT_WAS)
    assert "1:07" in amal.last.text
    assert not amal.last.buttons


async def test_it_climbs_the_real_ladder_by_every_channel(town: Town) -> None:
    amal, badria, coordinator = await team(town)
    await begins(town)
    await town.passes(minutes=16)
    assert [len(phone.pages) for phone in (town.other(amal, "whatsapp"), badria, coordinator)] == [2, 2, 1]


@pytest.mark.parametrize("level", drills.LEVELS)
async def test_each_level_has_its_own_sentence_as_in_earnest(town: Town, level: Level) -> None:
    amal, _, _ = await team(town)
    await begins(town, level)
    assert PAGE.fullmatch(amal.pages[0].text)


async def test_after_the_answer_nobody_is_woken_any_more_and_who_was_hears_that_it_was_a_drill(town: Town) -> None:
    amal, badria, coordinator = await team(town)
    case = await begins(town)
    await town.passes(minutes=6)
    await town.presses(badria, "I take it")
    told = town.other(amal, "whatsapp").shows  # by which she was paged last
    assert told[-1].text.startswith(IT_WAS)
    assert "is over" in told[-1].text
    shown = len(told)
    await town.passes(days=3)
    assert len(told) == shown
    assert coordinator.pages == []
    alarm = await town.asks(alarms.load, case)
    assert alarm is not None
    assert (alarm[0].status, alarm[0].due_at) == ("closed", None)


async def test_it_leaves_no_work_behind(town: Town) -> None:
    amal, _, _ = await team(town)
    case = await begins(town)
    await town.presses(amal, "I take it")
    found = await town.asks(cases.by_number, case)
    assert found is not None
    assert (found.status, found.drill, found.person) == ("closed", True, None)
    assert await town.asks(assignments.of_case, case) == []


async def test_a_late_tap_and_a_second_tap_hear_that_it_was_a_drill(town: Town) -> None:
    amal, badria, _ = await team(town)
    await begins(town)
    await town.passes(minutes=6)
    page = badria.pages[0]
    await town.presses(amal, "I take it", amal.pages[0])
    await town.presses(badria, "I take it", page)
    assert IT_WAS in badria.last.text
    await town.presses(amal, "I take it", amal.pages[0])
    assert IT_WAS in amal.last.text
    assert (await report(town)).who == "amal"


async def test_passing_moves_on_at_once(town: Town) -> None:
    amal, badria, _ = await team(town)
    await begins(town)
    await town.presses(amal, "I can't")
    assert len(badria.pages) == 1


# ---------------------------------------------------------------- and no further


async def test_no_woman_hears_of_it(town: Town) -> None:
    her, amal, _, _ = await a_team(town)
    await begins(town)
    await town.passes(hours=2)
    assert her.shows == []
    assert amal.shows
    status = await town.asks(cases.by_number, CASE)
    assert status is not None
    assert not status.drill


@pytest.mark.parametrize("level", drills.LEVELS)
async def test_a_drill_that_nobody_answers_ends_after_one_round(town: Town, level: Level) -> None:
    amal, _, coordinator = await team(town)
    case = await begins(town, level)
    await town.passes(days=7)
    alarm = await town.asks(alarms.load, case)
    assert alarm is not None
    assert (alarm[0].status, alarm[0].round) == ("closed", 1)
    assert amal.pages
    assert coordinator.last.text == ("The drill is over, and nobody answered. Who was woken when stands at the desk.")


async def test_where_everybody_passes_it_is_over(town: Town) -> None:
    amal = await town.has("amal")
    await town.is_on_call(amal)
    await town.store.write(cases.add_reader, 1, "recovery", public_key(b"r" * 32), town.now)
    await begins(town)
    await town.presses(amal, "I can't")
    assert await town.asks(kept.running) is None


async def test_where_there_is_nobody_it_is_over_at_once(town: Town) -> None:
    await town.store.write(cases.add_reader, 1, "recovery", public_key(b"r" * 32), town.now)
    await begins(town)
    assert await town.asks(kept.running) is None
    assert [moment.what for moment in (await report(town)).moments][-1] == "closed"


async def test_one_at_a_time(town: Town) -> None:
    await team(town)
    await begins(town)
    again = await town.store.write(drills.begin, "high", town.world())
    assert isinstance(again, Refused)


async def test_without_a_key_to_seal_to_there_is_no_drill(town: Town) -> None:
    assert isinstance(await town.store.write(drills.begin, "high", town.world()), Refused)


async def test_a_coordinator_can_stop_it(town: Town) -> None:
    amal, _, _ = await team(town)
    await begins(town)
    assert await town.store.write(drills.stop, town.world(), 3)
    await town.post()
    assert amal.last.text.startswith(IT_WAS)
    assert not await town.store.write(drills.stop, town.world(), 3)


async def test_it_stays_out_of_the_counters(town: Town) -> None:
    await team(town)
    await begins(town)
    await town.passes(minutes=20)
    assert town.fired
    assert all(fired.drill and not fired.pages and not fired.nobody for fired in town.fired)


# ---------------------------------------------------------------- afterwards


async def test_coordinators_are_told_how_long_it_took_without_a_name(town: Town) -> None:
    _, badria, coordinator = await team(town)
    await begins(town)
    await town.passes(minutes=6)
    await town.presses(badria, "I take it")
    assert "answered after 6:00" in coordinator.last.text
    assert "badria" not in coordinator.last.text


async def test_the_report_says_who_was_woken_when_and_who_answered(town: Town) -> None:
    _, badria, _ = await team(town)
    await begins(town)
    await town.passes(minutes=6)
    await town.presses(badria, "I take it")
    found = await report(town)
    assert (found.who, found.after, found.running) == ("badria", timedelta(minutes=6), False)
    told = [(moment.what, moment.who) for moment in found.moments]
    assert told[0] == ("paged", "amal")
    assert told[-2:] == [("taken", "badria"), ("closed", "")] or told[-2:] == [
        ("taken", "badria"),
        ("closed", "badria"),
    ]


async def test_beginning_and_end_stand_in_the_log_of_everything(town: Town) -> None:
    amal, _, _ = await team(town)
    await begins(town)
    await town.presses(amal, "I take it")
    told = [(what, staff) for what, staff in await audited(town) if what.startswith("drill:")]
    assert told == [("drill:began", 3), ("drill:answered", amal.number)]


async def test_after_a_week_it_is_deleted_with_all_that_belongs_to_it_and_no_other_case_is(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    case = await begins(town)
    await town.presses(amal, "I take it")
    await town.sleeps(days=6, hours=23)
    assert await town.store.write(drills.sweep, town.world()) == 0
    await town.sleeps(hours=2)
    assert await town.store.write(drills.sweep, town.world()) == 1
    for table in ("alarms", "pages", "alarm_log", "case_items", "case_keys"):
        found = await town.asks(
            lambda unit, table=table: unit.one(f"SELECT 1 FROM {table} WHERE case_id = :case", {"case": case})
        )
        assert found is None, table
    assert await town.asks(cases.by_number, case) is None
    assert await town.asks(cases.by_number, CASE) is not None
