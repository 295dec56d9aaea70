"""At the desk: the telephone by which a member may be rung, and the page of drills."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import voice as acts
from storage import audit, staff
from storage import drills as kept
from storage import voice as pins
from tests.desk.staff import Desks, Staffer
from tests.people import Woman
from tests.town import Town, town

NOW = "You have an appointment that needs confirming now ({code})"
FORM = {"number": "+967 770 000 101", "pin": "2741", "again": "2741"}


@pytest.fixture
async def place(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        yield found


@pytest.fixture
async def desks(place: Town) -> AsyncIterator[Desks]:
    async with Desks(place) as found:
        yield found


async def number_of(place: Town, her: Staffer) -> str | None:
    member = await place.working.store.read(staff.member, her.number)
    assert member is not None
    return next((way.address for way in member.reaches if way.channel == "voice"), None)


# ---------------------------------------------------------------- calls


async def test_number_and_pin_are_kept_together_and_never_shown(place: Town, desks: Desks) -> None:
    huda = await desks.hired("هدى", language="en")
    answer = await huda.post("/desk/account/voice", FORM)
    assert (answer.status, answer.goes_to) == (303, "/desk/account")
    assert await number_of(place, huda) == "+967770000101"
    pin = await place.working.store.read(pins.pin_of, huda.number)
    assert pin is not None
    assert acts.is_right("2741", pin)
    shown = (await huda.get("/desk/account/voice")).text
    assert "ends with" in shown
    assert "770000101" not in shown
    assert "2741" not in shown


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"number": "770000101"}, "country&#39;s code"),
        ({"number": "<b>"}, "country&#39;s code"),
        ({"again": "2742"}, "not the same"),
        ({"pin": "12", "again": "12"}, "4 to 8 digits"),
        ({"pin": "1234", "again": "1234"}, "too easy to guess"),
        ({"pin": "", "again": ""}, "4 to 8 digits"),
    ],
)
async def test_what_can_not_be_kept_is_said_and_nothing_of_it_is_kept(
    place: Town, desks: Desks, change: dict[str, str], why: str
) -> None:
    huda = await desks.hired("هدى", language="en")
    answer = await huda.post("/desk/account/voice", FORM | change)
    assert answer.status == 422
    assert why in answer.text
    assert await number_of(place, huda) is None
    assert await place.working.store.read(pins.pin_of, huda.number) is None


async def test_anothers_number_is_refused_and_nothing_is_kept(place: Town, desks: Desks) -> None:
    huda, badria = await desks.hired("هدى", language="en"), await desks.hired("بدرية", language="en")
    await huda.post("/desk/account/voice", FORM)
    answer = await badria.post("/desk/account/voice", FORM)
    assert answer.status == 422
    assert "another colleague" in answer.text
    assert await place.working.store.read(pins.pin_of, badria.number) is None


async def test_no_more_calls_destroys_number_and_pin(place: Town, desks: Desks) -> None:
    huda = await desks.hired("هدى")
    await huda.post("/desk/account/voice", FORM)
    await huda.post("/desk/account/voice", {"forget": "yes"})
    assert await number_of(place, huda) is None
    assert await place.working.store.read(pins.pin_of, huda.number) is None
    told = [entry.what for entry in await place.working.store.read(audit.after, 0)]
    assert told == ["voice:pin_set", "voice:number_set", "voice:forgotten"]


async def test_under_duress_nothing_changes_and_nothing_is_shown(place: Town, desks: Desks) -> None:
    huda = await desks.hired("هدى", language="en", duress=True)
    await place.working.store.write(acts.set_both, huda.number, "+967770000109", "2741", place.working.world())
    for form in (FORM, {"forget": "yes"}):
        assert (await huda.post("/desk/account/voice", form)).goes_to == "/desk/account"
    assert await number_of(place, huda) == "+967770000109"
    assert "ends with" not in (await huda.get("/desk/account/voice")).text


async def test_her_account_page_has_the_form(desks: Desks) -> None:
    huda = await desks.hired("هدى", language="en")
    assert 'action="/desk/account/voice"' in (await huda.get("/desk/account")).text


# ---------------------------------------------------------------- drills


async def test_a_coordinator_begins_a_drill_and_reads_how_it_went(place: Town, desks: Desks) -> None:
    huda = await desks.hired("هدى", phone=place.phone(201, has_written=True), on_call="first")
    coordinator = await desks.hired("نجلاء", "coordinator", language="en")
    assert "no drill in the last 7 days" in (await coordinator.get("/desk/rota/drill")).text
    begun = await coordinator.post("/desk/rota/drill", {"level": "critical"})
    assert begun.goes_to == "/desk/rota/drill"
    focal_point = Woman(huda.phone, "ar")
    await focal_point.sees(NOW)
    assert "Stop the drill" in (await coordinator.get("/desk/rota/drill")).text
    await focal_point.answers("I take it")
    await focal_point.sees(
        "This was a drill ({code}). Thank you: you answered {time} after it began (minutes:seconds)."
    )
    page = (await coordinator.get("/desk/rota/drill")).text
    assert "answered by" in page
    assert "هدى" in page


async def test_a_second_drill_is_refused_and_the_first_can_be_stopped(place: Town, desks: Desks) -> None:
    huda = await desks.hired("هدى", phone=place.phone(201, has_written=True), on_call="first")
    coordinator = await desks.hired("نجلاء", "coordinator", language="en")
    await coordinator.post("/desk/rota/drill", {"level": "high"})
    again = await coordinator.post("/desk/rota/drill", {"level": "high"})
    assert again.status == 409
    assert "running already" in again.text
    await Woman(huda.phone, "ar").sees("You have an appointment that needs confirming ({code})")
    await coordinator.post("/desk/rota/drill/stop")
    await Woman(huda.phone, "ar").sees("This was a drill ({code}), and it is over. Nothing more is needed.")
    assert await place.working.store.read(kept.running) is None


@pytest.mark.parametrize("level", ["", "low", "<script>"])
async def test_a_level_at_which_nobody_is_woken_is_refused(place: Town, desks: Desks, level: str) -> None:
    coordinator = await desks.hired("نجلاء", "coordinator", language="en")
    assert (await coordinator.post("/desk/rota/drill", {"level": level})).status == 422
    assert await place.working.store.read(kept.lately) == []


async def test_who_may_not_organise_begins_and_stops_none(place: Town, desks: Desks) -> None:
    huda = await desks.hired("هدى", on_call="first")
    for path in ("/desk/rota/drill", "/desk/rota/drill/stop"):
        assert (await huda.post(path, {"level": "critical"})).status == 403
    assert (await huda.get("/desk/rota/drill")).status == 403
    assert await place.working.store.read(kept.lately) == []


async def test_under_duress_there_are_no_drills_and_none_is_begun(place: Town, desks: Desks) -> None:
    coordinator = await desks.hired("نجلاء", "coordinator", language="en", duress=True)
    forced = await coordinator.post("/desk/rota/drill", {"level": "critical"})
    assert forced.goes_to == "/desk/rota/drill"
    assert await place.working.store.read(kept.lately) == []
