"""The question after words of danger: did I understand? And what follows: the team is called, or we go on.

It never alerts by a word alone: only her answer does.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from flows.core import Answer, Flow, Given, Led, Person, Say, Talk
from flows.questions import Choose, Write
from flows.questions.parts import added
from flows.report import REPORT, page_if_unsafe
from flows.ways import draft_of
from messages import t

GOOD: Final = t("Good to hear that. We go on:")
SURE: Final = Choose(
    "sure",
    t("Safety now"),
    t("We want to be sure that we understood you well. It seems that you are in danger. Are you?"),
    {
        "unsafe": t("Yes, I need help now"),
        "cannot_talk": t("I can't talk now"),
        "safe": t("No, I am only telling"),
    },
    plainer=t("So that we do the right thing for you: do you need a person to help you now? Write 1, 2 or 3."),
    needed=True,
    yes="unsafe",
    no="safe",
    alarm="unsafe",
    firm=True,
)


def _understood(talk: Talk, given: Given) -> Led:
    heard = talk.answers.get("heard", Answer())
    code = talk.answers["sure"].codes[0]
    draft = draft_of(talk)
    if code == "safe":
        return _go_on(talk, heard)
    draft = _taken(draft or Talk("report", early=talk.under.early if talk.under else None), heard)
    answers = {**draft.answers, "danger": Answer(codes=(code,))}
    return page_if_unsafe(replace(draft, answers=answers), given)


def _go_on(talk: Talk, heard: Answer) -> Led:
    under = talk.under
    if under is None:
        return Led(Talk("offer", answers={"heard": heard}))
    if under.flow == "report":
        return Led(replace(_taken(under, heard), reassured=True), (Say(GOOD),))
    if under.flow == "my_reports" and "which" in under.answers:
        return Led(replace(under, partial=added(under.partial or Answer(), heard), reassured=True), (Say(GOOD),))
    return Led(replace(under, early=added(under.early or Answer(), heard)), (Say(GOOD),))


def _taken(draft: Talk, heard: Answer) -> Talk:
    """What she wrote is the answer if she was asked to tell, else it's kept for when she is."""
    pending = REPORT.first_open(draft)
    if isinstance(pending, Write):
        before = draft.partial or draft.answers.get(pending.name, Answer())
        answers = {**draft.answers, pending.name: added(before, heard)}
        return replace(draft, answers=answers, partial=None, reopened="", misses=0)
    return replace(draft, early=added(draft.early or Answer(), heard))


def alert_at(talk: Talk, person: Person, now: datetime) -> datetime | None:
    """When her silence after words of danger calls the team, where she agreed to that beforehand."""
    return None


DANGER: Final = Flow("danger", (SURE,), after={"sure": _understood}, aside=True)
