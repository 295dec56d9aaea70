"""Calls the person on call at once, with what is known, and gives her everything that comes after it.

It never asks first, promises nothing, and stops no alarm: what she says afterwards is told to a person, who decides.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from flows.core import (
    AddToCase,
    Answer,
    Flow,
    Given,
    Led,
    Located,
    Person,
    Remember,
    Said,
    Say,
    Shared,
    Talk,
    Turn,
)
from flows.hearing import SOS as CALLS
from flows.hearing import Heard
from flows.questions import Choose
from flows.questions.parts import CLEAN, PICTURE, joined
from flows.report import open_case, page_if_unsafe
from flows.ways import BEGUN, WITH_THE_TEAM, case_of, draft_of, known_in_danger, not_lost
from messages import Text, t

FOLLOWED: Final = timedelta(seconds=30)
"""Between two places of a live location that go into a case: a phone on the move sends more than anybody reads."""
STANDING: Final = timedelta(hours=24)
"""So long an alarm that nobody has taken yet is hers still: calling again opens no second case."""
SAME: Final = timedelta(hours=2)
"""So long after a case was opened, calling again is about the same: whoever has taken it hears that she calls again."""
CALLING: Final = Answer(codes=("sos",))
LEAVING: Final = frozenset(("exit", "stop", "delete", "menu", "back", "status", *CALLS))
"""Commands that are obeyed while she is called for. Any other word goes to the person on call."""
ARRIVED: Final = t("It has arrived, thank you.")
MISTAKE: Final = t(
    "No harm done, this happens. The team is told that it was by mistake; a person will still make sure, gently: "
    "nothing is closed by a button alone. You need not explain anything."
)
GO_ON: Final = t("We go on where we were:")


def paged(led: Led, given: Given) -> Led:
    """Where she has just called for help: open her case or raise it, at once, and say so. All else stays as it is."""
    if led.talk.flow != "sos" or led.talk.case:
        return led
    given = replace(given, person=_person(led, given))
    waits = led.talk.under or Talk()
    code = _still_open(case_of(waits), given) or _waiting(given)
    known = bool(code) and known_in_danger(waits)
    draft, loose = draft_of(waits) or Talk("report"), _loose(waits)
    draft = replace(draft, answers={**draft.answers, "sos": CALLING}, case=code)
    # what the case holds already isn't sealed a second time
    told = replace(draft, answers={"sos": CALLING}, early=None, partial=None) if known else draft
    opened, sealed, person = open_case(_with(told, loose), given, at_least="critical")
    draft = replace(_with(draft, loose), case=opened.case, partial=None, page=0, reopened="", misses=0)
    draft = replace(draft, early=Answer(words=draft.early.words) if draft.early and draft.early.words else None)
    began = {"began": Answer()} if known else {}
    called = Talk("sos", began, under=draft, case=draft.case, kept_long=draft.kept_long)
    said = Say(_known(draft.case) if known else _calling(draft.case))
    return Led(called, (*led.effects, *sealed, Remember(replace(person, quiet=False)), said))


def _person(led: Led, given: Given) -> Person:
    remembered = [effect.person for effect in led.effects if isinstance(effect, Remember)]
    return remembered[-1] if remembered else given.person


def _loose(waits: Talk) -> Answer:
    """What she wrote and sent that no report holds yet."""
    loose, at = Answer(), waits
    while at.flow and at.flow not in BEGUN:
        for part in (at.answers.get("heard"), at.partial, at.early):
            loose = joined(loose, part) if part else loose
        at = at.under or Talk()
    return Answer(_about_files(loose), loose.words, loose.files)


def _with(draft: Talk, loose: Answer) -> Talk:
    return replace(draft, early=joined(draft.early or Answer(), loose)) if loose.words or loose.files else draft


def _about_files(loose: Answer) -> tuple[str, ...]:
    """Codes of other questions mean nothing here."""
    return tuple(code for code in loose.codes if loose.files and code in {PICTURE, CLEAN})


def _still_open(code: str, given: Given) -> str:
    """The case of this talk, unless nobody would be called for it: somebody has been in touch, or it is long ago."""
    report = next((report for report in given.reports if report.code == code), None)
    if report is None or report.status == "waiting":
        return code
    return code if report.status == "taken" and given.now - report.opened_at <= SAME else ""


def _waiting(given: Given) -> str:
    """Her alarm that nobody has taken yet: it is climbing still, and a second one would only divide who answers."""
    fresh = [
        report
        for report in given.reports
        if report.status == "waiting" and not report.finished and given.now - report.opened_at <= STANDING
    ]
    return fresh[-1].code if fresh else ""


def _calling(code: str) -> Text:
    return t(
        "Your message reached us, and we are with you.\n"
        "We are calling the person on call now. Your code is {code}. We can't promise when she answers. If you can "
        "reach a safer place or people you trust, do that first.",
        code=code,
    )


def _known(code: str) -> Text:
    return t("Your message reached us, and we are with you.\nThe person on call knows, under {code}.", code=code)


# ---------------------------------------------------------------- what comes after it


def hears(talk: Talk, heard: Heard) -> bool:
    """Whether her words are for the person on call, and no command of hers."""
    return talk.flow == "sos" and not heard.unsafe and heard.language is None and not heard.commands & LEAVING


def told(talk: Talk, event: Said | Shared | Located, given: Given) -> Led:
    """All that she writes and sends goes to the person on call, and she hears so in a few words."""
    sealed = not_lost(talk, event, given)
    began = replace(talk, answers={**talk.answers, "began": Answer()}, misses=0)
    return Led(began, (*sealed, Say(ARRIVED)) if sealed else ())


def followed(talk: Talk, event: Located, given: Given) -> Turn:
    """Her phone tells by itself where it is: sealed into the open case, and never answered. Without one, nothing.

    It is no sign that she is there, and no reason to open again what a person has closed.
    """
    code, now = case_of(talk), given.now.timestamp()
    closed = any(report.code == code and report.status == "closed" for report in given.reports)
    if not code or closed or (talk.followed is not None and 0 <= now - talk.followed < FOLLOWED.total_seconds()):
        return Turn(talk)
    return Turn(replace(talk, followed=now), not_lost(talk, event, given))


# ---------------------------------------------------------------- what she may say of it


def _text(talk: Talk, _given: Given) -> Text:
    if talk.answers:
        return t("Whatever you send here goes to the person on call at once.")
    return t(
        "Everything that you send here now goes to her at once: words, a voice note, a photo, your location, once or "
        "live. A few words are enough."
    )


def _options(talk: Talk, _given: Given) -> dict[str, Text]:
    if "safe" in talk.answers:
        return {"tell": t("Tell more"), "done": t("That's all")}
    return {
        "cannot_talk": t("I can't talk now"),
        "safe_now": t("I am safe now"),
        "mistake": t("It was by mistake"),
        "tell": t("Tell more"),
    }


def _said_of_it(talk: Talk, given: Given) -> Led:
    said = talk.answers["called"]
    draft = talk.under or Talk("report", case=talk.case)
    note = AddToCase(talk.case, "answers", {"called": said})
    match said.codes[0]:
        case "cannot_talk":
            return page_if_unsafe(replace(draft, answers={**draft.answers, "danger": Answer(codes=said.codes)}), given)
        case "safe_now":
            safe = replace(talk, answers={"safe": Answer()})
            return Led(safe, (note, Say(_good_to_hear(talk.case))))
        case "mistake":
            return _by_mistake(draft, note)
        case "done":
            return Led(Talk(), (Say(_left(talk.case)),), ask=False)
        case _:
            return Led(draft)


def _good_to_hear(code: str) -> Text:
    return t(
        "That is good to hear, and the team hears it too. A person will still make sure, gently: nothing is closed by "
        "a button alone. Whatever you write here still reaches them, under {code}.",
        code=code,
    )


def _left(code: str) -> Text:
    return t("All right. The team has what you told us, under {code}. Write whenever you like.", code=code)


def _by_mistake(draft: Talk, note: AddToCase) -> Led:
    """The report that waited goes on as it was; else the talk is over, and the case is a person's to close."""
    answers = {name: answer for name, answer in draft.answers.items() if name != "sos"}
    if not answers and not draft.skipped:
        return Led(Talk(), (note, Say(MISTAKE)), ask=False)
    return Led(replace(draft, answers=answers), (note, Say(MISTAKE), Say(GO_ON)))


CALLED: Final = Choose("called", t("After calling"), _text, _options, needed=True, why=WITH_THE_TEAM)
SOS: Final = Flow("sos", (CALLED,), after={"called": _said_of_it}, aside=True)
