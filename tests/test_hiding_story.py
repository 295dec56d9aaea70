"""She hides the chat, comes back by her word, and is made to open it: over the emulators, with restarts in between."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flows.core import Event, Said
from flows.cover import answer, first
from flows.hours import Never, may_write
from flows.safety import DURESS_KEPT, SAFE_KEPT
from handlers.reaching import wishes
from messages import Text
from messages.catalog import render
from storage import cases
from tests import telling
from tests.people import Woman
from tests.telling import EVERYWHERE, SAFE
from tests.town import Town, town

BACK = "It is good to hear from you again."
MENU = "How can we be of use?"
CHOOSE = "Write your word: one or a few ordinary words that you don't forget and nobody guesses."
SECOND = "Write your second word: another one, which you would remember under pressure."
AGAIN = "The same once more, please, to be sure."
HERS, FORCED = "هيل وقرنفل", "زنجبيل جدتي"
PAGE = "You have an appointment that needs confirming now ({code})"


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


class Cover:
    """What the chat shows while it is hidden, as somebody sees it who knows nothing."""

    def __init__(self, place: Town, her: Woman) -> None:
        self.place, self.her, self.shown = place, her, list[str]()

    async def hides(self, words: str) -> None:
        line = first("", self.place.now())
        self.shown = [line.line]
        await self.her.says(words)
        await self.her.sees_words(render(line.text, "ar"))

    async def answers(self, words: str) -> None:
        event: Event = Said(words)
        line = answer("", event, tuple(self.shown), self.place.now())
        self.shown.append(line.line)
        await self.her.says(words)
        await self.her.sees_words(render(line.text, "ar"))


async def chooses(amal: Woman, button: str, asked: str, word: str, kept: Text) -> None:
    await amal.answers(button)
    await amal.sees(asked)
    await amal.says(word)
    await amal.sees(AGAIN)
    await amal.says(word)
    await amal.sees(kept.id)


async def opens(amal: Woman, word: str) -> None:
    amal.phone.reads()
    await amal.says(word)
    await amal.sees(BACK)
    await amal.sees(MENU)


@EVERYWHERE
async def test_a_report_begun_is_hidden_and_the_word_under_duress_calls_in_silence(place: Town) -> None:
    amal, huda = telling.her(place), await telling.on_call(place, "huda", 2001)
    await telling.is_welcomed(amal)
    await amal.answers("My words, hiding")
    await chooses(amal, "Choose my word", CHOOSE, HERS, SAFE_KEPT)
    await chooses(amal, "Choose a second word", SECOND, FORCED, DURESS_KEPT)
    await amal.answers("Leave things as they are")
    await place.restarts()
    await amal.answers("Tell what happened")
    await amal.sees(SAFE)
    await amal.answers("Yes, I am safe")
    chat = Cover(place, amal)
    await chat.hides("طقس اليوم")
    assert await telling.counted(place, "SELECT COUNT(*) FROM talks WHERE expires_at IS NOT NULL") == 0
    await place.restarts()
    for words in ("مرحبا", "طقس بكرة", "ايش هذا", "هيل وزنجبيل", "القائمة", "وصفة"):
        await chat.answers(words)
    await opens(amal, HERS)
    await chat.hides("0")
    huda.phone.reads()
    await opens(amal, FORCED)
    page = await huda.sees(PAGE)
    (code,) = await place.codes()
    assert code not in page.text
    await place.restarts()
    await amal.answers("What I sent before")
    await amal.sees("You have sent nothing yet. Whenever you want to, we are here.")
    assert code not in amal.phone.screen()
    case = await place.working.store.read(cases.by_code, code)
    assert case is not None
    assert may_write(await place.working.store.read(wishes, case), place.now()) == Never("silent")
    opened = await place.opens_case(code)
    assert opened.data["urgency"]["because"] == [["duress", "duress"]]
    if os.environ.get("SHOW") == "1":
        print(amal.phone.screen())  # noqa: T201 - to be read by a person
