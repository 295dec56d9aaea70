"""One word or button calls the person on call at once; all that follows is hers; nothing she says stops an alarm."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.core import (
    AddToCase,
    Answer,
    Commanded,
    ForgetFiles,
    Located,
    OpenCase,
    Person,
    Pressed,
    Report,
    Said,
    Shared,
)
from messages.catalog import render
from tests.flows.chat import CODE, NOW, Chat, given, reporting

SOS = (("sos", "sos"),)


def called(**changes: object) -> Chat:
    """She pressed the button in the menu."""
    return Chat(given=given(**changes)).says("menu").presses("I need help now")


def begun() -> Chat:
    """In the middle of a report: its place is known, her story isn't."""
    chat = reporting().presses("Yes, I am safe", "No", "Blackmail or hacking", "Blackmail with images", "That's all")
    return chat.presses("Ma'rib", "Governorate only")


def test_the_button_pages_at_once_and_asks_nothing_first() -> None:
    chat = called()
    assert chat.cases() == [OpenCase(CODE, "critical", SOS)]
    assert chat.sealed() == [AddToCase(CODE, "answers", {"sos": Answer(codes=("sos",))})]
    assert chat.given.person.cases == (CODE,)
    assert f"calling the person on call now. Your code is {CODE}" in chat.reads
    assert "can't promise" in chat.reads
    assert chat.buttons == ["I can't talk now", "I am safe now", "It was by mistake", "Tell more"]


@pytest.mark.parametrize("words", ["طوارئ", "خطر", "نداء عاجل", "🆘🆘", "Emergency!", "danger"])
@pytest.mark.parametrize("where", ["a stranger", "the menu", "a report", "what she tells", "an aside", "a quiet chat"])
def test_one_word_that_is_the_whole_message_does_the_same_from_anywhere(words: str, where: str) -> None:
    starts = {
        "a stranger": lambda: Chat(given=given(person=Person())),
        "the menu": lambda: Chat().says("menu"),
        "a report": begun,
        "what she tells": lambda: begun().presses("Today", "Once"),
        "an aside": lambda: begun().says("stop"),
        "a quiet chat": lambda: reporting().says("مش لحالي"),
    }
    chat = starts[where]().says(words)
    assert [(case.level, case.because) for case in chat.cases()] == [("critical", SOS)]
    assert chat.asked == "sos.called"
    assert not chat.given.person.quiet


def test_the_channels_command_does_it_too() -> None:
    chat = Chat(given=given(person=Person()))
    chat.does(Commanded("sos"))
    assert chat.cases()[0].level == "critical"


def test_a_button_of_an_old_menu_does_it_from_the_middle_of_a_report() -> None:
    chat = Chat().says("menu")
    key = chat.button("I need help now").key
    chat.presses("Tell what happened", "Yes, I am safe")
    chat.does(Pressed(key))
    assert chat.cases()[0].because == SOS


def test_the_same_old_button_calls_again_when_all_was_over_but_a_double_tap_does_not() -> None:
    chat = Chat().says("menu")
    key = chat.button("I need help now").key
    chat.presses("I need help now")
    assert chat.does(Pressed(key)).effects == ()
    chat.says("stop").says("2")
    assert chat.talk.flow == ""
    chat.does(Pressed(key))
    assert chat.asked == "sos.called"
    assert chat.cases()[-1].level == "critical"


def test_a_keyword_among_other_words_calls_nobody() -> None:
    assert Chat().says("🆘").cases() == []
    assert Chat().says("🆘").asked == "danger.sure"
    assert Chat().says("هل رقم الطوارئ عندكم").cases() == []


def test_what_is_known_goes_with_it_and_the_report_goes_on_where_it_was() -> None:
    chat = begun()
    chat.presses("Today", "Once").does(Said("He has my pictures and wants money"))
    chat.says("طوارئ")
    assert chat.cases()[0].facets == {"governorate": "marib", "door": "menu_digital"}
    sealed = chat.sealed("answers")[0].answers
    assert sealed["what"].words == "He has my pictures and wants money"
    assert sealed["sos"].codes == ("sos",)
    chat.presses("Tell more")
    assert chat.asked == "report.reach"
    assert chat.presses("Here, in this chat").asked == "report.send"
    chat.presses("Send")
    assert chat.sealed("report")[-1].code == CODE


def test_words_and_files_that_had_no_place_yet_go_with_it_too() -> None:
    chat = Chat()
    chat.does(Shared(7, "photo", "هو عند الباب"))
    assert chat.asked == "danger.sure"
    chat.says("طوارئ")
    assert AddToCase(CODE, "words", words="هو عند الباب", files=(7,)) in chat.effects
    assert not [effect for effect in chat.effects if isinstance(effect, ForgetFiles)]


@pytest.mark.parametrize("words", ["هو في الخارج", "مدري", "نعم", "خلاص", "ساعديني", "؟", "لا", "ok", "انا", "بسرعة"])
def test_each_further_message_is_hers_and_answered_in_a_few_words(words: str) -> None:
    chat = called().says(words)
    assert chat.sealed("words") == [AddToCase(CODE, "words", words=words)]
    assert chat.reads.startswith("It has arrived")
    assert len(chat.reads) < 100
    assert len(chat.cases()) == 1
    assert len(chat.buttons) == 4


def test_a_voice_note_a_photo_and_a_place_are_hers_too() -> None:
    chat = called()
    chat.does(Shared(3, "voice"))
    chat.does(Shared(4, "photo", "الشارع"))
    chat.does(Located(15.46, 45.32))
    assert chat.sealed("words") == [
        AddToCase(CODE, "words", files=(3,)),
        AddToCase(CODE, "words", words="الشارع", files=(4,)),
        AddToCase(CODE, "words", {"here": Answer(place=(15.46, 45.32))}),
    ]
    assert chat.reads.startswith("It has arrived")


def test_calling_again_opens_no_second_case() -> None:
    chat = called().says("طوارئ")
    chat.given = replace(chat.given, code="QQQ-QQQ")
    chat.says("🆘🆘", "help me")
    assert {case.code for case in chat.cases()} == {CODE}
    assert "knows" in chat.letters[-2].text.id or "knows" in render(chat.letters[-2].text, "en")


def test_an_alarm_that_nobody_has_taken_yet_is_not_doubled_and_a_taken_one_is_not_relied_on() -> None:
    waiting = Report("ABC-DEF", NOW - timedelta(hours=2), "waiting", finished=False)
    assert called(reports=(waiting,)).cases()[0].code == "ABC-DEF"
    for other in (
        replace(waiting, status="contacted"),
        replace(waiting, finished=True),
        replace(waiting, opened_at=NOW - timedelta(hours=30)),
    ):
        assert called(reports=(other,)).cases()[0].code == CODE


def test_who_cannot_talk_gets_one_harmless_question_and_silence() -> None:
    chat = called().presses("I can't talk now")
    assert chat.given.person.quiet
    assert chat.asked == "hush.where"
    assert chat.sealed()[-1].answers["danger"].codes == ("cannot_talk",)


def test_words_that_it_is_unsafe_to_talk_silence_it_at_once() -> None:
    chat = called().says("هو جنبي")
    assert chat.reads == "All right, thank you."
    assert chat.given.person.quiet
    assert AddToCase(CODE, "words", words="هو جنبي") in chat.effects
    assert chat.says("راح").reads == "Hello. Is now a good time?"
    assert chat.presses("Yes").asked == "sos.called"


def test_safe_now_is_told_to_the_team_and_closes_nothing() -> None:
    chat = called().presses("I am safe now")
    assert chat.sealed()[-1] == AddToCase(CODE, "answers", {"called": Answer(codes=("safe_now",))})
    assert "nothing is closed by a button alone" in chat.reads
    assert chat.buttons == ["Tell more", "That's all"]
    chat.says("he left an hour ago")
    assert chat.sealed("words")[-1].words == "he left an hour ago"
    assert chat.presses("That's all").talk.flow == ""
    assert len(chat.cases()) == 1


def test_by_mistake_ends_the_talk_and_a_person_decides_the_rest() -> None:
    chat = called().presses("It was by mistake")
    assert chat.sealed()[-1] == AddToCase(CODE, "answers", {"called": Answer(codes=("mistake",))})
    assert chat.talk.flow == ""
    assert [case.level for case in chat.cases()] == ["critical"]
    assert "need not explain" in chat.reads


def test_by_mistake_in_a_report_gives_the_report_back() -> None:
    chat = begun().says("طوارئ").presses("It was by mistake")
    assert chat.asked == "report.when"
    assert chat.talk.case == CODE


def test_the_words_of_a_button_and_its_number_are_its_answer() -> None:
    for words in ("كان دون قصد", "It was by mistake", "3", "٣"):
        assert called().says(words).talk.flow == ""


def test_stopping_says_what_the_team_keeps() -> None:
    chat = called().says("stop")
    assert CODE in chat.reads
    assert chat.presses("Stop here").talk.flow == ""


def test_in_danger_what_no_question_takes_is_passed_on_instead_of_asked_again() -> None:
    chat = called().presses("Tell more").says("they are coming up the stairs")
    assert "reached the team" in chat.reads
    assert chat.sealed("words")[-1].words == "they are coming up the stairs"
    assert chat.asked == "report.door"


# ---------------------------------------------------------------- a live location


def moved(chat: Chat, seconds: float, latitude: float = 15.46) -> int:
    chat.given = replace(chat.given, now=NOW + timedelta(seconds=seconds))
    return len(chat.does(Located(latitude, 45.32, live=True)).effects)


def test_a_live_location_goes_into_the_case_in_silence_and_not_more_often_than_anybody_reads() -> None:
    chat = called()
    letters = len(chat.letters)
    assert [moved(chat, second) for second in range(0, 121, 10)].count(1) == 5
    assert chat.sealed("words")[0].answers["here"].place == (15.46, 45.32)
    assert len(chat.letters) == letters
    assert chat.asked == "sos.called"


@pytest.mark.parametrize("chat", [Chat(), reporting(), Chat(given=given(person=Person()))])
def test_without_an_open_case_a_live_location_is_left_alone(chat: Chat) -> None:
    before = chat.talk
    assert moved(chat, 0) == 0
    assert chat.talk == before


def test_a_live_location_neither_wakes_a_quiet_chat_nor_one_that_is_hidden() -> None:
    chat = called().says("هو جنبي")
    letters = len(chat.letters)
    assert moved(chat, 60) == 1
    assert (chat.given.person.quiet, len(chat.letters)) == (True, letters)
    chat = called().says("exit")
    letters = len(chat.letters)
    assert moved(chat, 60) == 1
    assert (chat.given.person.left, len(chat.letters)) == (True, letters)


def test_a_live_location_opens_nothing_again_that_a_person_closed() -> None:
    chat = called()
    chat.given = replace(chat.given, reports=(Report(CODE, NOW, "closed", finished=False),))
    assert moved(chat, 60) == 0


def test_a_single_place_in_an_open_report_is_its_answer_or_goes_to_the_team() -> None:
    chat = called().presses("Tell more")
    chat.does(Located(15.46, 45.32))
    assert chat.asked == "report.door"
    assert chat.sealed("words")[-1].answers["here"].place == (15.46, 45.32)
    chat.presses("Something else / unsure").does(Located(15.46, 45.32))
    assert chat.talk.answers["where"].codes == ("marib",)
