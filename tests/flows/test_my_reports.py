"""Her reports: their status in plain words, adding to one, taking one back."""

from dataclasses import replace
from datetime import timedelta

from flows.core import AddToCase, Answer, Located, Report, Shared
from tests.flows.chat import NOW, Chat, given

TAKEN = Report("K7P-2XM", NOW, "taken", finished=True)
WAITING = Report("B4T-9QR", NOW, "waiting", finished=False)


def opened(*reports: Report) -> Chat:
    return Chat(given=given(reports=reports)).says("menu").presses("What I sent before")


def test_none_yet_is_said_kindly_and_the_menu_stays() -> None:
    chat = opened()
    assert "nothing yet" in chat.reads
    assert "Tell what happened" in chat.buttons


def test_each_is_shown_by_its_code_with_its_status_the_newest_first() -> None:
    chat = opened(TAKEN, WAITING)
    assert "K7P-2XM, Wednesday, 4 March 2026: a person has taken it" in chat.reads
    assert chat.buttons[:2] == ["B4T-9QR", "K7P-2XM"]


def test_more_than_a_screenful_is_shown_in_pages() -> None:
    many = [replace(TAKEN, code=f"K{a}{b}-2XM") for a in "ABCD" for b in "EFGH"]
    chat = opened(*many)
    assert len(chat.buttons) == 10
    assert chat.presses("More…").buttons[0] == "KBH-2XM"


def test_words_and_files_are_added_to_the_one_she_chose() -> None:
    chat = opened(TAKEN, WAITING).presses("K7P-2XM", "Add to it").says("He wrote again.")
    chat.does(Shared(8, "photo", "his message"))
    chat.presses("That's all")
    assert chat.sealed() == [AddToCase("K7P-2XM", "words", words="He wrote again.\n\nhis message", files=(8,))]
    assert "under K7P-2XM" in chat.reads
    assert chat.asked == "menu.menu"


def test_a_code_may_be_typed() -> None:
    assert opened(TAKEN, WAITING).says("k7p 2xm").talk.answers["which"].codes == ("K7P-2XM",)


def test_nothing_is_added_when_she_sends_nothing() -> None:
    chat = opened(TAKEN).presses("K7P-2XM", "Add to it", "Nothing to send")
    assert chat.sealed() == []


def test_taking_one_back_is_asked_once_more_and_then_told_to_the_team() -> None:
    chat = opened(TAKEN).presses("K7P-2XM", "Take it back")
    assert chat.sealed() == []
    chat.presses("Yes, take it back")
    assert chat.sealed() == [AddToCase("K7P-2XM", "withdrawn")]


def test_looking_at_them_in_the_middle_of_a_report_gives_the_report_back() -> None:
    chat = Chat(given=given(reports=(TAKEN,))).says("menu").presses("Tell what happened", "Yes, I am safe")
    chat.says("طلبي").presses("K7P-2XM", "Nothing more")
    assert chat.asked == "report.today"


def test_another_person_is_asked_for_once_more_and_she_hears_honestly_what_follows() -> None:
    chat = opened(TAKEN).presses("K7P-2XM", "Another person, please")
    assert chat.sealed() == []
    chat.presses("Yes, another person")
    assert chat.sealed() == [AddToCase("K7P-2XM", "another")]
    assert "waits for another person now" in chat.reads


def test_another_person_is_offered_only_where_somebody_has_it() -> None:
    assert "Another person, please" not in opened(WAITING).presses("B4T-9QR").buttons
    assert opened(TAKEN).presses("K7P-2XM", "Another person, please", "No, leave it so").sealed() == []


ASKED = replace(TAKEN, wrote_at=NOW - timedelta(hours=3), answered=False)
ANSWERED = replace(ASKED, answered=True)


def written_to(report: Report) -> Chat:
    return Chat(given=given(reports=(report, replace(WAITING, opened_at=NOW))))


def test_what_she_writes_after_a_message_from_the_team_is_her_answer_even_a_number() -> None:
    for words in ("نعم", "2", "أحتاج", "The lawyer may call me on Sunday, in the morning if he can."):
        chat = written_to(ASKED).says(words)
        assert chat.sealed() == [AddToCase("K7P-2XM", "words", words=words)]
        assert "It has reached the person who wrote to you" in chat.reads
        assert chat.letters[-1].choices == ()


def test_files_and_places_answer_as_well() -> None:
    chat = written_to(ASKED)
    chat.does(Shared(9, "voice", ""))
    chat.does(Located(15.4, 45.3))
    assert chat.sealed() == [
        AddToCase("K7P-2XM", "words", files=(9,)),
        AddToCase("K7P-2XM", "words", {"here": Answer(place=(15.4, 45.3))}),
    ]


def test_for_a_day_what_she_writes_goes_on_to_be_her_answer_and_numbers_are_the_menus_again() -> None:
    assert written_to(ANSWERED).says("And one more thing").sealed() != []
    assert written_to(ANSWERED).says("5").asked == "my_reports.which"
    late = replace(ASKED, wrote_at=NOW - timedelta(hours=25))
    assert written_to(late).says("And one more thing").sealed() == []


def test_commands_mean_what_they_say_after_a_message_from_the_team() -> None:
    chat = written_to(ASKED).says("menu")
    assert chat.sealed() == []
    assert chat.asked == "menu.menu"


def test_words_of_danger_come_first_and_reach_the_case_too() -> None:
    chat = written_to(ASKED).says("ساعدوني")
    assert chat.asked == "danger.sure"
    assert chat.sealed() == [AddToCase("K7P-2XM", "words", words="ساعدوني")]


def test_an_answer_that_no_question_takes_reaches_the_case() -> None:
    chat = written_to(ASKED).says("menu").presses("What I sent before").says("I am well, thank you for asking me")
    assert chat.sealed() == [AddToCase("K7P-2XM", "words", words="I am well, thank you for asking me")]


def test_whoever_hid_the_chat_is_not_talking_with_us_until_she_is_asked_in_again() -> None:
    chat = Chat().says("menu").says("exit", "menu")
    assert chat.given.person.left
    assert not chat.says("menu").presses("Yes").given.person.left
