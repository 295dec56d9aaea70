"""Her reports: their status in plain words, adding to one, taking one back."""

from dataclasses import replace

from flows.core import AddToCase, Report, Shared
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
