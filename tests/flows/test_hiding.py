"""Hiding and coming back: from every state, with the right word, a wrong one, the one under duress, and none at all."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from flows.book import BOOK
from flows.core import (
    AddToCase,
    Answer,
    Commanded,
    Destroy,
    EraseThis,
    Event,
    ForgetFiles,
    Given,
    Held,
    Holding,
    KeepWord,
    Located,
    OpenCase,
    Person,
    Pressed,
    Remember,
    Report,
    Said,
    Say,
    Shared,
    Talk,
    Turn,
    TurnCheckIn,
    Unsubscribe,
    Unusable,
    Wipe,
)
from flows.engine import advance, listens_for_a_word
from flows.lock import unmasked, view
from messages.catalog import render
from tests.flows.chat import NOW, Chat, given, through_json

HERS = "سر لا يعرفه أحد"
CODE = "A22-AAA"
OLD = Report(CODE, NOW - timedelta(days=2), "taken", finished=True)
AMAL = Person("ar", welcomed=True, cases=(CODE,), words=("safe", "duress"), button=True)
NO_WORDS = replace(AMAL, words=())
HIDES = ("0", "٠", "طقس اليوم", "خروج", "باي", "exit")


def states() -> dict[str, Talk]:
    """Each question of each flow, over a begun report with a file in it and one that came early."""
    found = {"nothing open": Talk()}
    for flow in BOOK.values():
        for at, question in enumerate(flow.questions):
            before = {one.name: Answer(codes=("x",)) for one in flow.questions[:at]}
            told = {"what": Answer(words=HERS, files=(5,))}
            draft = Talk("report", answers=told, early=Answer(words=HERS, files=(6,)))
            found[f"{flow.name}.{question.name}"] = Talk(flow.name, answers=before, under=draft, asked=7)
    return found


STATES = states()


def hidden(person: Person = AMAL, **changes: object) -> Chat:
    """A chat that she has just hidden."""
    chat = Chat(given=given(person=person, reports=(OLD,), **changes))
    return chat.says("0")


def hears(chat: Chat, words: str, word: Literal["safe", "duress", "other"]) -> Turn:
    """She writes words which are, or are not, one of her own."""
    chat.given = replace(chat.given, word=word)
    turn = chat.does(Said(words))
    chat.given = replace(chat.given, word="")
    return turn


def letters(turn: Turn) -> list[Say]:
    return [effect for effect in turn.effects if isinstance(effect, Say)]


def remembered(turn: Turn) -> Person:
    return [effect.person for effect in turn.effects if isinstance(effect, Remember)][-1]


# ---------------------------------------------------------------- hiding


@pytest.mark.parametrize("person", [AMAL, NO_WORDS, Person(), replace(AMAL, quiet=True)], ids=str)
@pytest.mark.parametrize("state", STATES)
def test_from_every_state_one_word_hides_the_chat(state: str, person: Person) -> None:
    talk = STATES[state]
    turn = advance(BOOK, through_json(talk), Said("0"), given(person=person, reports=(OLD,)))
    (letter,) = letters(turn)
    assert (letter.standing, letter.choices) == ("off", ())
    assert render(letter.text, "en").startswith("Marib today:")
    assert Wipe() in turn.effects
    assert turn.effects.index(Wipe()) < turn.effects.index(letter)
    assert (ForgetFiles((5, 6)) in turn.effects) is bool(talk.under)
    kept = remembered(turn)
    assert (kept.locked, kept.left, kept.button) == (True, True, False)
    assert HERS not in str(through_json(turn.talk))
    assert turn.talk.under is None
    assert turn.talk.early is None


@pytest.mark.parametrize("words", HIDES)
def test_the_words_that_hide(words: str) -> None:
    turn = advance(BOOK, Talk(), Said(words), given(person=AMAL))
    assert remembered(turn).locked


def test_what_a_case_holds_stays_and_its_alarm_goes_on() -> None:
    talk = Talk("report", answers={"what": Answer(words=HERS, files=(5,))}, case=CODE)
    turn = advance(BOOK, talk, Said("0"), given(person=AMAL, reports=(OLD,)))
    assert not [e for e in turn.effects if isinstance(e, ForgetFiles | AddToCase | OpenCase | Destroy)]
    assert turn.talk.case == CODE
    place = advance(BOOK, turn.talk, Located(15.4, 45.3), given(person=remembered(turn), reports=(OLD,)))
    assert [e.code for e in place.effects if isinstance(e, AddToCase)] == [CODE]


def test_a_draft_that_was_to_be_kept_for_a_day_is_forgotten_too() -> None:
    draft = Talk("report", answers={"what": Answer(files=(5,))}, kept_long=True)
    turn = advance(BOOK, Talk("paused", under=draft, kept_long=True), Said("0"), given(person=AMAL))
    assert ForgetFiles((5,)) in turn.effects
    assert not turn.talk.kept_long


@pytest.mark.parametrize(("cover", "begins"), [("weather", "Marib"), ("recipes", "Bint"), ("prayers", "Prayer")])
def test_the_line_is_of_the_cover_that_she_chose(cover: str, begins: str) -> None:
    assert hidden(replace(AMAL, cover=cover)).reads.startswith(begins)


# ---------------------------------------------------------------- while it is locked

ANYTHING: tuple[Event, ...] = (
    Said("مرحبا"), Said("menu"), Said("/start"), Said("status"), Said("help"), Said("stop"), Said("back"), Said("1"),
    Said("0"), Said("طقس اليوم"), Said("English"), Said("احذفي كل شيء"), Said("ماذا أرسلتِ من قبل"), Said("بلاغ"),
    Said("😀"), Said(""), Said("مش لحالي"), Pressed("1.aaaa"), Pressed("7.sdoi"), Shared(9, "photo", "صورة"),
    Shared(9, "voice"), Located(15.4, 45.3), Commanded("start"), Commanded("menu"), Unusable("sticker"),
)  # fmt: skip


@pytest.mark.parametrize("event", ANYTHING, ids=str)
def test_locked_it_answers_anything_with_the_cover_alone(event: Event) -> None:
    chat = hidden(lapsed=True)
    turn = chat.does(event)
    (letter,) = letters(turn)
    assert not letter.choices
    assert not letter.standing
    assert chat.given.person.locked
    assert CODE not in chat.reads
    done = {type(effect) for effect in turn.effects}
    assert done <= {Say, Remember, ForgetFiles, Unsubscribe}
    assert (Unsubscribe in done) is (event == Said("stop"))


def test_a_file_that_comes_while_it_is_locked_is_destroyed() -> None:
    assert ForgetFiles((9,)) in hidden().does(Shared(9, "photo")).effects


def test_not_being_alone_keeps_the_cover_and_nobody_writes_to_her() -> None:
    chat = hidden().says("مش لحالي")
    assert chat.given.person.quiet
    assert chat.given.person.locked


def test_a_wrong_word_goes_on_with_the_cover_however_often() -> None:
    chat = hidden()
    for _ in range(30):
        hears(chat, "كلمة", "other")
        assert chat.given.person.locked
    assert len({render(letter.text, "ar") for letter in chat.letters[-10:]}) == 10


def test_while_it_is_locked_what_she_writes_may_be_her_word() -> None:
    assert listens_for_a_word(BOOK, Talk("cover"), given(person=replace(AMAL, locked=True)))
    assert not listens_for_a_word(BOOK, Talk(), given(person=AMAL))


@generated(st.lists(st.sampled_from(ANYTHING), max_size=12), st.sampled_from([AMAL, replace(AMAL, cover="recipes")]))
@settings(max_examples=60, deadline=None)
def test_locked_no_letter_ever_holds_anything_of_the_talk(events: list[Event], person: Person) -> None:
    chat = Chat(given=given(person=person, reports=(OLD,)), talk=STATES["report.what"])
    chat.says("0")
    for event in events:
        chat.does(event)
    assert chat.given.person.locked
    ours = ("How can we", "Welcome back", "kept", "team", "code", CODE, HERS)
    for letter in chat.letters:
        assert not [word for word in ours if word in render(letter.text, "en")]


# ---------------------------------------------------------------- her word


def test_her_word_opens_it_and_shows_the_menu_and_nothing_of_before() -> None:
    chat = hidden()
    turn = hears(chat, "هيل", "safe")
    greeting, menu = letters(turn)
    assert (greeting.standing, render(greeting.text, "en")) == ("on", "It is good to hear from you again.")
    assert render(menu.text, "en") == "How can we be of use?"
    assert EraseThis() in turn.effects
    person = chat.given.person
    assert (person.locked, person.left, person.quiet, person.button) == (False, False, False, True)
    assert chat.presses("What I sent before").reads.count(CODE) == 1


def test_whoever_hid_in_the_middle_of_the_welcome_is_welcomed() -> None:
    chat = hidden(Person("ar", button=True)).says("مرحبا", "مرحبا").presses("Yes")
    assert chat.asked == "welcome.honest"


# ---------------------------------------------------------------- the word under duress


def forced(**changes: object) -> Chat:
    chat = hidden(AMAL, **changes)
    hears(chat, "زنجبيل", "duress")
    return chat


def test_the_word_under_duress_looks_as_the_other_one_does_and_pages_in_silence() -> None:
    right, other = hidden(), hidden()
    opened, obeyed = hears(right, "هيل", "safe"), hears(other, "زنجبيل", "duress")
    assert letters(opened) == letters(obeyed)
    assert EraseThis() in obeyed.effects
    (case,) = other.cases()
    assert (case.level, case.silent, case.because) == ("critical", True, (("duress", "duress"),))
    assert other.sealed()[0].code == case.code


def test_after_it_nothing_earlier_is_shown() -> None:
    holding = Holding(CODE, OLD.opened_at, 3, 1, 2, documented=True, until=None)
    held = Held((holding,), draft=False, check_ins=2, other_chats=1)
    chat = forced(held=held)
    assert "nothing yet" in chat.presses("What I sent before").reads
    seen = view(chat.given)
    assert seen.reports == ()
    assert seen.held == Held((), draft=False, check_ins=0, other_chats=0)
    assert (seen.person.words, seen.person.cases, seen.person.consents) == ((), (), {})
    assert chat.given.person.words == ("safe", "duress")


def test_what_is_told_after_it_is_shown_as_usual() -> None:
    chat = forced()
    chat.given = replace(chat.given, reports=(OLD, Report("B22-BBB", NOW, "waiting", finished=True)))
    assert "B22-BBB" in chat.presses("What I sent before").reads
    assert CODE not in chat.reads


def test_said_again_within_a_day_it_opens_no_second_case() -> None:
    chat = forced()
    chat.given = replace(chat.given, code="C33-CCC", now=NOW + timedelta(hours=5))
    hears(chat.says("0"), "زنجبيل", "duress")
    hears(chat, "زنجبيل", "duress")
    assert {case.code for case in chat.cases()} == {"K7P-2XM"}
    chat.given = replace(chat.given, now=NOW + timedelta(hours=30))
    hears(chat.says("0"), "زنجبيل", "duress")
    assert chat.cases()[-1].code == "C33-CCC"


def test_her_word_shows_everything_again() -> None:
    chat = forced()
    assert listens_for_a_word(BOOK, chat.talk, chat.given)
    hears(chat, "هيل", "safe")
    assert CODE in chat.presses("What I sent before").reads


@pytest.mark.parametrize("effect", [Destroy(), Destroy(CODE), KeepWord("safe"), TurnCheckIn(1, "cancel")], ids=str)
def test_what_is_destroyed_or_changed_under_duress_only_looks_done(effect: object) -> None:
    world = forced().given
    turn = unmasked(Turn(Talk(), (effect,)), world, view(world))  # type: ignore[arg-type]
    assert effect not in turn.effects


def test_everything_destroyed_under_duress_looks_like_the_first_day() -> None:
    world = forced().given
    ended, kept = unmasked(Turn(Talk(), (Destroy(),)), world, view(world)).effects
    assert ended == Unsubscribe(whole=True), "a tip that came later would show that she is still known"
    assert isinstance(kept, Remember)
    chat = Chat(given=replace(world, person=kept.person)).says("مرحبا")
    assert chat.talk.flow == "welcome"
    hears(chat, "هيل", "safe")
    assert chat.given.person.welcomed
    assert chat.given.person.cases == (CODE,)


# ---------------------------------------------------------------- a cry for help


@pytest.mark.parametrize(
    "event", [Said("ساعدوني"), Said("🆘"), Said("sos"), Said("ضربني"), Shared(4, "voice", "ساعدوني")], ids=str
)
def test_a_cry_for_help_breaks_through(event: Event) -> None:
    chat = hidden()
    chat.does(event)
    assert chat.talk.flow in {"danger", "sos"}
    assert not chat.given.person.locked
    assert CODE not in "".join(render(letter.text, "en") for letter in letters(Turn(chat.talk, chat.last)))


def test_who_forgot_her_word_comes_in_by_it_and_sees_nothing_earlier_until_her_word_is_heard() -> None:
    chat = hidden().says("ساعدوني")
    chat.presses("No, I am only telling").says("menu")
    if chat.asked != "menu.menu":
        chat.presses("No, forget it")
    assert "nothing yet" in chat.presses("What I sent before").reads
    hears(chat, "هيل", "safe")
    assert CODE in chat.presses("What I sent before").reads


# ---------------------------------------------------------------- without a word of her own


def test_without_a_word_the_first_message_gets_the_cover_and_the_second_a_neutral_question() -> None:
    chat = hidden(NO_WORDS).says("مرحبا")
    assert chat.given.person.locked
    turn = chat.does(Said("مرحبا"))
    cover, knock = letters(turn)
    assert cover.standing == "on"
    assert not cover.choices
    assert render(knock.text, "en") == "Hello. Is now a good time?"
    assert chat.presses("Yes").asked == "menu.menu"


def test_pressing_the_button_that_hides_never_counts_as_coming_back() -> None:
    chat = hidden(NO_WORDS).says("0", "طقس اليوم", "0", "طقس اليوم")
    assert chat.given.person.locked


def test_later_is_later() -> None:
    chat = hidden(NO_WORDS).says("مرحبا", "مرحبا").presses("Later")
    assert chat.given.person.quiet
    assert chat.says("مرحبا").asked == "quiet.knock"


# ---------------------------------------------------------------- the button


def test_the_first_letter_is_a_greeting_that_brings_the_button() -> None:
    chat = Chat(given=given(person=Person()))
    hello, question = letters(chat.does(Said("سلام")))
    assert (hello.standing, hello.choices, render(hello.text, "en")) == ("on", (), "Hello!")
    assert question.choices
    chat.presses("English")
    assert not chat.letters[-1].standing


def test_no_greeting_comes_between_a_cry_for_help_and_its_answer() -> None:
    chat = Chat(given=given(person=Person()))
    assert len(letters(chat.does(Said("ساعدوني")))) == 1


def test_the_button_is_told_of_once_and_honestly() -> None:
    chat = Chat(given=given(person=Person())).says("hi").presses("English", "All right, go on", "That's all")
    assert "hides this chat at once" in chat.reads
    assert "as far as Telegram lets us" in chat.reads
    there = Chat(given=given(person=Person(), erasable=False)).says("hi")
    assert "stays until you clear the chat" in there.presses("English", "All right, go on", "That's all").reads


def test_the_world_is_seen_whole_where_nothing_is_hidden() -> None:
    world: Given = given(person=AMAL, reports=(OLD,))
    assert view(world) is world
