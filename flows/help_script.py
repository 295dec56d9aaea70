"""What is asked of a woman who asks for help, in which words, and what is left out on the short and gentle paths.

It never asks what happened, nor for details of anything, and decides nothing of what follows from an answer.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, islice, zip_longest
from typing import Final

from flows.core import Answers, Flow, Given, Talk
from flows.dates import today
from flows.questions import Choose, Review, Several, Stay, Where
from flows.report_script import DANGER, HOURS, REACH, WORD, codes_of, in_danger
from flows.services import DOOR_OF_NEED, Service, near
from flows.terms import name_of
from messages import Text, both, join, t

TRACKS: Final = ("physical", "legal", "psychosocial", "digital", "economic")
"""Of the taxonomy's tracks those whose needs are offered; the code of a need here is its track."""
NEEDS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "listen": ("someone_to_listen",),
    "care": ("survivor_medical_care",),
    "self_harm": ("psychological_first_aid",),
}
"""What each of the other choices means in the taxonomy."""
MOST: Final = 9
"""Needs on one screen: a list of ten rows holds them with "I'd rather not say"."""

# ---------------------------------------------------------------- when a question is left out


def about_care(answers: Answers) -> bool:
    """Care after sexual violence: no details, and what is bound in time first."""
    return "care" in codes_of(answers, "need")


def about_self_harm(answers: Answers) -> bool:
    """She thinks of harming herself: a person first, and no form."""
    return "self_harm" in codes_of(answers, "need")


def briefly(answers: Answers) -> bool:
    """Whether she is asked as little as possible."""
    return in_danger(answers) or about_care(answers) or about_self_harm(answers)


def _no_contact(answers: Answers) -> bool:
    return in_danger(answers) or about_self_harm(answers) or "do_not" in codes_of(answers, "reach")


# ---------------------------------------------------------------- what is needed

NEED: Final = Several(
    "need",
    t("What would help"),
    t("What would help? The nearest is enough, and nothing has to be told."),
    {
        "physical": t("Safe place, health"),
        "listen": t("A woman who listens"),
        "psychosocial": t("Emotional support"),
        "legal": t("Legal help"),
        "digital": t("My phone or accounts"),
        "economic": t("Money or basic needs"),
        "care": t("Care after an assault"),
        "self_harm": t("Thoughts of self-harm"),
        "unsure": t("Don't know, advise me"),
    },
    plainer=t("Choose the one that comes nearest. If none does, the last one is right."),
    needed=True,
    alone=("care", "self_harm", "unsure"),
)


def _wishes(talk: Talk, given: Given) -> Mapping[str, Text]:
    """The taxonomy's needs of the tracks that she chose, in turn, as many as stand on one screen."""
    needs = given.rules.taxonomy.needs
    chosen = [track for track in TRACKS if track in codes_of(talk.answers, "need")]
    listed = [[c for c, need in needs.items() if need.track == track and c not in DOOR_OF_NEED] for track in chosen]
    mixed = [code for code in chain.from_iterable(zip_longest(*listed)) if code]
    return {code: both(ar=needs[code].short["ar"], en=needs[code].short["en"]) for code in islice(mixed, MOST)}


WISH: Final = Several(
    "wish", t("What you need"), t("And more precisely, if you like?"), _wishes, names=name_of, or_write=True
)

# ---------------------------------------------------------------- for whom, and when

WHOM: Final = Choose(
    "whom",
    t("For whom"),
    t("Is it for you, or for somebody else?"),
    {"me": t("For me"), "other": t("For another woman")},
    yes="me",
)
KNOWS: Final = Choose(
    "knows",
    t("Whether she knows"),
    t("Does she know that you are writing about her?"),
    {"yes": t("Yes, she knows"), "no": t("No, she doesn't"), "unknown": t("I don't know")},
    yes="yes",
    no="no",
    offers_skip=False,
)


def _how_old(talk: Talk, _given: Given) -> Text:
    if "other" in codes_of(talk.answers, "whom"):
        return t("Is she 18 or older?")
    return t("Are you 18 or older?")


ADULT: Final = Choose("adult", t("18 or older"), _how_old, {"yes": t("Yes"), "no": t("No")}, yes="yes", no="no")
SOON: Final = Choose(
    "soon",
    t("How soon"),
    t("How soon is it needed?"),
    {"today": t("Today"), "this_week": t("This week"), "later": t("There is time")},
)
WHERE: Final = Where(
    "where", t("Where"), t("In which governorate? Only to see what exists near you. It can be left out."), finer=False
)

# ---------------------------------------------------------------- what exists near her

COSTS: Final[Mapping[str, Text]] = {
    "free": t("free of charge"),
    "part": t("partly free"),
    "paid": t("it costs something"),
}


def offered(talk: Talk, given: Given) -> tuple[Service, ...]:
    """What of the directory may be offered to her, by all that she has said, here and in a report that waits."""
    report = talk.under.answers if talk.under and talk.under.flow == "report" else {}
    wanted = dict.fromkeys(_needed(talk.answers, given))
    place = next(iter(codes_of(talk.answers, "where")), "")
    who, doors = codes_of(report, "who"), codes_of(report, "door")
    return near(given.rules, tuple(wanted), place, who, today(given.now), doors)


def _needed(answers: Answers, given: Given) -> Iterator[str]:
    """Codes of the taxonomy: what she named; of a track of which she named nothing, all that it holds."""
    needs, named = given.rules.taxonomy.needs, codes_of(answers, "wish")
    yield from named
    for code in codes_of(answers, "need"):
        yield from NEEDS_OF.get(code, ())
        if not any(needs[one].track == code for one in named if one in needs):
            yield from (one for one, need in needs.items() if need.track == code and one not in DOOR_OF_NEED)


def _near_text(talk: Talk, given: Given) -> Text:
    lines = [_line(service) for service in offered(talk, given)]
    if not lines:
        return NOTHING
    return join(
        t("This exists near you, and we have asked lately whether it still holds:"),
        join(*lines, between="\n"),
        t(
            "If you choose one, a woman of our team speaks with you first. They hear nothing of you before you say "
            "yes, and you can say no at any time."
        ),
    )


def _line(service: Service) -> Text:
    facts = [both(ar=service.about_ar, en=service.about_en)]
    if service.cost:
        facts.append(COSTS[service.cost])
    if service.women_staff:
        facts.append(t("women work there"))
    if service.hours_ar and service.hours_en:
        facts.append(both(ar=service.hours_ar, en=service.hours_en))
    if service.next_ar and service.next_en:
        facts.append(both(ar=service.next_ar, en=service.next_en))
    return t("• {name}: {about}", name=_name(service), about=join(*facts, between=" · "))


def _name(service: Service) -> Text:
    return both(ar=service.short["ar"], en=service.short["en"])


def _near_options(talk: Talk, given: Given) -> Mapping[str, Text]:
    return {service.code: _name(service) for service in offered(talk, given)} | {"advise": ADVISE}


def _near_name(code: str, given: Given) -> Text:
    service = given.rules.services.get(code)
    return _name(service) if service else (ADVISE if code == "advise" else name_of(code, given))


ADVISE: Final = t("Let a person advise me")
NOTHING: Final = t("In our directory nothing near you is verified at the moment, so a person will advise you.")
NEAR: Final = Several(
    "near", t("Near you"), _near_text, _near_options, alone=("advise",), names=_near_name, needed=True
)

# ---------------------------------------------------------------- the two short paths

RECENT: Final = Choose(
    "recent",
    t("Last three days"),
    t(
        "Thank you for trusting us. We will not ask what happened.\n"
        "Some care helps only in the first three days; the sooner the better. Was it in the last three days?\n"
        "With your answer we tell the person on call, and nobody else."
    ),
    {"yes": t("Yes"), "no": t("No"), "unknown": t("I don't know")},
    offers_skip=False,
    yes="yes",
    no="no",
)
COMPANY: Final = Choose(
    "company",
    t("Who is with you"),
    t("Is somebody with you now?"),
    {"alone": t("I am alone"), "trusted": t("Someone I trust"), "others": t("Others, not close")},
    or_write=True,
    no="alone",
)
PERSON: Final = Choose(
    "person",
    t("A person now"),
    t("May a woman of our team write to you or call you now?"),
    {"write": t("Yes, in writing, here"), "call": t("Yes, by a call"), "later": t("Not now")},
    details={
        "call": t("On which number? Write it, and who may answer. If it is the one you write from, press the button.")
    },
    or_write=True,
    yes="write",
    no="later",
)
STAY: Final = Stay(
    "stay",
    t("Your words"),
    t(
        "Write or say whatever you like, as much or as little as you like: all of it reaches the person on call.\n"
        "Meanwhile, if you can: drink some water, go where somebody you trust is near, and put what could hurt you out "
        "of reach."
    ),
    t("It has reached us. Go on whenever you like, there is no hurry."),
)

# ---------------------------------------------------------------- the script


def _what_sending_means(_talk: Talk, given: Given) -> Text:
    means = t(
        "“Send” gives this, sealed, to our team. Only they can open it, and they ask you before they tell anybody else."
    )
    if "store" in given.person.consents:
        return means
    agreed = t("By sending it you also agree that they keep it. You can take that back at any time.")
    return join(means, agreed, between=" ")


ASKED: Final = Flow(
    "help",
    (DANGER, NEED, RECENT, COMPANY, PERSON, WISH, WHOM, KNOWS, ADULT, SOON, WHERE, NEAR, REACH, HOURS, WORD),
    skip={
        "danger": lambda answers: "sos" in answers,
        "recent": lambda answers: not about_care(answers),
        "company": lambda answers: not about_self_harm(answers),
        "person": lambda answers: not about_self_harm(answers),
        "wish": lambda answers: briefly(answers) or not set(TRACKS).intersection(codes_of(answers, "need")),
        "whom": briefly,
        "knows": lambda answers: briefly(answers) or "other" not in codes_of(answers, "whom"),
        "adult": briefly,
        "soon": briefly,
        "where": lambda answers: about_care(answers) or about_self_harm(answers),
        "near": briefly,
        "reach": about_self_harm,
        "hours": _no_contact,
        "word": _no_contact,
    },
)
SEND: Final = Review("send", t("Send"), _what_sending_means, ASKED)
