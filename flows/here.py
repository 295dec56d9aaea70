"""Where she is in a conversation: which question is pending, how it was put, and which option an event names.

It never decides what an option leads to.
"""

from dataclasses import dataclass, replace
from typing import Final

from flows.core import Book, Flow, Given, Prompt, Question, Talk
from flows.hearing import Heard
from flows.options import named, parted, short
from messages import Text, t

SKIP: Final = t("I'd rather not say")
LONGEST_LABEL: Final = 6
"""Words."""


@dataclass(frozen=True, slots=True)
class Here:
    """Where she is: the talk, its flow, the question that is pending, and how it was put."""

    book: Book
    talk: Talk
    given: Given
    flow: Flow
    question: Question
    prompt: Prompt
    codes: tuple[str, ...]
    """The options as they stood before her, in that order."""

    @property
    def place(self) -> str:
        """The question's full name, for its buttons."""
        return f"{self.flow.name}.{self.question.name}"

    def label(self, code: str) -> Text:
        """What stands on an option's button."""
        return self.prompt.options.get(code, SKIP)


def standing(book: Book, talk: Talk, given: Given) -> Here:
    """Where she is: flows that have no open question, or exist no more, give way to the talk under them."""
    while True:
        flow = book.get(talk.flow or "menu")
        question = flow.first_open(talk) if flow else None
        if flow and question:
            break
        talk = replace(talk.under or Talk(), asked=talk.asked, pressed=talk.pressed)
    prompt = question.ask(talk, given)
    skips = not question.needed and prompt.offers_skip and "done" not in prompt.options
    codes = (*prompt.options, "skip") if skips and "enough" not in prompt.options else tuple(prompt.options)
    return Here(book, talk, given, flow, question, prompt, codes)


def pressed_option(here: Here, key: str) -> str | None:
    """The option whose button this is, if it is one of the letter that she sees."""
    found = parted(key)
    if found is None or found[0] != here.talk.asked:
        return None
    return next((code for code in here.codes if short(here.place, code) == found[1]), None)


def numbered(here: Here, number: int | None) -> str | None:
    """The option that stands at this number."""
    return here.codes[number - 1] if number and number <= len(here.codes) else None


def named_option(here: Here, heard: Heard, *, whole: bool) -> str | None:
    """The option that her words name. Long messages name none, and so cost nothing."""
    if len(heard.said) > LONGEST_LABEL or heard.number is not None:
        return None
    return named(heard.said, {code: here.label(code) for code in here.codes}, whole=whole)
