"""Calling for help as stories: from a menu, from the middle of a report, as a stranger; a place; a mistake; silence.

Over the emulators of both platforms, on both databases, in Arabic, with restarts between.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.cases import OpenedCase
from tests.people import Woman
from tests.telling import EVERYWHERE, her, is_welcomed, on_call
from tests.town import Town, town

NOW = "You have an appointment that needs confirming now ({code})"
CALLING = "Your message reached us, and we are with you.\nWe are calling the person on call now. Your code is {code}."
ARRIVED = "It has arrived, thank you."
KNOCK = "Hello. Is now a good time?"
SURE = "We want to be sure that we understood you well. It seems that you are in danger. Are you?"

pytestmark = EVERYWHERE


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def is_called(amal: Woman) -> None:
    await amal.sees_words("وصلتنا رسالتكِ، ونحن معكِ.")


async def the_case(place: Town) -> OpenedCase:
    (code,) = await place.codes()
    return await place.opens_case(code)


def words_of(case: OpenedCase) -> list[str]:
    return [item["words"] for item in case.data["items"] if item.get("words")]


async def test_a_stranger_calls_with_her_first_word_and_all_that_follows_is_in_the_case(place: Town) -> None:
    huda = await on_call(place, "هدى", 2001)
    amal = her(place)
    await amal.says("طوارئ")
    await is_called(amal)
    await huda.sees(NOW)
    await place.restarts()
    await amal.says("هو عند الباب ومعه سلاح")
    await amal.sees(ARRIVED)
    await amal.phone.sends_location(15.46, 45.32)
    await amal.sees(ARRIVED)
    await amal.says("🆘🆘")
    await is_called(amal)
    case = await the_case(place)
    assert case.data["urgency"]["because"] == [["sos", "sos"]]
    assert "هو عند الباب ومعه سلاح" in words_of(case)
    assert case.data["answers"]["here"]["place"] == [15.46, 45.32]


async def test_from_the_menu_by_mistake_and_a_person_still_decides(place: Town) -> None:
    huda, amal = await on_call(place, "هدى", 2001), her(place)
    await is_welcomed(amal)
    await amal.answers("I need help now")
    await is_called(amal)
    await huda.sees(NOW)
    await amal.answers("It was by mistake")
    await amal.sees_words("لا بأس، هذا يحدث.")
    case = await the_case(place)
    assert case.data["status"] == "waiting"
    assert case.data["answers"]["called"]["codes"] == ["mistake"]
    await place.passes(minutes=5)
    await huda.answers("I take it")


async def test_from_the_middle_of_a_report_which_goes_on_afterwards(place: Town) -> None:
    huda, amal = await on_call(place, "هدى", 2001), her(place)
    await is_welcomed(amal)
    await amal.answers("Tell what happened")
    await amal.sees("Are you in a safe place now?")
    await amal.answers("Yes, I am safe")
    await amal.sees("Are you afraid that something may happen today?")
    await amal.answers("No")
    await amal.sees_words("ما الأمر؟ يكفي الأقرب، ولا توجد إجابة خاطئة.")
    await amal.says("نداء عاجل")
    await is_called(amal)
    await huda.sees(NOW)
    await amal.answers("I am safe now")
    await amal.sees_words("يسعدنا هذا، وسيعلم به الفريق أيضًا.")
    await place.restarts()
    await amal.answers("Tell more")
    await amal.sees("What is it about? The nearest is enough.")
    case = await the_case(place)
    assert case.data["answers"]["danger"]["codes"] == ["safe"]
    assert case.data["answers"]["called"]["codes"] == ["safe_now"]


async def test_her_phone_goes_on_telling_where_she_is(place: Town) -> None:
    if place.by_whatsapp:
        return  # Twilio brings no live locations
    await on_call(place, "هدى", 2001)
    amal = her(place)
    await amal.says("طوارئ")
    await is_called(amal)
    shared = await amal.phone.shares_live_location(15.460, 45.32)
    await amal.sees(ARRIVED)
    letters = len(amal.phone.messages)
    for step in range(1, 5):
        await place.passes(seconds=20)
        await amal.phone.moves(shared, round(15.460 + step / 1000, 3), 45.32, ends=step == 4)
        await place.telegram.settles()
    case = await the_case(place)
    places = [item["answers"]["here"]["place"][0] for item in case.data["items"] if "here" in item.get("answers", {})]
    assert places == [15.46, 15.461, 15.463]
    assert len(amal.phone.messages) == letters


async def agrees(amal: Woman) -> None:
    """She lets us call when she goes silent."""
    await amal.says("مرحبا")
    for label in ("العربية", "All right, go on", "Call if I go silent"):
        await amal.answers(label)
    await amal.sees_words("سجّلنا حتى الآن")
    await amal.answers("That's all")
    await amal.sees("Thank you. It is noted, and you can change it at any time.")


async def test_silence_after_words_of_danger_calls_the_team_and_shows_her_nothing(place: Town) -> None:
    huda, amal = await on_call(place, "هدى", 2001), her(place)
    await agrees(amal)
    await amal.says("ساعدوني هو عند الباب")
    await amal.sees(SURE)
    await place.passes(minutes=9)
    assert await place.codes() == []
    await place.restarts()
    letters = len(amal.phone.messages)
    await place.passes(minutes=2)
    await huda.sees(NOW)
    case = await the_case(place)
    assert case.data["urgency"]["because"] == [["danger", "unconfirmed"]]
    assert "ساعدوني هو عند الباب" in words_of(case)
    await huda.answers("I take it")
    await huda.sees_words("الموعد معكِ الآن")
    assert len(amal.phone.messages) == letters
    await amal.says("مرحبا")
    await amal.sees(KNOCK)
    await amal.answers("Yes")
    await amal.sees(SURE)
    await amal.answers("Yes, I need help now")
    await amal.sees_words("نسمعكِ، ولستِ وحدكِ في هذا.")
    assert len(await place.codes()) == 1


async def test_without_her_agreement_silence_calls_nobody(place: Town) -> None:
    huda, amal = await on_call(place, "هدى", 2001), her(place)
    await is_welcomed(amal)
    await amal.says("ساعدوني هو عند الباب")
    await amal.sees(SURE)
    await place.passes(minutes=30)
    assert await place.codes() == []
    with pytest.raises(AssertionError):
        await huda.phone.sees(huda.hers(NOW), within=0.2)
