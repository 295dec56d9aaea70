"""Asking for help as stories: for herself, for another woman, a child, care after an assault, thoughts of self-harm.

Over the emulators of both platforms, on both databases, with a restart in the middle; what she says is found nowhere.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import ROOT
from flows.help_script import RECENT
from flows.help_script import STAY as STAYING
from flows.letter import WELCOME_BACK
from messages import Text
from tests import telling
from tests.people import Woman
from tests.telling import DONE, EVERYWHERE, ON_WHATSAPP, ONCE, SAFE, SKIP
from tests.test_canaries import caught, of_files, opened_with_server_keys, woven
from tests.town import Town, town

NOW = "You have an appointment that needs confirming now ({code})"
SOON = "You have an appointment that needs confirming ({code})"
NEED = "What would help? The nearest is enough, and nothing has to be told."
MORE = "You can press more of them, or “That's all”.\nNoted so far: {chosen}"
WHOM = "Is it for you, or for somebody else?"
WHERE = "In which governorate? Only to see what exists near you. It can be left out."
REACH = "How is it safe for us to reach you?"
STAY = "Is somebody with you now?"
TAKE = "I take it"
RECENTLY = RECENT.text.id if isinstance(RECENT.text, Text) else ""
STAYS_OPEN = STAYING.text.id if isinstance(STAYING.text, Text) else ""
DESTROYED = WELCOME_BACK.id
HERS_ALONE = (
    "Thank you for thinking of her. The yes is hers alone: nothing is done in her name before she gives it. We can "
    "advise you meanwhile."
)
A_CHILD = (
    "It was good of you to write, and you did right. We ask you nothing further: a woman who knows how to be with the "
    "young takes it from here, and writes to you only in this chat. Your code is {code}. We can't promise when.\n"
    "If there is a grown woman whom you trust, be near her."
)
WORDS = ("كناري-حاجة-z1wkvjhpzx", "كناري-كلمة-z2wkvjhpzx", "كناري-صدر-z3wkvjhpzx")


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def asks(her: Woman) -> None:
    """From her first word to the question what would help."""
    await telling.is_welcomed(her)
    await her.answers("Ask for help")
    await her.sees(SAFE)
    await her.answers("Yes, I am safe")
    await her.sees(NEED)


async def is_verified(place: Town, folder: Path) -> None:
    """The association has asked everybody in the directory two days ago, and started anew with it."""
    shutil.copytree(ROOT / "mechanism", folder)
    file = folder / "services.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^(body = .*)$", r"\1\nverified = 2026-11-20", text, flags=re.MULTILINE), encoding="utf-8")
    place.settings = place.settings.model_copy(update={"sanad_mechanism": folder})
    await place.restarts()


@EVERYWHERE
async def test_she_asks_for_herself_is_shown_what_is_near_and_a_person_takes_it(
    place: Town, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await is_verified(place, tmp_path_factory.mktemp("rules") / "mechanism")
    huda, amal = await telling.on_call(place, "هدى", 2001), telling.her(place)
    await asks(amal)
    await amal.answers("Safe place, health")
    await amal.sees(MORE)
    await amal.answers(DONE)
    await amal.sees("And more precisely, if you like?")
    await amal.says(WORDS[0])
    await amal.sees(WHOM)
    await amal.answers("For me")
    await amal.sees("Are you 18 or older?")
    await amal.answers("Yes")
    await amal.sees("How soon is it needed?")
    await place.restarts()
    await amal.answers("Today")
    await amal.sees(WHERE)
    await amal.answers("مأرب")
    await amal.sees("This exists near you, and we have asked lately whether it still holds:")
    await amal.answers("دار إيواء")
    await amal.sees(MORE)
    await amal.answers(DONE)
    await amal.sees(REACH)
    await amal.answers("Here, in this chat")
    await amal.answers("In the evening")
    await amal.sees(telling.WORD)
    await amal.says(WORDS[1])
    await amal.answers("Send")
    await amal.sees(telling.ARRIVED)
    await huda.sees(SOON)
    await huda.answers(TAKE)
    await amal.sees("A person has your message now and is seeing to it.")
    code = await amal.code()
    opened = await place.opens_case(code)
    answers = opened.data["answers"]
    assert opened.data["urgency"]["level"] == "high"
    assert opened.data["urgency"]["place"] == {"governorate": "marib", "door": "help"}
    assert (answers["wish"]["words"], answers["word"]["words"]) == WORDS[:2]
    assert answers["near"]["codes"] == ["safe_house"]
    await is_nowhere(place, tmp_path)


async def is_nowhere(place: Town, folder: Path) -> None:
    """None of her words lies in a file, a log, or whatever the server's keys open."""
    await telling.letters_are_gone(place)
    unlocked = await place.working.store.read(opened_with_server_keys)
    seen = [*of_files(folder), ("the log", place.log.getvalue().encode()), *unlocked]
    net = woven(WORDS, (), ())
    assert [found for where, content in seen for found in caught(net, where, content)] == []


@ON_WHATSAPP
async def test_for_another_woman_the_yes_is_hers(place: Town) -> None:
    amal = telling.her(place)
    await asks(amal)
    await amal.answers("Don't know, advise me")
    await amal.sees(WHOM)
    await amal.answers("For another woman")
    await amal.sees("Does she know that you are writing about her?")
    await place.restarts()
    await amal.answers("No, she doesn't")
    await amal.sees(HERS_ALONE)
    await amal.answers("Yes")
    await amal.sees("How soon is it needed?")
    await amal.answers("There is time")
    await amal.sees(WHERE)
    await amal.answers(SKIP)
    await amal.sees("In our directory nothing near you is verified at the moment, so a person will advise you.")
    await amal.answers("Please don't reach me")
    await amal.answers("Send")
    await amal.sees(telling.ARRIVED)
    opened = await place.opens_case(await amal.code())
    assert opened.data["answers"]["knows"]["codes"] == ["no"]
    assert opened.data["urgency"]["level"] == "medium"


@EVERYWHERE
async def test_a_child_is_handed_to_a_person_without_another_question(place: Town) -> None:
    huda, amal = await telling.on_call(place, "هدى", 2001), telling.her(place)
    await asks(amal)
    await amal.answers("A woman who listens")
    await amal.sees(MORE)
    await amal.answers(DONE)
    await amal.sees(WHOM)
    await amal.answers("For me")
    await amal.sees("Are you 18 or older?")
    await amal.answers("No")
    await amal.sees(A_CHILD)
    await huda.sees(SOON)
    opened = await place.opens_case(await amal.code())
    assert opened.data["urgency"]["place"] == {"door": "child"}
    assert set(opened.data["answers"]) == {"danger", "need", "whom", "adult", "wish"}


@EVERYWHERE
async def test_care_after_an_assault_pages_before_she_is_asked_how_to_be_reached(place: Town, tmp_path: Path) -> None:
    huda, amal = await telling.on_call(place, "هدى", 2001), telling.her(place)
    await asks(amal)
    await amal.answers("Care after an assault")
    await amal.sees(RECENTLY)
    await amal.answers("Yes")
    await huda.sees(NOW)
    await amal.sees(REACH)
    await place.restarts()
    await amal.says(WORDS[2])
    await amal.sees("At what time is it safe? You can also write it.")
    await amal.answers("Any time")
    await amal.sees(telling.WORD)
    await amal.answers(SKIP)
    await amal.answers("Send")
    await amal.sees(telling.ARRIVED)
    await huda.answers(TAKE)
    await amal.sees("A person has your message now and is seeing to it.")
    opened = await place.opens_case(await amal.code())
    assert opened.data["urgency"]["level"] == "critical"
    assert opened.data["answers"]["reach"]["words"] == WORDS[2]
    assert len(await place.codes()) == 1
    await is_nowhere(place, tmp_path)


@EVERYWHERE
async def test_thoughts_of_self_harm_page_at_once_and_all_her_words_reach_the_case(place: Town, tmp_path: Path) -> None:
    huda, amal = await telling.on_call(place, "هدى", 2001), telling.her(place)
    await asks(amal)
    await amal.answers("Thoughts of self-harm")
    await huda.sees(NOW)
    await amal.sees(STAY)
    await amal.answers("I am alone")
    await amal.answers("Yes, in writing, here")
    await amal.sees(STAYS_OPEN)
    await place.restarts()
    await amal.says(f"اشتي اموت {WORDS[0]}")
    await amal.sees("It has reached us. Go on whenever you like, there is no hurry.")
    await amal.says(WORDS[1])
    await amal.sees("It has reached us. Go on whenever you like, there is no hurry.")
    await amal.answers("Enough for now")
    await amal.sees("All right. What you told us is with our team, under {code}. Write here at any hour.")
    await huda.answers(TAKE)
    await amal.sees("A person has your message now and is seeing to it.")
    opened = await place.opens_case(await amal.code())
    assert [item["words"] for item in opened.data["items"] if item["kind"] == "words"] == [
        f"اشتي اموت {WORDS[0]}",
        WORDS[1],
    ]
    assert len(await place.codes()) == 1
    await is_nowhere(place, tmp_path)


@ONCE
async def test_after_an_hour_of_silence_nothing_of_a_request_is_left(place: Town, tmp_path: Path) -> None:
    amal = telling.her(place)
    await asks(amal)
    await amal.answers("Legal help")
    await amal.sees(MORE)
    await amal.answers(DONE)
    await amal.sees("And more precisely, if you like?")
    await amal.says(WORDS[0])
    await amal.sees(WHOM)
    await place.passes(hours=2)
    await place.restarts()
    await amal.says("مرحبا")
    await amal.sees(DESTROYED)
    await is_nowhere(place, tmp_path)
