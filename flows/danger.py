"""The question after words of danger: did I understand? And what follows: the team is called, or we go on.

It never alerts by a word alone: only her answer does, or her silence where she agreed to that beforehand.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from flows.core import AddToCase, Answer, Flow, Given, Led, Person, Remember, Say, Talk, Turn
from flows.questions import Choose, Write
from flows.questions.parts import added
from flows.report import REPORT, open_case, page_if_unsafe
from flows.ways import BEGUN, draft_of, known_in_danger
from messages import t

SILENCE: Final = timedelta(minutes=10)
"""After words of danger. Source: domain/arabic.md 3.2."""
AGREED: Final = "alert"
"""The layer of consent without which her silence calls nobody."""
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
        return _only_telling(talk) if "alerted" in talk.answers else _go_on(talk, heard)
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


def _only_telling(talk: Talk) -> Led:
    """The team was called while she was silent: it hears what she says now, and she hears that it was called."""
    draft = draft_of(talk) or Talk()
    told = AddToCase(draft.case, "answers", {"sure": talk.answers["sure"]})
    called = t(
        "Good to hear that. While you were silent we called the person on call, as you had agreed with us; she hears "
        "now what you told us here. Your code is {code}.",
        code=draft.case,
    )
    onward = replace(draft, reassured=True) if draft.answers else Talk()
    return Led(onward, (told, Say(called)))


def _taken(draft: Talk, heard: Answer) -> Talk:
    """What she wrote is the answer if she was asked to tell, else it's kept for when she is."""
    if heard == Answer():
        return draft
    pending = REPORT.first_open(draft)
    if isinstance(pending, Write):
        before = draft.partial or draft.answers.get(pending.name, Answer())
        answers = {**draft.answers, pending.name: added(before, heard)}
        return replace(draft, answers=answers, partial=None, reopened="", misses=0)
    return replace(draft, early=added(draft.early or Answer(), heard))


# ---------------------------------------------------------------- silence after words of danger


def alert_at(before: Talk, talk: Talk, person: Person, now: datetime) -> datetime | None:
    """When her silence after words of danger calls the team, where she agreed to that beforehand.

    So it does while the question stands, also when she says that she can't write now; and when she hides the chat
    instead of answering: somebody may have come.
    """
    hid = (person.left or person.locked) and _standing(before) is not None
    return now + SILENCE if AGREED in person.consents and (hid or _standing(talk) is not None) else None


def may_stop(before: Talk, talk: Talk, word: str) -> bool:
    """Whether what was heard stops her silence from calling: an answer of hers, her word, or that she called herself.

    Somebody who only writes to a chat that she hid in danger, or is asked in because it has no word, stops nothing.
    """
    return _standing(before) is not None or word in {"safe", "duress"} or known_in_danger(talk)


def _standing(talk: Talk) -> Talk | None:
    """The question that stands open, if her silence has not called anybody yet."""
    asked = talk.under or Talk() if talk.flow == "quiet" else talk
    return asked if asked.flow == "danger" and "alerted" not in asked.answers else None


def unconfirmed(talk: Talk, given: Given) -> Turn:
    """She has been silent: the team is called with what is known, marked as not confirmed.

    Nothing is sent to her until she writes: her phone may be in somebody's hand. The question stays where it was.
    """
    if AGREED not in given.person.consents:
        return Turn(talk)
    asked = _standing(talk)
    begun = draft_of(talk)
    opened = _taken(begun or Talk("report"), asked.answers.get("heard", Answer()) if asked else Answer())
    silent = {**opened.answers, "danger": Answer(codes=("unconfirmed",))}
    _, sealed, person = open_case(replace(opened, answers=silent), given, at_least="critical")
    kept = replace(opened, case=opened.case or given.code)
    still = Talk("danger", {"alerted": Answer()}, under=kept, case=kept.case, kept_long=kept.kept_long)
    onward = replace(still, asked=talk.asked) if asked else _regrafted(talk, kept)
    return Turn(onward, (*sealed, Remember(replace(person, quiet=True))))


def _regrafted(talk: Talk, draft: Talk) -> Talk:
    """The same, with the begun report in it as it is now."""
    if talk.flow in BEGUN:
        return draft
    return replace(talk, under=_regrafted(talk.under, draft), case=draft.case) if talk.under else talk


DANGER: Final = Flow("danger", (SURE,), after={"sure": _understood}, aside=True)
