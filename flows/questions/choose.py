"""Choose one of several options, or say it in words where that is welcome.

It never takes words for an option that they don't name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flows.core import Answer, Event, Given, Judgement, Kept, More, Prompt, Refused, Said, Shared, Talk
from flows.questions.parts import NOT_UNDERSTOOD, Options, Wording, offered, told, worded
from flows.terms import summed
from messages import Text, raw, t

ENOUGH = t("The one I write from")


@dataclass(frozen=True, slots=True)
class Choose:
    """One of several options. `details` asks on after some of them, for words that belong to the choice."""

    name: str
    title: Text
    text: Wording
    options: Options
    plainer: Text | None = None
    """The question in other words, once it was not understood."""
    needed: bool = False
    or_write: bool = False
    hints: Callable[[Given], Mapping[str, Text]] | None = None
    details: Mapping[str, Text] = field(default_factory=dict)
    names: Callable[[str, Given], Text] | None = None
    """Full names of codes for the summary; without it the options' labels."""
    yes: str = ""
    no: str = ""
    alarm: str = ""
    firm: bool = False
    why: Text = NOT_UNDERSTOOD
    offers_skip: bool = True

    @property
    def files(self) -> bool:
        """A choice is no place for files."""
        return False

    @property
    def adds(self) -> bool:
        """A new choice takes the place of the old one."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Put the options, or the detail that the chosen one asks for."""
        if chosen := self._chosen(talk):
            return Prompt(self.details[chosen.codes[0]], {"enough": ENOUGH}, no="enough", tells=True)
        return Prompt(
            self.plainer if talk.misses and self.plainer else worded(self.text, talk, given),
            offered(self.options, talk, given),
            self.hints(given) if self.hints else {},
            self.yes,
            self.no,
            self.alarm,
            self.firm,
            self.offers_skip,
        )

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Keep the option; keep words where they are welcome or asked for as a detail."""
        if chosen := self._chosen(talk):
            return _detail(event, option, chosen)
        if option == "more":
            return More(Answer(), talk.page + 1)
        if option is not None:
            answer = Answer(codes=(option,))
            return More(answer) if option in self.details else Kept(answer)
        if self.or_write and isinstance(event, Said | Shared) and (words := told(event)):
            return Kept(words)
        return Refused(self.why)

    def show(self, answer: Answer, given: Given) -> Text:
        """The option's name, and what she added."""
        labels = self.options if isinstance(self.options, Mapping) else {}
        names = [self.names(code, given) if self.names else labels.get(code, raw(code)) for code in answer.codes]
        return summed(names, answer.words)

    def _chosen(self, talk: Talk) -> Answer | None:
        """The choice whose detail is asked for."""
        partial = talk.partial
        return partial if partial and partial.codes and partial.codes[0] in self.details else None


def _detail(event: Event, option: str | None, chosen: Answer) -> Judgement:
    if option == "enough":
        return Kept(chosen)
    if isinstance(event, Said | Shared) and (answer := told(event)):
        return Kept(replace(answer, codes=chosen.codes))
    return Refused(NOT_UNDERSTOOD)
