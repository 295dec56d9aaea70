"""Her reports by their codes: how each stands, words or files added to one, one taken back.

It never shows what was written in a report: who holds her phone reads codes and nothing else.
"""

from collections.abc import Mapping
from typing import Final

from flows import deleting
from flows.core import AddToCase, Answer, Answers, Flow, Given, GiveReceipt, Led, Report, Say, Talk
from flows.dates import YEMEN
from flows.questions import Attach, Choose
from flows.questions.parts import paged
from messages import Text, both, join, t

STATUS: Final[Mapping[str, Text]] = {
    "waiting": t("waiting for a person"),
    "taken": t("a person has taken it"),
    "contacted": t("somebody has been in touch"),
    "closed": t("closed"),
}


def _page(talk: Talk, given: Given) -> tuple[Report, ...]:
    """The newest first, as many as stand on the buttons."""
    shown = codes(talk, given)
    return tuple(report for report in reversed(given.reports) if report.code in shown)


def codes(talk: Talk, given: Given) -> Mapping[str, Text]:
    """Her reports' codes, as many as stand on the buttons, the newest first."""
    newest = {report.code: both(ar=report.code, en=report.code) for report in reversed(given.reports)}
    return paged(newest, talk.page)


def _list(talk: Talk, given: Given) -> Text:
    lines = [
        t("{code}, {day}: {status}", code=r.code, day=r.opened_at.astimezone(YEMEN).date(), status=STATUS[r.status])
        for r in _page(talk, given)
    ]
    return join(t("These have reached us:"), join(*lines, between="\n"), t("Which one?"))


def _chosen(talk: Talk) -> str:
    return (talk.answers.get("which", Answer()).codes or ("",))[0]


def _what_to_do(talk: Talk, given: Given) -> Mapping[str, Text]:
    held = any(report.code == _chosen(talk) and report.status in {"taken", "contacted"} for report in given.reports)
    another = {"another": t("Another person, please")} if held else {}
    return {
        "add": t("Add to it"),
        **another,
        "receipt": t("A receipt"),
        "withdraw": t("Take it back"),
        "delete": t("Delete it for good"),
        "nothing": t("Nothing more"),
    }


WHICH: Final = Choose("which", t("Which one"), _list, codes)
DO: Final = Choose(
    "do",
    t("What to do"),
    lambda talk, _given: t("What would you like to do with {code}?", code=_chosen(talk)),
    _what_to_do,
    needed=True,
)
ADD: Final = Attach("add", t("Add"), t("Write or send what you would like to add."), early=False)
SURE: Final = Choose(
    "sure",
    t("Take it back"),
    lambda talk, _given: t(
        "The team will be told that you take {code} back, and destroys what it holds. They tell you what "
        "was handed on with your consent. Shall we?",
        code=_chosen(talk),
    ),
    {"yes": t("Yes, take it back"), "no": t("No, leave it")},
    needed=True,
    yes="yes",
    no="no",
)
ANOTHER: Final = Choose(
    "another",
    t("Another person"),
    lambda talk, _given: t(
        "You need not explain it. Whoever has {code} now will not read anything that follows, and it waits for "
        "another person. Shall we?",
        code=_chosen(talk),
    ),
    {"yes": t("Yes, another person"), "no": t("No, leave it so")},
    needed=True,
    yes="yes",
    no="no",
)
NOT_ADDED: Final = t("Nothing was added.")


def _do(talk: Talk, given: Given) -> Led:
    match talk.answers["do"].codes:
        case ("receipt",):
            return Led(talk, (GiveReceipt(_chosen(talk)),))
        case ("delete",):
            return deleting.begin(_chosen(talk), talk, given)
        case _:
            return Led(talk)


def _added(talk: Talk, _given: Given) -> Led:
    more = talk.answers["add"]
    if more == Answer():
        return Led(talk, (Say(NOT_ADDED),))
    sealed = AddToCase(_chosen(talk), "words", words=more.words, files=more.files)
    return Led(talk, (sealed, Say(t("It has reached the team, under {code}.", code=_chosen(talk)))))


def _taken_back(talk: Talk, _given: Given) -> Led:
    if talk.answers["sure"].codes != ("yes",):
        return Led(talk)
    said = t("The team is told that you take {code} back. You need not explain it.", code=_chosen(talk))
    return Led(talk, (AddToCase(_chosen(talk), "withdrawn"), Say(said)))


def _another(talk: Talk, _given: Given) -> Led:
    if talk.answers["another"].codes != ("yes",):
        return Led(talk)
    said = t(
        "It is done. {code} waits for another person now. We can't promise when she answers; we tell you here when "
        "she has it.",
        code=_chosen(talk),
    )
    return Led(talk, (AddToCase(_chosen(talk), "another"), Say(said)))


def _does_not(wanted: str, answers: Answers) -> bool:
    return answers.get("do", Answer()).codes != (wanted,)


MY_REPORTS: Final = Flow(
    "my_reports",
    (WHICH, DO, ADD, ANOTHER, SURE),
    skip={
        "do": lambda answers: "which" not in answers,
        "add": lambda answers: _does_not("add", answers),
        "another": lambda answers: _does_not("another", answers),
        "sure": lambda answers: _does_not("withdraw", answers),
    },
    after={"do": _do, "add": _added, "another": _another, "sure": _taken_back},
)
