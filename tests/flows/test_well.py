"""Her word while a check-in runs: it is heard wherever she is, and nothing ordinary is taken for a wrong one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.book import BOOK
from flows.core import CheckIn, Effect, EraseThis, OpenCase, Talk, TurnCheckIn
from flows.engine import listens_for_a_word
from tests.flows.chat import AMAL, NOW, Chat, given, reporting

SHE = replace(AMAL, words=("safe", "duress"), watched=True)


def check_in(state: str = "asked", ahead: float = 0, every: str = "", number: int = 7) -> CheckIn:
    due_at = NOW + timedelta(hours=ahead)
    return CheckIn(number, due_at, timedelta(minutes=30), state, every=every)  # type: ignore[arg-type]


def chat(*check_ins: CheckIn, word: str = "", **person: Any) -> Chat:
    known = given(person=replace(SHE, **person), check_ins=check_ins, word=word)
    return Chat(given=known)


def turned(one: Chat) -> list[Effect]:
    return [effect for effect in one.last if isinstance(effect, TurnCheckIn)]


def test_her_word_is_listened_for_while_a_check_in_runs() -> None:
    assert listens_for_a_word(BOOK, Talk(), chat(check_in("armed", 3)).given)
    assert not listens_for_a_word(BOOK, Talk(), chat().given)


def test_her_word_answers_the_question_and_leaves_the_chat() -> None:
    one = chat(check_in(), word="safe").says("قهوة")
    assert turned(one) == [TurnCheckIn(7, "safe")]
    assert EraseThis() in one.last
    assert one.reads == "Thank you, it is good that you wrote."


def test_the_other_word_looks_just_the_same() -> None:
    safe, duress = (chat(check_in(), word=word).says("قهوة") for word in ("safe", "duress"))
    assert safe.shown == duress.shown
    assert turned(duress) == [TurnCheckIn(7, "duress")]
    assert not any(isinstance(effect, OpenCase) for effect in duress.last)


def test_one_word_answers_all_that_she_is_asked() -> None:
    one = chat(check_in(), check_in("overdue", -1, number=8), check_in("armed", 2, number=9), word="safe").says("قهوة")
    assert turned(one) == [TurnCheckIn(7, "safe"), TurnCheckIn(8, "safe")]


def test_back_early_her_word_ends_it() -> None:
    assert turned(chat(check_in("armed", 3), word="safe").says("قهوة")) == [TurnCheckIn(7, "safe")]


def test_hours_before_its_hour_her_word_says_nothing_of_one_that_comes_again() -> None:
    one = chat(check_in("armed", 3, "daily"), word="safe").says("قهوة")
    assert turned(one) == []
    assert one.reads == "Thank you, it is good that you wrote."
    assert turned(chat(check_in("armed", 0.2, "daily"), word="safe").says("قهوة")) == [TurnCheckIn(7, "safe")]


def test_the_other_word_calls_a_person_even_hours_before() -> None:
    one = chat(check_in("armed", 3, "daily"), word="duress").says("شاي")
    assert turned(one) == [TurnCheckIn(7, "duress", seeming="resume")]


def test_in_the_middle_of_a_report_her_word_is_no_answer_and_the_question_stands() -> None:
    one = reporting(person=SHE, check_ins=(check_in(),))
    asked = one.asked
    one.given = replace(one.given, word="safe")
    one.says("قهوة")
    assert turned(one) == [TurnCheckIn(7, "safe")]
    assert one.asked == asked


def test_a_short_word_that_is_not_hers_is_counted_and_kindly_answered() -> None:
    one = chat(check_in(), word="other").says("شاي")
    assert turned(one) == [TurnCheckIn(7, "wrong")]
    assert one.reads == "Thank you. Please write it once more, just the word that you chose."


@pytest.mark.parametrize(
    "said", ["نعم", "menu", "مساعدة", "3", "الحقوني", "English", "أنا ذهبت إلى السوق ثم عدت إلى البيت", "Ask for help"]
)
def test_what_means_something_else_is_never_a_wrong_word(said: str) -> None:
    assert turned(chat(check_in(), word="other").says(said)) == []


def test_answers_in_a_report_and_words_before_its_moment_are_never_wrong() -> None:
    one = reporting(person=SHE, check_ins=(check_in(),))
    one.given = replace(one.given, word="other")
    assert turned(one.says("شاي")) == []
    assert turned(chat(check_in("armed", 3), word="other").says("شاي")) == []


def test_locked_her_word_opens_the_chat_and_answers_and_nothing_is_wrong() -> None:
    assert turned(chat(check_in(), word="safe", locked=True).says("قهوة")) == [TurnCheckIn(7, "safe")]
    assert turned(chat(check_in(), word="duress", locked=True).says("شاي")) == [TurnCheckIn(7, "duress")]
    assert turned(chat(check_in(), word="other", locked=True).says("شاي")) == []


def test_quiet_her_word_still_answers() -> None:
    assert turned(chat(check_in(), word="safe", quiet=True).says("قهوة")) == [TurnCheckIn(7, "safe")]
