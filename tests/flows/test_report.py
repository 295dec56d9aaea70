"""What a report asks, what it leaves out, and when the team is called."""

import pytest

from flows.core import AddToCase, Answer, Consent, Event, Located, Person, Pressed, Said, Shared, Unsubscribe, Unusable
from tests.flows.chat import CODE, NOW, Chat, given, reporting


def asked_until_the_summary(chat: Chat) -> list[str]:
    """The questions that are asked when each is answered by its first option, or skipped."""
    asked = []
    while chat.asked != "report.send":
        asked.append(chat.asked.removeprefix("report."))
        if chat.talk.partial or len(asked) > 40:
            chat.does(Pressed(chat.letters[-1].choices[-1].key))
        elif "I'd rather not say" in chat.buttons:
            chat.presses("I'd rather not say")
        else:
            chat.does(Pressed(chat.letters[-1].choices[0].key))
    return list(dict.fromkeys(asked))


def test_everything_is_asked_of_a_woman_who_is_safe() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Smears or incitement")
    assert asked_until_the_summary(chat) == [
        *("kind", "where", "when", "again", "what", "who", "proof", "wish", "never", "reach", "hours", "word")
    ]


def test_in_danger_she_is_asked_less() -> None:
    chat = reporting().presses("No, I am not safe", "Smears or incitement")
    assert asked_until_the_summary(chat) == ["where", "what", "reach"]


def test_the_team_is_called_as_soon_as_it_is_known_that_she_is_not_safe() -> None:
    chat = reporting().presses("No, I am not safe")
    opened = chat.cases()[0]
    assert (opened.code, opened.level, opened.because) == (CODE, "critical", (("danger", "unsafe"),))
    assert chat.sealed("answers")[0].answers == {"danger": Answer(codes=("unsafe",))}
    assert CODE in chat.reads
    assert "can't promise" in chat.reads
    assert chat.given.person.cases == (CODE,)


def test_each_later_answer_goes_into_the_case_at_once() -> None:
    chat = reporting().presses("No, I am not safe")
    chat.presses("Harm from family")
    assert chat.sealed()[-1] == AddToCase(CODE, "answers", {"door": Answer(codes=("menu_family",))})
    chat.says("صنعاء")
    chat.does(Shared(4, "voice"))
    assert chat.sealed()[-1] == AddToCase(CODE, "answers", {"what": Answer(files=(4,))}, files=(4,))


def test_answering_danger_again_opens_no_second_case() -> None:
    chat = reporting().presses("No, I am not safe").says("back").presses("No, I am not safe")
    chat.says("back").presses("Yes, I am safe", "No")
    assert {opened.code for opened in chat.cases()} == {CODE}
    assert chat.talk.case == CODE
    assert chat.asked == "report.door"


def test_danger_that_is_said_at_the_summary_calls_the_team_too() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Smears or incitement")
    asked_until_the_summary(chat)
    chat.presses("Change something", "Safety now", "No, I am not safe")
    assert chat.cases()[-1].level == "critical"
    assert chat.asked == "report.send"


def test_words_that_no_question_takes_are_not_lost_once_a_case_is_open() -> None:
    chat = reporting().presses("No, I am not safe").says("he has gone down to the street")
    assert chat.sealed()[-1] == AddToCase(CODE, "words", words="he has gone down to the street")
    assert chat.asked == "report.door"
    chat.does(Shared(9, "photo", "the street"))
    assert chat.sealed()[-1] == AddToCase(CODE, "words", words="the street", files=(9,))


def test_a_file_that_came_early_goes_into_the_case_when_it_opens() -> None:
    chat = reporting()
    chat.does(Shared(9, "photo", "him"))
    chat.presses("No, I am not safe")
    assert AddToCase(CODE, "words", words="him", files=(9,)) in chat.effects


def test_who_cannot_talk_gets_one_harmless_line_and_is_left_in_peace() -> None:
    chat = reporting().presses("I can't talk now")
    assert chat.cases()[0].level == "critical"
    assert chat.given.person.quiet
    assert chat.reads == "All right. Which governorate, please?"
    chat.presses("Ma'rib")
    assert chat.sealed()[-1].answers == {"where": Answer(codes=("marib",))}
    assert chat.reads == "All right, thank you."
    assert chat.letters[-1].choices == ()


@pytest.mark.parametrize("event", [Shared(4, "photo"), Said("stop"), Said("help"), Unusable("sticker"), Said(" ")])
def test_whatever_else_she_does_then_shows_nothing(event: Event) -> None:
    chat = reporting().presses("I can't talk now")
    chat.does(event)
    assert chat.reads in {"All right, thank you.", "Hello. Is now a good time?"}


@pytest.mark.parametrize("words", ["help", "menu", "stop", "status", "عربي", "back"])
def test_before_she_says_that_she_can_write_nothing_is_shown(words: str) -> None:
    chat = reporting().says("مش لحالي", "مرحبا", words)
    assert chat.reads == "All right, thank you.\n\nHello. Is now a good time?"
    assert chat.says("نعم").asked == "report.danger"


def test_who_could_not_talk_is_asked_neutrally_when_she_writes_again() -> None:
    chat = reporting().presses("I can't talk now").says("مأرب", "هو راح")
    assert chat.reads == "Hello. Is now a good time?"
    assert not chat.given.person.quiet
    assert AddToCase(CODE, "words", words="هو راح") in chat.effects
    assert chat.presses("Yes").asked == "report.danger"
    chat.presses("No, I am not safe")
    assert chat.asked == "report.door"


def test_the_words_of_the_button_are_its_answer_although_they_also_ask_for_silence() -> None:
    assert reporting().says("لا أستطيع الكلام").cases()[0].because == (("danger", "cannot_talk"),)


def test_sexual_violence_is_never_asked_for_details() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Sexual harm")
    assert "not your fault" in chat.reads
    chat.presses("No")
    assert asked_until_the_summary(chat) == ["where", "what", "who", "wish", "never", "reach", "hours", "word"]


def test_sexual_violence_in_the_last_days_is_offered_a_person_at_once() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Sexual harm", "Yes")
    assert chat.asked == "now.now"
    chat.presses("Yes, now")
    assert chat.cases()[0].level == "critical"
    assert chat.asked == "report.where"


def test_what_becomes_critical_is_offered_a_person_only_once() -> None:
    chat = reporting().presses("Yes, I am safe", "Yes", "No, let us go on")
    assert chat.cases() == []
    chat.presses("Violence or threat of it").says("1 2")
    assert chat.asked == "report.where"


def test_thoughts_of_death_are_met_with_warmth_and_a_person() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Severe distress").says("1 2")
    assert "takes courage" in chat.reads
    assert chat.asked == "now.now"


def test_sending_files_the_whole_report_and_gives_the_code() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Smears or incitement")
    asked_until_the_summary(chat)
    chat.presses("Send")
    filed = chat.sealed("report")[0]
    assert filed.answers["door"] == Answer(codes=("menu_defamation",))
    assert "send" not in filed.answers
    assert (chat.cases()[0].level, chat.cases()[0].facets) == ("high", {"door": "menu_defamation"})
    assert CODE in chat.reads
    assert chat.talk.flow == ""
    assert chat.given.person.cases == (CODE,)


def test_nothing_is_opened_or_sealed_before_she_sends() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Smears or incitement")
    asked_until_the_summary(chat)
    assert chat.cases() == []
    assert chat.sealed() == []


def test_sending_says_that_it_consents_to_keeping_where_she_had_not_agreed() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Smears or incitement")
    asked_until_the_summary(chat)
    assert "you also agree that they keep it" in chat.reads
    chat.presses("Send")
    assert chat.given.person.consents["store"] == Consent("1", NOW)


def test_who_agreed_before_is_not_asked_again() -> None:
    agreed = Person("en", welcomed=True, consents={"store": Consent("1", NOW)})
    chat = reporting(person=agreed).presses("Yes, I am safe", "No", "Smears or incitement")
    asked_until_the_summary(chat)
    assert "agree" not in chat.reads


def test_a_skipped_question_counts_as_not_known_and_never_lowers() -> None:
    chat = reporting().says("skip").presses("No", "Harm to work or income")
    asked_until_the_summary(chat)
    assert ("danger", "unknown") in chat.presses("Send").cases()[0].because


def test_only_her_governorate_leaves_the_seal_when_she_shares_where_she_is() -> None:
    chat = reporting().presses("No, I am not safe", "Harm from family")
    chat.does(Located(15.46, 45.32))
    assert chat.cases()[-1].facets == {"governorate": "marib", "door": "menu_family"}
    assert chat.sealed()[-1].answers["where"].place == (15.46, 45.32)


def test_leaving_after_the_team_was_called_says_what_stays() -> None:
    chat = reporting().presses("No, I am not safe").says("إيقاف")
    assert f"keeps what has reached it under {CODE}" in chat.reads
    chat.presses("Stop here")
    assert chat.talk.flow == ""


@pytest.mark.parametrize("words", ["ساعدوني", "هو عند الباب", "🆘", "he will kill me"])
def test_words_of_danger_ask_first_and_alert_nobody_by_themselves(words: str) -> None:
    chat = Chat(given=given(person=Person())).says(words)
    assert chat.asked == "danger.sure"
    assert chat.effects == [chat.letters[-1]]


def test_her_story_told_instead_of_an_answer_calls_nobody_before_she_is_asked() -> None:
    chat = reporting().says("زوجي ضربني قبل سنة")
    assert chat.asked == "danger.sure"
    assert chat.cases() == []
    assert chat.presses("No, I am only telling").asked == "report.danger"


@pytest.mark.parametrize("answer", ["Yes, I need help now", "نعم", "1", "ساعدوني"])
def test_her_answer_does(answer: str) -> None:
    chat = Chat(given=given(person=Person())).says("ساعدوني", answer)
    assert chat.cases()[0].level == "critical"
    assert AddToCase(CODE, "words", words="ساعدوني") in chat.effects
    assert chat.asked == "report.door"


def test_what_she_tells_is_kept_when_it_only_sounded_like_danger() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Harm to work or income", "None of these", "I'd rather not say")
    chat.presses("Today", "Once").says("مديري ضربني أمس").presses("No, I am only telling")
    assert chat.talk.answers["what"].words == "مديري ضربني أمس"
    assert chat.asked == "report.who"
    assert chat.cases() == []


def test_when_the_words_asked_for_say_danger_they_go_to_the_team() -> None:
    chat = reporting().presses("Yes, I am safe", "No", "Harm to work or income", "None of these", "I'd rather not say")
    chat.presses("Today", "Once").says("مديري ضربني").presses("Yes, I need help now")
    assert chat.sealed("answers")[0].answers["what"].words == "مديري ضربني"
    assert chat.asked == "report.reach"


def test_a_caption_is_listened_to_as_well() -> None:
    chat = reporting().presses("Yes, I am safe")
    chat.does(Shared(2, "photo", "ساعدوني"))
    assert chat.asked == "danger.sure"
    chat.presses("Yes, I need help now")
    assert AddToCase(CODE, "words", words="ساعدوني", files=(2,)) in chat.effects


def test_unsafe_words_end_in_one_neutral_line_and_silence() -> None:
    chat = reporting().presses("Yes, I am safe").says("مش لحالي")
    assert chat.reads == "All right, thank you."
    assert chat.letters[-1].choices == ()
    assert chat.given.person.quiet
    assert chat.does(Said("لا ترسلوا")).effects == (Unsubscribe(),)
    chat.says("الآن تمام")
    assert chat.reads == "Hello. Is now a good time?"
    assert chat.presses("Yes").asked == "report.today"


def test_later_is_later() -> None:
    chat = reporting().says("مش لحالي", "مرحبا").presses("Later")
    assert chat.given.person.quiet
    assert chat.reads == "All right, thank you."


def test_a_cry_for_help_out_of_silence_is_asked_about_at_once() -> None:
    chat = reporting().says("مش لحالي", "ساعدوني")
    assert chat.asked == "danger.sure"
    assert not chat.given.person.quiet
