"""Send files, one after the other, until "that's all"; of pictures, perhaps only the copy without place and time.

It never looks into a file, and never asks for one: to have none is as good.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from flows.core import (
    Answer,
    Effect,
    Event,
    Given,
    Judgement,
    KeepClean,
    Kept,
    More,
    Prompt,
    Refused,
    Said,
    Shared,
    Talk,
)
from flows.questions.parts import CLEAN, ENOUGH, MOST_FILES, PICTURE, Wording, added, told, worded
from flows.questions.several import DONE
from flows.terms import summed
from messages import Text, join, t, tn

NOT_A_FILE: Final = t("Here we can keep a photo, a video, a voice note or a document. If you have none, that is fine.")
WITHOUT: Final = t("Without place and time")
AS_IT_CAME: Final = t("Keep as evidence")
CHOICE: Final = t(
    "A picture can hold where and when it was taken. We keep it as it came, since that proves most; or without place "
    "and time, if you prefer."
)
CLEANED: Final = t("Of pictures we keep only a copy without place and time. What came as it was is then destroyed.")


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

    @property
    def options(self) -> Mapping[str, Text]:
        """What its code means, for whoever reads the answer."""
        return {CLEAN: t("pictures only without place and time")}

    def ask(self, talk: Talk, given: Given) -> Prompt:
        """Ask for files, or say how many there are and ask for the next; once there is a picture, how to keep it."""
        so_far = self._so_far(talk)
        if not so_far.files and not so_far.words:
            nothing = {"none": t("Nothing to send")}
            return Prompt(worded(self.text, talk, given), nothing, no="none", offers_skip=False, tells=True)
        kept = (
            tn("One file is kept.", "{count} files are kept.", len(so_far.files)) if so_far.files else t("It is kept.")
        )
        text, options = t("{kept} Send the next one, or press “That's all”.", kept=kept), {"done": DONE}
        if CLEAN in so_far.codes:
            text, options = join(text, CLEANED), options | {"evidence": AS_IT_CAME}
        elif PICTURE in so_far.codes or (so_far.files and talk.reopened == self.name):
            text, options = join(text, CHOICE), options | {CLEAN: WITHOUT}
        return Prompt(text, options, no="done", tells=True)

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Keep each file and each word until she says that it's all."""
        so_far = self._so_far(talk)
        match event:
            case _ if option in {"done", "none"}:
                return Kept(replace(so_far, codes=(CLEAN,) if CLEAN in so_far.codes else ()))
            case _ if option == CLEAN:
                return More(replace(so_far, codes=(PICTURE, CLEAN)))
            case _ if option == "evidence":
                return More(replace(so_far, codes=(PICTURE,)))
            case Shared() if len(so_far.files) >= MOST_FILES:
                return Refused(ENOUGH)
            case Shared(file, kind, caption):
                return More(_with(so_far, Answer(words=caption, files=(file,)), pictured=kind == "photo"))
            case Said() if words := told(event):
                return More(added(so_far, words))
            case _:
                return Refused(NOT_A_FILE)

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """How many files there are, how pictures are kept where that is her wish, and the words under them."""
        files = [tn("one file", "{count} files", len(answer.files))] if answer.files else []
        return summed([*files, *(self.options[code] for code in answer.codes if code in self.options)], answer.words)

    def _so_far(self, talk: Talk) -> Answer:
        if talk.partial is not None:
            return talk.partial
        early = talk.early if self.early else None
        return Answer(codes=early.codes, files=early.files) if early else Answer()


def cleaned(answer: Answer | None) -> tuple[Effect, ...]:
    """What follows from her wish that only clean copies of these pictures be kept, if it is her wish."""
    return (KeepClean(answer.files),) if answer and answer.files and CLEAN in answer.codes else ()


def _with(so_far: Answer, more: Answer, *, pictured: bool) -> Answer:
    codes = (*so_far.codes, PICTURE) if pictured and PICTURE not in so_far.codes else so_far.codes
    return replace(added(so_far, more), codes=codes)
