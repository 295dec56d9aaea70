"""Silence after words of danger: whoever agreed is called for, marked as not confirmed, and nothing betrays it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from flows.core import AddToCase, Answer, Consent, OpenCase, Person, Remember, Said, Say, Shared, Talk
from flows.danger import alert_at, unconfirmed
from tests.flows.chat import AMAL, CODE, NOW, Chat, given, reporting, through_json

AGREED = replace(AMAL, consents={"alert": Consent("1", NOW)})
TEN = NOW + timedelta(minutes=10)


def asked(person: Person = AGREED, words: str = "ساعدوني هو عند الباب") -> Chat:
    return Chat(given=given(person=person)).says(words)


def due(chat: Chat, before: Talk | None = None) -> datetime | None:
    return alert_at(before or chat.talk, chat.talk, chat.given.person, NOW)


def falls_silent(chat: Chat) -> Chat:
    turn = unconfirmed(through_json(chat.talk), chat.given)
    chat.talk = through_json(turn.talk)
    chat.effects += turn.effects
    chat.last = turn.effects
    for effect in turn.effects:
        assert not isinstance(effect, Say)
        if isinstance(effect, Remember):
            chat.given = replace(chat.given, person=effect.person)
    return chat


def test_the_question_stands_for_ten_minutes() -> None:
    assert due(asked()) == TEN
    assert due(Chat(given=given(person=AGREED)).says("menu")) is None


def test_without_her_agreement_nothing_happens() -> None:
    chat = asked(AMAL)
    assert due(chat) is None
    assert unconfirmed(chat.talk, chat.given).effects == ()


@pytest.mark.parametrize("answer", ["Yes, I need help now", "I can't talk now", "No, I am only telling"])
def test_an_answer_ends_the_waiting(answer: str) -> None:
    chat = asked()
    before = chat.talk
    chat.presses(answer)
    assert due(chat, before) is None


def test_words_that_are_no_answer_let_it_wait_anew_and_join_what_she_wrote() -> None:
    chat = asked().says("هو يصرخ في الشارع")
    assert due(chat) == TEN
    assert chat.talk.answers["heard"].words == "ساعدوني هو عند الباب\n\nهو يصرخ في الشارع"


def test_it_stays_armed_when_she_then_says_that_she_cannot_write() -> None:
    chat = asked().says("مش لحالي")
    assert chat.given.person.quiet
    assert due(chat) == TEN
    assert due(chat.says("مرحبا")) == TEN
    assert due(chat.presses("Later")) == TEN
    chat.says("مرحبا").presses("Yes")
    assert chat.asked == "danger.sure"
    assert due(chat) == TEN


def test_both_in_one_message_are_both_heard() -> None:
    chat = asked(words="ساعدوني لا تتصلوا هو جنبي")
    assert chat.reads == "All right, thank you."
    assert due(chat) == TEN


def test_hiding_the_chat_instead_of_answering_is_silence_too() -> None:
    chat = asked()
    before = chat.talk
    chat.says("exit")
    assert due(chat, before) == TEN
    falls_silent(chat)
    assert chat.cases() == [OpenCase(CODE, "critical", (("danger", "unconfirmed"),))]


def test_the_team_is_called_with_what_she_wrote_and_it_is_marked_as_not_confirmed() -> None:
    chat = falls_silent(asked())
    assert chat.cases() == [OpenCase(CODE, "critical", (("danger", "unconfirmed"),))]
    assert AddToCase(CODE, "words", words="ساعدوني هو عند الباب") in chat.effects
    assert chat.sealed("answers")[0].answers["danger"].codes == ("unconfirmed",)
    assert chat.given.person.cases == (CODE,)


def test_what_was_begun_goes_with_it_and_a_photo_does() -> None:
    chat = reporting(person=AGREED).presses("Yes, I am safe", "Yes", "No, let us go on", "Harm from family")
    chat.does(Shared(5, "photo", "ضربني"))
    falls_silent(chat)
    assert chat.cases()[0].facets == {"door": "menu_family"}
    assert AddToCase(CODE, "words", words="ضربني", files=(5,)) in chat.effects


def test_it_is_called_once() -> None:
    chat = falls_silent(asked())
    assert due(chat) is None


def test_nothing_is_sent_until_she_writes_and_then_the_question_is_still_there() -> None:
    chat = falls_silent(asked())
    assert chat.given.person.quiet
    assert chat.says("مرحبا").reads == "Hello. Is now a good time?"
    chat.presses("Yes")
    assert chat.asked == "danger.sure"
    chat.presses("Yes, I need help now")
    assert chat.cases()[-1].code == CODE
    assert ("danger", "unsafe") in chat.cases()[-1].because
    assert AddToCase(CODE, "words", words="مرحبا") in chat.effects
    assert chat.asked == "report.door"


def test_she_was_only_telling_and_hears_that_somebody_was_called() -> None:
    chat = falls_silent(asked()).says("مرحبا").presses("Yes", "No, I am only telling")
    assert chat.sealed()[-1] == AddToCase(CODE, "answers", {"sure": Answer(codes=("safe",))})
    assert f"Your code is {CODE}" in chat.reads
    assert chat.asked == "menu.menu"


def test_a_report_that_was_begun_goes_on_after_it() -> None:
    chat = reporting(person=AGREED).presses("Yes, I am safe", "No").says("ساعدوني")
    falls_silent(chat).says("مرحبا").presses("Yes", "No, I am only telling")
    assert chat.asked == "report.door"
    assert chat.talk.case == CODE


def test_words_while_she_is_asked_reach_the_team_with_her_answer() -> None:
    chat = asked(AMAL).says("ساعدوني معه سلاح")
    assert chat.cases()[0].level == "critical"
    assert AddToCase(CODE, "words", words="ساعدوني معه سلاح") in chat.effects


def test_what_she_writes_of_danger_again_joins_what_she_wrote_before() -> None:
    chat = asked(words="هو عند الباب")
    chat.does(Said("مش لحالي"))
    chat.says("معه سلاح")
    assert chat.asked == "danger.sure"
    assert chat.talk.answers["heard"].words == "هو عند الباب\n\nمعه سلاح"
