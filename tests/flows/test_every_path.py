"""Walks every path of every flow: each option of each choice, and what women do beside choosing, from every state."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from flows.book import BOOK
from flows.core import (
    Answer,
    Choice,
    Commanded,
    Event,
    Given,
    Located,
    Person,
    Pressed,
    Remember,
    Report,
    Said,
    Say,
    Shared,
    Talk,
    Unusable,
)
from flows.dates import today
from flows.engine import advance, listens_for_a_word
from flows.services import verified_on
from messages.arabic import normalise, strip_controls
from messages.catalog import render
from messages.wording import ON_A_LOCKED_PHONE, ON_A_LOCKED_PHONE_ENGLISH
from tests.flows.chat import NOW, Chat, given, mechanism, through_json

LABEL, HINT, OPTIONS, PREVIEW = 24, 72, 10, 40
REPORTS = tuple(
    Report(f"A{n:02}-AAA".replace("0", "B").replace("1", "C"), NOW, "waiting" if n % 2 else "taken", finished=True)
    for n in range(20, 41)
)
BESIDE: tuple[Event, ...] = (
    Said("back"),
    Said("stop"),
    Said("help"),
    Said("skip"),
    Said("English"),
    Said("الموضوع يطول شرحه وأريد أن أحكيه بهدوء"),
    Said("ساعدوني"),
    Said("مش لحالي"),
    Said("4/10/2025"),
    Shared(7, "voice", ""),
    Shared(8, "photo", "صورة"),
    Located(15.46, 45.32),
    Located(48.85, 2.35),
    Commanded("start"),
    Unusable("sticker"),
    Pressed("0.aaaa"),
)
WORDS = ("safe", "duress", "other")
"""What a message may be, where a word of hers is listened for."""

HIDDEN_FROM = frozenset(("", "safety", "cover"))
"""From everywhere else it is the same (tests/flows/test_hiding.py), and twice as many steps."""
State = tuple[Talk, Person]


def shape(talk: Talk | None, person: Person) -> object:
    """What makes two states different for a walk: not how often something was asked, nor which words were written."""
    if talk is None:
        return None
    flow = BOOK.get(talk.flow)
    pending = flow.first_open(talk) if flow else None
    answered = frozenset(talk.answers)
    if talk.flow in {"report", "help"}:
        answered = frozenset({"send"} & answered)
    name = pending.name if pending else ""
    decides = {"kind": ("danger", "door"), "recent": ("danger", "door"), "add": ("do",)}.get(name, ("danger",))
    decisive = tuple(talk.answers[decided].codes for decided in decides if decided in talk.answers)
    if talk.flow == "help":
        needs = talk.answers.get("need", Answer()).codes
        path = tuple(code for code in needs if code in {"care", "self_harm", "unsure"}) or (needs[:1] and ("track",))
        decisive = (*decisive, path, talk.answers.get("whom", Answer()).codes if name in {"knows", "adult"} else ())
    partial = talk.partial and (bool(talk.partial.codes), bool(talk.partial.files))
    return (
        talk.flow,
        name,
        answered,
        decisive,
        partial,
        min(talk.misses, 2) if name in {"door", "honest", "do"} else 0,
        min(talk.page, 3),
        bool(talk.case),
        bool(talk.reopened) and name in {"what", "who", "where"},
        person.quiet,
        person.locked,
        person.words if talk.flow == "safety" else (),
        person.welcomed and not talk.flow,
        shape(talk.under, person)[: 1 if talk.flow == "help" else 2] if talk.under else None,  # type: ignore[index]
    )


def walk(start: Talk, given: Given) -> Iterator[tuple[State, Event, tuple[Say, ...], Talk]]:
    """Every step from every state that can be reached: each button of the last letter, and each thing beside."""
    seen: set[object] = set()
    waiting: deque[tuple[Talk, Person, tuple[Choice, ...]]] = deque([(start, given.person, ())])
    while waiting:
        talk, person, choices = waiting.popleft()
        here = replace(given, person=person)
        words = WORDS if listens_for_a_word(BOOK, talk, here) else ()
        heard = [(Said("قرنفل"), replace(here, word=word)) for word in words]
        beside: list[Event] = [*(Pressed(choice.key) for choice in choices), *BESIDE]
        if talk.flow in HIDDEN_FROM:
            beside.append(Said("0"))
        for event, world in (*((event, here) for event in beside), *heard):
            turn = advance(BOOK, through_json(talk), event, world)
            letters = tuple(effect for effect in turn.effects if isinstance(effect, Say))
            yield (talk, person), event, letters, turn.talk
            after = next((e.person for e in turn.effects if isinstance(e, Remember)), person)
            choices_then = letters[-1].choices if letters else ()
            key = (shape(turn.talk, after), bool(turn.talk.flow or choices_then))
            if key not in seen:
                seen.add(key)
                waiting.append((turn.talk, after, choices_then))


STARTS = {
    "a stranger": (Talk(), given(person=Person(), erasable=False)),
    "someone with reports": (
        Talk("my_reports"),
        given(reports=REPORTS, lapsed=True, rules=verified_on(mechanism(), today(NOW))),
    ),
}


Steps = list[tuple[State, Event, tuple[Say, ...], Talk]]


@cache
def walked(who: str) -> Steps:
    return list(walk(*STARTS[who]))


@pytest.fixture(params=list(STARTS))
def steps(request: pytest.FixtureRequest) -> Steps:
    return walked(request.param)


def test_every_step_fits_the_screen_in_both_languages(steps: Steps) -> None:
    for _, _, letters, _ in steps:
        for letter in letters:
            assert len(letter.choices) <= OPTIONS
            for choice in letter.choices:
                for language in ("ar", "en"):
                    assert 0 < len(strip_controls(render(choice.label, language))) <= LABEL, render(
                        choice.label, language
                    )
                    assert choice.hint is None or len(render(choice.hint, language)) <= HINT
                assert len(choice.key.encode()) <= 64
            keys = [choice.key for choice in letter.choices]
            assert len(set(keys)) == len(keys)


def test_the_beginning_of_every_letter_is_harmless_on_a_locked_phone(
    steps: list[tuple[State, Event, tuple[Say, ...], Talk]],
) -> None:
    for text in {letter.text for _, _, letters, _ in steps for letter in letters}:
        arabic = normalise(render(text, "ar")[:PREVIEW])
        assert not [word for word in ON_A_LOCKED_PHONE if word in arabic], arabic
        english = render(text, "en")[:PREVIEW]
        assert not ON_A_LOCKED_PHONE_ENGLISH.search(english), english


def test_one_letter_is_sent_for_one_message_beside_the_one_that_brings_the_button(steps: Steps) -> None:
    for _, _, letters, _ in steps:
        assert sum(letter.standing != "on" for letter in letters) <= 1
        assert len(letters) <= 2


def test_silence_is_kept_only_where_it_protects_her(steps: Steps) -> None:
    for (talk, person), event, letters, _ in steps:
        if not letters:
            doubled = isinstance(event, Pressed) and event.key == talk.pressed
            assert doubled or (person.quiet and isinstance(event, Said)), (talk, event)


def test_every_flow_is_reached_and_every_question_asked() -> None:
    asked: set[str] = set()
    for who in STARTS:
        for _, _, _, talk in walked(who):
            flow = BOOK.get(talk.flow or "menu")
            if flow is None:
                assert talk.flow == "cover"
                continue
            pending = flow.first_open(talk)
            asked.add(f"{flow.name}.{pending.name if pending else ''}")
    every = {f"{flow.name}.{question.name}" for flow in BOOK.values() for question in flow.questions}
    assert asked == every


def test_every_state_has_a_way_out(steps: Steps) -> None:
    """From each state, "stop" and then the way that leaves, ends in nothing being open."""
    for talk, person in {repr(state): state for state, *_ in steps}.values():
        chat = Chat(given=given(person=replace(person, quiet=False), reports=REPORTS), talk=talk)
        chat.says("menu")
        for _ in range(4):
            if _at_rest(chat):
                break
            leave = next((b for b in ("Forget it", "Stop here", "Later") if b in chat.buttons), None)
            chat.presses(leave) if leave else chat.says("stop")
        assert _at_rest(chat), talk


def _at_rest(chat: Chat) -> bool:
    """Nothing is open, or nothing is asked of her before she writes again."""
    return chat.talk.flow in {"", "welcome"} or chat.given.person.quiet or not chat.letters[-1].choices


@pytest.mark.timeout(300)  # every option of every state, by each of its names
def test_every_option_is_found_by_its_label_and_by_its_number_in_both_languages() -> None:
    for who, (_, world) in STARTS.items():
        seen: set[object] = set()
        for (_, person), _, letters, after in walked(who):
            key = shape(after, person)
            if not letters or key in seen or person.quiet or person.locked or not after.flow:
                continue
            if after.flow in {"hush", "quiet", "cover"}:
                continue
            seen.add(key)
            here = replace(world, person=person)
            for place, choice in enumerate(letters[-1].choices, 1):
                pressed = advance(BOOK, after, Pressed(choice.key), here)
                for words in (str(place), *(render(choice.label, language) for language in ("ar", "en"))):
                    named = advance(BOOK, after, Said(words), here)
                    assert replace(named.talk, pressed=pressed.talk.pressed) == pressed.talk, (words, after)


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
        assert sum(isinstance(effect, Say) and effect.standing != "on" for effect in self.chat.last) <= 1

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
