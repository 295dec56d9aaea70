"""The main job from "danger is known" to "contact was made", and all that people may do on the way."""

import re

import pytest

from handlers import alarms
from storage.store import Store
from tests.handlers.alarm_town import CASE, Town, a_team, the_alarm

PAGE = re.compile(r"You have an appointment that needs confirming( now| today)? \([A-Z][2-9A-Z]{2}\)")
PAGE_ARABIC = re.compile(r"لديكِ موعد بحاجة إلى تأكيد( الآن| اليوم)? \([A-Z][2-9A-Z]{2}\)")


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


# ---------------------------------------------------------------- the main job


async def test_the_first_on_call_is_paged_at_once_takes_it_and_makes_contact(town: Town) -> None:
    her, amal, badria, _ = await a_team(town)
    await town.alarm()
    assert len(amal.pages) == 1
    assert await town.presses(amal, "I take it")
    assert await town.status() == "taken"
    assert her.texts == ["A person has your message now and is seeing to it."]
    await town.presses(amal, "Contact made")
    assert await town.status() == "contacted"
    await town.passes(days=2)
    assert badria.shows == []


async def test_a_critical_ladder_climbs_from_the_first_to_the_national_desk_and_begins_again(town: Town) -> None:
    _, amal, badria, coordinator = await a_team(town)
    desk = await town.has("desk", "national_desk")
    await town.alarm()
    await town.passes(minutes=30)
    assert [len(phone.pages) for phone in (amal, badria, coordinator, desk)] == [2, 2, 1, 1]
    await town.passes(minutes=10)
    assert len(amal.pages) == 3


async def test_a_medium_alarm_waits_for_working_hours(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.sleeps(hours=10)
    await town.alarm("medium")
    assert amal.pages == []
    await town.passes(hours=13)
    assert len(amal.pages) == 1


async def test_a_low_alarm_pages_nobody(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm("low")
    await town.passes(days=3)
    assert amal.shows == []


async def test_a_higher_level_climbs_its_own_ladder_from_its_start_with_its_own_sentence(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm("high")
    await town.is_raised("critical")
    assert [PAGE.fullmatch(page.text) is not None for page in amal.pages] == [True, True]
    assert "now" in amal.pages[1].text
    assert (await the_alarm(town)).level == "critical"


async def test_the_same_or_a_lower_level_changes_nothing(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm("critical")
    await town.alarm("critical")
    await town.is_raised("medium")
    assert len(amal.pages) == 1
    assert (await the_alarm(town)).level == "critical"


async def test_who_passes_has_the_ladder_move_on_at_once_and_is_left_alone_for_this_round(town: Town) -> None:
    _, amal, badria, coordinator = await a_team(town)
    await town.alarm()
    await town.presses(amal, "I can't")
    assert len(badria.pages) == 1
    await town.passes(minutes=25)
    assert len(amal.pages) == 1
    assert len(coordinator.pages) == 1
    await town.passes(minutes=10)
    assert len(amal.pages) == 2


async def test_the_only_one_there_is_who_passes_is_asked_again_in_the_ladders_own_time(town: Town) -> None:
    await town.meets_her()
    amal = await town.has("amal")
    await town.is_on_call(amal)
    await town.alarm()
    await town.presses(amal, "I can't")
    assert len(amal.pages) == 1
    await town.passes(minutes=15)
    assert len(amal.pages) == 2


async def test_a_double_tap_on_pass_is_thanked_twice_and_changes_nothing_twice(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    for _ in range(2):
        await town.presses(amal, "I can't", amal.pages[0])
        assert amal.last.text.startswith("Thank you.")


async def test_who_passes_is_not_paged_by_what_was_still_waiting_for_her(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    town.down.add("whatsapp")
    await town.alarm()
    await town.passes(minutes=3)
    await town.presses(amal, "I can't")
    town.down.clear()
    await town.post()
    assert town.other(amal, "whatsapp").shows == []


async def test_who_passed_may_still_take_it(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    await town.presses(amal, "I can't")
    await town.presses(amal, "I take it", amal.pages[0])
    assert await town.status() == "taken"


async def test_who_gives_it_back_is_thanked_and_others_are_paged_at_once(town: Town) -> None:
    her, amal, badria, _ = await a_team(town)
    await town.alarm()
    await town.presses(amal, "I take it")
    await town.presses(amal, "Give it back")
    assert await town.status() == "waiting"
    assert amal.last.text.startswith("Thank you.")
    assert len(badria.pages) == 1
    assert "we are asking another now" in her.last.text


async def test_whoever_holds_a_case_hears_that_it_became_more_urgent(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
    await town.alarm("high")
    await town.presses(amal, "I take it")
    await town.is_raised("critical")
    assert amal.last.text.startswith("The appointment is more pressing now")
    assert badria.shows == []
    await town.passes(minutes=37)
    assert len(badria.pages) == 1


async def test_a_closed_case_pages_nobody_and_those_who_were_paged_hear_so(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
    await town.alarm()
    await town.store.write(alarms.close, CASE, town.world())
    await town.post()
    assert amal.last.text.startswith("The appointment is over")
    await town.passes(hours=2)
    assert badria.shows == []


# ---------------------------------------------------------------- what she hears


async def test_she_hears_honestly_that_nobody_has_answered_but_not_again_and_again(town: Town) -> None:
    her, _, _, _ = await a_team(town)
    await town.alarm()
    await town.passes(hours=2)
    assert "Nobody has answered yet" in her.shows[0].text
    assert 4 <= len(her.shows) <= 12


async def test_she_hears_nothing_where_it_is_not_safe(town: Town) -> None:
    her = await town.meets_her(quiet=True)
    amal = await town.has("amal")
    await town.is_on_call(amal)
    await town.alarm()
    await town.passes(minutes=30)
    await town.presses(amal, "I take it")
    assert her.shows == []
    assert "not_told_her:taken" in await town.logged()
