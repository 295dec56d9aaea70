"""Stays open for her words, as many as she likes, until she says that it's enough.

It never counts, weighs or answers them: each goes where the flow sends it.
"""

from dataclasses import dataclass

from flows.core import Answer, Event, Given, Judgement, Kept, Located, Prompt, Refused, Said, Shared, Talk
from flows.questions.parts import NOTHING_IN_IT, Wording, told, worded
from flows.questions.write import VOICE
from flows.terms import summed
from messages import Text, t


@dataclass(frozen=True, slots=True)
class Stay:
    """Open until she closes it. The flow clears its answer and sets `page`, and it is asked anew in fewer words."""

    name: str
    title: Text
    text: Wording
    more: Text
    """What stands there after her first words."""
    needed: bool = True

    @property
    def files(self) -> bool:
        """Whatever she sends is welcome."""
        return True

    @property
    def adds(self) -> bool:
        """Each message stands for itself."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Be there; the one button closes it."""
        text = self.more if talk.page else worded(self.text, talk, given)
        return Prompt(text, {"enough": t("Enough for now")}, no="enough", offers_skip=False, tells=True)

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Keep whatever she writes, says, shows or points to."""
        if option == "enough":
            return Kept(Answer(codes=("enough",)))
        match event:
            case Said() if words := told(event):
                return Kept(words)
            case Shared(file, _, caption):
                return Kept(Answer(words=caption, files=(file,)))
            case Located(latitude, longitude):
                return Kept(Answer(place=(latitude, longitude)))
            case _:
                return Refused(NOTHING_IN_IT)

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """The beginning of what she wrote, and that there is a voice note."""
        return summed([VOICE] if answer.files else [], answer.words)
