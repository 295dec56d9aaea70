"""The rota at the desk: who may arrange what, what is said before it is done, and what becomes of a request."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import audit
from tests.desk.rota_town import ROTA, Rota, rota_town, words
from tests.desk.staff import Staffer


@pytest.fixture
async def rota(sqlite: str, tmp_path: Path) -> AsyncIterator[Rota]:
    async with rota_town(sqlite, tmp_path) as found:
        yield found


async def audited(rota: Rota) -> list[str]:
    found = await rota.place.working.store.read(audit.after, 0)
    return [one.what for one in found if one.what.startswith("rota:")]


# ---------------------------------------------------------------- the week


async def test_a_week_shows_who_is_on_call_where_nobody_is_and_who_it_is_now(rota: Rota) -> None:
    await rota.shift(rota.huda, "2026-11-22T08:00", "2026-11-22T20:00")
    await rota.shift(rota.najla, "2026-11-21T00:00", "2026-11-28T00:00", level="substitute")
    page = await rota.huda.get(ROTA)
    assert page.status == 200
    said = words(page)
    assert "Now First Huda Substitute Najla" in said
    assert "Saturday 21/11 First 00:00 to 24:00 Nobody" in said
    assert "First 00:00 to 08:00 Nobody 08:00 to 20:00 Huda" in said
    assert "20:00 to 24:00 Nobody" in said


async def test_weeks_begin_on_saturday_whichever_day_is_named(rota: Rota) -> None:
    for day in ("2026-11-21", "2026-11-22", "2026-11-27"):
        page = await rota.huda.get(f"/desk/rota?week={day}")
        assert "The week from Saturday, 21 November 2026" in words(page)


@pytest.mark.parametrize("week", ["soon", "2026-13-01", "0001-01-01", "9999-12-31", "2026-11-22T00:00"])
async def test_a_day_that_is_none_is_told_and_this_week_is_shown(rota: Rota, week: str) -> None:
    page = await rota.huda.get("/desk/rota", params={"week": week})
    assert page.status == 400
    assert "This is no day" in words(page)
    assert "The week from Saturday, 21 November 2026" in words(page)


async def test_a_shift_abroad_is_shown_by_both_clocks(rota: Rota) -> None:
    await rota.shift(rota.najla, "2026-11-23T08:00", "2026-11-23T16:00", "Europe/Berlin")
    said = words(await rota.huda.get(ROTA))
    assert "10:00 to 18:00 Najla by her clock 08:00 to 16:00 · Europe/Berlin" in said


async def test_only_the_coordinator_is_shown_whose_ways_are_not_proven(rota: Rota) -> None:
    unproven = await rota.desks.hired("Arwa", phone=rota.place.phone(2009), language="en")
    sql = "UPDATE reaches SET heard_at = NULL WHERE staff_id = :id"
    await rota.place.working.store.write(lambda unit: unit.do(sql, {"id": unproven.number}))
    await rota.shift(unproven, "2026-11-23T08:00", "2026-11-23T16:00")
    assert "no way to her is proven" in words(await rota.boss.get(ROTA))
    assert "no way to her is proven" not in words(await rota.huda.get(ROTA))


# ---------------------------------------------------------------- adding


async def test_a_focal_point_adds_her_own_shifts_for_as_many_weeks_as_she_says(rota: Rota) -> None:
    answer = await rota.adds(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00", weeks="2")
    assert (answer.status, answer.goes_to) == (303, ROTA)
    assert [one[1] for one in await rota.every()] == ["11-23T08:00", "11-30T08:00", "12-07T08:00"]
    assert await audited(rota) == ["rota:add"] * 3


async def test_the_same_shift_twice_is_one(rota: Rota) -> None:
    for status in (303, 409):
        assert (await rota.adds(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")).status == status
    assert len(await rota.every()) == 1


async def test_whoever_is_on_call_already_is_told_so_before_it_is_done(rota: Rota) -> None:
    await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    answer = await rota.adds(rota.huda, "2026-11-23T12:00", "2026-11-23T22:00", level="substitute")
    assert "She is on call already in a part of this time." in words(answer)
    assert len(await rota.every()) == 1
    answer = await rota.adds(rota.huda, "2026-11-23T12:00", "2026-11-23T22:00", level="substitute", sure="yes")
    assert answer.status == 303
    assert len(await rota.every()) == 2


@pytest.mark.parametrize(
    ("form", "about"),
    [
        ({"starts": ""}, "Choose a day and an hour"),
        ({"starts": "2026-11-23T08:00Z"}, "Choose a day and an hour"),
        ({"ends": "2026-11-23T07:00"}, "ends after it starts"),
        ({"ends": "2031-11-23T07:00"}, "ends after it starts"),
        ({"starts": "2026-11-21T08:00", "ends": "2026-11-22T10:00"}, "over already"),
        ({"level": "third"}, "first or substitute"),
        ({"weeks": "27"}, "26 weeks at most"),
        ({"weeks": "-1"}, "26 weeks at most"),
        ({"weeks": "٣"}, "26 weeks at most"),
        ({"zone": "Mars/Base"}, "no such time zone"),
        ({"zone": "../../etc/passwd"}, "no such time zone"),
        ({"zone": "a\x00b"}, "no such time zone"),
        ({"who": "x"}, "isn't there any more"),
        ({"who": "9" * 40}, "isn't there any more"),
    ],
)
async def test_a_form_that_is_off_is_told_and_nothing_is_kept(rota: Rota, form: dict[str, str], about: str) -> None:
    filled = {"starts": "2026-11-23T08:00", "ends": "2026-11-23T20:00", "who": str(rota.boss.number)} | form
    answer = await rota.adds(rota.boss, **filled)
    assert 400 <= answer.status < 500
    assert about in words(answer)
    assert await rota.every() == []


async def test_a_coordinator_arranges_everybody_s_and_whoever_it_is_hears_of_it(rota: Rota) -> None:
    answer = await rota.adds(rota.boss, "2026-11-23T08:00", "2026-11-23T20:00", who=str(rota.huda.number))
    assert answer.status == 303
    await rota.huda.phone.sees("Your appointments were changed. Please open the desk.")


async def test_nobody_is_put_on_call_who_could_not_be_woken(rota: Rota) -> None:
    unreached = await rota.desks.hired("Arwa", language="en")
    answer = await rota.adds(rota.boss, "2026-11-23T08:00", "2026-11-23T20:00", who=str(unreached.number))
    assert (answer.status, await rota.every()) == (422, [])


async def test_an_override_of_everybody_stands_for_its_hours_only(rota: Rota) -> None:
    await rota.shift(rota.huda, "2026-11-23T00:00", "2026-11-24T00:00")
    more = {"who": str(rota.najla.number), "instead": "everybody"}
    assert (await rota.adds(rota.boss, "2026-11-23T10:00", "2026-11-23T12:00", **more)).status == 303
    said = words(await rota.boss.get(ROTA))
    assert "00:00 to 10:00 Huda 10:00 to 12:00 Najla 12:00 to 24:00 Huda" in said


# ---------------------------------------------------------------- finding 1: somebody else's


async def test_finding_01_a_focal_point_moves_nobody_s_shift_but_her_own(rota: Rota) -> None:
    hers = await rota.shift(rota.najla, "2026-11-23T08:00", "2026-11-23T20:00")
    before = await rota.every()
    tried = [
        await rota.does(rota.huda, "remove", shift=str(hers), sure="yes"),
        await rota.does(rota.huda, "ask", shift=str(hers), **{"with": str(rota.huda.number)}),
        await rota.adds(rota.huda, "2026-11-24T08:00", "2026-11-24T20:00", who=str(rota.najla.number)),
        await rota.adds(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00", instead=str(rota.najla.number)),
        await rota.adds(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00", instead="everybody"),
    ]
    assert [answer.status for answer in tried] == [403] * 5
    assert (await rota.every(), await audited(rota)) == (before, [])


async def test_finding_01_nobody_answers_a_request_that_was_put_to_another(rota: Rota) -> None:
    hers = await rota.shift(rota.najla, "2026-11-23T08:00", "2026-11-23T20:00")
    arwa = await rota.desks.hired("Arwa", phone=rota.place.phone(2009, has_written=True), language="en")
    await rota.does(rota.najla, "ask", shift=str(hers), **{"with": str(arwa.number)})
    number = await asked(rota)
    for who, said in ((rota.huda, "yes"), (rota.boss, "yes"), (rota.najla, "yes"), (arwa, "withdraw")):
        assert (await rota.does(who, "answer", request=number, answer=said)).status == 404
    assert (await rota.every())[0][0] == rota.najla.number


@pytest.mark.parametrize("role", ["case_worker", "campaigner", "auditor"])
async def test_who_has_no_part_in_the_rota_is_shown_none(rota: Rota, role: str) -> None:
    other = await rota.desks.hired("Other", role, phone=rota.place.phone(2010, has_written=True))
    assert (await other.get(ROTA)).status == 403
    assert (await rota.adds(other, "2026-11-23T08:00", "2026-11-23T20:00")).status == 403


async def test_finding_02_no_form_of_another_site_is_taken(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    rota.huda.client.origin = "https://evil.example"
    answer = await rota.does(rota.huda, "remove", shift=str(hers), sure="yes")
    assert (answer.status, len(await rota.every())) == (403, 1)


# ---------------------------------------------------------------- removing


async def test_the_gap_that_a_removal_leaves_is_told_before_it_is_done(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    answer = await rota.does(rota.huda, "remove", shift=str(hers))
    assert "Then nobody is first from Monday, 23 November 2026 08:00" in words(answer)
    assert len(await rota.every()) == 1
    assert (await rota.does(rota.huda, "remove", shift=str(hers), sure="yes")).status == 303
    assert await rota.every() == []
    assert (await rota.does(rota.huda, "remove", shift=str(hers), sure="yes")).status == 404


async def test_a_removal_that_leaves_no_gap_is_done_at_once(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    await rota.shift(rota.najla, "2026-11-23T00:00", "2026-11-24T00:00")
    assert (await rota.does(rota.huda, "remove", shift=str(hers))).status == 303
    assert len(await rota.every()) == 1


async def test_of_a_shift_that_has_begun_what_was_stays(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-22T08:00", "2026-11-22T20:00")
    await rota.does(rota.huda, "remove", shift=str(hers), sure="yes")
    assert [one[1:3] for one in await rota.every()] == [("11-22T08:00", "11-22T12:00")]


# ---------------------------------------------------------------- asking a colleague


async def asked(rota: Rota) -> str:
    """The number of the one request that waits."""
    ((number,),) = await rota.place.working.store.read(
        lambda unit: unit.all("SELECT id FROM swaps WHERE state = 'asked'")
    )
    return str(number)


async def asks(rota: Rota, shift: int, to: Staffer, **more: str) -> str:
    answer = await rota.does(rota.huda, "ask", shift=str(shift), **({"with": str(to.number)} | more))
    assert answer.status == 303, words(answer)
    return await asked(rota)


ASKED = "A colleague asks you to take her appointment"
YOURS = "The appointment is yours, from Monday, 23 November 2026 at 08:00 to Monday, 23 November 2026 at 20:00."


async def test_a_shift_changes_hands_only_when_the_colleague_has_said_yes_and_both_hear(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    await asks(rota, hers, rota.najla)
    await rota.najla.phone.sees(ASKED)
    assert (await rota.every())[0][0] == rota.huda.number
    await rota.najla.phone.presses("Yes, I can")
    await rota.najla.phone.sees(YOURS)
    await rota.huda.phone.sees("Your colleague takes the appointment on Monday, 23 November 2026 at 08:00.")
    assert await rota.every() == [(rota.najla.number, "11-23T08:00", "11-23T20:00", False)]
    assert await audited(rota) == ["rota:ask", "rota:take"]


async def test_she_may_answer_at_the_desk_as_well(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    number = await asks(rota, hers, rota.najla)
    assert "Can you take this time from me?" in words(await rota.najla.get(ROTA))
    assert (await rota.does(rota.najla, "answer", request=number, answer="yes")).status == 303
    assert (await rota.every())[0][0] == rota.najla.number


async def test_a_no_changes_nothing_and_is_told(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    await asks(rota, hers, rota.najla)
    await rota.najla.phone.sees(ASKED)
    await rota.najla.phone.presses("I can't")
    await rota.huda.phone.sees("Your colleague can't take the appointment on Monday, 23 November 2026 at 08:00.")
    assert (await rota.every())[0][0] == rota.huda.number


async def test_cover_me_until_is_an_override_for_those_hours(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-22T08:00", "2026-11-22T20:00")
    number = await asks(rota, hers, rota.najla, ends="2026-11-22T15:00")
    await rota.does(rota.najla, "answer", request=number, answer="yes")
    assert (rota.najla.number, "11-22T12:00", "11-22T15:00", True) in await rota.every()
    assert "08:00 to 12:00 Huda" in (said := words(await rota.huda.get(ROTA)))
    assert "12:00 to 15:00 Najla 15:00 to 20:00 Huda" in said


async def test_two_shifts_change_hands_at_once_where_one_is_taken_in_return(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    back = await rota.shift(rota.najla, "2026-11-25T08:00", "2026-11-25T20:00")
    number = await asks(rota, hers, rota.najla, **{"with": f"{rota.najla.number}/{back}"})
    await rota.najla.phone.sees("In return she takes yours on Wednesday, 25 November 2026 at 08:00.")
    await rota.does(rota.najla, "answer", request=number, answer="yes")
    assert [one[0] for one in await rota.every()] == [rota.najla.number, rota.huda.number]


async def test_a_request_that_is_old_changes_nothing_and_says_so(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    number = await asks(rota, hers, rota.najla)
    assert (await rota.does(rota.huda, "answer", request=number, answer="withdraw")).status == 303
    await rota.najla.phone.sees(ASKED)
    await rota.najla.phone.presses("Yes, I can")
    await rota.najla.phone.sees("This was settled in the meantime, and nothing was changed.")
    assert (await rota.does(rota.najla, "answer", request=number, answer="yes")).status == 409
    assert (await rota.every())[0][0] == rota.huda.number


async def test_a_second_yes_to_a_shift_that_is_another_s_by_now_changes_nothing(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    first = await asks(rota, hers, rota.najla)
    await rota.does(rota.huda, "ask", shift=str(hers), **{"with": str(rota.boss.number)})
    (second,) = await rota.place.working.store.read(
        lambda unit: unit.one("SELECT id FROM swaps WHERE to_id = :to", {"to": rota.boss.number}) or ("",)
    )
    await rota.does(rota.najla, "answer", request=first, answer="yes")
    assert (await rota.does(rota.boss, "answer", request=str(second), answer="yes")).status == 409
    assert (await rota.every())[0][0] == rota.najla.number


async def test_a_coordinator_gives_a_shift_to_another_at_once_and_both_hear(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    answer = await rota.does(rota.boss, "ask", shift=str(hers), **{"with": str(rota.najla.number)})
    assert answer.status == 303
    assert (await rota.every())[0][0] == rota.najla.number
    await rota.najla.phone.sees(YOURS)
    await rota.huda.phone.sees("Your colleague takes the appointment")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"with": "0"}, 422),
        ({"with": "x"}, 422),
        ({"with": "4"}, 404),
        ({"shift": "4"}, 404),
        ({"starts": "2026-11-24T08:00"}, 422),
        ({"ends": "2026-11-22T13:00"}, 422),
        ({"starts": "never"}, 422),
    ],
)
async def test_a_request_that_makes_no_sense_is_told(rota: Rota, form: dict[str, str], status: int) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    filled = {"shift": str(hers), "with": str(rota.najla.number)} | form
    answer = await rota.does(rota.huda, "ask", **filled)
    assert (answer.status, await audited(rota)) == (status, [])


# ---------------------------------------------------------------- under duress


async def test_under_duress_the_rota_is_empty_and_nothing_is_done(rota: Rota) -> None:
    hers = await rota.shift(rota.huda, "2026-11-23T08:00", "2026-11-23T20:00")
    phone = rota.place.phone(2011, has_written=True)
    forced = await rota.desks.hired("Forced", "coordinator", phone=phone, duress=True)
    page = await forced.get(ROTA)
    assert page.status == 200
    assert [name for name in ("Huda", "Najla", "Samira") if name in page.text] == []
    assert (await rota.does(forced, "remove", shift=str(hers), sure="yes")).status == 303
    assert (await rota.does(forced, "ask", shift=str(hers), **{"with": str(rota.najla.number)})).status == 303
    assert (await rota.does(forced, "feed", act="new")).status == 200
    assert (await rota.adds(forced, "2026-11-24T08:00", "2026-11-24T20:00")).status == 303
    assert (len(await rota.every()), await audited(rota)) == (1, [])
