"""Send files, one after the other, until "that's all".

It never looks into a file, and never asks for one: to have none is as good.
"""

from dataclasses import dataclass

from flows.core import Answer, Event, Given, Judgement, Kept, More, Prompt, Refused, Said, Shared, Talk
from flows.questions.parts import Wording, added, told, worded
from flows.questions.several import DONE
from flows.terms import summed
from messages import Text, t, tn

MOST = 30
"""Files in one draft; more can be added to the report once it's sent."""
ENOUGH = t("That is a great deal, and it is all kept. The rest can be added after sending.")
NOT_A_FILE = t("Here we can keep a photo, a video, a voice note or a document. If you have none, that is fine.")


@dataclass(frozen=True, slots=True)
class Attach:
    """Photos, voice notes, videos and documents, with the words under them. What came early counts."""

    name: str
    title: Text
    text: Wording
    needed: bool = False
    early: bool = True

    @property
    def files(self) -> bool:
        """Here is the place for files."""
        return True

    @property
    def adds(self) -> bool:
        """More files join those that are there."""
        return True

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Ask for files, or say how many there are and ask for the next."""
        so_far = self._so_far(talk)
        if not so_far.files and not so_far.words:
            nothing = {"none": t("Nothing to send")}
            return Prompt(worded(self.text, talk, given), nothing, no="none", offers_skip=False, tells=True)
        kept = (
            tn("One file is kept.", "{count} files are kept.", len(so_far.files)) if so_far.files else t("It is kept.")
        )
        return Prompt(
            t("{kept} Send the next one, or press “That's all”.", kept=kept), {"done": DONE}, no="done", tells=True
        )

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Keep each file and each word until she says that it's all."""
        so_far = self._so_far(talk)
        match event:
            case _ if option in {"done", "none"}:
                return Kept(so_far)
            case Shared() if len(so_far.files) >= MOST:
                return Refused(ENOUGH)
            case Shared(file, _, caption):
                return More(added(so_far, Answer(words=caption, files=(file,))))
            case Said() if words := told(event):
                return More(added(so_far, words))
            case _:
                return Refused(NOT_A_FILE)

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """How many files there are, and the words under them."""
        return summed([tn("one file", "{count} files", len(answer.files))] if answer.files else [], answer.words)

    def _so_far(self, talk: Talk) -> Answer:
        if talk.partial is not None:
            return talk.partial
        early = talk.early if self.early else None
        return Answer(files=early.files) if early else Answer()
