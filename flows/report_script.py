"""What is asked in a report of a threat, in which words, and what is left out in danger.

It never asks for details of sexual violence, and decides nothing of what follows from an answer.
"""

from typing import Final

from flows.core import Answers, Flow, Given, Talk
from flows.questions import Attach, Choose, Review, Several, When, Where, Write
from flows.terms import ABOUT_DOORS, DOORS, KINDS, PERPETRATORS, WISHES, name_of
from messages import Text, join, t

# ---------------------------------------------------------------- when a question is left out


def in_danger(answers: Answers) -> bool:
    """She isn't safe, so she is asked as little as possible."""
    return "sos" in answers or bool({"unsafe", "cannot_talk"}.intersection(codes_of(answers, "danger")))


def about_sexual_violence(answers: Answers) -> bool:
    """Here no details are asked."""
    return "menu_sexual" in codes_of(answers, "door")


def codes_of(answers: Answers, question: str) -> tuple[str, ...]:
    """The codes of an answer; none where there is no answer."""
    answer = answers.get(question)
    return answer.codes if answer else ()


def _no_kinds(answers: Answers) -> bool:
    return in_danger(answers) or about_sexual_violence(answers) or not codes_of(answers, "door")


def _briefly(answers: Answers) -> bool:
    return in_danger(answers) or about_sexual_violence(answers)


def _no_contact(answers: Answers) -> bool:
    return in_danger(answers) or "do_not" in codes_of(answers, "reach")


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
    lambda talk, given: KINDS(given.rules).get((codes_of(talk.answers, "door") or ("",))[0], {}),
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
        "danger": lambda answers: "sos" in answers,
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
