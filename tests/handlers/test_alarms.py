"""An alarm from "danger is known" to "contact was made", on both databases: the invariants I1 to I12, each by name."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.alarm import Alarm
from flows.core import Pressed
from handlers import alarms
from handlers.alarm_words import sentence
from handlers.channel import Inbound
from messages import raw, t
from messages.catalog import render
from messages.wording import faults_in_arabic, faults_in_english
from storage import alarms as kept
from storage import outbox, people
from storage import pages as kept_pages
from storage import staff as kept_staff
from storage.outbox import Lane
from storage.store import Store
from storage.unit import Unit
from tests.handlers.alarm_town import CASE, HER, HER_CODE, Phone, Town

PAGE = re.compile(r"You have an appointment that needs confirming( now| today)? \([A-Z][2-9A-Z]{2}\)")
PAGE_ARABIC = re.compile(r"لديكِ موعد بحاجة إلى تأكيد( الآن| اليوم)? \([A-Z][2-9A-Z]{2}\)")


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


async def _team(town: Town) -> tuple[Phone, Phone, Phone, Phone]:
    """Her, the first on call, her substitute, and the coordinator."""
    her = await town.meets_her()
    amal = await town.has("amal", "focal_point", "telegram", "whatsapp")
    badria = await town.has("badria")
    coordinator = await town.has("coordinator", "coordinator")
    await town.is_on_call(amal)
    await town.is_on_call(badria, "substitute")
    return her, amal, badria, coordinator


async def _alarm(town: Town) -> Alarm:
    found = await town.asks(kept.load, CASE)
    assert found is not None
    return found[0]


async def _everybody_sees(town: Town, phones: Sequence[Phone]) -> str:
    return "\n".join(f"{letter.text} {letter.buttons} {letter.key}" for phone in phones for letter in phone.shows)


# ---------------------------------------------------------------- the main job


async def test_the_first_on_call_is_paged_at_once_takes_it_and_makes_contact(town: Town) -> None:
    her, amal, badria, _ = await _team(town)
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
    _, amal, badria, coordinator = await _team(town)
    desk = await town.has("desk", "national_desk")
    await town.alarm()
    await town.passes(minutes=30)
    assert [len(phone.pages) for phone in (amal, badria, coordinator, desk)] == [2, 2, 1, 1]
    await town.passes(minutes=10)
    assert len(amal.pages) == 3


async def test_a_medium_alarm_waits_for_working_hours(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.sleeps(hours=10)
    await town.alarm("medium")
    assert amal.pages == []
    await town.passes(hours=13)
    assert len(amal.pages) == 1


async def test_a_low_alarm_pages_nobody(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm("low")
    await town.passes(days=3)
    assert amal.shows == []


async def test_a_higher_level_climbs_its_own_ladder_from_its_start_with_its_own_sentence(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm("high")
    await town.is_raised("critical")
    assert [PAGE.fullmatch(page.text) is not None for page in amal.pages] == [True, True]
    assert "now" in amal.pages[1].text
    assert (await _alarm(town)).level == "critical"


async def test_the_same_or_a_lower_level_changes_nothing(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm("critical")
    await town.alarm("critical")
    await town.is_raised("medium")
    assert len(amal.pages) == 1
    assert (await _alarm(town)).level == "critical"


async def test_who_passes_has_the_ladder_move_on_at_once_and_is_left_alone_for_this_round(town: Town) -> None:
    _, amal, badria, coordinator = await _team(town)
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
    _, amal, _, _ = await _team(town)
    await town.alarm()
    for _ in range(2):
        await town.presses(amal, "I can't", amal.pages[0])
        assert amal.last.text.startswith("Thank you.")


async def test_who_passes_is_not_paged_by_what_was_still_waiting_for_her(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    town.down.add("whatsapp")
    await town.alarm()
    await town.passes(minutes=3)
    await town.presses(amal, "I can't")
    town.down.clear()
    await town.post()
    assert town.other(amal, "whatsapp").shows == []


async def test_who_passed_may_still_take_it(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    await town.presses(amal, "I can't")
    await town.presses(amal, "I take it", amal.pages[0])
    assert await town.status() == "taken"


async def test_who_gives_it_back_is_thanked_and_others_are_paged_at_once(town: Town) -> None:
    her, amal, badria, _ = await _team(town)
    await town.alarm()
    await town.presses(amal, "I take it")
    await town.presses(amal, "Give it back")
    assert await town.status() == "waiting"
    assert amal.last.text.startswith("Thank you.")
    assert len(badria.pages) == 1
    assert "we are asking another now" in her.last.text


async def test_whoever_holds_a_case_hears_that_it_became_more_urgent(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm("high")
    await town.presses(amal, "I take it")
    await town.is_raised("critical")
    assert amal.last.text.startswith("The appointment is more pressing now")
    assert badria.shows == []
    await town.passes(minutes=37)
    assert len(badria.pages) == 1


async def test_a_closed_case_pages_nobody_and_those_who_were_paged_hear_so(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    await town.store.write(alarms.close, CASE, town.world())
    await town.post()
    assert amal.last.text.startswith("The appointment is over")
    await town.passes(hours=2)
    assert badria.shows == []


# ---------------------------------------------------------------- what she hears


async def test_she_hears_honestly_that_nobody_has_answered_but_not_again_and_again(town: Town) -> None:
    her, _, _, _ = await _team(town)
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


# ---------------------------------------------------------------- what a page holds


@pytest.mark.parametrize("level", ["critical", "high", "medium"])
def test_a_page_is_one_of_three_neutral_sentences_and_a_code(level: str) -> None:
    text = sentence(level, "K7P")  # type: ignore[arg-type]
    english, arabic = render(text, "en"), render(text, "ar")
    assert PAGE.fullmatch(english)
    assert PAGE_ARABIC.fullmatch(arabic)
    assert not [*faults_in_arabic(arabic, is_page=True), *faults_in_english(english, is_page=True)]


async def test_no_letter_to_staff_holds_a_name_the_cases_code_or_its_number(town: Town) -> None:
    phones = await _team(town)
    await town.alarm()
    await town.passes(minutes=40)
    await town.presses(phones[1], "I take it")
    seen = await _everybody_sees(town, phones[1:])
    assert not [word for word in (HER_CODE, str(CASE), str(HER), "amal", "badria", "her@") if word in seen]


async def test_a_button_fits_into_telegrams_64_bytes(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    assert all(len(button.key.encode()) <= 64 for button in amal.last.buttons)


async def test_all_pages_of_a_round_carry_one_code_for_one_person_and_another_for_each(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    await town.passes(minutes=6)
    hers = {letter.blanks for phone in (amal, town.other(amal, "whatsapp")) for letter in phone.pages}
    assert len(hers) == 1
    assert hers.isdisjoint({letter.blanks for letter in badria.pages})


async def test_two_pages_that_wait_for_one_person_never_share_a_code(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.store.write(_another_page, amal.number, town)
    drawn = iter(["Q9Q", "Q9Q", "M3R"])
    town.draw = replace(town.draw, page_code=lambda: next(drawn))
    await town.alarm()
    assert amal.last.blanks == ("M3R",)


# ---------------------------------------------------------------- in words


@pytest.mark.parametrize("said", ["1", "١", "۱", "1️⃣", "أستلم", "أستلمه", "take", "Take", "{code} 1", "take {code}"])
async def test_a_page_can_be_taken_in_words(town: Town, said: str) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    assert await town.writes(amal, said.format(code=amal.last.blanks[0]))
    assert await town.status() == "taken"


@pytest.mark.parametrize("said", ["2", "٢", "لا أستطيع", "لا استطيع", "pass", "I can't"])
async def test_a_page_can_be_passed_in_words(town: Town, said: str) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    assert await town.writes(amal, said)
    assert len(badria.pages) == 1


async def test_contact_and_giving_back_can_be_said_in_numbers(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    await town.writes(amal, "1")
    await town.writes(amal, "1")
    assert await town.status() == "contacted"


async def test_after_contact_a_number_is_an_ordinary_message_again(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    await town.presses(amal, "I take it")
    await town.presses(amal, "Contact made")
    assert not await town.writes(amal, "1")


async def test_hours_after_it_was_taken_a_number_is_an_ordinary_message_again(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    await town.passes(minutes=6)
    await town.presses(badria, "I take it")
    await town.presses(badria, "Contact made")
    await town.passes(hours=3)
    assert not await town.writes(amal, "1")


async def test_other_words_are_no_answer(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    assert not await town.writes(amal, "I take it to the market")
    assert await town.status() == "waiting"


async def test_a_number_is_no_answer_where_nothing_waits(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    assert not await town.writes(amal, "1")


async def test_where_several_wait_she_is_asked_which(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    await town.store.write(_another_page, amal.number, town)
    await town.writes(amal, "1")
    assert amal.last.text.startswith("Which one is it?")
    assert await town.status() == "waiting"
    await town.writes(amal, f"1 {amal.pages[0].blanks[0]}")
    assert await town.status() == "taken"


def _another_page(unit: Unit, number: int, town: Town) -> None:
    sql = """INSERT INTO cases (id, code, person_id, public_key, facets, status, mechanism, opened_at)
        VALUES (5, 'QQQ-333', NULL, :nothing, :nothing, 'waiting', '', 0)"""
    unit.do(sql, {"nothing": b""})
    page = kept_pages.Page(99, 5, number, "telegram", "Q9Q", 1, 0, "sent", town.now)
    assert kept_pages.add(unit, page)


async def test_who_answers_in_words_after_it_was_taken_hears_so_once(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    await town.passes(minutes=6)
    await town.presses(badria, "I take it")
    assert await town.writes(amal, "1")
    assert "nothing was changed" in amal.last.text
    assert not await town.writes(amal, "1")


# ---------------------------------------------------------------- the invariants


async def test_i1_an_open_urgent_alarm_always_has_a_moment_at_which_it_acts(town: Town) -> None:
    await _team(town)
    await town.alarm()
    for _ in range(40):
        due = await town.due()
        assert due is not None
        await town.passes(seconds=(due - town.now).total_seconds())
        assert (await _alarm(town)).due_at == await town.due()


async def test_i1_an_alarm_without_its_moment_is_never_kept(town: Town) -> None:
    await _team(town)
    await town.alarm()
    with pytest.raises(kept.Forgotten):
        await town.store.write(_forget, CASE)


def _forget(unit: Unit, case: int) -> None:
    found = kept.load(unit, case)
    assert found is not None
    alarm, version = found
    object.__setattr__(alarm, "due_at", None)
    kept.put(unit, case, alarm, version)


async def test_i1_an_alarm_more_than_a_minute_behind_wakes_the_coordinators_once(town: Town) -> None:
    _, _, _, coordinator = await _team(town)
    await town.alarm()
    await town.sleeps(minutes=3, seconds=0.5)
    assert [late.case for late in await town.checks()] == [CASE]
    await town.checks()
    assert [text.startswith("Appointments are past their time (") for text in coordinator.texts] == [True]
    assert (await town.logged()).count("overdue") == 1


async def test_i1_an_alarm_in_time_is_not_overdue(town: Town) -> None:
    await _team(town)
    await town.alarm()
    await town.sleeps(minutes=2, seconds=50)
    assert await town.checks() == []


async def test_i2_a_page_that_was_sent_but_not_recorded_is_sent_again_with_the_same_code(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    town.down.add("telegram")
    await town.alarm()
    [lost] = await town.claims("telegram", Lane.PAGE)
    await town.store.write(outbox.recover, "telegram", doubtful=False)
    town.down.clear()
    await town.post()
    assert [(page.key, page.blanks) for page in amal.pages] == [(lost.key, lost.body.blanks)]


async def test_i2_a_step_carried_out_twice_makes_one_page(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    [page] = await town.asks(kept_pages.of_case, CASE)
    again = kept_pages.Page(4, CASE, amal.number, "telegram", "Z9Z", page.round, page.step, "open", town.now)
    assert not await town.store.write(kept_pages.add, again)


async def test_i2_pages_of_an_earlier_round_that_never_went_out_are_not_a_second_alarm(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    town.down.add("telegram")
    await town.alarm()
    await town.passes(minutes=60)
    town.down.clear()
    await town.post()
    assert len({page.blanks for page in amal.pages}) == 1


async def test_i3_two_takes_at_once_are_one_take_and_the_other_hears_when(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    await town.passes(minutes=6)
    taps = [
        Inbound("telegram", str(number), phone.address, Pressed(phone.button("I take it")))
        for number, phone in enumerate((amal, badria))
    ]
    world = town.world()
    await asyncio.gather(
        town.store.write_for(1, alarms.hear, amal.number, taps[0], world),
        town.store.write_for(2, alarms.hear, badria.number, taps[1], world),
    )
    await town.post()
    takers = [phone for phone in (amal, badria) if "is yours" in phone.last.text]
    others = [phone for phone in (amal, badria) if "A colleague confirmed the appointment" in phone.last.text]
    assert len(takers) == len(others) == 1
    assert (await _alarm(town)).staff == takers[0].number
    assert re.search(r"\([A-Z][2-9A-Z]{2}\) at 10:\d\d", others[0].last.text)


async def test_i3_the_taker_does_not_hear_of_herself_as_of_a_colleague(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    whatsapp = town.other(amal, "whatsapp")
    await town.alarm()
    await town.passes(minutes=3)
    await town.presses(amal, "I take it")
    assert len(whatsapp.pages) == 1
    assert not [text for text in amal.texts + whatsapp.texts if "colleague" in text]


async def test_i3_only_the_version_that_was_read_can_be_moved_on(town: Town) -> None:
    await _team(town)
    await town.alarm()
    found = await town.asks(kept.load, CASE)
    assert found is not None
    alarm, version = found
    assert await town.store.write(kept.put, CASE, alarm, version)
    assert not await town.store.write(kept.put, CASE, alarm, version)


async def test_i4_taking_calls_back_the_pages_that_have_not_gone_out(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    town.down.add("whatsapp")
    await town.alarm()
    await town.passes(minutes=3)
    await town.presses(amal, "I take it")
    town.down.clear()
    await town.post()
    assert town.other(amal, "whatsapp").shows == []


async def test_i4_a_page_that_is_just_being_sent_is_no_longer_wanted(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    town.down.add("whatsapp")
    await town.alarm()
    await town.passes(minutes=3)
    [claimed] = await town.claims("whatsapp", Lane.PAGE)
    assert await town.asks(outbox.still_wanted, claimed.id)
    await town.presses(amal, "I take it")
    assert not await town.asks(outbox.still_wanted, claimed.id)


async def test_i4_who_gets_a_page_that_could_not_be_called_back_hears_that_it_is_taken(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    town.down.add("telegram")
    await town.passes(minutes=6)
    leaving = [letter for letter in await town.claims("telegram", Lane.PAGE) if letter.body.to == badria.address]
    town.down.clear()
    await town.presses(amal, "I take it", amal.pages[0])
    await town.arrives("telegram", leaving[0])
    await town.post()
    assert "A colleague confirmed the appointment" in badria.last.text


async def test_i4_a_takers_other_page_that_could_not_be_called_back_says_nothing_of_a_colleague(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    town.down.add("whatsapp")
    await town.alarm()
    await town.passes(minutes=3)
    [leaving] = await town.claims("whatsapp", Lane.PAGE)
    await town.presses(amal, "I take it")
    town.down.clear()
    await town.arrives("whatsapp", leaving)
    await town.post()
    assert len(town.other(amal, "whatsapp").shows) == 1


async def test_i4_who_never_got_a_page_hears_nothing_of_it(town: Town) -> None:
    await town.meets_her()
    amal, badria = await town.has("amal"), await town.has("badria", "focal_point", "whatsapp")
    await town.is_on_call(amal)
    await town.is_on_call(badria, "substitute")
    town.down.add("whatsapp")
    await town.alarm()
    await town.passes(minutes=6)
    await town.presses(amal, "I take it", amal.pages[0])
    town.down.clear()
    await town.post()
    assert badria.shows == []


async def test_i5_a_step_with_nobody_on_it_is_not_waited_for(town: Town) -> None:
    await town.meets_her()
    coordinator = await town.has("coordinator", "coordinator")
    await town.alarm()
    assert len(coordinator.pages) == 1
    assert (await town.logged()).count("empty") == 5


async def test_i5_where_the_ladder_finds_nobody_everybody_who_may_see_a_case_is_paged(town: Town) -> None:
    await town.meets_her()
    auditor = await town.has("auditor", "auditor")
    desk = await town.has("desk", "national_desk")
    town.with_ladder("critical", steps=town.rules.ladders["critical"].steps[:2])
    await town.alarm()
    assert len(desk.pages) == 1
    assert auditor.shows == []


async def test_i5_where_there_is_nobody_at_all_it_says_so_and_looks_again_every_minute(town: Town) -> None:
    her = await town.meets_her()
    assert (await town.alarm()).nobody
    amal = await town.has("amal")
    await town.is_on_call(amal)
    await town.passes(minutes=1)
    assert len(amal.pages) == 1
    assert "nobody" in await town.logged()
    assert "we keep asking" in her.last.text


async def test_i5_the_end_of_the_ladder_is_never_silence(town: Town) -> None:
    _, amal, _, coordinator = await _team(town)
    await town.alarm("high")
    await town.passes(hours=24)
    assert len(amal.pages) >= 8
    assert len(coordinator.pages) >= 8


async def test_i6_after_downtime_each_overdue_step_fires_once_in_order_and_says_how_late_it_is(town: Town) -> None:
    _, _, _, coordinator = await _team(town)
    await town.alarm()
    await town.sleeps(hours=8)
    await town.fires()
    await town.post()
    paged = [(entry.step, entry.late) for entry in await town.log() if entry.what == "paged"][1:]
    assert [step for step, _ in paged] == sorted(step for step, _ in paged if step is not None)
    assert len(set(paged)) <= 6
    assert all(late is not None and late > timedelta(hours=7) for _, late in paged)
    assert len(coordinator.pages) == 1
    assert (await _alarm(town)).round == 1
    assert await town.fires() == 0


async def test_i7_a_blocked_bot_has_the_ladder_move_on_at_once(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    amal.blocks()
    await town.alarm()
    assert len(town.other(amal, "whatsapp").pages) + len(badria.pages) >= 1
    assert "unreached" in await town.logged()


async def test_i7_a_second_channel_that_reaches_nobody_is_climbed_past_at_once(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    town.other(amal, "whatsapp").blocks()
    await town.alarm()
    await town.passes(minutes=2)
    assert len(badria.pages) == 1


async def test_i7_a_channel_that_is_known_to_be_gone_is_not_tried(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.store.write(_goes, amal.address)
    await town.alarm()
    assert len(town.other(amal, "whatsapp").pages) == 1


async def test_i7_who_can_no_longer_be_reached_by_one_channel_hears_by_the_other(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    await town.presses(amal, "I take it")
    await town.store.write(_goes, amal.address)
    await town.passes(minutes=30)
    assert any(text.startswith("No contact was noted") for text in town.other(amal, "whatsapp").texts)


def _goes(unit: Unit, address: str) -> None:
    people.mark_gone(unit, unit.vault.index(people.who("telegram", address)), gone=True)


async def test_i7_a_page_that_waits_for_whatsapps_window_reaches_nobody_yet(town: Town) -> None:
    await town.meets_her()
    amal = await town.has("amal", "focal_point", "whatsapp")
    badria = await town.has("badria")
    await town.is_on_call(amal)
    await town.is_on_call(badria, "substitute")
    amal.holds()
    await town.alarm()
    assert len(badria.pages) == 1


async def test_i7_one_channels_trouble_delays_no_other_channel(town: Town) -> None:
    await town.meets_her()
    amal = await town.has("amal", "focal_point", "telegram", "whatsapp")
    town.with_ladder("critical", steps=town.rules.ladders["critical"].steps[4:])
    town.down.add("telegram")
    await town.alarm()
    assert len(town.other(amal, "whatsapp").pages) == 1


async def test_i8_a_button_of_an_earlier_round_changes_nothing_and_hands_her_one_that_works(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    await town.passes(minutes=45)
    old = amal.pages[0]
    await town.presses(amal, "I take it", old)
    assert await town.status() == "waiting"
    assert amal.last.text.startswith("That was from before, and nothing was changed.")
    await town.presses(amal, "I take it")
    assert await town.status() == "taken"


async def test_i8_a_pass_of_an_earlier_step_does_not_hurry_the_step_of_now(town: Town) -> None:
    _, amal, badria, coordinator = await _team(town)
    await town.alarm()
    await town.passes(minutes=5)
    assert len(badria.pages) == 1
    due = await town.due()
    await town.presses(amal, "I can't", amal.pages[0])
    assert await town.due() == due
    assert coordinator.pages == []


async def test_i8_a_button_of_a_case_that_another_took_changes_nothing_and_says_so(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    await town.passes(minutes=6)
    await town.presses(badria, "I take it")
    before = await _alarm(town)
    await town.presses(amal, "I take it", amal.pages[0])
    assert await _alarm(town) == before
    assert "nothing was changed" in amal.last.text
    assert "A colleague confirmed" in amal.last.text


async def test_i8_a_button_of_a_closed_case_changes_nothing_and_says_so(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    await town.store.write(alarms.close, CASE, town.world())
    await town.presses(amal, "I take it", amal.pages[0])
    assert await town.status() == "closed"
    assert "The appointment is over" in amal.last.text


async def test_i8_somebody_elses_button_or_a_made_up_one_changes_nothing(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    for key in (amal.button("I take it"), "p.zzzzzzzzzzzzz.t", "p.0.c"):
        assert await town.does(badria, Pressed(key))
    assert await town.status() == "waiting"
    assert "Nothing is waiting for you now." in badria.last.text


async def test_i8_somebody_who_no_longer_works_here_cannot_take(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm()
    await town.store.write(kept_staff.disable, amal.number)
    await town.presses(amal, "I take it")
    assert await town.status() == "waiting"


async def test_i9_taken_without_contact_in_time_it_is_untaken_and_climbs_again(town: Town) -> None:
    her, amal, badria, _ = await _team(town)
    await town.alarm()
    await town.presses(amal, "I take it")
    await town.passes(minutes=31)
    assert await town.status() == "waiting"
    assert any(text.startswith("No contact was noted in time") for text in amal.texts)
    assert len(amal.pages) == 2
    assert "we are asking another now" in her.last.text
    assert "untaken" in await town.logged()
    await town.passes(minutes=6)
    assert len(badria.pages) >= 1


async def test_i9_who_made_contact_in_time_keeps_it(town: Town) -> None:
    _, amal, badria, _ = await _team(town)
    await town.alarm()
    await town.presses(amal, "I take it")
    await town.passes(minutes=29)
    await town.presses(amal, "Contact made")
    await town.passes(hours=5)
    assert await town.status() == "contacted"
    assert badria.shows == []


async def test_i10_a_running_alarm_keeps_the_ladder_it_began_with(town: Town) -> None:
    _, _, badria, _ = await _team(town)
    await town.alarm()
    town.with_ladder("critical", steps=())
    await town.passes(minutes=6)
    assert len(badria.pages) == 1


async def test_i10_the_people_are_those_of_the_moment_at_which_a_step_fires(town: Town) -> None:
    _, _, badria, _ = await _team(town)
    await town.alarm()
    new = await town.has("new")
    await town.is_on_call(new, "substitute")
    await town.store.write(kept_staff.disable, badria.number)
    await town.passes(minutes=6)
    assert len(new.pages) == 1
    assert badria.shows == []


async def test_i11_every_page_press_delivery_and_level_is_in_the_log_with_its_latency(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.alarm("high")
    town.now += timedelta(minutes=1)
    await town.is_raised("critical")
    town.now += timedelta(minutes=1)
    await town.presses(amal, "I take it")
    town.now += timedelta(minutes=1)
    await town.presses(amal, "Contact made")
    entries = await town.log()
    wanted = [
        "began:high",
        "paged",
        "page:delivered",
        "raised:critical",
        "pressed:t",
        "taken",
        "pressed:c",
        "contacted",
    ]
    assert [entry.what for entry in entries if entry.what in wanted][:4] == wanted[:3] + wanted[3:4]
    assert set(wanted) <= {entry.what for entry in entries}
    late = {entry.what: entry.late for entry in entries}
    assert late["pressed:t"] == timedelta(minutes=1)
    assert late["taken"] == timedelta(minutes=2)
    assert late["contacted"] == timedelta(minutes=3)
    assert all(entry.late is not None for entry in entries)


async def test_i12_a_broadcast_in_progress_delays_no_page(town: Town) -> None:
    _, amal, _, _ = await _team(town)
    await town.store.write(_broadcast, town)
    town.down.add("telegram")
    await town.alarm()
    assert [letter.body.to for letter in await town.claims("telegram", Lane.PAGE)] == [amal.address]


def _broadcast(unit: Unit, town: Town) -> None:
    for number in range(500):
        content = outbox.body(f"reader{number}", "ar", raw("card"))
        reader = unit.vault.index(f"telegram:reader{number}")
        outbox.add(unit, f"card:{number}", "telegram", reader, Lane.BROADCAST, content, town.now)


async def test_one_alarm_that_cannot_be_read_stops_no_other(town: Town) -> None:
    await _team(town)
    await town.alarm()
    await town.store.write(_spoil, town)
    town.now += timedelta(minutes=6)
    failed: list[int] = []
    acted = await alarms.fire_due(town.store, town.world, town.fired.append, lambda case, _: failed.append(case))
    assert (acted, failed) == (1, [5])


def _spoil(unit: Unit, town: Town) -> None:
    _another_page(unit, 1, town)
    sql = "INSERT INTO alarms (case_id, body, status, next_action_at, version) VALUES (5, :body, 'open', 1, 1)"
    unit.do(sql, {"body": b"\x01broken"})


def test_what_a_page_says_has_no_blank_left() -> None:
    assert "{" not in render(t("Appointments are past their time ({code}). Please look now.", code="K7P"), "ar")
