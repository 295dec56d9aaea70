"""The invariants I1 to I12 of an alarm, each by name, on both databases."""

import asyncio
import re
from datetime import timedelta

import pytest

from flows.core import Pressed
from handlers import alarms
from handlers.channel import Inbound
from messages import raw
from storage import alarms as kept
from storage import outbox, people
from storage import pages as kept_pages
from storage import staff as kept_staff
from storage.outbox import Lane
from storage.store import Store
from storage.unit import Unit
from tests.handlers.alarm_town import CASE, Town, a_team, another_page, the_alarm


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


async def test_i1_an_open_urgent_alarm_always_has_a_moment_at_which_it_acts(town: Town) -> None:
    await a_team(town)
    await town.alarm()
    for _ in range(40):
        due = await town.due()
        assert due is not None
        await town.passes(seconds=(due - town.now).total_seconds())
        assert (await the_alarm(town)).due_at == await town.due()


async def test_i1_an_alarm_without_its_moment_is_never_kept(town: Town) -> None:
    await a_team(town)
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
    _, _, _, coordinator = await a_team(town)
    await town.alarm()
    await town.sleeps(minutes=3, seconds=0.5)
    assert [late.case for late in await town.checks()] == [CASE]
    await town.checks()
    assert [text.startswith("Appointments are past their time (") for text in coordinator.texts] == [True]
    assert (await town.logged()).count("overdue") == 1


async def test_i1_an_alarm_in_time_is_not_overdue(town: Town) -> None:
    await a_team(town)
    await town.alarm()
    await town.sleeps(minutes=2, seconds=50)
    assert await town.checks() == []


async def test_i2_a_page_that_was_sent_but_not_recorded_is_sent_again_with_the_same_code(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    town.down.add("telegram")
    await town.alarm()
    [lost] = await town.claims("telegram", Lane.PAGE)
    await town.store.write(outbox.recover, "telegram", doubtful=False)
    town.down.clear()
    await town.post()
    assert [(page.key, page.blanks) for page in amal.pages] == [(lost.key, lost.body.blanks)]


async def test_i2_a_step_carried_out_twice_makes_one_page(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    [page] = await town.asks(kept_pages.of_case, CASE)
    again = kept_pages.Page(4, CASE, amal.number, "telegram", "Z9Z", page.round, page.step, "open", town.now)
    assert not await town.store.write(kept_pages.add, again)


async def test_i2_pages_of_an_earlier_round_that_never_went_out_are_not_a_second_alarm(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    town.down.add("telegram")
    await town.alarm()
    await town.passes(minutes=60)
    town.down.clear()
    await town.post()
    assert len({page.blanks for page in amal.pages}) == 1


async def test_i3_two_takes_at_once_are_one_take_and_the_other_hears_when(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
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
    assert (await the_alarm(town)).staff == takers[0].number
    assert re.search(r"\([A-Z][2-9A-Z]{2}\) at 10:\d\d", others[0].last.text)


async def test_i3_the_taker_does_not_hear_of_herself_as_of_a_colleague(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    whatsapp = town.other(amal, "whatsapp")
    await town.alarm()
    await town.passes(minutes=3)
    await town.presses(amal, "I take it")
    assert len(whatsapp.pages) == 1
    assert not [text for text in amal.texts + whatsapp.texts if "colleague" in text]


async def test_i3_only_the_version_that_was_read_can_be_moved_on(town: Town) -> None:
    await a_team(town)
    await town.alarm()
    found = await town.asks(kept.load, CASE)
    assert found is not None
    alarm, version = found
    assert await town.store.write(kept.put, CASE, alarm, version)
    assert not await town.store.write(kept.put, CASE, alarm, version)


async def test_i4_taking_calls_back_the_pages_that_have_not_gone_out(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    town.down.add("whatsapp")
    await town.alarm()
    await town.passes(minutes=3)
    await town.presses(amal, "I take it")
    town.down.clear()
    await town.post()
    assert town.other(amal, "whatsapp").shows == []


async def test_i4_a_page_that_is_just_being_sent_is_no_longer_wanted(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    town.down.add("whatsapp")
    await town.alarm()
    await town.passes(minutes=3)
    [claimed] = await town.claims("whatsapp", Lane.PAGE)
    assert await town.asks(outbox.still_wanted, claimed.id)
    await town.presses(amal, "I take it")
    assert not await town.asks(outbox.still_wanted, claimed.id)


async def test_i4_who_gets_a_page_that_could_not_be_called_back_hears_that_it_is_taken(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
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
    _, amal, _, _ = await a_team(town)
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
    _, amal, _, coordinator = await a_team(town)
    await town.alarm("high")
    await town.passes(hours=24)
    assert len(amal.pages) >= 8
    assert len(coordinator.pages) >= 8


async def test_i6_after_downtime_each_overdue_step_fires_once_in_order_and_says_how_late_it_is(town: Town) -> None:
    _, _, _, coordinator = await a_team(town)
    await town.alarm()
    await town.sleeps(hours=8)
    await town.fires()
    await town.post()
    paged = [(entry.step, entry.late) for entry in await town.log() if entry.what == "paged"][1:]
    assert [step for step, _ in paged] == sorted(step for step, _ in paged if step is not None)
    assert len(set(paged)) <= 6
    assert all(late is not None and late > timedelta(hours=7) for _, late in paged)
    assert len(coordinator.pages) == 1
    assert (await the_alarm(town)).round == 1
    assert await town.fires() == 0


async def test_i7_a_blocked_bot_has_the_ladder_move_on_at_once(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
    amal.blocks()
    await town.alarm()
    assert len(town.other(amal, "whatsapp").pages) + len(badria.pages) >= 1
    assert "unreached" in await town.logged()


async def test_i7_a_second_channel_that_reaches_nobody_is_climbed_past_at_once(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
    town.other(amal, "whatsapp").blocks()
    await town.alarm()
    await town.passes(minutes=2)
    assert len(badria.pages) == 1


async def test_i7_a_channel_that_is_known_to_be_gone_is_not_tried(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.store.write(_goes, amal.address)
    await town.alarm()
    assert len(town.other(amal, "whatsapp").pages) == 1


async def test_i7_who_can_no_longer_be_reached_by_one_channel_hears_by_the_other(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
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
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    await town.passes(minutes=45)
    old = amal.pages[0]
    await town.presses(amal, "I take it", old)
    assert await town.status() == "waiting"
    assert amal.last.text.startswith("That was from before, and nothing was changed.")
    await town.presses(amal, "I take it")
    assert await town.status() == "taken"


async def test_i8_a_pass_of_an_earlier_step_does_not_hurry_the_step_of_now(town: Town) -> None:
    _, amal, badria, coordinator = await a_team(town)
    await town.alarm()
    await town.passes(minutes=5)
    assert len(badria.pages) == 1
    due = await town.due()
    await town.presses(amal, "I can't", amal.pages[0])
    assert await town.due() == due
    assert coordinator.pages == []


async def test_i8_a_button_of_a_case_that_another_took_changes_nothing_and_says_so(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
    await town.alarm()
    await town.passes(minutes=6)
    await town.presses(badria, "I take it")
    before = await the_alarm(town)
    await town.presses(amal, "I take it", amal.pages[0])
    assert await the_alarm(town) == before
    assert "nothing was changed" in amal.last.text
    assert "A colleague confirmed" in amal.last.text


async def test_i8_a_button_of_a_closed_case_changes_nothing_and_says_so(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    await town.store.write(alarms.close, CASE, town.world())
    await town.presses(amal, "I take it", amal.pages[0])
    assert await town.status() == "closed"
    assert "The appointment is over" in amal.last.text


async def test_i8_somebody_elses_button_or_a_made_up_one_changes_nothing(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
    await town.alarm()
    for key in (amal.button("I take it"), "p.zzzzzzzzzzzzz.t", "p.0.c"):
        assert await town.does(badria, Pressed(key))
    assert await town.status() == "waiting"
    assert "Nothing is waiting for you now." in badria.last.text


async def test_i8_somebody_who_no_longer_works_here_cannot_take(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    await town.store.write(kept_staff.disable, amal.number)
    await town.presses(amal, "I take it")
    assert await town.status() == "waiting"


async def test_i9_taken_without_contact_in_time_it_is_untaken_and_climbs_again(town: Town) -> None:
    her, amal, badria, _ = await a_team(town)
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
    _, amal, badria, _ = await a_team(town)
    await town.alarm()
    await town.presses(amal, "I take it")
    await town.passes(minutes=29)
    await town.presses(amal, "Contact made")
    await town.passes(hours=5)
    assert await town.status() == "contacted"
    assert badria.shows == []


async def test_i10_a_running_alarm_keeps_the_ladder_it_began_with(town: Town) -> None:
    _, _, badria, _ = await a_team(town)
    await town.alarm()
    town.with_ladder("critical", steps=())
    await town.passes(minutes=6)
    assert len(badria.pages) == 1


async def test_i10_the_people_are_those_of_the_moment_at_which_a_step_fires(town: Town) -> None:
    _, _, badria, _ = await a_team(town)
    await town.alarm()
    new = await town.has("new")
    await town.is_on_call(new, "substitute")
    await town.store.write(kept_staff.disable, badria.number)
    await town.passes(minutes=6)
    assert len(new.pages) == 1
    assert badria.shows == []


async def test_i11_every_page_press_delivery_and_level_is_in_the_log_with_its_latency(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm("high")
    town.now += timedelta(minutes=1)
    await town.is_raised("critical")
    town.now += timedelta(minutes=1)
    await town.presses(amal, "I take it")
    town.now += timedelta(minutes=1)
    await town.presses(amal, "Contact made")
    entries = await town.log()
    wanted = [
        "began",
        "paged",
        "page:delivered",
        "raised",
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
    _, amal, _, _ = await a_team(town)
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
    await a_team(town)
    await town.alarm()
    await town.store.write(_spoil, town)
    town.now += timedelta(minutes=6)
    failed: list[int] = []
    acted = await alarms.fire_due(town.store, town.world, town.fired.append, lambda case, _: failed.append(case))
    assert (acted, failed) == (1, [5])


def _spoil(unit: Unit, town: Town) -> None:
    another_page(unit, 1, town)
    sql = "INSERT INTO alarms (case_id, body, status, next_action_at, version) VALUES (5, :body, 'open', 1, 1)"
    unit.do(sql, {"body": b"\x01broken"})
