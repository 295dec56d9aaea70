"""Every question of every flow with a way to it: what must hold wherever she is, is tried there.

It is no proof of paths (`test_every_path` is): two ways to one question count as one, unless something hangs on it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import cache

from flows.book import BOOK, FLOWS
from flows.core import (
    AddToCase,
    Event,
    Given,
    Located,
    Person,
    Pressed,
    Question,
    Remember,
    Report,
    Said,
    Say,
    Shared,
    Talk,
    Turn,
)
from flows.engine import advance
from tests.flows.chat import AMAL, NOW, given, through_json

REPORTS = (
    Report("KTR-4MW", NOW, "waiting", finished=True),
    Report("KTR-4MX", NOW, "taken", finished=True),
)
_BEGUN = tuple(flow for flow in FLOWS if flow.name not in {"menu", "stay"})
"""Flows that may be the first thing open; the others come from something before them."""
_BESIDE: tuple[Event, ...] = (Said("كركديه بالنعناع"), Shared(8, "photo"), Located(15.46, 45.32), Said("stop"))
_STARTS: tuple[tuple[Talk, Given], ...] = (
    (Talk(), given(person=Person())),
    (Talk(), given(reports=REPORTS)),
    *((Talk(flow.name), given(reports=REPORTS, person=replace(AMAL, cases=("KTR-4MW",)))) for flow in _BEGUN),
)


@dataclass(frozen=True)
class Place:
    """Where she can be."""

    talk: Talk
    given: Given

    @property
    def question(self) -> Question | None:
        flow = BOOK.get(self.talk.flow)
        return flow.first_open(self.talk) if flow else None

    @property
    def name(self) -> str:
        asked = self.question.name if self.question else ""
        return f"{self.talk.flow or 'menu'}.{asked}"

    def does(self, event: Event) -> Turn:
        return advance(BOOK, through_json(self.talk), event, self.given)


def _key(place: Place) -> object:
    talk, person = place.talk, place.given.person
    under = talk.under.flow if talk.under else ""
    partial = (bool(talk.partial.codes), bool(talk.partial.files)) if talk.partial else None
    return (
        place.name,
        partial,
        bool(talk.case),
        bool(talk.reopened),
        under,
        person.quiet,
        person.locked,
        person.welcomed,
    )


@cache
def places() -> tuple[Place, ...]:
    """Each place once, found by pressing every button and by what women do besides."""
    found: dict[object, Place] = {}
    waiting: deque[tuple[Place, tuple[str, ...]]] = deque((Place(*start), ()) for start in _STARTS)
    while waiting:
        place, choices = waiting.popleft()
        events = (*(Pressed(choice) for choice in choices), *_BESIDE)
        for event in events:
            turn = place.does(event)
            letters = [effect for effect in turn.effects if isinstance(effect, Say)]
            person = next((e.person for e in turn.effects if isinstance(e, Remember)), place.given.person)
            after = Place(turn.talk, replace(place.given, person=person))
            if _key(after) not in found:
                found[_key(after)] = after
                waiting.append((after, tuple(choice.key for choice in letters[-1].choices) if letters else ()))
    return tuple(found.values())


def files_in(turn: Turn) -> set[int]:
    """Every file that is kept after a turn: in the talk or in a case."""
    found: set[int] = set()
    at: Talk | None = turn.talk
    while at is not None:
        found |= {file for answer in (*at.answers.values(), at.partial, at.early) if answer for file in answer.files}
        at = at.under
    for effect in turn.effects:
        if isinstance(effect, AddToCase):
            found |= {*effect.files, *(file for answer in effect.answers.values() for file in answer.files)}
    return found
