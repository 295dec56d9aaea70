"""She goes out and sets a check-in: over the emulators of both platforms, in Arabic, with restarts, as she sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.people import Woman
from tests.test_main_job import NOW, TAKE, goes_on, is_welcomed, on_call, restarts
from tests.town import Town, town

WORD = "قهوة الصباح"
PLAN = "إلى بيت خالتي في الجفينة ثم السوق"
ASKED = "Hello, is all well? Write your word when you can."
THANKS = "Thank you, it is good that you wrote."


@pytest.fixture(params=["webhook", "whatsapp"])
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def sets_it(place: Town, her: Woman, step: Any) -> None:
    """In two hours; half an hour of grace, once."""
    await is_welcomed(place, her, step)
    await step(place, her.says("القائمة"))
    await step(place, her.answers("Check on me later"))
    await step(place, her.answers("Yes, set it up"))
    await chooses_words(place, her, step)
    await step(place, her.says(PLAN))
    await step(place, her.answers("مأرب"))
    await step(place, her.says("بعد ساعتين"))
    await her.sees("And how long after that shall we wait, while we ask you here, before a person is told?")
    await step(place, her.says("٣٠ دقيقة"))
    await step(place, her.answers("Only this once"))
    await step(place, her.answers("Yes, it is right"))
    await her.sees("Agreed: {when}. When you are back, write your word here; nothing else is needed.")


async def chooses_words(place: Town, her: Woman, step: Any) -> None:
    for _ in range(2):
        await step(place, her.says(WORD))
    await her.sees_words("إلى أين تذهبين")


async def shown(her: Woman) -> str:
    return str(her.phone.screen())


@pytest.mark.parametrize("step", [goes_on, restarts])
async def test_back_in_time_her_word_is_enough_and_nobody_is_paged(place: Town, step: Any) -> None:
    huda = await on_call(place, "هدى", 2001, "first")
    amal = Woman(place.phone(1001), "ar")
    await sets_it(place, amal, step)
    await place.passes(hours=2)
    await amal.sees(ASKED)
    await step(place, amal.says(WORD))
    await amal.sees(THANKS)
    await place.passes(hours=1)
    assert NOW.partition("{")[0] not in await shown(huda)
    await _nothing_waits(place)


@pytest.mark.parametrize("step", [goes_on, restarts])
async def test_not_back_a_person_is_paged_reads_her_plan_and_hears_her_word(place: Town, step: Any) -> None:
    huda = await on_call(place, "هدى", 2001, "first")
    amal = Woman(place.phone(1001), "ar")
    await sets_it(place, amal, step)
    await place.passes(hours=2)
    await amal.sees(ASKED)
    await step(place, _passes(place, 30))
    await huda.sees(NOW)
    await amal.sees_words("لم يصلنا منكِ شيء بعد")
    [code] = await place.codes()
    opened = await place.opens_case(code)
    assert opened.data["answers"]["plan"]["words"] == PLAN
    await step(place, huda.answers(TAKE))
    await step(place, amal.says(WORD))
    await amal.sees(THANKS)
    await huda.sees("There is something new about the appointment ({code}). Please look at the desk.")


async def _passes(place: Town, minutes: int) -> None:
    await place.passes(minutes=minutes)


async def _nothing_waits(place: Town) -> None:
    rows = await place.working.store.read(lambda unit: unit.all("SELECT status FROM cases"))
    assert rows == [("sleeping",)]


async def test_the_server_was_down_meanwhile_and_says_so(place: Town) -> None:
    huda = await on_call(place, "هدى", 2001, "first")
    amal = Woman(place.phone(1001), "ar")
    await sets_it(place, amal, goes_on)
    await place.closes()
    place.telegram.passes(5 * 3600)
    await place.opens()
    await place.passes(seconds=1)
    await amal.sees_words("انقطعنا بعض الوقت ولم يصلنا منكِ شيء")
    await huda.sees(NOW)
