"""What the answers of a report lead to: when the team is called, when she is offered a person, what sending means.

It never makes calling the team wait for the end of the form, and promises nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from flows.consents import VERSION
from flows.core import (
    AddToCase,
    Answer,
    Answers,
    Consent,
    Effect,
    Flow,
    Given,
    Led,
    OpenCase,
    Person,
    Remember,
    Say,
    Talk,
)
from flows.memo import FromRules
from flows.questions import Choose
from flows.questions.attach import cleaned
from flows.questions.parts import added
from flows.report_script import ASKED, SEND, codes_of, in_danger
from flows.rules import UNKNOWN, Level, Mechanism
from flows.triage import Urgency, raise_to, triage
from flows.ways import files_of
from messages import Text, t

Coded = frozenset[tuple[str, tuple[str, ...]]]
"""(question, codes) pairs."""
FACETS: Final[Mapping[str, str]] = {"where": "governorate", "door": "door"}
"""Which answers may leave the sealed case as coarse codes, and under which name."""

# ---------------------------------------------------------------- what answers lead to


def urgency_of(talk: Talk, given: Given) -> Urgency:
    """How urgent it is by the answers so far; a skipped question counts as not known, which never lowers."""
    answered = [(name, answer.codes) for name, answer in talk.answers.items() if answer.codes]
    return TRIAGED(given.rules)(frozenset((*answered, *((name, (UNKNOWN,)) for name in talk.skipped))))


def _triaged(rules: Mechanism) -> Callable[[Coded], Urgency]:
    return lru_cache(maxsize=1024)(lambda coded: triage({name: frozenset(codes) for name, codes in coded}, rules))


TRIAGED: Final = FromRules(_triaged)
"""Many reports begin alike: their urgency, by codes alone, is not worked out twice."""


def open_case(talk: Talk, given: Given, at_least: Level = "low") -> tuple[Talk, tuple[Effect, ...], Person]:
    """Open her case, or raise it where it's open, with all that is known. Returns the person with its code as well."""
    code = talk.case or given.code
    loose = added(talk.early or Answer(), talk.partial or Answer())
    seal: list[Effect] = [_alarm(code, talk, given, at_least), *cleaned(talk.early), *cleaned(talk.partial)]
    if talk.answers:
        seal.append(AddToCase(code, "answers", dict(talk.answers), files=_files(talk.answers)))
    if loose.words or loose.files:
        seal.append(AddToCase(code, "words", words=loose.words, files=loose.files))
    early = Answer(words=talk.early.words) if talk.early and talk.early.words else None
    talk = replace(talk, case=code, early=early, partial=None, page=0, reopened="", misses=0)
    return talk, tuple(seal), _with_case(given.person, code)


def page_if_unsafe(talk: Talk, given: Given) -> Led:
    """Call the team the moment it's known that she isn't safe, and tell her so, with no promise."""
    if not in_danger(talk.answers):
        return Led(talk)
    talk, sealed, person = open_case(talk, given)
    if "cannot_talk" in codes_of(talk.answers, "danger"):
        quiet = Remember(replace(person, quiet=True))
        return Led(Talk("hush", under=talk, case=talk.case), (*sealed, quiet))
    called = t(
        "We hear you, and you are not alone in this. We are calling the person on call now. Your code is "
        "{code}.\n"
        "We can't promise when she answers. If you can reach a safer place or people you trust, do that "
        "first.\n"
        "A few short questions will help her.",
        code=talk.case,
    )
    return Led(talk, (*sealed, Remember(person), Say(called)))


def keep_abreast(talk: Talk, given: Given) -> Led:
    """An open case learns of a higher level at once; without one, a critical level is offered a person right now."""
    if talk.case:
        return Led(talk, (_alarm(talk.case, talk, given),))
    if "now" not in talk.answers and urgency_of(talk, given).level == "critical":
        return Led(Talk("now", under=talk, kept_long=talk.kept_long))
    return Led(talk)


def _warmly(talk: Talk, _given: Given) -> Led:
    if "self_harm_risk" not in codes_of(talk.answers, "kind"):
        return Led(talk)
    warm = t(
        "Thank you for telling us. It takes courage, and what you feel is not your fault. You don't have "
        "to carry this alone."
    )
    return Led(talk, (Say(warm),))


def filed(talk: Talk, given: Given, *, agreed: bool = True) -> Led:
    """Everything goes into the case as one report. `agreed`: she was told that sending it is a yes to its keeping."""
    code = talk.case or given.code
    answers = {name: answer for name, answer in talk.answers.items() if name != "send"}
    early = talk.early or Answer()
    told = answers.get("what", Answer()).words
    person = _with_case(given.person, code)
    if agreed and "store" not in person.consents:
        store = Consent(VERSION, given.now)
        person = replace(person, consents={**person.consents, "store": store})
    alarm = _alarm(code, talk, given)
    files = tuple(dict.fromkeys((*_files(answers), *early.files)))
    sealed = AddToCase(code, "report", answers, words="" if early.words in told else early.words, files=files)
    said = Say(_sent(code, alarm.level, opened=bool(talk.case)))
    return Led(Talk(), (alarm, *cleaned(talk.early), sealed, Remember(person), said))


def _sent(code: str, level: str, *, opened: bool) -> Text:
    if opened:
        next_step = t("The person on call knows of you already, and now she has this as well.")
    elif level in {"critical", "high"}:
        next_step = t("The person on call is told now. We can't promise when she answers; we tell you when she does.")
    else:
        next_step = t("The team reads it in its working hours. We tell you here when somebody has taken it on.")
    return t(
        "It has arrived. Thank you for your trust. Your code is {code}.\n{next_step}\n\n"
        "You may delete this chat from your phone: nothing is lost with us, and the code can be found here again.",
        code=code,
        next_step=next_step,
    )


def _alarm(code: str, talk: Talk, given: Given, at_least: Level = "low") -> OpenCase:
    urgency = raise_to(urgency_of(talk, given), at_least)
    facets = {facet: codes_of(talk.answers, name)[0] for name, facet in FACETS.items() if codes_of(talk.answers, name)}
    if talk.flow == "help" and not (talk.under and talk.under.case == talk.case != ""):
        facets["door"] = "child" if "no" in codes_of(talk.answers, "adult") else "help"
    return OpenCase(code, urgency.level, tuple((reason.question, reason.code) for reason in urgency.because), facets)


def _files(answers: Answers) -> tuple[int, ...]:
    return files_of(Talk(answers=answers))


def _with_case(person: Person, code: str) -> Person:
    return person if code in person.cases else replace(person, cases=(*person.cases, code))


REPORT: Final = replace(
    ASKED,
    questions=(*ASKED.questions, SEND),
    after={"danger": page_if_unsafe, "kind": _warmly, "send": filed},
    always=keep_abreast,
)

# ---------------------------------------------------------------- a person right now


def _call_now(talk: Talk, given: Given) -> Led:
    waiting = talk.under or Talk("report")
    waiting = replace(waiting, answers={**waiting.answers, "now": talk.answers["now"]})
    if "yes" not in codes_of(talk.answers, "now"):
        return Led(waiting, (Say(t("As you like. We go on:")),))
    waiting, sealed, person = open_case(waiting, given)
    called = t(
        "All right, we are calling the person on call now. Your code is {code}. We can't promise when "
        "she answers.\n"
        "The rest helps her; you can stop at any time.",
        code=waiting.case,
    )
    return Led(waiting, (*sealed, Remember(person), Say(called)))


NOW: Final = Flow(
    "now",
    (
        Choose(
            "now",
            t("A person now"),
            t("What you tell us should not wait. May we call the person on call for you now, before we finish?"),
            {"yes": t("Yes, now"), "no": t("No, let us go on")},
            needed=True,
            yes="yes",
            no="no",
        ),
    ),
    after={"now": _call_now},
    aside=True,
)
