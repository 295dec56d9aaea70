"""Report a threat: what is asked, what is left out in danger, when the team is called, and what sending means.

It never asks for details of sexual violence, and never makes calling the team wait for the end of the form.
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
from flows.questions import Attach, Choose, Review, Several, When, Where, Write
from flows.questions.parts import added
from flows.rules import UNKNOWN, Level, Mechanism
from flows.terms import ABOUT_DOORS, DOORS, KINDS, PERPETRATORS, WISHES, name_of
from flows.triage import Urgency, raise_to, triage
from flows.ways import files_of
from messages import Text, join, t

Coded = frozenset[tuple[str, tuple[str, ...]]]
"""(question, codes) pairs."""
FACETS: Final[Mapping[str, str]] = {"where": "governorate", "door": "door"}
"""Which answers may leave the sealed case as coarse codes, and under which name."""

# ---------------------------------------------------------------- when a question is left out


def in_danger(answers: Answers) -> bool:
    """She isn't safe, so she is asked as little as possible."""
    return bool({"unsafe", "cannot_talk"}.intersection(_codes(answers, "danger")))


def about_sexual_violence(answers: Answers) -> bool:
    """Here no details are asked."""
    return "menu_sexual" in _codes(answers, "door")


def _codes(answers: Answers, question: str) -> tuple[str, ...]:
    answer = answers.get(question)
    return answer.codes if answer else ()


def _no_kinds(answers: Answers) -> bool:
    return in_danger(answers) or about_sexual_violence(answers) or not _codes(answers, "door")


def _briefly(answers: Answers) -> bool:
    return in_danger(answers) or about_sexual_violence(answers)


def _no_contact(answers: Answers) -> bool:
    return in_danger(answers) or "do_not" in _codes(answers, "reach")


# ---------------------------------------------------------------- questions

DANGER: Final = Choose(
    "danger",
    t("Safety now"),
    t("Are you in a safe place now?"),
    {"safe": t("Yes, I am safe"), "unsafe": t("No, I am not safe"), "cannot_talk": t("I can't talk now")},
    plainer=t("Where you are at this moment: is it safe for you? Press one of the three, or write 1, 2 or 3."),
    offers_skip=False,
    yes="safe",
    no="unsafe",
    firm=True,
)
TODAY: Final = Choose(
    "today",
    t("Today"),
    t("Are you afraid that something may happen today?"),
    {"yes": t("Yes"), "no": t("No"), "unknown": t("I don't know")},
    plainer=t("Is there something that could happen before tomorrow? “I don't know” is a good answer too."),
    offers_skip=False,
    yes="yes",
    no="no",
)


def _which_door(talk: Talk, _given: Given) -> Text:
    if in_danger(talk.answers):
        return t("What is it about? The nearest is enough.")
    return t(
        "What is it about? The nearest is enough, there is no wrong answer.\n"
        "At any time you can write “back”, “help” or “stop”."
    )


DOOR: Final = Choose(
    "door",
    t("What it is about"),
    _which_door,
    lambda _talk, given: DOORS(given.rules),
    plainer=t("Choose the one that comes nearest. If none does, the last one is right."),
    hints=lambda given: ABOUT_DOORS(given.rules),
    names=name_of,
    offers_skip=False,
)
KIND: Final = Several(
    "kind",
    t("What happens"),
    t("Which of these fits?"),
    lambda talk, given: KINDS(given.rules).get((_codes(talk.answers, "door") or ("",))[0], {}),
    alone=("none_of_these", "not_sure"),
    names=name_of,
)
RECENT: Final = Choose(
    "recent",
    t("Last three days"),
    t(
        "Thank you for trusting us. What happened is not your fault, and we will not ask for details.\n"
        "Did it happen in the last three days? Some medical care helps only when it is soon."
    ),
    {"yes": t("Yes"), "no": t("No"), "unknown": t("I don't know")},
    offers_skip=False,
    yes="yes",
    no="no",
)
WHERE: Final = Where(
    "where",
    t("Where"),
    t("In which governorate? You can also write the place, or share a location if that is safe."),
)
WHEN: Final = When("when", t("When"), t("When was it, the last time?"))
AGAIN: Final = Choose(
    "again",
    t("How often"),
    t("Did it happen once, or again?"),
    {
        "once": t("Once"),
        "repeated": t("More than once"),
        "growing": t("It is getting worse"),
        "unknown": t("I don't know"),
    },
)


def _tell(talk: Talk, _given: Given) -> Text:
    if about_sexual_violence(talk.answers):
        return t("Is there something you would like us to know? Only what you want to say. In writing or by voice.")
    if in_danger(talk.answers):
        return t("What is happening? A few words or a voice note are enough.")
    return t(
        "Tell us what happened, in your own words, in writing or by voice. You need not name anyone.\n"
        "A voice can be recognised: write if you would rather not be known by it."
    )


WHAT: Final = Write("what", t("What happened"), _tell, early=True)
WHO: Final = Several(
    "who",
    t("Who"),
    t("Who do you think is behind it? You need not know, and need not say."),
    lambda _talk, given: PERPETRATORS(given.rules),
    or_write=True,
    alone=("unknown",),
    names=name_of,
)
PROOF: Final = Attach(
    "proof",
    t("Files"),
    t(
        "If you have something that shows it, you can send it here: a photo, a voice note, a video, a document. "
        "It isn't needed: we believe you."
    ),
)
WISH: Final = Several(
    "wish",
    t("What you wish for"),
    t("What do you wish to happen? The decision is yours. You can also write it."),
    lambda _talk, given: WISHES(given.rules),
    or_write=True,
    alone=("none_now",),
    names=name_of,
)
NEVER: Final = Several(
    "never",
    t("What must not be done"),
    t("Is there anything that we must not do? You can also write it."),
    {
        "call_family": t("Speak to my family"),
        "contact_police": t("Contact the police"),
        "publish": t("Publish anything"),
        "call_me": t("Call me"),
        "visit_me": t("Visit me"),
    },
    or_write=True,
)
REACH: Final = Choose(
    "reach",
    t("How to reach you"),
    t("How is it safe for us to reach you?"),
    {
        "here": t("Here, in this chat"),
        "call": t("By a call"),
        "message": t("By another message"),
        "do_not": t("Please don't reach me"),
    },
    details={
        "call": t("On which number? Write it, and who may answer. If it is the one you write from, press the button."),
        "message": t("Where to, and by which app? Write it. If it is the number you write from, press the button."),
    },
    or_write=True,
)
HOURS: Final = Choose(
    "hours",
    t("When to reach you"),
    t("At what time is it safe? You can also write it."),
    {
        "any": t("Any time"),
        "morning": t("In the morning"),
        "afternoon": t("In the afternoon"),
        "evening": t("In the evening"),
        "night": t("At night"),
    },
    or_write=True,
)
WORD: Final = Write(
    "word",
    t("Our word"),
    t(
        "So that you know it is really us: choose a word that we say first. "
        "Any everyday word, such as a dish or a colour."
    ),
)


def _what_sending_means(_talk: Talk, given: Given) -> Text:
    means = t(
        "“Send” gives this, sealed, to the protection team. Only they can open it. "
        "They tell nobody else without asking you first."
    )
    if "store" in given.person.consents:
        return means
    agreed = t("By sending it you also agree that they keep it. You can take that back at any time.")
    return join(means, agreed, between=" ")


ASKED: Final = Flow(
    "report",
    (DANGER, TODAY, DOOR, KIND, RECENT, WHERE, WHEN, AGAIN, WHAT, WHO, PROOF, WISH, NEVER, REACH, HOURS, WORD),
    skip={
        "today": in_danger,
        "kind": _no_kinds,
        "recent": lambda answers: not about_sexual_violence(answers),
        "when": _briefly,
        "again": _briefly,
        "who": in_danger,
        "proof": _briefly,
        "wish": in_danger,
        "never": in_danger,
        "hours": _no_contact,
        "word": _no_contact,
    },
)
SEND: Final = Review("send", t("Send"), _what_sending_means, ASKED)

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
    seal: list[Effect] = [_alarm(code, talk, given, at_least)]
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
    if "cannot_talk" in _codes(talk.answers, "danger"):
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


def _keep_abreast(talk: Talk, given: Given) -> Led:
    """An open case learns of a higher level at once; without one, a critical level is offered a person right now."""
    if talk.case:
        return Led(talk, (_alarm(talk.case, talk, given),))
    if "now" not in talk.answers and urgency_of(talk, given).level == "critical":
        return Led(Talk("now", under=talk, kept_long=talk.kept_long))
    return Led(talk)


def _warmly(talk: Talk, _given: Given) -> Led:
    if "self_harm_risk" not in _codes(talk.answers, "kind"):
        return Led(talk)
    warm = t(
        "Thank you for telling us. It takes courage, and what you feel is not your fault. You don't have "
        "to carry this alone."
    )
    return Led(talk, (Say(warm),))


def _file(talk: Talk, given: Given) -> Led:
    """Everything goes into the case as one report."""
    code = talk.case or given.code
    answers = {name: answer for name, answer in talk.answers.items() if name != "send"}
    early = talk.early or Answer()
    told = answers.get("what", Answer()).words
    person = _with_case(given.person, code)
    if "store" not in person.consents:
        agreed = Consent(VERSION, given.now)
        person = replace(person, consents={**person.consents, "store": agreed})
    alarm = _alarm(code, talk, given)
    files = tuple(dict.fromkeys((*_files(answers), *early.files)))
    sealed = AddToCase(code, "report", answers, words="" if early.words in told else early.words, files=files)
    return Led(Talk(), (alarm, sealed, Remember(person), Say(_sent(code, alarm.level, opened=bool(talk.case)))))


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
    facets = {facet: _codes(talk.answers, name)[0] for name, facet in FACETS.items() if _codes(talk.answers, name)}
    return OpenCase(code, urgency.level, tuple((reason.question, reason.code) for reason in urgency.because), facets)


def _files(answers: Answers) -> tuple[int, ...]:
    return files_of(Talk(answers=answers))


def _with_case(person: Person, code: str) -> Person:
    return person if code in person.cases else replace(person, cases=(*person.cases, code))


REPORT: Final = replace(
    ASKED,
    questions=(*ASKED.questions, SEND),
    after={"danger": page_if_unsafe, "kind": _warmly, "send": _file},
    always=_keep_abreast,
)

# ---------------------------------------------------------------- a person right now


def _call_now(talk: Talk, given: Given) -> Led:
    waiting = talk.under or Talk("report")
    waiting = replace(waiting, answers={**waiting.answers, "now": talk.answers["now"]})
    if "yes" not in _codes(talk.answers, "now"):
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
