"""The main job as stories: she reports, the focal point is paged and takes it, or is silent and the ladder climbs.

Over the emulators of both platforms, by real HTTP, in both languages, on both databases, with restarts between.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from flows.core import Language
from tests.people import Woman
from tests.town import Town, town

WORDS = "هددني رجل قرب السوق وقال إنه يعرف بيتي"
NOW = "You have an appointment that needs confirming now ({code})"
TAKE, PASS, CONTACT = "I take it", "I can't", "Contact made"
MODES = ("webhook", "polling", "whatsapp")
Step = Callable[[Town, Awaitable[Any]], Awaitable[None]]


async def goes_on(place: Town, act: Awaitable[Any]) -> None:
    del place
    await act


async def restarts(place: Town, act: Awaitable[Any]) -> None:
    """The process stops and starts again after everything that anybody does."""
    await act
    await place.restarts()


@pytest.fixture(params=MODES)
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    mode = "webhook" if request.param == "whatsapp" else request.param
    async with town(database, tmp_path, mode=mode) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def on_call(place: Town, name: str, number: int, level: Any = None, role: str = "focal_point") -> Woman:
    """A member of staff with a phone, on the same app as the woman of the story."""
    address = f"+96777{number:07}" if place.by_whatsapp else str(number)
    await place.hires(name, role, level, **{"whatsapp" if place.by_whatsapp else "telegram": address})
    her = Woman(place.phone(number, has_written=True), "ar")
    if place.by_whatsapp:  # opens the 24-hour window, outside which a page needs a template
        await her.says("مرحبا")
        await her.sees("Hello, and welcome. Which language suits you?")
    return her


async def is_welcomed(place: Town, her: Woman, step: Step) -> None:
    await step(place, her.says("/start" if not place.by_whatsapp else "السلام عليكم"))
    await her.sees("Hello, and welcome. Which language suits you?")
    await step(place, her.answers("العربية" if her.language == "ar" else "English"))
    await step(place, her.answers("All right, go on"))
    await step(place, her.answers("That's all"))
    await her.sees("Thank you. It is noted, and you can change it at any time.")


async def reports_in_danger(place: Town, her: Woman, step: Step) -> str:
    await is_welcomed(place, her, step)
    await step(place, her.answers("Tell what happened"))
    await her.sees("Are you in a safe place now?")
    await step(place, her.answers("No, I am not safe"))
    await her.sees("What is it about? The nearest is enough.")
    return await her.code()


async def finishes(place: Town, her: Woman, step: Step) -> None:
    marib, city, violence = ("مأرب", "مدينة مأرب", "اعتداء أو تهديد بأذى")
    if her.language == "en":
        marib, city, violence = ("Ma'rib", "Ma'rib City", "Violence or threat of it")
    for label in (violence, marib, city):
        await step(place, her.answers(label))
    await her.sees("What is happening? A few words or a voice note are enough.")
    await step(place, her.says(WORDS))
    await her.sees("How is it safe for us to reach you?")
    await step(place, her.answers("Here, in this chat"))
    await step(place, her.answers("Send"))
    await her.sees("The person on call knows of you already, and now she has this as well.")


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("step", [goes_on, restarts])
async def test_she_reports_a_person_takes_it_and_she_hears_of_it(place: Town, language: Language, step: Step) -> None:
    huda = await on_call(place, "هدى", 2001, "first")
    amal = Woman(place.phone(1001), language)
    code = await reports_in_danger(place, amal, step)
    page = await huda.sees(NOW)
    assert code not in page.text
    await finishes(place, amal, step)
    await step(place, huda.answers(TAKE))
    await huda.sees("The appointment is yours ({code}). When you have spoken, choose “Contact made”.")
    await amal.sees("A person has your message now and is seeing to it.")
    await step(place, huda.answers(CONTACT))
    await huda.sees("It is noted, thank you ({code}).")
    await step(place, amal.says("القائمة" if language == "ar" else "menu"))
    await step(place, amal.answers("What I sent before"))
    await amal.sees_words(code)
    opened = await place.opens_case(code)
    assert opened.data["answers"]["what"]["words"] == WORDS
    assert opened.data["status"] == "contacted"


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("step", [goes_on, restarts])
async def test_nobody_answers_and_the_ladder_climbs_to_the_coordinator(
    place: Town, language: Language, step: Step
) -> None:
    huda = await on_call(place, "هدى", 2001, "first")
    najla = await on_call(place, "نجلاء", 2002, "substitute")
    rim = await on_call(place, "ريم", 2003)
    samira = await on_call(place, "سميرة", 2004, role="coordinator")
    amal = Woman(place.phone(1001), language)
    await reports_in_danger(place, amal, step)
    await huda.sees(NOW)
    await step(place, place.passes(minutes=2))
    await najla.sees(NOW)  # she has one channel and no voice yet: empty steps do not wait (I5)
    await step(place, place.passes(minutes=4))
    await rim.sees(NOW)
    await huda.sees(NOW)
    await step(place, place.passes(minutes=5))
    await samira.sees(NOW)
    await step(place, samira.answers(TAKE))
    await samira.sees("The appointment is yours ({code}). When you have spoken, choose “Contact made”.")
    for colleague in (huda, najla, rim):
        await colleague.sees("A colleague confirmed the appointment ({code}) at {time}. Nothing more is needed.")
    await amal.sees("A person has your message now and is seeing to it.")
