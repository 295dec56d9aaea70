"""The composer over HTTP: what is written, what is refused, who may sign, and what then goes out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.pushed import WAYS
from messages.catalog import render
from storage import templates
from tests.desk.campaign_town import ARABIC, SID, Team, campaign_town, words
from tests.platforms.phones import plain

AT = datetime(2026, 11, 24, 14, tzinfo=UTC)
"""Five in the afternoon in Aden, on the day that the form names."""


@pytest.fixture
async def team(sqlite: str, tmp_path: Path) -> AsyncIterator[Team]:
    async with campaign_town(sqlite, tmp_path) as found:
        yield found


# ---------------------------------------------------------------- writing


async def test_a_new_campaign_is_a_draft_that_is_told_nothing_yet(team: Team) -> None:
    number = await team.begins()
    page = await team.writer.get(f"/desk/campaigns/{number}")
    assert page.status == 200
    assert 'class="wrong"' not in page.text
    assert (await team.one(number)).state == "draft"


async def test_a_draft_is_kept_whatever_is_wrong_in_it_and_each_fault_stands_at_its_field(team: Team) -> None:
    number = await team.begins()
    answer = await team.saves(number, ar_0="اتصل بنا على ٧٧٠ ٠٠٠ ٠٠١", en_0="", name="", ends="2026-11-01", hour="")
    assert answer.status == 303
    page = await team.writer.get(f"/desk/campaigns/{number}")
    for field in ("name", "ends", "ar-0", "en-0", "hour"):
        assert f'id="{field}-wrong"' in page.text, field
    assert (await team.one(number)).plan.messages[0].texts["ar"] == "اتصل بنا على ٧٧٠ ٠٠٠ ٠٠١"


async def test_what_is_not_whole_asks_for_nobody(team: Team) -> None:
    number = await team.written(en_0="")
    answer = await team.does(team.writer, number, "ask")
    assert answer.status == 422
    assert (await team.one(number)).state == "draft"


async def test_two_at_once_overwrite_nothing_and_the_second_keeps_her_words_on_the_page(team: Team) -> None:
    number = await team.written()
    old = await team.one(number)
    await team.saves(number, name="By the first")
    from tests.desk.campaign_town import form  # noqa: PLC0415 - with the version that she read

    answer = await team.editor.post(f"/desk/campaigns/{number}", form(old, name="By the second"))
    assert answer.status == 409
    assert "By the second" in answer.text
    assert (await team.one(number)).plan.name == "By the first"


async def test_a_message_more_and_a_message_less(team: Team) -> None:
    number = await team.written(act="more")
    assert [one.after for one in (await team.one(number)).plan.messages] == [0, 1]
    await team.saves(number, act="less-0", count="2", ar_1="الثانية", en_1="The second", after_1="4")
    (left,) = (await team.one(number)).plan.messages
    assert (left.after, left.texts["en"]) == (0, "The second")


async def test_it_is_never_more_than_five_messages(team: Team) -> None:
    number = await team.written()
    for count in range(1, 8):
        await team.saves(number, act="more", count=str(min(count, 5)))
    assert len((await team.one(number)).plan.messages) == 5


@pytest.mark.parametrize(
    "changes",
    [
        {"ar_0": "😀" * 5000},
        {"how": "hourly", "weekdays": ["9", "-1", "x"], "monthday": "99", "hour": "noon"},
        {"day": "not a day", "hour": "25:99", "begins": "9999999-01-01", "rate": "-5"},
        {"buttons_0": ["p:0:menu", "../etc", "menu"], "media_0": "9" * 30, "count": "999"},
        {"audience": "everybody", "areas": ["mars"], "channels": ["sms"], "languages": ["fr"], "leaders": ["king"]},
        {"sid_ar_0": "HX' OR 1=1", "blanks_ar_0": "\n".join("x" for _ in range(500))},
        {"name": "\x00\u202e" + "x" * 100_000},
        {"act": "less-7", "count": "-3", "after_0": "7", "name": ""},
    ],
)
async def test_whatever_comes_is_kept_harmlessly_or_refused_kindly(
    team: Team, changes: dict[str, str | list[str]]
) -> None:
    number = await team.begins()
    answer = await team.saves_as(team.writer, number, **changes)
    assert answer.status == 303
    for path in ("", "/look"):
        assert (await team.writer.get(f"/desk/campaigns/{number}{path}")).status == 200
    assert (await team.does(team.writer, number, "ask")).status == 422


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, "٣", "1%27"])
async def test_what_is_not_there_says_so(team: Team, number: str) -> None:
    for path in ("", "/look"):
        answer = await team.writer.get(f"/desk/campaigns/{number}{path}")
        assert answer.status == 404
        assert "not here any more" in answer.text
    for act in ("copy", "delete", "ask", "approve", "back", "test"):
        by = team.second
        answer = await by.post(f"/desk/campaigns/{number}/{act}", {"language": "ar", "place": "0"})
        assert answer.status == 404, act


async def test_a_campaign_is_copied_without_its_days_and_deleted(team: Team) -> None:
    number = await team.written()
    copied = int((await team.does(team.editor, number, "copy")).goes_to.rpartition("/")[2])
    plan = (await team.one(copied)).plan
    assert (plan.messages[0].texts["ar"], plan.day, plan.begins) == (ARABIC, None, None)
    assert (await team.does(team.writer, number, "delete")).status == 303
    assert await team.find(number) is None


# ---------------------------------------------------------------- the second person


async def test_the_second_person_signs_and_it_goes_out_at_its_hour(team: Team) -> None:
    number = await team.asked()
    answer = await team.signs(team.second, number)
    assert answer.status == 303, words(answer)
    (run,) = await team.runs(number)
    assert (run.starts_at, run.made_by, run.approved_by) == (AT, team.writer.number, team.second.number)
    assert run.frozen.texts == {"ar": ARABIC, "en": (await team.one(number)).plan.messages[0].texts["en"]}
    assert [what for what in await team.logged() if what in {"campaign:asked", "campaign:approved"}] == [
        "campaign:asked",
        "campaign:approved",
    ]


@pytest.mark.parametrize("who", ["writer", "editor"])
async def test_neither_the_author_nor_who_may_not_approve_signs(team: Team, who: str) -> None:
    number = await team.asked()
    answer = await team.signs(getattr(team, who), number)
    assert answer.status == 403
    assert await team.runs(number) == []


async def test_whoever_changed_it_last_does_not_sign_it(team: Team) -> None:
    number = await team.written()
    await team.saves_as(team.second, number, name="Changed")
    await team.does(team.writer, number, "ask")
    assert (await team.signs(team.second, number)).status == 403
    assert (await team.signs(team.boss, number)).status == 303


async def test_she_signs_what_she_saw_or_nothing(team: Team) -> None:
    number = await team.asked()
    other = await team.asked(name="Another")
    page = (await team.second.get(f"/desk/campaigns/{other}/look")).text
    signed = page.split('name="signed" value="')[1][:64]
    assert (await team.signs(team.second, number, signed=signed)).status == 409
    assert (await team.signs(team.second, number, signed="no hash")).status == 409
    assert await team.runs(number) == []


async def test_a_change_after_she_looked_is_not_signed_with_it(team: Team) -> None:
    number = await team.asked()
    version = str((await team.one(number)).version)
    await team.saves_as(team.editor, number, name="Changed meanwhile")
    await team.does(team.editor, number, "ask")
    assert (await team.signs(team.second, number, version=version)).status == 409


async def test_a_change_takes_the_approval_back_and_calls_off_what_waits(team: Team) -> None:
    number = await team.asked()
    await team.signs(team.second, number)
    await team.saves_as(team.editor, number, name="Changed")
    found = await team.one(number)
    assert (found.state, found.approved_by, found.frozen_hash) == ("draft", None, None)
    assert [run.state for run in await team.runs(number)] == ["cancelled"]


async def test_nothing_leaves_before_the_undo_window_is_over(team: Team) -> None:
    number = await team.asked(day="2026-11-22", hour="09:00")
    page = words(await team.second.get(f"/desk/campaigns/{number}/look"))
    assert "as soon as it is approved" in page
    await team.signs(team.second, number)
    (run,) = await team.runs(number)
    assert timedelta(minutes=9) < run.starts_at - team.place.now() <= timedelta(minutes=10)
    assert "The first letter leaves in" in words(await team.second.get(f"/desk/campaigns/{number}/look"))


async def test_it_is_taken_back_whole_within_the_undo_window(team: Team) -> None:
    number = await team.asked(day="2026-11-22", hour="13:00")
    await team.signs(team.second, number)
    assert (await team.does(team.boss, number, "back")).status == 303
    assert [run.state for run in await team.runs(number)] == ["cancelled"]
    assert (await team.one(number)).state == "draft"


async def test_a_second_press_sends_nothing_twice(team: Team) -> None:
    number = await team.asked()
    await team.signs(team.second, number)
    assert (await team.signs(team.second, number)).status == 409
    assert len(await team.runs(number)) == 1


async def test_warnings_are_confirmed_one_by_one_or_it_stays(team: Team) -> None:
    number = await team.asked(day="2026-11-24", hour="23:00")  # nobody is written to at eleven at night
    assert (await team.signs(team.second, number, sure="")).status == 422
    assert (await team.signs(team.second, number, warnings="on_call")).status == 422
    assert (await team.signs(team.second, number)).status == 303


async def test_a_name_is_let_through_only_with_a_reason_that_is_kept(team: Team) -> None:
    number = await team.asked(ar_0=ARABIC + " قالت فاطمة هذا.")
    assert (await team.signs(team.second, number)).status == 422
    assert (await team.signs(team.second, number, reason="short")).status == 422
    answer = await team.signs(team.second, number, reason="She is a figure in an old tale, no living person.")
    assert answer.status == 303
    assert (await team.one(number)).body.overruled.startswith("She is a figure")
    assert "campaign:overruled" in await team.logged()


async def test_a_phone_number_is_let_through_by_nobody(team: Team) -> None:
    number = await team.written(ar_0=ARABIC + " 770 000 001")
    assert (await team.does(team.writer, number, "ask")).status == 422


async def test_without_readers_nothing_is_signed(team: Team) -> None:
    number = await team.asked(audience="meetings")
    assert (await team.signs(team.second, number)).status == 422
    assert "Nobody would get it" in words(await team.second.get(f"/desk/campaigns/{number}/look"))


async def test_three_messages_are_three_runs_of_which_none_overtakes_another(team: Team) -> None:
    more = {
        f"{language}_{place}": text for place in (1, 2) for language, text in (("ar", ARABIC), ("en", "More of it."))
    }
    number = await team.asked(count="3", after_1="2", after_2="5", **more)
    assert (await team.signs(team.second, number)).status == 303
    found = await team.runs(number)
    assert [run.starts_at for run in found] == [AT, AT + timedelta(days=2), AT + timedelta(days=5)]
    assert [run.ends_at for run in found][:2] == [run.starts_at for run in found][1:]


# ---------------------------------------------------------------- what recurs


async def test_what_recurs_goes_out_each_time_with_what_was_signed_and_ends_with_its_period(team: Team) -> None:
    number = await team.asked(how="weekly", weekdays=["0"], hour="17:00", ends="2026-12-08")
    await team.signs(team.second, number)
    assert (await team.one(number)).next_at == datetime(2026, 11, 30, 14, tzinfo=UTC)
    await _passes(team, datetime(2026, 11, 30, 14, 1, tzinfo=UTC))
    await _passes(team, datetime(2026, 12, 7, 14, 1, tzinfo=UTC))
    starts = [run.starts_at for run in await team.runs(number)]
    assert [at.date().isoformat() for at in starts] == ["2026-11-23", "2026-11-30", "2026-12-07"]
    assert (await team.one(number)).next_at is None


async def test_missed_occurrences_do_not_pile_up(team: Team) -> None:
    number = await team.asked(how="weekly", weekdays=["0", "1", "2", "3"], hour="17:00")
    await team.signs(team.second, number)
    await _passes(team, datetime(2026, 12, 10, 14, 1, tzinfo=UTC))
    assert len(await team.runs(number)) == 1, "the hour it was for is long over"
    assert (await team.one(number)).next_at == datetime(2026, 12, 14, 14, tzinfo=UTC)


async def test_what_is_not_what_was_signed_does_not_go_out(team: Team) -> None:
    number = await team.asked(how="weekly", weekdays=["0"], hour="17:00")
    await team.signs(team.second, number)
    sql = "UPDATE campaigns SET frozen_hash = :hash WHERE id = :id"
    await team.place.working.store.write(lambda unit: unit.do(sql, {"hash": bytes(32), "id": number}))
    await _passes(team, datetime(2026, 11, 30, 14, 1, tzinfo=UTC))
    assert len(await team.runs(number)) == 1
    assert (await team.one(number)).state == "draft"
    assert "campaign:unsigned" in await team.logged()


async def _passes(team: Team, until: datetime) -> None:
    """Time passes, and the duty is done."""
    from handlers import campaigns  # noqa: PLC0415 - one of the worker's duties

    team.place.telegram.passes((until - team.place.now()).total_seconds())
    await team.place.working.store.write(campaigns.occur, team.place.working.world())


# ---------------------------------------------------------------- test, stop, log, duress


async def test_a_test_reaches_her_own_phone_and_nobody_else(team: Team) -> None:
    number = await team.written(buttons_0=["subscribe", "unsubscribe", ""])
    assert (await team.does(team.writer, number, "test", language="ar", place="0")).status == 303
    mine = await team.writer.phone.sees("صباح الخير")
    assert plain(mine.text) == ARABIC
    assert mine.labels == [render(WAYS[way], "ar") for way in ("subscribe", "unsubscribe")]
    assert await team.runs(number) == []


async def test_what_was_signed_reaches_every_subscriber_at_its_hour_and_the_campaign_is_over(team: Team) -> None:
    number = await team.asked(day="2026-11-22", hour="13:00")
    await team.signs(team.second, number)
    await team.stands(number, "waiting")
    await team.place.passes(minutes=55)
    assert [phone.unread for phone in team.phones] == [[], [], []]
    await team.place.passes(minutes=6)
    for phone in team.phones:
        assert plain((await phone.sees("صباح الخير")).text) == ARABIC
    await team.stands(number, "done")
    await _passes(team, team.place.now() + timedelta(minutes=1))
    assert (await team.one(number)).state == "over"
    await team.writer.begins_anew(team.place)
    assert (await team.saves(number, name="Too late")).status == 409


async def test_who_has_no_phone_is_told_so(team: Team) -> None:
    number = await team.written()
    answer = await team.does(team.editor, number, "test", language="ar", place="0")
    assert answer.status == 422
    assert "linked no phone" in words(answer)


async def test_everything_is_stopped_by_one_and_allowed_again_by_another(team: Team) -> None:
    assert (await team.writer.post("/desk/campaigns/stop", {})).status == 303
    assert "is stopped" in words(await team.second.get("/desk/campaigns"))
    assert (await team.writer.post("/desk/campaigns/allow", {})).status == 409
    assert (await team.second.post("/desk/campaigns/allow", {})).status == 303
    assert "is stopped" not in words(await team.second.get("/desk/campaigns"))


async def test_under_duress_there_is_no_campaign_and_nothing_is_done(team: Team) -> None:
    number = await team.asked()
    forced = await team.desks.hired("Amal", "campaigner", duress=True, language="en")
    assert "Passwords" not in (await forced.get("/desk/campaigns")).text
    for path in ("", "/look"):
        assert (await forced.get(f"/desk/campaigns/{number}{path}")).status == 404
    before = await team.one(number)
    await forced.post("/desk/campaigns", {})
    for act in ("copy", "delete", "ask", "approve", "back", "test"):
        await forced.post(f"/desk/campaigns/{number}/{act}", {"version": str(before.version), "language": "ar"})
    await forced.post("/desk/campaigns/stop", {})
    assert await team.one(number) == before
    assert "is stopped" not in words(await team.second.get("/desk/campaigns"))


# ---------------------------------------------------------------- templates


def _template(**changes: str) -> dict[str, str]:
    whole = {"name": "Idea", "sid": SID, "language": "ar", "category": "utility"}
    return whole | {"body": "صباح الخير، فكرة اليوم {{1}} بين يديكِ."} | changes


async def test_a_template_is_registered_once_paused_and_allowed_again(team: Team) -> None:
    assert (await team.writer.post("/desk/campaigns/templates", _template())).status == 303
    assert (await team.writer.post("/desk/campaigns/templates", _template())).status == 422
    (found,) = await team.place.working.store.read(templates.everything)
    assert (found.variables, found.state) == (1, "approved")
    path = f"/desk/campaigns/templates/{found.id}"
    assert (await team.writer.post(path, {"act": "pause"})).status == 303
    assert "paused by hand" in words(await team.writer.get("/desk/campaigns/templates"))
    assert (await team.writer.post(path, {"act": "allow"})).status == 303
    assert (await team.writer.post(path, {"act": "eat"})).status == 422
    assert (await team.writer.post(path, {"act": "delete"})).status == 303
    assert await team.place.working.store.read(templates.everything) == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": " "}),
        ("sid", {"sid": "HX12"}),
        ("language", {"language": "fr"}),
        ("category", {"category": "authentication"}),
        ("body", {"body": ""}),
        ("body", {"body": "س" * 1025}),
        ("body", {"body": "{{1}} فكرة اليوم"}),
        ("body", {"body": "فكرة اليوم {{1}}."}),
        ("body", {"body": "فكرة {{1}} {{2}} اليوم"}),
        ("body", {"body": "فكرة {{2}} اليوم"}),
        ("body", {"body": "فكرة {name} اليوم"}),
        ("buttons", {"title-0": "x" * 21, "way-0": "menu"}),
        ("buttons", {"title-0": "نعم", "way-0": "elsewhere"}),
        ("buttons", {"title-0": "نعم", "way-0": "menu", "title-1": "نعم", "way-1": "menu"}),
    ],
)
async def test_what_meta_refuses_is_refused_at_its_field(team: Team, field: str, changes: dict[str, str]) -> None:
    answer = await team.writer.post("/desk/campaigns/templates", _template(**changes))
    assert answer.status == 422
    assert f'id="{field}-wrong"' in answer.text


async def test_a_paused_template_blocks_and_a_wrong_number_of_variables_stands_at_its_field(team: Team) -> None:
    await team.writer.post("/desk/campaigns/templates", _template())
    (found,) = await team.place.working.store.read(templates.everything)
    number = await team.written(sid_ar_0=SID)
    assert 'id="blanks-ar-0-wrong"' in (await team.writer.get(f"/desk/campaigns/{number}")).text
    await team.saves(number, sid_ar_0=SID, blanks_ar_0="عن كلمات المرور")
    assert (await team.does(team.writer, number, "ask")).status == 303
    await team.writer.post(f"/desk/campaigns/templates/{found.id}", {"act": "pause"})
    assert (await team.signs(team.second, number)).status == 422
    await team.writer.post(f"/desk/campaigns/templates/{found.id}", {"act": "allow"})
    assert (await team.signs(team.second, number)).status == 303
    (run,) = await team.runs(number)
    assert (run.frozen.sids, run.frozen.blanks) == ({"ar": SID}, {"ar": ("عن كلمات المرور",)})


async def test_a_template_in_use_is_not_removed(team: Team) -> None:
    await team.writer.post("/desk/campaigns/templates", _template())
    (found,) = await team.place.working.store.read(templates.everything)
    await team.asked(sid_ar_0=SID, blanks_ar_0="عن كلمات المرور")
    assert (await team.writer.post(f"/desk/campaigns/templates/{found.id}", {"act": "delete"})).status == 409
