"""The asides that any flow may be interrupted by: leaving, coming back, being stuck, an offer to write it down.

They never lose what was said: it's kept, given to the team, or destroyed because she wants it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flows.core import AddToCase, Answer, Effect, Flow, ForgetFiles, Given, Led, Remember, Say, Talk
from flows.questions import Choose
from flows.questions.attach import cleaned
from flows.report import open_case
from flows.ways import BEGUN, files_of
from messages import Text, t

GO_ON: Final = t("Go on")
FORGET: Final = t("Forget it")
KEEP: Final = t("Keep it for a day")
FORGOTTEN: Final = t("It is done. Nothing of it is kept here. You can also delete this chat from your phone.")


def _under(talk: Talk) -> Talk:
    return talk.under or Talk()


def _forgotten(talk: Talk, onward: Talk, *said: Say, ask: bool = True) -> Led:
    """Destroy a draft; what its case holds already stays there."""
    files = files_of(talk)
    return Led(onward, (*([ForgetFiles(files)] if files else []), *said), ask=ask)


def _loose_into_case(talk: Talk) -> tuple[Effect, ...]:
    part = talk.partial or Answer()
    if not part.words and not part.files:
        return ()
    return (*cleaned(part), AddToCase(talk.case, "words", words=part.words, files=part.files))


# ---------------------------------------------------------------- leaving


def _stop_text(talk: Talk, _given: Given) -> Text:
    if talk.case:
        return t(
            "You may leave at any time. The team was told already, and keeps what has reached it under "
            "{code}. Shall we stop here?",
            code=talk.case,
        )
    return t("You may leave at any time. What shall become of what you have begun?")


def _stop_options(talk: Talk, _given: Given) -> Mapping[str, Text]:
    if talk.case:
        return {"go_on": GO_ON, "leave": t("Stop here")}
    return {"go_on": GO_ON, "keep": KEEP, "forget": FORGET}


def _stopped(talk: Talk, _given: Given) -> Led:
    draft = _under(talk)
    match talk.answers["stop"].codes[0]:
        case "keep":
            return _keep(draft)
        case "forget":
            return _forgotten(draft, Talk(), Say(FORGOTTEN), ask=False)
        case "leave":
            left = t(
                "All right. The team has what you told us, under {code}. Write whenever you like.", code=draft.case
            )
            return Led(Talk(), (*_loose_into_case(draft), Say(left)), ask=False)
        case _:
            return Led(draft)


def _keep(draft: Talk) -> Led:
    kept = replace(draft, kept_long=True)
    return Led(Talk("paused", under=kept, case=kept.case, kept_long=True))


STOP: Final = Flow(
    "stop",
    (Choose("stop", t("Stop"), _stop_text, _stop_options, needed=True, yes="", no="go_on"),),
    after={"stop": _stopped},
    aside=True,
)

# ---------------------------------------------------------------- coming back


def _paused_text(talk: Talk, _given: Given) -> Text:
    if talk.kept_long:
        return t("What you have begun is kept for a day, then destroyed. Whenever you are ready, we go on from there.")
    return t("What you have begun is still here. Shall we go on from there?")


def _resumed(talk: Talk, _given: Given) -> Led:
    draft = _under(talk)
    match talk.answers[talk.flow].codes[0]:
        case "keep":
            return _keep(draft)
        case "forget":
            return _forgotten(draft, Talk(), Say(FORGOTTEN), ask=False)
        case "anew":
            return _anew(talk, draft)
        case _:
            return Led(draft)


def _anew(talk: Talk, draft: Talk) -> Led:
    """What she wanted to begin, without the draft of it; a report under a request for help stays where it is."""
    wanted = (talk.answers.get("heard", Answer()).codes or ("report",))[0]
    if wanted == draft.flow:
        return _forgotten(replace(draft, under=None), Talk(wanted, under=draft.under))
    return _forgotten(draft, Talk(wanted))


def _again_options(talk: Talk, _given: Given) -> Mapping[str, Text]:
    if talk.case:
        return {"go_on": GO_ON, "anew": t("Begin another")}
    return {"go_on": GO_ON, "anew": t("Begin again"), "keep": KEEP, "forget": FORGET}


PAUSED: Final = Flow(
    "paused",
    (
        Choose(
            "paused",
            t("Go on"),
            _paused_text,
            {"go_on": GO_ON, "forget": FORGET},
            needed=True,
            yes="go_on",
            why=t("Welcome back."),
        ),
    ),
    after={"paused": _resumed},
    aside=True,
)
AGAIN: Final = Flow(
    "again",
    (
        Choose(
            "again",
            t("Go on"),
            t("You have begun something that is not sent yet. Shall we go on with it?"),
            _again_options,
            needed=True,
            yes="go_on",
        ),
    ),
    after={"again": _resumed},
    aside=True,
)

# ---------------------------------------------------------------- stuck


def _stuck_options(talk: Talk, _given: Given) -> Mapping[str, Text]:
    ways = {"person": t("A person from the team"), "retry": t("Try once more"), "leave": t("Stop")}
    return {"go_on": t("Go on without this"), **ways} if _stuck_at(talk) else ways


def _stuck_at(talk: Talk) -> str:
    """The question to be left out; empty where it's needed."""
    return (talk.answers.get("heard", Answer()).codes or ("",))[0]


def _unstuck(talk: Talk, given: Given) -> Led:
    waiting = _under(talk)
    past = (
        replace(waiting, skipped=(*waiting.skipped, _stuck_at(talk)), reopened="", partial=None)
        if _stuck_at(talk)
        else waiting
    )
    match talk.answers["stuck"].codes[0]:
        case "go_on":
            return Led(past)
        case "person":
            return _call_a_person(past, given)
        case "leave" if waiting.flow in BEGUN or waiting.case:
            return Led(Talk("stop", under=waiting, case=waiting.case, kept_long=waiting.kept_long))
        case "leave":
            return _forgotten(waiting, Talk(), Say(t("All right. We are here whenever you write.")), ask=False)
        case _:
            return Led(waiting)


def _call_a_person(waiting: Talk, given: Given) -> Led:
    """She is owed a person when the machine fails her: a case at level high, with whatever is known."""
    draft = waiting if waiting.flow in BEGUN else Talk(early=waiting.early)
    opened, sealed, person = open_case(draft, given, at_least="high")
    said = t("We are asking a person from the team to write to you here. Your code is {code}.", code=opened.case)
    onward = opened if waiting.flow in BEGUN else replace(waiting, early=None)
    return Led(onward, (*sealed, Remember(person), Say(said)))


STUCK: Final = Flow(
    "stuck",
    (
        Choose(
            "stuck",
            t("Help"),
            t("We are not managing to understand you, and we are sorry for that. What would help?"),
            _stuck_options,
            needed=True,
        ),
    ),
    after={"stuck": _unstuck},
    aside=True,
)

# ---------------------------------------------------------------- something told before it was asked


def _offered(talk: Talk, _given: Given) -> Led:
    heard = talk.answers.get("heard", Answer())
    if talk.answers["offer"].codes == ("yes",):
        return Led(Talk("report", early=heard))
    return Led(Talk(), (ForgetFiles(heard.files),) if heard.files else ())


OFFER: Final = Flow(
    "offer",
    (
        Choose(
            "offer",
            t("Tell it"),
            t("Thank you for telling us. Shall we keep this as the beginning, and ask a few questions about it?"),
            {"yes": t("Yes, keep it"), "no": t("No, forget it")},
            needed=True,
            yes="yes",
            no="no",
        ),
    ),
    after={"offer": _offered},
    aside=True,
)
