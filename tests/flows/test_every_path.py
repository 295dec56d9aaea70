"""Walks every path of every flow: each option of each choice, and what women do beside choosing, from every state."""

from dataclasses import replace

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from flows.book import BOOK
from flows.core import Answer, Commanded, Event, Located, Person, Pressed, Said, Say, Shared, Talk, Unusable
from flows.engine import advance
from messages.arabic import normalise, strip_controls
from messages.catalog import render
from messages.wording import ON_A_LOCKED_PHONE, ON_A_LOCKED_PHONE_ENGLISH
from tests.flows.chat import Chat, given, through_json
from tests.flows.shapes import place
from tests.flows.walking import BESIDE, REPORTS, STARTS, Walk, walked

LABEL, HINT, OPTIONS, PREVIEW = 24, 72, 10, 40


@pytest.fixture(params=list(STARTS))
def walk(request: pytest.FixtureRequest) -> Walk:
    return walked(request.param)


def test_every_step_fits_the_screen_in_both_languages(walk: Walk) -> None:
    for letter in {letter.choices: letter for step in walk.steps for letter in step.letters}.values():
        assert len(letter.choices) <= OPTIONS
        for choice in letter.choices:
            for language in ("ar", "en"):
                label = strip_controls(render(choice.label, language))
                assert 0 < len(label) <= LABEL, label
                assert choice.hint is None or len(render(choice.hint, language)) <= HINT
            assert len(choice.key.encode()) <= 64
        keys = [choice.key for choice in letter.choices]
        assert len(set(keys)) == len(keys)


def test_the_beginning_of_every_letter_is_harmless_on_a_locked_phone(walk: Walk) -> None:
    for text in {letter.text for step in walk.steps for letter in step.letters}:
        arabic = normalise(render(text, "ar")[:PREVIEW])
        assert not [word for word in ON_A_LOCKED_PHONE if word in arabic], arabic
        english = render(text, "en")[:PREVIEW]
        assert not ON_A_LOCKED_PHONE_ENGLISH.search(english), english


def test_one_letter_is_sent_for_one_message_beside_the_one_that_brings_the_button(walk: Walk) -> None:
    for step in walk.steps:
        pieces = [letter for letter in step.letters if not letter.apart]  # a lesson is told piece by piece
        assert sum(letter.standing != "on" for letter in pieces) <= 1, step
        assert len(pieces) <= 2, step


def test_silence_is_kept_only_where_it_protects_her(walk: Walk) -> None:
    for step in walk.steps:
        if not step.letters and not step.looks_up:
            doubled = isinstance(step.event, Pressed) and step.event.key == step.state.talk.pressed
            assert doubled or (step.state.person.quiet and isinstance(step.event, Said)), step


def test_every_flow_is_reached_and_every_question_asked() -> None:
    asked = {place(state.talk) for who in STARTS for state in walked(who).states}
    assert asked == {f"{flow.name}.{question.name}" for flow in BOOK.values() for question in flow.questions} | {
        "cover"
    }


def test_every_option_that_is_ever_offered_is_chosen_too() -> None:
    offered = {option for who in STARTS for step in walked(who).steps for option in step.after.options}
    chosen = {option for who in STARTS for state in walked(who).states for option in state.options}
    assert len(chosen) > 500
    assert offered == chosen


def test_every_state_has_a_way_out(walk: Walk) -> None:
    """From each state, "stop" and then the way that leaves, ends in nothing being open."""
    for state in walk.states:
        chat = Chat(given=walk.here(replace(state, person=replace(state.person, quiet=False))), talk=state.talk)
        chat.says("menu")
        for _ in range(4):
            if _at_rest(chat):
                break
            leave = next((b for b in ("Forget it", "Stop here", "Later") if b in chat.buttons), None)
            chat.presses(leave) if leave else chat.says("stop")
        assert _at_rest(chat), state


def _at_rest(chat: Chat) -> bool:
    """Nothing is open, or nothing is asked of her before she writes again."""
    return chat.talk.flow in {"", "welcome"} or chat.given.person.quiet or not chat.letters[-1].choices


def test_every_option_is_found_by_its_label_and_by_its_number_in_both_languages(walk: Walk) -> None:
    for state in walk.states:
        person, here = state.person, walk.here(state)
        if person.quiet or person.locked:
            continue
        for number, choice in enumerate(state.choices, 1):
            pressed = advance(BOOK, state.talk, Pressed(choice.key), here).talk
            for words in (str(number), *(render(choice.label, language) for language in ("ar", "en"))):
                named = advance(BOOK, state.talk, Said(words), here).talk
                assert replace(named, pressed=pressed.pressed) == pressed, (words, place(state.talk), state)


# ---------------------------------------------------------------- anything at all

LONG = {"emoji": "😀" * 5000, "letters": "ا" * 100_000, "marks": "ًٌ" * 20_000, "words": "ضربني " * 5000}
STRANGE = ("\x00\x00", "\u202e\u202eمرحبا", "  \u200f ", "1️⃣", "٣", "👍", "🆘", "/start", "{code}", "a\ud800b")
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Said, st.one_of(st.text(max_size=40), st.sampled_from(STRANGE), st.integers(0, 12).map(str))),
    st.sampled_from(sorted(LONG)).map(lambda name: Said(LONG[name])),
    st.builds(Pressed, st.one_of(st.text(max_size=20), st.from_regex(r"[0-9a-f]{1,3}\.[a-z2-7]{4}", fullmatch=True))),
    st.builds(
        Shared, st.integers(1, 99), st.sampled_from(("photo", "voice", "video", "document")), st.text(max_size=20)
    ),
    st.builds(Located, st.floats(-90, 90), st.floats(-180, 180)),
    st.builds(Commanded, st.sampled_from(("start", "help", "stop", "menu", "language", "unheard"))),
    st.builds(Unusable, st.just("sticker")),
    st.sampled_from(BESIDE),
)


class Anything(RuleBasedStateMachine):
    """Whatever she does, in whatever order: no exception, one letter at most, a state that JSON carries."""

    def __init__(self) -> None:
        super().__init__()
        self.chat = Chat(given=given(person=Person(), reports=REPORTS[:3]))

    @rule(event=events)
    def she_does(self, event: Event) -> None:
        self.chat.does(event)

    @rule(place=st.integers(0, 9))
    def she_presses_what_she_sees(self, place: int) -> None:
        choices = self.chat.letters[-1].choices if self.chat.letters else ()
        if place < len(choices):
            self.chat.does(Pressed(choices[place].key))

    @invariant()
    def one_letter_at_most(self) -> None:
        letters = [effect for effect in self.chat.last if isinstance(effect, Say) and not effect.apart]
        assert sum(letter.standing != "on" for letter in letters) <= 1

    @invariant()
    def the_state_survives_being_stored(self) -> None:
        assert through_json(self.chat.talk) == self.chat.talk

    @invariant()
    def what_is_said_can_be_rendered(self) -> None:
        for letter in self.chat.letters[-1:]:
            for language in ("ar", "en"):
                assert render(letter.text, language)


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)


@generated(st.text(max_size=300), st.sampled_from(("what", "where", "when", "who", "hours")))
@settings(max_examples=60, deadline=None)
def test_words_are_kept_as_they_were_written(words: str, question: str) -> None:
    answers = {
        name: Answer(codes=("x",))
        for name in (
            "danger",
            "today",
            "door",
            "kind",
            "recent",
            "where",
            "when",
            "again",
            "what",
            "who",
            "proof",
            "wish",
            "never",
            "reach",
            "hours",
            "word",
        )
        if name != question
    }
    talk = Talk("report", answers=answers, reassured=True)
    turn = advance(BOOK, talk, Said(words), given())
    kept = turn.talk.answers.get(question)
    assert kept is None or not kept.words or kept.words == words
