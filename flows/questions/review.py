"""The summary before sending: what was answered, in her words, and a way to change any of it.

It never sends: it only says that she pressed "send".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.core import Answer, Event, Flow, Given, Judgement, Kept, More, Prompt, Question, Refused, Reopened, Talk
from flows.questions.parts import NOT_UNDERSTOOD, Wording, paged, worded
from messages import Text, join, t

UNSAID = t("not said")
CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Review:
    """The last question of a flow. It stands behind a script of its own flow's questions."""

    name: str
    title: Text
    text: Wording
    script: Flow
    """The flow without its review: its questions and when they are left out."""
    needed: bool = True

    @property
    def files(self) -> bool:
        """Files that come now are added where they belong."""
        return False

    @property
    def adds(self) -> bool:
        """There is nothing to add to."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Show what there is; or, once she wants to change something, ask what."""
        if talk.partial and talk.partial.codes:
            titles = {question.name: question.title for question in self._asked(talk)}
            shown = {**paged(titles, talk.page), "enough": t("Nothing, all is right")}
            return Prompt(t("What would you like to change?"), shown, no="enough")
        lines = [
            t("• {title}: {answer}", title=question.title, answer=_shown(question, talk, given))
            for question in self._asked(talk)
        ]
        text = join(
            t("Thank you. This is what we have so far, as you told it:"),
            join(*lines, between="\n"),
            worded(self.text, talk, given),
        )
        options = {"send": t("Send"), CHANGE: t("Change something"), "stop": t("Not now")}
        return Prompt(text, options, yes="send", no=CHANGE)

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Tell sending, choosing what to change, and going back to the summary apart."""
        match option:
            case "send":
                return Kept(Answer(codes=("send",)))
            case "change":
                return More(Answer(codes=(CHANGE,)))
            case "more":
                return More(Answer(codes=(CHANGE,)), talk.page + 1)
            case "enough":
                return More(Answer())
            case None:
                return Refused(NOT_UNDERSTOOD)
            case name:
                return Reopened(name)

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """Sending has nothing to show."""
        return t("Send")

    def _asked(self, talk: Talk) -> Iterator[Question]:
        for question in self.script.questions:
            if not self.script.leaves_out(question.name, talk.answers):
                yield question


def _shown(question: Question, talk: Talk, given: Given) -> Text:
    answer = talk.answers.get(question.name)
    return question.show(answer, given) if answer and answer != Answer() else UNSAID
