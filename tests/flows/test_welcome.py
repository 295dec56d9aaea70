"""The welcome: language, honesty, consent by layers, and the way past it for a woman in danger."""

from flows.core import Consent, Person, Said, Shared
from tests.flows.chat import NOW, Chat, given


def met(**changes: object) -> Chat:
    return Chat(given=given(person=Person(), **changes))


def test_the_first_letter_looks_ordinary_and_speaks_both_languages() -> None:
    chat = met().says("hi")
    assert "Which language suits you?" in chat.reads
    assert "أي لغة تناسبكِ؟" in chat.reads


def test_the_language_is_remembered_at_once() -> None:
    assert met().says("hi").presses("العربية").given.person.language == "ar"
    assert met().says("hi", "english").given.person.language == "en"


def test_a_language_that_is_the_first_word_is_not_asked_for() -> None:
    chat = met().says("English")
    assert chat.given.person.language == "en"
    assert chat.asked == "welcome.honest"


def test_the_honest_screen_says_the_four_things() -> None:
    chat = met().says("hi").presses("English")
    for promise in ("not the police", "knows that you wrote", "only the protection team", "ask for deletion"):
        assert promise in chat.reads


def test_where_messages_cannot_be_deleted_it_is_said_before_the_first_question() -> None:
    assert "Clear chat" not in met().says("hi").presses("English").reads
    assert "Clear chat" in met(erasable=False).says("hi").presses("English").reads


def test_no_consent_is_ticked_beforehand() -> None:
    chat = met().says("hi").presses("English", "All right, go on", "That's all")
    assert chat.given.person.consents == {}
    assert chat.given.person.welcomed


def test_each_layer_is_kept_with_its_version_and_time() -> None:
    chat = met().says("hi").presses("English", "All right, go on", "Contact me", "Keep what I send", "That's all")
    assert chat.given.person.consents == {"store": Consent("1", NOW), "contact": Consent("1", NOW)}


def test_a_tick_is_taken_back_by_pressing_again() -> None:
    chat = met().says("hi").presses("English", "All right, go on", "Contact me", "✓ Contact me", "That's all")
    assert chat.given.person.consents == {}


def test_i_need_help_now_leads_past_the_welcome() -> None:
    assert met().says("hi").presses("I need help now").asked == "sos.called"
    assert met().says("hi").presses("English", "I need help now").asked == "sos.called"
    assert met().says("خطر").asked == "sos.called"


def test_a_report_before_any_welcome_is_filed_all_the_same() -> None:
    chat = met().says("hi").presses("I need help now")
    assert chat.cases()[0].level == "critical"
    chat.presses("Tell more")
    chat.says("skip", "skip", "skip", "skip", "yes")
    assert chat.sealed("report")
    assert set(chat.given.person.consents) == {"store"}
    assert chat.asked == "menu.menu"


def test_what_she_sent_before_the_welcome_is_offered_its_place_after_it() -> None:
    chat = met()
    chat.does(Shared(4, "voice"))
    chat.presses("English", "All right, go on", "That's all")
    assert chat.asked == "offer.offer"
    chat.presses("Yes, keep it")
    assert chat.talk.early
    assert chat.talk.early.files == (4,)


def test_her_choices_can_be_changed_from_the_menu() -> None:
    person = Person("en", welcomed=True, consents={"store": Consent("1", NOW), "map": Consent("1", NOW)})
    chat = Chat(given=given(person=person)).says("hi").presses("About us, my choices")
    assert "not the police" in chat.reads
    chat.presses("✓ Keep what I send", "Contact me", "That's all")
    assert set(chat.given.person.consents) == {"map", "contact"}


def test_an_arabic_stranger_is_heard_when_she_writes_in_words() -> None:
    chat = met()
    chat.does(Said("عربي"))
    assert chat.given.person.language == "ar"


def test_a_stranger_is_welcomed_instead_of_being_shown_the_menu() -> None:
    """There her words would have led to the welcome, and "3" not to a person."""
    chat = met().says("ساعدوني")
    assert chat.asked == "danger.sure"
    assert chat.says("back").asked == "welcome.language"
    assert chat.says("3").asked == "sos.called"


def test_what_a_stranger_does_not_want_kept_leads_to_the_welcome() -> None:
    chat = met(hint="en").says("ساعدوني").presses("No, I am only telling", "No, forget it")
    assert chat.asked == "welcome.language"
    assert chat.talk.early is None
