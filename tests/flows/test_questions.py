"""What each kind of question makes of an answer, on its own."""

from datetime import date, timedelta

import pytest

from flows.core import Answer, Event, Judgement, Kept, Located, More, Question, Refused, Said, Shared, Talk, Unusable
from flows.dates import day_of, today
from flows.report_script import PROOF, REACH, WHAT, WHEN, WHERE, WHO
from messages.catalog import render
from tests.flows.chat import NOW, given

TODAY = today(NOW)


def judged(question: Question, event: Event, option: str | None = None, talk: Talk | None = None) -> Judgement:
    return question.judge(event, option, talk or Talk("report"), given())


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2025-10-04", date(2025, 10, 4)),
        ("٤/١٠/٢٠٢٥", date(2025, 10, 4)),
        ("۴/۱۰/۲۰۲۵", date(2025, 10, 4)),
        ("\u200f4\u200f/10\u200f/2025", date(2025, 10, 4)),
        ("يوم 4 أكتوبر 2025", date(2025, 10, 4)),
        ("October 4", date(2025, 10, 4)),
        ("4/10", date(2025, 10, 4)),
        ("1/3", date(2026, 3, 1)),
        ("أمس", TODAY - timedelta(days=1)),
        ("أول أمس", TODAY - timedelta(days=2)),
        ("قبل ٣ أيام", TODAY - timedelta(days=3)),
        ("31/2", None),
        ("قبل شهر", None),
        ("4 مايو 9999999999999", None),
        ("0/0/0", None),
        ("", None),
    ],
)
def test_a_day_is_read_in_any_digits_and_both_languages(words: str, day: date | None) -> None:
    assert day_of(words, TODAY) == day


def test_a_day_is_kept_with_its_distance_from_now() -> None:
    assert judged(WHEN, Said("3/3/2026")) == Kept(Answer(codes=("yesterday",), date="2026-03-03", words="3/3/2026"))
    assert judged(WHEN, Said("1/3")) == Kept(Answer(codes=("this_week",), date="2026-03-01", words="1/3"))
    assert judged(WHEN, Said("4/10/2025")) == Kept(Answer(codes=("older",), date="2025-10-04", words="4/10/2025"))


def test_a_day_to_come_is_refused_kindly_and_words_are_kept() -> None:
    refused = judged(WHEN, Said("4/10/2027"))
    assert isinstance(refused, Refused)
    assert "still to come" in render(refused.why, "en")
    assert judged(WHEN, Said("قبل شهر")) == Kept(Answer(codes=("unknown",), words="قبل شهر"))


def test_midnight_is_midnight_in_yemen() -> None:
    late = NOW.replace(hour=22)
    assert today(late) == TODAY + timedelta(days=1)


def test_a_shared_location_becomes_its_governorate_or_outside() -> None:
    assert judged(WHERE, Located(15.46, 45.32)) == Kept(Answer(codes=("marib",), place=(15.46, 45.32)))
    assert judged(WHERE, Located(48.85, 2.35)) == Kept(Answer(codes=("outside",), place=(48.85, 2.35)))


def test_a_place_in_words_is_named_where_it_can_be_and_kept_where_not() -> None:
    assert judged(WHERE, Said("في مدينة مأرب")) == Kept(Answer(codes=("marib", "marib_city"), words="في مدينة مأرب"))
    assert judged(WHERE, Said("قريب من السوق")) == Kept(Answer(words="قريب من السوق"))


def test_the_districts_are_asked_for_where_we_know_them() -> None:
    assert judged(WHERE, Said(""), "marib") == More(Answer(codes=("marib",)))
    assert judged(WHERE, Said(""), "taiz") == Kept(Answer(codes=("taiz",)))
    chosen = Talk("report", partial=Answer(codes=("marib",)))
    assert judged(WHERE, Said(""), "sirwah", chosen) == Kept(Answer(codes=("marib", "sirwah")))
    assert judged(WHERE, Said(""), "enough", chosen) == Kept(Answer(codes=("marib",)))


@pytest.mark.parametrize("words", ["1 3", "١،٣", "۱ و ۳", "1, 3", "1-3", "1️⃣ 3️⃣"])
def test_several_numbers_in_one_message_choose_several(words: str) -> None:
    assert judged(WHO, Said(words)) == Kept(Answer(codes=("husband_or_ex", "security_service")))


def test_a_number_that_stands_for_nothing_chooses_nothing() -> None:
    assert judged(WHO, Said("1 99")) == Kept(Answer(words="1 99"))


def test_files_are_kept_until_that_is_all() -> None:
    so_far = judged(PROOF, Shared(1, "photo", "one"))
    assert so_far == More(Answer(codes=("picture",), words="one", files=(1,)))
    talk = Talk("report", partial=Answer(words="one", files=(1,)))
    assert judged(PROOF, Shared(2, "document"), talk=talk) == More(Answer(words="one", files=(1, 2)))
    assert judged(PROOF, Said("and this"), talk=talk) == More(Answer(words="one\n\nand this", files=(1,)))
    assert judged(PROOF, Said(""), "done", talk) == Kept(Answer(words="one", files=(1,)))


def test_empty_words_are_no_answer() -> None:
    assert isinstance(judged(WHAT, Said(" \u200f\x00 ")), Refused)


def test_a_call_asks_for_its_number_and_may_do_without() -> None:
    assert judged(REACH, Said(""), "call") == More(Answer(codes=("call",)))
    talk = Talk("report", partial=Answer(codes=("call",)))
    assert judged(REACH, Said("777 123 456"), talk=talk) == Kept(Answer(codes=("call",), words="777 123 456"))
    assert judged(REACH, Said(""), "enough", talk) == Kept(Answer(codes=("call",)))


@pytest.mark.parametrize("question", [WHEN, WHERE, WHO, PROOF, REACH, WHAT])
def test_what_cannot_be_an_answer_is_refused_without_blame(question: Question) -> None:
    refused = judged(question, Unusable("sticker"))
    assert isinstance(refused, Refused)
    assert "invalid" not in render(refused.why, "en")
