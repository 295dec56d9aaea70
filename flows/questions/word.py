"""Asks for a word of her own: to prove that it is her, or to choose one.

It never keeps what she wrote: only whether it is her word, the one that looks like it, or neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.core import Answer, Event, Given, Judgement, Kept, Prompt, Refused, Said, Talk
from flows.questions.parts import Options, Wording, offered, worded
from messages import Text, t

WRITE_IT = t("Write the word itself, please: one word or a few, without a photo or a voice note.")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of hers. The answer's code is `safe`, `duress` or `other`, or that of an option; its words are empty."""

    name: str
    title: Text
    text: Wording
    options: Options = field(default_factory=dict[str, Text])
    needed: bool = True
    plainer: Text | None = None

    @property
    def files(self) -> bool:
        """No place for files."""
        return False

    @property
    def adds(self) -> bool:
        """Another word takes the place of the first."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Ask for it; only a whole label or its number is taken for an option."""
        text = self.plainer if talk.misses and self.plainer else worded(self.text, talk, given)
        options: Mapping[str, Text] = offered(self.options, talk, given)
        return Prompt(text, options, offers_skip=False, tells=True)

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Keep what the word is, never the word."""
        if option is not None:
            return Kept(Answer(codes=(option,)))
        if isinstance(event, Said) and given.word:
            return Kept(Answer(codes=(given.word,)))
        return Refused(WRITE_IT)

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """Nothing of it is shown."""
        return t("kept, and shown to nobody")
