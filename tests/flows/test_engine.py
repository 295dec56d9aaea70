"""What the engine does for every flow: back, skip, help, stop, old buttons, languages, and what she sends elsewhere."""

import pytest

from flows.book import BOOK
from flows.core import Answer, Commanded, ForgetFiles, Person, Pressed, Report, Said, Shared, Talk, Unusable
from flows.engine import advance
from messages.catalog import render
from tests.flows.chat import NOW, Chat, given, reporting


def at_where() -> Chat:
    return reporting().presses("Yes, I am safe", "No", "Harm to work or income", "None of these")


def test_back_asks_the_question_before_and_keeps_its_answer_until_there_is_another() -> None:
    chat = at_where().says("back")
    assert chat.asked == "report.kind"
    assert chat.says("back").asked == "report.door"
    assert chat.presses("Harm from family").asked == "report.kind" or chat.talk.answers["kind"]
    assert chat.talk.answers["door"].codes == ("menu_family",)


def test_back_at_the_first_question_says_so() -> None:
    assert "first question" in reporting().says("رجوع").reads


def test_skipping_is_offered_by_a_button_and_accepted_as_a_word() -> None:
    assert "where" in at_where().presses("I'd rather not say").talk.skipped
    assert "where" in at_where().says("تخطي").talk.skipped
    assert "danger" in reporting().says("skip").talk.skipped


def test_i_do_not_know_chooses_unknown_where_there_is_such_an_answer() -> None:
    chat = reporting().presses("Yes, I am safe").says("ما أدري")
    assert chat.talk.answers["today"].codes == ("unknown",)


def test_help_offers_a_person_first_then_asking_for_help_and_the_question_is_there_again() -> None:
    chat = at_where().says("مساعدة")
    assert "skip" in chat.reads
    assert chat.buttons == ["I need help now", "Ask for help", "Go on"]
    assert "Ma'rib" in chat.presses("Go on").buttons


@pytest.mark.parametrize("digit", ["2", "٢", "۲", "2️⃣", " 2 ", "\u200f2\u200f"])
def test_a_number_in_any_digits_chooses(digit: str) -> None:
    assert reporting().presses("Yes, I am safe").says(digit).talk.answers["today"].codes == ("no",)


@pytest.mark.parametrize(
    ("words", "code"), [("نعم", "yes"), ("👍", "yes"), ("أيوه", "yes"), ("❌", "no"), ("لأ", "no")]
)
def test_yes_and_no_are_understood_in_words_and_emoji(words: str, code: str) -> None:
    chat = reporting().presses("Yes, I am safe").says(words)
    assert (chat.talk.under or chat.talk).answers["today"].codes == (code,)


@pytest.mark.parametrize("words", ["ok", "اوكي", "ماشي", "تمام"])
def test_ok_is_not_i_am_safe(words: str) -> None:
    chat = reporting().says(words)
    assert "danger" not in chat.talk.answers
    assert chat.asked == "report.danger"


def test_a_label_or_its_first_word_chooses_in_either_language() -> None:
    chat = reporting().presses("Yes, I am safe", "No")
    assert chat.says("تشهير").talk.answers["door"].codes == ("menu_defamation",)
    assert reporting().says("نعم آمنه").talk.answers["danger"].codes == ("safe",)


def test_a_double_tap_is_silent() -> None:
    chat = reporting()
    key = chat.button("Yes, I am safe").key
    chat.presses("Yes, I am safe")
    assert chat.does(Pressed(key)).effects == ()


def test_a_double_tap_on_send_sends_once() -> None:
    chat = _ready_to_send()
    key = chat.button("Send").key
    chat.presses("Send")
    assert chat.does(Pressed(key)).effects == ()


def test_an_old_button_changes_nothing_and_is_answered() -> None:
    chat = reporting()
    old = chat.button("No, I am not safe").key
    chat.presses("Yes, I am safe", "No")
    before = chat.talk.answers
    chat.does(Pressed(old))
    assert chat.talk.answers == before
    assert "answered already" in chat.reads
    assert chat.cases() == []


@pytest.mark.parametrize("key", ["", "x", "0.aaaa", "zz.zzzz", "1.abcd.ef", "ffffffffff.aaaa", "\u0000", "٣.aaaa"])
def test_a_forged_button_is_answered_kindly(key: str) -> None:
    chat = reporting()
    chat.does(Pressed(key))
    assert chat.asked == "report.danger"
    assert chat.last


def test_the_language_changes_anywhere_and_the_talk_goes_on() -> None:
    chat = at_where().says("English")
    assert chat.given.person.language == "en"
    assert chat.asked == "report.where"
    assert chat.says("عربي").given.person.language == "ar"


def test_the_third_time_we_do_not_understand_she_is_offered_a_person() -> None:
    chat = reporting().presses("Yes, I am safe").says("blue", "green")
    plainer = chat.reads
    assert "before tomorrow" in plainer
    chat.says("red")
    assert chat.buttons == ["Go on without this", "A person from the team", "Try once more", "Stop"]
    chat.presses("A person from the team")
    assert chat.cases()[0].level == "high"
    assert chat.sealed("answers")[0].answers["danger"].codes == ("safe",)
    assert chat.asked == "report.door"


def test_going_on_without_the_question_that_was_not_understood() -> None:
    chat = reporting().presses("Yes, I am safe").says("blue", "green", "red").presses("Go on without this")
    assert chat.asked == "report.door"
    assert chat.cases() == []


def test_a_photo_in_the_wrong_place_is_kept_for_its_place() -> None:
    chat = at_where()
    chat.does(Shared(5, "photo", "من هاتفه"))
    assert chat.asked == "report.where"
    chat.presses("I'd rather not say", "Today", "Once", "I'd rather not say", "I'd rather not say")
    assert chat.asked == "report.proof"
    assert "One file is kept" in chat.reads
    assert chat.presses("That's all").talk.answers["proof"].files == (5,)


def test_a_voice_note_is_accepted_wherever_words_are() -> None:
    chat = at_where()
    chat.does(Shared(6, "voice"))
    assert chat.talk.answers["where"].files == (6,)


def test_what_cannot_be_used_is_answered_and_the_question_asked_again() -> None:
    chat = at_where()
    chat.does(Unusable("sticker"))
    assert "our fault" in chat.reads
    assert chat.asked == "report.where"


def test_stopping_keeps_for_a_day_and_goes_on_from_there() -> None:
    chat = at_where().says("stop").presses("Keep it for a day")
    assert chat.talk.kept_long
    assert chat.says("hello again").asked == "paused.paused"
    assert chat.presses("Go on").asked == "report.where"


def test_forgetting_destroys_the_draft_and_its_files() -> None:
    chat = at_where()
    chat.does(Shared(5, "photo"))
    chat.says("stop").presses("Forget it")
    assert ForgetFiles((5,)) in chat.effects
    assert chat.talk.flow == ""
    assert chat.talk.answers == {}


def test_hiding_shows_one_ordinary_line_and_forgets_the_draft() -> None:
    chat = at_where().says("باي")
    assert chat.reads.startswith("Marib today:")
    assert chat.letters[-1].choices == ()
    assert chat.talk.under is None
    assert chat.given.person.locked


def test_start_in_the_middle_of_a_report_offers_to_go_on() -> None:
    chat = at_where()
    chat.does(Commanded("start"))
    assert chat.asked == "again.again"
    assert chat.presses("Go on").asked == "report.where"


def test_a_menu_button_of_long_ago_still_opens_what_it_names() -> None:
    chat = Chat(given=given(reports=(Report("K7P-2XM", NOW, "taken", finished=True),))).says("menu")
    key = chat.button("What I sent before").key
    chat.presses("Tell what happened", "Yes, I am safe")
    chat.does(Pressed(key))
    assert chat.asked == "my_reports.which"
    assert chat.presses("I'd rather not say").asked == "report.today"


def test_her_draft_was_destroyed_and_she_is_told_gently() -> None:
    chat = Chat(given=given(lapsed=True)).says("hello")
    assert chat.reads.startswith("Welcome back.")
    open_case = (Report("K7P-2XM", NOW, "waiting", finished=False),)
    assert "K7P-2XM" in Chat(given=given(lapsed=True, reports=open_case)).says("hello").reads


def test_a_question_that_a_deploy_removed_strands_nobody() -> None:
    talk = Talk("a flow of last year", answers={"gone": Answer(codes=("x",))}, asked=9)
    turn = advance(BOOK, talk, Said("مرحبا"), given())
    assert turn.talk.flow == ""
    assert turn.effects
    lost = Talk("report", answers={"danger": Answer(codes=("not_a_code_any_more",)), "gone": Answer()}, asked=9)
    assert advance(BOOK, lost, Said("no"), given()).talk.answers["today"].codes == ("no",)


def test_words_over_four_thousand_characters_are_kept_whole() -> None:
    long = "كلمة " * 2000
    chat = at_where().presses("I'd rather not say", "Today", "Once").says(long)
    assert chat.talk.answers["what"].words == long


def test_half_a_surrogate_pair_is_made_storable() -> None:
    chat = at_where().presses("I'd rather not say", "Today", "Once").says("a\ud800b")
    assert chat.talk.answers["what"].words == "a?b"


def test_what_is_told_at_the_menu_becomes_the_beginning_of_a_report() -> None:
    words = "جاري يهددني منذ أسبوع ولا أعرف ماذا أفعل"
    chat = Chat().says(words)
    assert chat.asked == "offer.offer"
    chat.presses("Yes, keep it", "Yes, I am safe", "No", "Something else / unsure", "None of these")
    chat.presses("I'd rather not say", "Today", "Once")
    assert "kept" in chat.reads
    assert chat.presses("Leave it as it is").talk.answers["what"].words == words


def test_a_file_at_the_menu_is_offered_a_place_or_destroyed() -> None:
    chat = Chat()
    chat.does(Shared(3, "voice"))
    assert chat.presses("No, forget it").talk.flow == ""
    assert ForgetFiles((3,)) in chat.effects


def test_a_stranger_is_welcomed_and_someone_we_know_sees_the_menu() -> None:
    assert Chat(given=given(person=Person())).says("hello").asked == "welcome.language"
    assert Chat().says("hello").asked == "menu.menu"


def test_the_same_conversation_has_the_same_keys_after_a_deploy() -> None:
    assert [choice.key for choice in reporting().letters[-1].choices] == ["2.sdoi", "2.3eej", "2.j3bt"]


def _ready_to_send() -> Chat:
    chat = at_where().presses("I'd rather not say", "Today", "Once").says("He stopped my salary.")
    chat.presses("Unknown", "Nothing to send", "I'd rather not say", "I'd rather not say", "Here, in this chat")
    return chat.presses("Any time", "I'd rather not say")


def test_every_letter_renders_in_both_languages() -> None:
    for letter in _ready_to_send().presses("Send").letters:
        assert render(letter.text, "ar") != render(letter.text, "en")
