"""Words of her own: chosen twice, changed with the old one, forgotten a day later, and never kept in the talk."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from flows.book import BOOK
from flows.core import (
    EraseThis,
    Event,
    ForgetWords,
    Given,
    KeepWord,
    OpenCase,
    OwnWord,
    Person,
    Remember,
    Said,
    Talk,
    Turn,
    Wipe,
)
from flows.engine import listens_for_a_word
from messages.catalog import render
from tests.flows.chat import NOW, Chat, given


class Her(Chat):
    """A chat beside which her words are kept as the server keeps them: by kind, compared as they are heard."""

    def __init__(self, **changes: object) -> None:
        super().__init__(given=given(**changes))
        self.words: dict[OwnWord, str] = {}

    def does(self, event: Event) -> Turn:
        self.given = replace(self.given, word="")
        if isinstance(event, Said) and listens_for_a_word(BOOK, self.talk, self.given):
            kinds = [kind for kind, word in self.words.items() if word == event.words]
            self.given = replace(self.given, word=kinds[0] if kinds else "other")
        turn = super().does(event)
        for effect in turn.effects:
            if isinstance(effect, KeepWord):
                assert isinstance(event, Said)
                self.words[effect.kind] = event.words
            elif isinstance(effect, ForgetWords):
                self.words.clear()
        return turn

    def chooses(self, button: str, word: str) -> "Her":
        self.presses(button).says(word, word)
        return self

    def hides(self) -> "Her":
        self.says("0")
        return self


def with_words(**changes: object) -> Her:
    """She has both words, and has left the place where they are chosen."""
    her = Her(**changes)
    her.says("menu").presses("My words, hiding")
    her.chooses("Choose my word", "هيل وقرنفل").chooses("Choose a second word", "زنجبيل")
    her.presses("Leave things as they are")
    return her


def test_a_word_is_asked_for_twice_and_leaves_the_chat_each_time() -> None:
    her = Her().says("menu").presses("My words, hiding", "Choose my word").says("هيل وقرنفل")
    assert her.last.count(EraseThis()) == 1
    assert not her.given.person.words
    her.says("هيل وقرنفل")
    assert EraseThis() in her.last
    assert her.given.person.words[:2] == ("safe",)
    assert "هيل" not in msgspec.json.encode(her.talk).decode()


def test_where_nothing_can_be_deleted_she_is_asked_to_delete_it_herself() -> None:
    her = Her(erasable=False)
    her.says("menu").presses("My words, hiding", "Choose my word").says("هيل وقرنفل")
    assert "delete the message with the word" in her.reads


def test_a_second_time_that_differs_begins_again() -> None:
    her = Her()
    her.says("menu").presses("My words, hiding", "Choose my word").says("هيل وقرنفل", "هيل وزنجبيل")
    assert not her.given.person.words
    assert her.asked == "safety.new"
    her.says("زنجبيل", "زنجبيل")
    assert her.given.person.words == ("safe",)
    assert her.words["safe"] == "زنجبيل"


@pytest.mark.parametrize(
    "word",
    ["القائمة", "رجوع", "خروج", "نعم", "1", "٧", "👍", "اب", "weather", "طقس مأرب", "سلام", "كلمة " * 5, "english"],
)
def test_what_could_be_written_by_anybody_is_never_her_word(word: str) -> None:
    her = Her()
    her.says("menu").presses("My words, hiding", "Choose my word").says(word)
    assert not [effect for effect in her.effects if isinstance(effect, KeepWord)]
    assert not [word for word in ("invalid", "error", "wrong") if word in her.reads]


def test_a_cry_for_help_instead_of_a_word_is_heard_as_one() -> None:
    her = Her()
    her.says("menu").presses("My words, hiding", "Choose my word").says("ساعدوني")
    assert her.talk.flow == "danger"


def test_the_second_word_is_another_one() -> None:
    her = Her()
    her.says("menu").presses("My words, hiding")
    her.chooses("Choose my word", "زنجبيل")
    her.presses("Choose a second word").says("زنجبيل")
    assert "duress" not in her.words
    assert her.asked == "safety.new"


def test_a_word_is_changed_with_the_word_before_it() -> None:
    her = with_words().says("menu").presses("My words, hiding", "Change my word").says("كركديه")
    assert her.asked == "safety.old"
    her.says("هيل وقرنفل", "كركديه", "كركديه")
    assert isinstance(her, Her)
    assert her.words == {"safe": "كركديه", "duress": "زنجبيل"}
    assert her.given.person.words == ("safe", "duress")


def test_her_second_word_there_pages_in_silence_and_looks_obeyed() -> None:
    her = with_words().says("menu").presses("My words, hiding", "Change my word").says("زنجبيل")
    assert her.cases() == [OpenCase(her.given.code, "critical", (("duress", "duress"),), silent=True)]
    assert her.asked == "menu.menu"
    assert her.given.code not in "".join(render(letter.text, "en") for letter in her.letters)


def test_her_words_are_given_up_with_the_word() -> None:
    her = with_words().says("menu").presses("My words, hiding", "No words any more").says("هيل وقرنفل")
    assert ForgetWords() in her.last
    assert her.given.person.words == ()


def test_who_forgot_her_word_chooses_another_a_day_later_unless_hers_is_heard() -> None:
    her = with_words()
    her.says("menu").presses("My words, hiding", "Change my word", "I forgot it")
    assert her.given.person.forgot_at == NOW
    her.given = replace(her.given, now=NOW + timedelta(hours=23))
    her.says("menu").presses("My words, hiding", "Change my word")
    assert her.asked == "safety.old"
    her.given = replace(her.given, now=NOW + timedelta(hours=24))
    her.says("menu").presses("My words, hiding", "Change my word")
    assert her.asked == "safety.new"
    her.hides().says("هيل وقرنفل")
    assert her.given.person.forgot_at is None


def test_a_word_left_half_chosen_locks_nobody_out() -> None:
    her = Her()
    her.says("menu").presses("My words, hiding", "Choose my word").says("هيل وقرنفل")
    her.hides().says("مرحبا", "مرحبا")
    assert her.asked == "quiet.knock"


def test_the_cover_is_chosen_and_hiding_tried_once() -> None:
    her = Her().says("menu").presses("My words, hiding", "What it looks like", "Recipes")
    assert her.given.person.cover == "recipes"
    her.presses("Try it once", "Yes, hide it now")
    assert Wipe() in her.last
    assert her.reads.startswith("Bint al-sahn")
    assert her.given.person.locked


def test_a_begun_report_waits_while_she_chooses() -> None:
    her = Her().says("menu").presses("Tell what happened", "Yes, I am safe")
    button = her.given.person
    her.talk = replace(Talk("safety", under=her.talk), asked=her.talk.asked)
    her.says("hm").presses("Leave things as they are")
    assert her.asked == "report.today"
    assert button == her.given.person


def test_a_person_of_before_can_be_remembered() -> None:
    old = msgspec.json.decode(b'{"language": "ar", "welcomed": true}', type=Person)
    assert Remember(old) == Remember(Person("ar", welcomed=True))
    assert isinstance(given(person=old), Given)
