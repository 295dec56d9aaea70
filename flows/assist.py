"""What "help" leads to, wherever she writes it: a person now first, then asking for help, and how this works.

It never loses the question that she was at, nor what she writes here instead of choosing.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flows import ways
from flows.core import AddToCase, Flow, Given, Led, Said, Say, Talk
from flows.questions import Choose
from flows.questions.parts import added
from messages import Text, t


def _options(talk: Talk, _given: Given) -> Mapping[str, Text]:
    """A person now before all else."""
    onward = {"go_on": t("Go on")} if talk.under else {"menu": t("Menu")}
    return {"help_now": ways.MENU["help_now"], "help": ways.MENU["help"], **onward}


def _assisted(talk: Talk, given: Given) -> Led:
    answer, waiting = talk.answers["assist"], talk.under or Talk()
    if answer.codes:
        return ways.go("help", waiting, given) if answer.codes == ("help",) else Led(waiting)
    if not waiting.flow:
        return ways.told_at_menu(waiting, Said(answer.words), given, telling=bool(answer.files))
    if code := ways.case_of(waiting):
        sealed = AddToCase(code, "words", words=answer.words, files=answer.files)
        return Led(waiting, (sealed, Say(ways.WITH_THE_TEAM)))
    if waiting.flow in ways.DRAFTS:
        kept = added(waiting.early, answer) if waiting.early else answer
        return Led(replace(waiting, early=kept), (Say(ways.KEPT_FOR_LATER),))
    return Led(waiting)


ASSIST: Final = Flow(
    "assist",
    (Choose("assist", t("Help"), ways.HELP, _options, needed=True, or_write=True),),
    after={"assist": _assisted},
    aside=True,
)
