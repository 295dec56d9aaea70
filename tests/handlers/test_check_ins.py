"""Check-ins from the first letter to the alarm, with the real tables of both databases."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from flows.core import Answer, TurnCheckIn
from handlers import alarms, board, check_ins, load, work_view
from handlers.board_order import Wanted
from handlers.work import NotDone, Who
from storage import board as lines
from storage import cases, files, people, staff
from storage import load as kept_load
from storage.board import Facets
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit
from tests.handlers.check_in_town import HER, OTHER, SIX, CheckInTown

ASKED = "Hello, is all well? Write your word when you can."
HALF_PAST = SIX + timedelta(minutes=30)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
async def town(store: Store) -> CheckInTown:
    return CheckInTown(store)


async def test_she_is_reminded_and_asked_and_then_somebody_is_paged_at_once(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    her = await town.woman()
    code = await town.arms()
    await town.until(SIX + minutes(29))
    assert [text.split(":")[0] for text in her.texts[:2]] == ["A small reminder", "A small reminder"]
    assert her.texts[2:] == [ASKED] * 3
    assert (huda.shows, await town.status_of(code)) == ([], "sleeping")
    await town.until(HALF_PAST)
    assert len(huda.pages) == 1
    assert await town.status_of(code) == "waiting"
    assert "We have not heard from you yet" in her.last.text


async def test_the_woken_case_holds_her_plan_and_says_why(town: CheckInTown) -> None:
    await town.begins()
    await town.woman()
    code = await town.arms()
    await town.until(HALF_PAST)
    assert await town.kinds(code) == ["plan", "opened", "missed"]
    items = {one["kind"]: one for one in await town.opened(code)}
    assert items["plan"]["answers"]["plan"]["words"] == "إلى بيت خالتي ثم السوق"
    assert items["missed"]["late"] == 0
    facets = await town.facets(code)
    assert (facets.level, facets.because, facets.place) == (
        "critical",
        (("check_in", "missed"),),
        {"governorate": "marib"},
    )
    found = await town.asks(people.recall, HER)
    assert found is not None
    assert found[3].cases == (code,)


async def test_until_then_the_plan_is_there_for_nobody(town: CheckInTown) -> None:
    """Neither in the list, nor by its code, nor among what a key opens, nor in the load, even for who has a share."""
    huda, _ = await town.begins()
    await town.store.write(cases.add_reader, 2, "staff", public_key(bytes(range(32))), town.now, huda.number)
    await town.woman()
    code = await town.arms()
    number = await town.asks(_number_of, code)
    assert (2, 1) in await town.asks(cases.shares, number)
    member = await town.asks(staff.member, huda.number)
    assert member is not None
    coordinator = msgspec.structs.replace(member, role="coordinator")
    for who in (member, coordinator):
        page = await board.Board().page(town.store, who, Wanted(), town.world())
        assert (page.rows, dict(page.counts)) == ((), {"all": 0, "mine": 0, "waiting": 0})
        closed = await board.Board().page(town.store, who, Wanted("closed"), town.world())
        assert closed.rows == ()
    assert await town.asks(lines.opened) == []
    assert await town.asks(kept_load.opened_by) == {}
    assert await town.asks(kept_load.codes_of, huda.number, 0, 10) == []
    assert (await town.asks(load.load_of, Facets(), town.world())).untaken == ()
    assert await town.asks(cases.sealed_case, code) is None
    with pytest.raises(NotDone):
        await town.store.write(_look_as_lead, code, huda.number, town)


def _number_of(unit: Unit, code: str) -> int:
    case = cases.by_code(unit, code)
    assert case is not None
    return case.id


def _look_as_lead(unit: Unit, code: str, number: int, town: CheckInTown) -> None:
    sql = "INSERT INTO assignments (id, case_id, staff_id, part, since) VALUES (1, :case, :staff, 'lead', 0)"
    unit.do(sql, {"case": _number_of(unit, code), "staff": number})
    work_view.look(unit, code, Who(number, "focal_point"), town.world())


async def test_it_is_not_among_her_own_reports_before(town: CheckInTown) -> None:
    await town.begins()
    await town.woman()
    await town.arms()
    assert await town.asks(cases.of_person, HER) == []


async def test_safe_in_time_pages_nobody_and_the_plan_is_destroyed_after_seven_days(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    await town.woman()
    code = await town.arms()
    await town.until(SIX + minutes(2))
    await town.does("safe")
    assert await town.hers() == ()
    await town.until(SIX + timedelta(days=6))
    assert (await town.sweeps(), await town.status_of(code)) == (0, "sleeping")
    await town.until(SIX + timedelta(days=7, minutes=3))
    assert (await town.sweeps(), await town.status_of(code)) == (1, "gone")
    assert huda.shows == []
    for table in ("check_ins", "case_keys", "case_items"):
        assert await town.asks(_count, table) == 0
    found = await town.asks(people.recall, HER)
    assert found is not None
    assert not found[3].watched


def _count(unit: Unit, table: str) -> int:
    row = unit.one(f"SELECT COUNT(*) FROM {table}")
    return 0 if row is None else int(row[0])


async def test_a_voice_note_in_the_plan_lives_and_ends_with_it(town: CheckInTown) -> None:
    await town.begins()
    await town.woman()
    note = files.FileNote(70, "voice", bytes(32))
    await town.store.write(files.want, note, HER, "telegram", b"handle", town.now)
    await town.arms(plan={"plan": Answer(files=(70,))})
    assert await town.asks(files.case_of, 70) is not None
    await town.does("cancel")
    await town.until(town.now + timedelta(days=8))
    await town.sweeps()
    assert await town.asks(_count, "files") == 0


async def test_letters_that_wait_are_called_back_when_she_has_answered(town: CheckInTown) -> None:
    await town.begins()
    her = await town.woman()
    await town.arms()
    await town.until(SIX - minutes(1))
    town.down.add("telegram")
    await town.until(SIX + minutes(6))
    await town.does("safe")
    town.down.clear()
    await town.post()
    assert ASKED not in her.texts


async def test_she_is_asked_on_all_her_chats_each_in_its_language(town: CheckInTown) -> None:
    await town.begins()
    her, other = await town.woman(), await town.woman(OTHER, "whatsapp")
    await town.is_now(OTHER, language="ar")
    await town.joins(HER, OTHER)
    await town.arms()
    await town.until(SIX)
    assert her.last.text == ASKED
    assert (other.last.purpose, other.last.language) == ("check_in", "ar")
    assert [one.state for one in await town.hers(OTHER)] == ["asked"]
    await town.does("safe", number=OTHER)
    assert await town.hers(HER) == ()


async def test_nobody_else_turns_hers(town: CheckInTown) -> None:
    await town.begins()
    await town.woman()
    await town.woman(OTHER, "whatsapp")
    await town.arms()
    [one] = await town.hers()
    for did in ("safe", "cancel", "wrong", "wrong"):
        await town.store.write(check_ins.turn, OTHER, TurnCheckIn(one.id, did), town.world())
    assert [one.state for one in await town.hers()] == ["armed"]


async def test_while_it_is_not_safe_she_is_not_asked_and_the_clock_goes_on(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    her = await town.woman(quiet=True)
    await town.arms()
    await town.until(HALF_PAST)
    assert (her.shows, len(huda.pages)) == ([], 1)


async def test_a_locked_chat_gets_the_harmless_question_and_nothing_about_the_call(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    her = await town.woman(locked=True)
    await town.arms()
    await town.until(HALF_PAST + minutes(20))
    assert her.texts[-1] == ASKED
    assert huda.pages


async def test_duress_looks_like_safe_to_her_and_pages_silently(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    her = await town.woman()
    code = await town.arms()
    await town.until(SIX + minutes(1))
    before = list(her.texts)
    await town.does("duress")
    assert (await town.hers(), her.texts) == ((), before)
    assert len(huda.pages) == 1
    facets = await town.facets(code)
    assert (facets.because, facets.silent) == ((("duress", "duress"),), True)
    assert await town.asks(cases.of_person, HER) == []
    await town.until(SIX + minutes(40))
    assert her.texts == before, "nothing about its alarm is ever written in this chat"
    assert "plan" in await town.kinds(code)


async def test_duress_that_seems_to_put_it_off_does_so(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    await town.woman()
    code = await town.arms()
    await town.does("duress", 60, seeming="extend")
    assert [(one.state, one.due_at) for one in await town.hers()] == [("armed", SIX + minutes(60))]
    assert len(huda.pages) == 1
    await town.until(SIX + minutes(91))
    assert (await town.kinds(code))[-1] == "missed"


async def test_two_wrong_words_page_and_show_nothing(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    her = await town.woman()
    code = await town.arms()
    await town.until(SIX + minutes(1))
    before = list(her.texts)
    await town.does("wrong")
    assert huda.pages == []
    await town.does("wrong")
    assert len(huda.pages) == 1
    assert (her.texts, [one.state for one in await town.hers()]) == (before, ["asked"])
    assert (await town.facets(code)).silent


async def test_her_word_after_the_alarm_is_told_to_who_holds_it_and_stops_nothing(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    await town.woman()
    code = await town.arms()
    await town.until(HALF_PAST)
    await town.takes(code, huda)
    await town.does("safe")
    assert (await town.kinds(code))[-1] == "says_safe"
    assert huda.last.text.startswith("There is something new about the appointment (")
    assert await town.status_of(code) == "taken"


async def test_her_word_before_anybody_took_it_lets_the_pages_go_on(town: CheckInTown) -> None:
    await town.begins()
    await town.woman()
    code = await town.arms()
    await town.until(HALF_PAST)
    await town.does("safe")
    alarm = await town.alarm_of(code)
    assert (alarm.status, alarm.due_at is not None) == ("open", True)


async def test_after_downtime_it_fires_once_late_and_says_so(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    her = await town.woman()
    code = await town.arms()
    await town.sleeps(hours=11)
    while await town.checks_in():
        pass
    await town.post()
    assert len(huda.pages) == 1
    missed = (await town.opened(code))[-1]
    assert missed["late"] == timedelta(hours=2, minutes=30).total_seconds()
    assert [text.startswith("Hello. We were away for a while") for text in her.texts] == [True]
    assert [fired.late for fired in town.checked] == [timedelta(hours=3, minutes=15)]
    assert await town.checks_in() == 0


async def test_asked_late_she_is_told_that_we_were_away(town: CheckInTown) -> None:
    await town.begins()
    her = await town.woman()
    await town.arms()
    await town.until(SIX - minutes(4))
    await town.sleeps(minutes=10)
    await town.checks_in()
    await town.post()
    assert her.last.text.startswith("Hello, is all well? We were away for a while")


async def test_two_processes_that_fire_together_call_one_person_once(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    await town.woman()
    await town.arms()
    await town.sleeps(hours=9)
    [one] = await town.hers()
    acts = (town.store.write_for(key, check_ins.fire, one.id, town.world()) for key in (1, 2))
    await asyncio.gather(*acts, return_exceptions=True)
    await town.post()
    assert len(huda.pages) == 1


async def test_a_broken_one_stops_no_other_and_the_coordinators_are_woken_once(town: CheckInTown) -> None:
    huda, coordinator = await town.begins()
    await town.woman()
    await town.arms()
    await town.arms(due_at=SIX + minutes(1))
    broken = (await town.rows())[0].id
    await town.store.write(_break, broken)
    await town.sleeps(hours=9)
    while await town.checks_in():
        pass
    await town.post()
    assert broken in town.failed
    assert len(huda.pages) == 1
    for _ in range(2):
        await town.store.write(check_ins.overdue, town.world())
        await town.post()
    assert [text.startswith("Appointments are past their time") for text in coordinator.texts] == [True]


def _break(unit: Unit, number: int) -> None:
    unit.do("UPDATE check_ins SET body = :junk WHERE id = :id", {"junk": b"junk", "id": number})


async def test_a_recurring_one_keeps_its_case_from_round_to_round(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    her = await town.woman()
    code = await town.arms(every="daily")
    for day in range(3):
        await town.until(SIX + timedelta(days=day, minutes=2))
        await town.does("safe")
    assert her.texts.count(ASKED) == 3
    assert (await town.sweeps(), huda.shows) == (0, [])
    await town.until(SIX + timedelta(days=3, minutes=30))
    assert await town.status_of(code) == "waiting"
    assert "plan" in await town.kinds(code)


async def test_paused_it_is_silent_until_it_is_resumed(town: CheckInTown) -> None:
    await town.begins()
    her = await town.woman()
    await town.arms(every="daily")
    await town.does("pause")
    await town.until(SIX + timedelta(days=2))
    assert her.shows == []
    await town.does("resume")
    await town.until(SIX + timedelta(days=3))
    assert her.last.text == ASKED


async def test_put_off_too_often_the_coordinators_hear_softly_once(town: CheckInTown) -> None:
    _, coordinator = await town.begins()
    await town.woman()
    code = await town.arms()
    for _ in range(6):
        await town.does("extend", 10)
    assert [text.startswith("A planned time was put off several times") for text in coordinator.texts] == [True]
    await town.until(SIX + minutes(90))
    assert [one["times"] for one in await town.opened(code) if one["kind"] == "put_off"] == [1, 2, 3, 4, 5, 6]


async def test_a_closed_case_that_is_missed_again_waits_for_somebody_again(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    await town.woman()
    code = await town.arms(every="daily")
    await town.does("duress")
    await town.takes(code, huda)
    number = await town.asks(_number_of, code)
    await town.store.write(alarms.close, number, town.world())
    assert await town.status_of(code) == "closed"
    await town.until(SIX + timedelta(days=1, minutes=31))
    assert await town.status_of(code) == "waiting"
    assert len(huda.pages) > 1


# ---------------------------------------------------------------- many at once


async def _missed_together(town: CheckInTown, count: int, area: str = "marib", after: float = 0) -> list[str]:
    """So many women who are due a minute one after the other."""
    codes = []
    for place in range(count):
        number = HER + 100 + int(after) * 10 + place + (0 if area == "marib" else 1000)
        await town.woman(number)
        codes.append(await town.arms(number, SIX + minutes(after + place), area=area))
    return codes


async def _network(town: CheckInTown) -> list[str]:
    rows = await town.asks(lambda unit: unit.all("SELECT code FROM outages JOIN cases ON cases.id = case_id"))
    return [code for (code,) in rows]


async def test_three_missed_in_one_area_make_one_network_page_that_lists_them(town: CheckInTown) -> None:
    await town.begins()
    codes = await _missed_together(town, 3)
    await town.until(HALF_PAST + minutes(2))
    [about] = await _network(town)
    listed = [one["codes"] for one in await town.opened(about) if one["kind"] == "network"]
    assert listed == [codes]
    assert [await town.status_of(code) for code in codes] == ["waiting"] * 3
    assert (await town.alarm_of(about)).paged
    assert [bool((await town.alarm_of(code)).paged) for code in codes] == [True, True, False]


async def test_a_fourth_joins_and_another_area_is_not_touched(town: CheckInTown) -> None:
    await town.begins()
    codes = await _missed_together(town, 4)
    [elsewhere] = await _missed_together(town, 1, "taizz", after=2)
    await town.until(HALF_PAST + minutes(4))
    [about] = await _network(town)
    listed = [code for one in await town.opened(about) if one["kind"] == "network" for code in one["codes"]]
    assert listed == codes
    assert (await town.alarm_of(elsewhere)).paged


async def test_what_was_held_climbs_by_itself_and_nothing_is_cancelled(town: CheckInTown) -> None:
    huda, _ = await town.begins()
    codes = await _missed_together(town, 3)
    await town.until(HALF_PAST + minutes(2))
    [about] = await _network(town)
    number = await town.asks(_number_of, about)
    await town.store.write(alarms.close, number, town.world())
    before = len(huda.pages)
    await town.until(HALF_PAST + minutes(16))
    assert not (await town.alarm_of(codes[2])).paged
    await town.until(HALF_PAST + minutes(18))
    assert (await town.alarm_of(codes[2])).paged
    assert len(huda.pages) > before
    assert [(await town.alarm_of(code)).status for code in codes] == ["open"] * 3


async def test_misses_far_apart_are_each_their_own(town: CheckInTown) -> None:
    await town.begins()
    for place in range(3):
        await _missed_together(town, 1, after=place * 11)
    await town.until(HALF_PAST + minutes(30))
    assert await _network(town) == []


async def test_without_a_governorate_nothing_is_held(town: CheckInTown) -> None:
    await town.begins()
    codes = await _missed_together(town, 3, area="")
    await town.until(HALF_PAST + minutes(2))
    assert await _network(town) == []
    assert all([(await town.alarm_of(code)).paged for code in codes])
