"""Weak lines: taps that come five times, late and out of order, hours without a line, a language changed half-way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from flows.core import Pressed, Remember, Said, Say
from flows.letter import WELCOME_BACK
from messages.catalog import render
from tests import telling
from tests.flows.everywhere import Place, places
from tests.people import Woman
from tests.telling import EVERYWHERE, ONCE, SAFE, Told
from tests.town import Town, town

TODAY = "Are you afraid that something may happen today?"
WHERE = "In which governorate? You can also write the place, or share a location if that is safe."
WHEN = "When was it, the last time?"
BEFORE = "This was answered already, and your answer is kept. We are here now:"
LETTER, BUTTONS = 4096, 10
"""Bytes of the largest letter, and how many buttons it may have: a second on the slowest line (2G, 30 kbit/s)."""


@pytest.fixture
async def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[Town]:
    async with town(database, tmp_path) as found:
        found.by_whatsapp = request.param == "whatsapp"
        yield found


async def at_the_first_question(place: Town) -> Woman:
    amal = telling.her(place)
    await telling.is_welcomed(amal)
    await amal.answers("Tell what happened")
    await amal.sees(SAFE)
    return amal


def letters_with(amal: Woman, english: str) -> int:
    return sum(amal.hers(english) in message.text for message in amal.phone.messages)


# ---------------------------------------------------------------- taps


@ONCE
async def test_a_button_pressed_five_times_counts_once(place: Town) -> None:
    amal = await at_the_first_question(place)
    message, _, data = amal.phone.finds_button(amal.hers("Yes, I am safe"))
    for _ in range(5):
        await amal.phone.presses_data(data, message)
    await amal.sees(TODAY)
    await amal.answers("No")
    await amal.sees(telling.DOORS)
    await telling.letters_are_gone(place)
    assert letters_with(amal, TODAY) == 1


@ONCE
async def test_an_old_button_after_a_newer_question_is_answered_kindly_and_changes_nothing(place: Town) -> None:
    amal = await at_the_first_question(place)
    message, _, safe = amal.phone.finds_button(amal.hers("Yes, I am safe"))
    unsafe = amal.phone.finds_button(amal.hers("No, I am not safe"))[2]
    await amal.phone.presses_data(safe, message)
    await amal.sees(TODAY)
    await amal.answers("No")
    await amal.sees(telling.DOORS)
    await amal.phone.presses_data(unsafe, message)
    await amal.sees(BEFORE)
    assert await place.codes() == []


@EVERYWHERE
async def test_messages_that_are_delivered_three_times_are_heard_once(place: Town) -> None:
    place.telegram.repeats_deliveries = place.twilio.repeats_deliveries = 2
    amal = telling.her(place)
    await telling.begins(place, amal)
    await amal.says(Told().where)
    await amal.sees(WHEN)
    await telling.letters_are_gone(place)
    assert [letters_with(amal, question) for question in (SAFE, TODAY, WHERE, WHEN)] == [1, 1, 1, 1]


@ONCE
async def test_taps_that_arrive_in_the_wrong_order_lead_on_kindly(place: Town) -> None:
    amal = await at_the_first_question(place)
    message, _, safe = amal.phone.finds_button(amal.hers("Yes, I am safe"))
    place.telegram.holds()
    await amal.phone.presses_data(safe, message)
    await amal.says("لا أعرف")
    place.telegram.releases(newest_first=True)
    await amal.sees(BEFORE)
    await amal.answers("No")
    await amal.sees(telling.DOORS)
    assert await place.codes() == []


@EVERYWHERE
async def test_what_she_wrote_without_a_line_and_comes_all_at_once_is_answered_in_order(place: Town) -> None:
    amal = telling.her(place)
    await telling.begins(place, amal)
    told = Told()
    for words in (told.where, told.when, "مرة", told.what, told.who):
        await amal.says(words)
    await amal.sees(telling.PROOF)
    await amal.answers("Nothing to send")
    code = await telling.ends(amal, told)
    answers = (await place.opens_case(code)).data["answers"]
    assert [answers[name]["words"] for name in ("where", "when", "what", "who")] == [
        told.where, told.when, told.what, told.who,
    ]  # fmt: skip


# ---------------------------------------------------------------- hours without a line


@EVERYWHERE
async def test_within_the_time_of_her_draft_she_goes_on_where_she_was(place: Town) -> None:
    amal = telling.her(place)
    await telling.begins(place, amal)
    await place.passes(minutes=55)
    await amal.says(Told().where)
    await amal.sees(WHEN)


@EVERYWHERE
async def test_after_it_she_is_told_kindly_once_and_can_begin_again(place: Town) -> None:
    amal = telling.her(place)
    await telling.begins(place, amal)
    await amal.says(Told().where)
    await amal.sees(WHEN)
    await place.passes(hours=7)
    await amal.says(Told().when)
    await amal.sees(render(WELCOME_BACK, "en"))
    await amal.answers("Tell what happened")
    await amal.sees(SAFE)
    await telling.letters_are_gone(place)
    assert letters_with(amal, render(WELCOME_BACK, "en")) == 1


# ---------------------------------------------------------------- a language changed anywhere


ASKS_LANGUAGE = frozenset(("welcome.language", "language.language", "subscribe.language"))
HIDDEN = frozenset(("quiet", "hush", "cover"))
"""Where nothing but the harmless line may be shown."""


def _switchable() -> list[Place]:
    return [
        place
        for place in places()
        if place.talk.flow and place.name not in ASKS_LANGUAGE and place.talk.flow not in HIDDEN
        and not place.given.person.quiet and not place.given.person.locked
    ]  # fmt: skip


@pytest.mark.parametrize(("word", "language"), [("English", "en"), ("عربي", "ar")])
def test_at_every_question_the_language_can_be_changed_and_the_talk_goes_on_there(word: str, language: str) -> None:
    for place in _switchable():
        turn = place.does(Said(word))
        after = next((e.person for e in turn.effects if isinstance(e, Remember)), place.given.person)
        assert after.language == language, place.name
        asked = Place(turn.talk, place.given)
        assert asked.name == place.name
        assert (turn.talk.answers, turn.talk.partial, turn.talk.early) == (
            place.talk.answers, place.talk.partial, place.talk.early,
        ), place.name  # fmt: skip


def _letters() -> list[tuple[Place, Say]]:
    found = []
    for place in places():
        for event in (Said("عربي"), Said("كركديه بالنعناع"), Pressed("0.aaaa")):
            found += [(place, effect) for effect in place.does(event).effects if isinstance(effect, Say)]
    return found


@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_letter_is_heavier_than_a_weak_line_bears(language: Any) -> None:
    for place, letter in _letters():
        labels = "".join(render(choice.label, language) for choice in letter.choices)
        assert len((render(letter.text, language) + labels).encode()) <= LETTER, place.name
        assert len(letter.choices) <= BUTTONS


def test_a_forged_button_changes_nothing_anywhere() -> None:
    for place in places():
        if not place.talk.flow and not place.given.person.welcomed:
            continue  # she is welcomed, whatever she did first
        if place.talk.flow == "cover":
            continue  # its lines come and go
        turn = place.does(Pressed("0.aaaa"))
        if turn.talk.flow == "quiet":
            continue  # after silence she is asked first whether she can talk; what waits, waits under that
        assert (turn.talk.answers, turn.talk.flow) == (place.talk.answers, place.talk.flow), place.name
