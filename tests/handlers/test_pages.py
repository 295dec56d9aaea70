"""What a page says, and how it is answered: by buttons, in words, in numbers of three digit sets."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from handlers.alarm_words import sentence
from messages import t
from messages.catalog import render
from messages.wording import faults_in_arabic, faults_in_english
from storage.store import Store
from tests.handlers.alarm_town import CASE, HER, HER_CODE, Phone, Town, a_team, another_page

PAGE = re.compile(r"You have an appointment that needs confirming( now| today)? \([A-Z][2-9A-Z]{2}\)")
PAGE_ARABIC = re.compile(r"لديكِ موعد بحاجة إلى تأكيد( الآن| اليوم)? \([A-Z][2-9A-Z]{2}\)")


@pytest.fixture
def town(store: Store) -> Town:
    return Town(store)


async def _everybody_sees(town: Town, phones: Sequence[Phone]) -> str:
    return "\n".join(f"{letter.text} {letter.buttons} {letter.key}" for phone in phones for letter in phone.shows)


# ---------------------------------------------------------------- what a page holds


@pytest.mark.parametrize("level", ["critical", "high", "medium"])
def test_a_page_is_one_of_three_neutral_sentences_and_a_code(level: str) -> None:
    text = sentence(level, "K7P")  # type: ignore[arg-type]
    english, arabic = render(text, "en"), render(text, "ar")
    assert PAGE.fullmatch(english)
    assert PAGE_ARABIC.fullmatch(arabic)
    assert not [*faults_in_arabic(arabic, is_page=True), *faults_in_english(english, is_page=True)]


async def test_no_letter_to_staff_holds_a_name_the_cases_code_or_its_number(town: Town) -> None:
    phones = await a_team(town)
    await town.alarm()
    await town.passes(minutes=40)
    await town.presses(phones[1], "I take it")
    seen = await _everybody_sees(town, phones[1:])
    assert not [word for word in (HER_CODE, str(CASE), str(HER), "amal", "badria", "her@") if word in seen]


async def test_a_button_fits_into_telegrams_64_bytes(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    assert all(len(button.key.encode()) <= 64 for button in amal.last.buttons)


async def test_all_pages_of_a_round_carry_one_code_for_one_person_and_another_for_each(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
    await town.alarm()
    await town.passes(minutes=6)
    hers = {letter.blanks for phone in (amal, town.other(amal, "whatsapp")) for letter in phone.pages}
    assert len(hers) == 1
    assert hers.isdisjoint({letter.blanks for letter in badria.pages})


async def test_two_pages_that_wait_for_one_person_never_share_a_code(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.store.write(another_page, amal.number, town)
    drawn = iter(["Q9Q", "Q9Q", "M3R"])
    town.draw = replace(town.draw, page_code=lambda: next(drawn))
    await town.alarm()
    assert amal.last.blanks == ("M3R",)


# ---------------------------------------------------------------- in words


@pytest.mark.parametrize("said", ["1", "١", "۱", "1️⃣", "أستلم", "أستلمه", "take", "Take", "{code} 1", "take {code}"])
async def test_a_page_can_be_taken_in_words(town: Town, said: str) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    assert await town.writes(amal, said.format(code=amal.last.blanks[0]))
    assert await town.status() == "taken"


@pytest.mark.parametrize("said", ["2", "٢", "لا أستطيع", "لا استطيع", "pass", "I can't"])
async def test_a_page_can_be_passed_in_words(town: Town, said: str) -> None:
    _, amal, badria, _ = await a_team(town)
    await town.alarm()
    assert await town.writes(amal, said)
    assert len(badria.pages) == 1


async def test_contact_and_giving_back_can_be_said_in_numbers(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    await town.writes(amal, "1")
    await town.writes(amal, "1")
    assert await town.status() == "contacted"


async def test_after_contact_a_number_is_an_ordinary_message_again(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    await town.presses(amal, "I take it")
    await town.presses(amal, "Contact made")
    assert not await town.writes(amal, "1")


async def test_hours_after_it_was_taken_a_number_is_an_ordinary_message_again(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
    await town.alarm()
    await town.passes(minutes=6)
    await town.presses(badria, "I take it")
    await town.presses(badria, "Contact made")
    await town.passes(hours=3)
    assert not await town.writes(amal, "1")


async def test_other_words_are_no_answer(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    assert not await town.writes(amal, "I take it to the market")
    assert await town.status() == "waiting"


async def test_a_number_is_no_answer_where_nothing_waits(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    assert not await town.writes(amal, "1")


async def test_where_several_wait_she_is_asked_which(town: Town) -> None:
    _, amal, _, _ = await a_team(town)
    await town.alarm()
    await town.store.write(another_page, amal.number, town)
    await town.writes(amal, "1")
    assert amal.last.text.startswith("Which one is it?")
    assert await town.status() == "waiting"
    await town.writes(amal, f"1 {amal.pages[0].blanks[0]}")
    assert await town.status() == "taken"


async def test_who_answers_in_words_after_it_was_taken_hears_so_once(town: Town) -> None:
    _, amal, badria, _ = await a_team(town)
    await town.alarm()
    await town.passes(minutes=6)
    await town.presses(badria, "I take it")
    assert await town.writes(amal, "1")
    assert "nothing was changed" in amal.last.text
    assert not await town.writes(amal, "1")


def test_what_a_page_says_has_no_blank_left() -> None:
    assert "{" not in render(t("Appointments are past their time ({code}). Please look now.", code="K7P"), "ar")
