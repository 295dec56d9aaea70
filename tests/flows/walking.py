"""Walks a conversation through all its states: every button of every letter, and what women do beside choosing.

Two states of one shape (`tests.flows.shapes`) are walked once, unless something is offered in the second that was not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache

from flows.book import BOOK
from flows.consents import LAYERS, VERSION
from flows.core import (
    CheckIn,
    Choice,
    Commanded,
    Consent,
    Event,
    Given,
    Held,
    Holding,
    Located,
    LookUpCertificate,
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
from flows.public import Learning, Poll, Public, Question, Story, Subscription
from flows.services import verified_on
from flows.ways import PUBLIC as WAYS
from messages import raw, t
from tests.flows.chat import AMAL, NOW, given, mechanism, through_json
from tests.flows.shapes import place, shape

REPORTS = tuple(
    Report(f"A{n:02}-AAA".replace("0", "B").replace("1", "C"), NOW, "waiting" if n % 2 else "taken", finished=True)
    for n in range(20, 41)
)
CHECK_INS = (
    CheckIn(1, NOW + timedelta(hours=3), timedelta(minutes=15), "armed", every="daily"),
    CheckIn(2, NOW - timedelta(minutes=3), timedelta(minutes=15), "asked"),
    CheckIn(3, NOW + timedelta(days=2), timedelta(minutes=15), "paused", every="weekdays"),
    CheckIn(4, NOW - timedelta(hours=1), timedelta(minutes=15), "overdue"),
)
HELD = Held(
    tuple(
        Holding(one.code, one.opened_at, items=2, files=1, readers=2, documented=False, until=None) for one in REPORTS
    ),
    draft=True,
    check_ins=len(CHECK_INS),
    other_chats=1,
)
BESIDE: tuple[Event, ...] = (
    Said("back"),
    Said("stop"),
    Said("help"),
    Said("skip"),
    Said("English"),
    Said("0"),
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
HER_WORD = Said("قرنفل")
WORDS = ("safe", "duress", "other")
"""What her word may turn out to be, where one is listened for."""

# ---------------------------------------------------------------- walking


@dataclass(frozen=True, slots=True)
class State:
    """Where she is, as whom, and which buttons she sees."""

    talk: Talk
    person: Person
    choices: tuple[Choice, ...]

    @property
    def options(self) -> set[tuple[str, str]]:
        """What is offered to her, each by its question and its code there."""
        asked = place(self.talk)
        return {(asked, choice.key.partition(".")[2]) for choice in self.choices}


@dataclass(frozen=True, slots=True)
class Step:
    """What one event led to in a state."""

    state: State
    event: Event
    letters: tuple[Say, ...]
    after: State
    looks_up: bool = False
    """It is answered by what is looked up (`handlers.public.carry`)."""


@dataclass(slots=True)
class Walk:
    """All states that were reached, and all steps from them."""

    world: Given
    states: list[State] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def here(self, state: State, word: str = "other") -> Given:
        """The world in a state; where a word of hers is listened for, `word` is what her message was found to be."""
        here = replace(self.world, person=state.person)
        return replace(here, word=word) if listens_for_a_word(BOOK, state.talk, here) else here  # type: ignore[arg-type]

    def steps_from(self, state: State) -> list[Step]:
        """Press each button, do all else that women do, and write her word where one is listened for."""
        here = self.here(state)
        does: list[tuple[Event, Given]] = [(Pressed(choice.key), here) for choice in state.choices]
        does += [(event, here) for event in BESIDE]
        if here.word:
            does += [(HER_WORD, replace(here, word=word)) for word in WORDS]  # type: ignore[arg-type]
        talk = through_json(state.talk)
        assert talk == state.talk
        return [self._step(replace(state, talk=talk), event, world) for event, world in does]

    def _step(self, state: State, event: Event, world: Given) -> Step:
        turn = advance(BOOK, state.talk, event, world)
        letters = tuple(effect for effect in turn.effects if isinstance(effect, Say))
        person = next((effect.person for effect in turn.effects if isinstance(effect, Remember)), state.person)
        after = State(turn.talk, person, letters[-1].choices if letters else ())
        return Step(state, event, letters, after, any(isinstance(one, LookUpCertificate) for one in turn.effects))


def walk(start: Talk, world: Given, within: Collection[str] = ()) -> Walk:
    """Walk from a talk to all that can be reached; where flows are named, only through those `within`."""
    found, seen, offered = Walk(world), set[object](), set[tuple[str, str]]()
    waiting = deque([State(start, world.person, ())])
    while waiting:
        state = waiting.popleft()
        found.states.append(state)
        for step in found.steps_from(state):
            found.steps.append(step)
            after = step.after
            if within and not {after.talk.flow, _base(after.talk)}.intersection(within):
                continue
            key = (shape(after.talk, after.person), bool(after.choices))
            if key not in seen or not after.options <= offered:
                seen.add(key)
                offered |= after.options
                waiting.append(after)
    return found


def _base(talk: Talk) -> str:
    """The flow that waits under whatever interrupted it."""
    while talk.under and talk.flow in BOOK and BOOK[talk.flow].aside:
        talk = talk.under
    return talk.flow


# ---------------------------------------------------------------- who walks

_VERIFIED = verified_on(mechanism(), today(NOW))
_AGREED = {layer: Consent(VERSION, NOW) for layer in LAYERS}
_WITH_A_WORD = replace(AMAL, words=("safe", "duress"), watched=True, consents=_AGREED)
HERS = ("", "my_reports", "my_data", "check_in", "other_chat", "safety", "cover")
LEARNING = Learning("digital", "on", place=1)
PUBLIC = Public(
    Subscription(("tips", "awareness"), area="outside", zone="Asia/Dubai", hours="evening", spacing=3),
    learning=LEARNING,
    polls=(Poll(5, "poll", t("Which one?"), {"a": t("Yes"), "b": t("No")}),),
    stories=tuple(Story(one, "story", raw(f"قصة {one}"), raw("نص")) for one in range(11, 23)),
    initiatives=tuple(Story(one, "initiative", raw(f"مبادرة {one}"), raw("نص"), one == 31) for one in range(31, 43)),
    questions=tuple(Question(one, "association", "answered", NOW, "جواب") for one in range(41, 44)),
)
OF_THE_PUBLIC = ("", "learn", "certificate", *WAYS)
STARTS: dict[str, tuple[Talk, Given, Collection[str]]] = {
    "a stranger": (Talk(), given(person=Person(), erasable=False, rules=_VERIFIED), ()),
    "someone with reports": (
        Talk("my_reports"),
        given(reports=REPORTS, held=HELD, lapsed=True, person=replace(AMAL, consents=_AGREED)),
        HERS,
    ),
    "someone with words of her own": (
        Talk("check_in"),
        given(person=_WITH_A_WORD, check_ins=CHECK_INS, reports=REPORTS[:2], held=HELD),
        HERS,
    ),
    "someone who receives and learns": (Talk("learn"), given(public=PUBLIC), OF_THE_PUBLIC),
    "someone at the last questions": (
        Talk("lesson"),
        given(public=Public(learning=replace(LEARNING, state="quiz", place=9, asked=("d08",)))),
        ("lesson",),
    ),
}


@cache
def walked(who: str) -> Walk:
    """The walk of one of them, once."""
    return walk(*STARTS[who])
