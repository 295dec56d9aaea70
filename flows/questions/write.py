"""Tell it in words or by a voice note, all at once or added to what was told before.

It never shortens, corrects or weighs what she wrote.
"""

from dataclasses import dataclass, replace

from flows.core import Answer, Event, Given, Judgement, Kept, More, Prompt, Refused, Said, Shared, Talk
from flows.questions.parts import NOTHING_IN_IT, Wording, added, told, worded
from flows.terms import summed
from messages import Text, t

SO_FAR = t("What you told us before is kept. Write or say what you would like to add.")
VOICE = t("A voice note")


@dataclass(frozen=True, slots=True)
class Write:
    """Her own words. `early`: what she wrote before it was asked counts as a beginning."""

    name: str
    title: Text
    text: Wording
    plainer: Text | None = None
    needed: bool = False
    early: bool = False

    @property
    def files(self) -> bool:
        """Voice notes are words; other files have a place of their own."""
        return False

    @property
    def adds(self) -> bool:
        """What she told stays."""
        return True

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Ask her to tell; or, where something is told already, whether there is more."""
        if self._so_far(talk):
            return Prompt(SO_FAR, {"keep": t("Leave it as it is"), "fresh": t("Start over")}, no="keep", tells=True)
        text = self.plainer if talk.misses and self.plainer else worded(self.text, talk, given)
        return Prompt(text, tells=True)

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Keep words and voice notes, behind those that were there."""
        so_far = self._so_far(talk) or Answer()
        if option == "keep":
            return Kept(so_far)
        if option == "fresh":
            return More(Answer())
        if isinstance(event, Said | Shared) and (more := told(event)):
            return Kept(added(so_far, more))
        return Refused(NOTHING_IN_IT)

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """The beginning of what she wrote, and that there is a voice note."""
        return summed([VOICE] if answer.files else [], answer.words)

    def _so_far(self, talk: Talk) -> Answer | None:
        if talk.partial is not None:
            return talk.partial if talk.partial.words or talk.partial.files else None
        if self.early and talk.early and talk.early.words:
            return replace(talk.early, files=())
        return None
