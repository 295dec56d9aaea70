"""A chat as she holds it on her phone, without channels or storage: every state passes through JSON at every step."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import msgspec

from bot.mechanism import load
from flows.book import BOOK
from flows.core import (
    AddToCase,
    Choice,
    Effect,
    Event,
    Given,
    Language,
    OpenCase,
    Person,
    Pressed,
    Remember,
    Said,
    Say,
    Talk,
    Turn,
)
from flows.engine import advance
from flows.rules import Mechanism
from messages.catalog import render

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
CODE = "K7P-2XM"
AMAL = Person(language="ar", welcomed=True, button=True)


@lru_cache
def mechanism() -> Mechanism:
    return load(Path("mechanism"))


def given(**changes: object) -> Given:
    return replace(Given(NOW, CODE, mechanism(), AMAL), **changes)  # type: ignore[arg-type]


def through_json(talk: Talk) -> Talk:
    return msgspec.json.decode(msgspec.json.encode(talk), type=Talk)


@dataclass
class Chat:
    language: Language = "en"
    given: Given = field(default_factory=given)
    talk: Talk = field(default_factory=Talk)
    effects: list[Effect] = field(default_factory=list)
    letters: list[Say] = field(default_factory=list)
    last: tuple[Effect, ...] = ()
    shown: list[str] = field(default_factory=list)
    """The conversation as it stands on the phone, line by line."""

    def does(self, event: Event) -> Turn:
        turn = advance(BOOK, through_json(self.talk), event, self.given)
        self.talk, self.last = turn.talk, turn.effects
        for effect in turn.effects:
            self.effects.append(effect)
            match effect:
                case Remember(person):
                    self.given = replace(self.given, person=person)
                case Say():
                    self.letters.append(effect)
                    self.shown += self.seen(effect)
                case _:
                    pass
        return turn

    def says(self, *words: str) -> "Chat":
        for said in words:
            self.shown += [f"    ▸ {line}" for line in said.splitlines()] + [""]
            self.does(Said(said))
        return self

    def presses(self, *labels: str) -> "Chat":
        for label in labels:
            choice = self.button(label)
            self.shown += [f"    ▸ [{label}]", ""]
            self.does(Pressed(choice.key))
        return self

    def button(self, label: str) -> Choice:
        return next(c for c in self.letters[-1].choices if self.render(c) == label)

    def render(self, said: Say | Choice) -> str:
        return render(said.text if isinstance(said, Say) else said.label, self.language)

    @property
    def buttons(self) -> list[str]:
        return [self.render(choice) for choice in self.letters[-1].choices]

    @property
    def reads(self) -> str:
        """The last letter's text."""
        return self.render(self.letters[-1])

    def seen(self, letter: Say) -> list[str]:
        numbered = [f"  {place}. {self.render(choice)}" for place, choice in enumerate(letter.choices, 1)]
        return [*self.render(letter).splitlines(), *numbered, ""]

    def cases(self) -> list[OpenCase]:
        return [effect for effect in self.effects if isinstance(effect, OpenCase)]

    def sealed(self, kind: str = "") -> list[AddToCase]:
        return [e for e in self.effects if isinstance(e, AddToCase) and kind in {"", e.kind}]

    @property
    def asked(self) -> str:
        """The question that is pending, as flow.name."""
        flow = BOOK[self.talk.flow or "menu"]
        question = flow.first_open(self.talk)
        return f"{flow.name}.{question.name}" if question else ""


def reporting(**changes: object) -> Chat:
    """A chat at the first question of a report."""
    chat = Chat(given=given(**changes))
    return chat.says("menu").presses("Tell what happened")


Walk = Callable[[Chat], Chat]
