"""The question box: to whom, the question in her words, a last look; and her earlier questions with their answers.

It never says who asked, and puts nothing into the box that she has not looked at once more.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from flows import ways
from flows.core import (
    Answer,
    Answers,
    AskStakeholder,
    Event,
    Flow,
    Given,
    Judgement,
    Kept,
    Led,
    Prompt,
    Refused,
    Said,
    Say,
    Talk,
)
from flows.dates import YEMEN
from flows.hearing import listen
from flows.public import STAKEHOLDERS, Question, Stakeholder
from flows.questions import Choose
from flows.questions.parts import NOTHING_IN_IT, joined
from messages import Text, join, raw, t
from messages.arabic import digits, strip_controls

LONGEST: Final = 600
"""Characters of one question."""
MOST_OPEN: Final = 5
"""Questions of one person that wait at the same time."""
SHOWN: Final = 6
"""Answers that are offered to be read; older ones end with their time."""
NUMBER: Final = re.compile(r"\d[\d\s()./-]{5,}\d|@\w{4,}")
"""What may be a telephone number, or a name on a platform."""

WHOM: Final[Mapping[str, Text]] = {
    "association": t("The association"),
    "government": t("Government bodies"),
    "civil_society": t("Civil society"),
    "leaders": t("Community leaders"),
}
STATE: Final[Mapping[str, Text]] = {
    "asked": t("being read by the team"),
    "passed_on": t("passed on, and waiting for an answer"),
    "answered": t("answered"),
    "refused": t("not passed on"),
}
FOR_WHOM: Final = t("For whom is your question?")
ABOUT: Final = t(
    "Here you can put a question. A person of the team reads it first, and whoever answers never hears who asked. It "
    "can be about peace work, rights or services; for what is urgent, write “danger” instead."
)
HERS: Final = t("These are your questions, and where each of them stands by now:")
ENOUGH_OPEN: Final = t("Five of your questions wait for an answer. As soon as one is answered, you can put another.")
NEW, LEAVE = t("A new question"), t("Back")
TITLE: Final = t("Your question")
TOO_LONG: Final = t("This is more than we can pass on in one piece. A few sentences are enough, please.")
ANSWER_IS: Final = t("Here is the answer to what you asked here some time ago:")
NO_ANSWER: Final = t(
    "This question was not passed on. That is no judgement on you: ask it in another way whenever you like."
)
SENT: Final = t("Thank you. It is with the person who reads questions first. The answer comes here; it may take days.")
NOT_SENT: Final = t("All right. Nothing was sent, and nothing of it is kept.")


def _open(given: Given) -> int:
    return sum(one.state in {"asked", "passed_on"} for one in given.public.questions)


def _over(given: Given) -> tuple[Question, ...]:
    """Questions that have come to an end, the newest first, as many as stand on buttons."""
    return tuple(one for one in given.public.questions if one.state in {"answered", "refused"})[:SHOWN]


def _hub(_talk: Talk, given: Given) -> Text:
    if not given.public.questions:
        return join(ABOUT, FOR_WHOM)
    lines = [
        t(
            "{day}, {whom}: {state}",
            day=one.asked_at.astimezone(YEMEN).date(),
            whom=WHOM[one.addressed],
            state=STATE[one.state],
        )
        for one in given.public.questions[: SHOWN + MOST_OPEN]
    ]
    full = (ENOUGH_OPEN,) if _open(given) >= MOST_OPEN else ()
    return join(HERS, join(*lines, between="\n"), *full)


def _ways(_talk: Talk, given: Given) -> Mapping[str, Text]:
    if not given.public.questions:
        return {**WHOM, "leave": LEAVE}
    over = {f"q{one.id}": t("Read answer {number}", number=place) for place, one in enumerate(_over(given), 1)}
    new = {} if _open(given) >= MOST_OPEN else {"new": NEW}
    return {**new, **over, "leave": LEAVE}


def _whom(answers: Answers) -> Stakeholder | None:
    """Whom she chose, at whichever of the two questions."""
    said = [code for name in ("whom", "which") for code in answers.get(name, Answer()).codes]
    return next((whom for whom in STAKEHOLDERS if whom in said), None)


def _chosen(talk: Talk, given: Given) -> Led:
    code = (talk.answers["which"].codes or ("leave",))[0]
    if code == "new" or code in STAKEHOLDERS:
        return Led(talk)
    over = next((one for one in given.public.questions if code == f"q{one.id}"), None)
    if over is None:
        return Led(talk.under or Talk())
    said = join(ANSWER_IS, raw(over.answer)) if over.state == "answered" and over.answer else NO_ANSWER
    return Led(replace(talk, answers={}), (Say(said),))


@dataclass(frozen=True, slots=True)
class Words:
    """The question itself, in written words that are short enough to be passed on."""

    name: str = "words"
    title: Text = TITLE
    needed: bool = True

    @property
    def files(self) -> bool:
        """Only words can be passed on."""
        return False

    @property
    def adds(self) -> bool:
        """Other words take the place of the first."""
        return False

    def ask(self, talk: Talk, given: Given) -> Prompt:  # noqa: ARG002 - what every question is told
        """Ask for it, and for nothing that points to her."""
        text = t(
            "Write it in a few sentences, please. Leave out names, places and whatever could point to you or to "
            "another woman: it is passed on just as you write it.\nIt is for: {whom}",
            whom=WHOM[_whom(talk.answers) or "association"],
        )
        return Prompt(text, tells=True)

    def judge(self, event: Event, option: str | None, talk: Talk, given: Given) -> Judgement:  # noqa: ARG002 - what every question is told
        """Keep words that fit."""
        words = strip_controls(event.words).strip() if isinstance(event, Said) else ""
        if not words:
            return Refused(NOTHING_IN_IT)
        return Refused(TOO_LONG) if len(words) > LONGEST else Kept(Answer(words=words))

    def show(self, answer: Answer, given: Given) -> Text:  # noqa: ARG002 - what every question is told
        """Her words."""
        return raw(answer.words)


def _look(talk: Talk, given: Given) -> Text:
    words = talk.answers.get("words", Answer()).words
    points = (t("There seems to be a number or a name in it that could point to somebody. Better without it."),)
    tells = (t("It sounds as if something happened to you or to another woman. Then it is better told to the team."),)
    return join(
        t("Here it is once more, as it would be passed on, word for word:"),
        raw(words),
        t("It is for: {whom}", whom=WHOM[_whom(talk.answers) or "association"]),
        *(points if NUMBER.search(digits(words)) else ()),
        *(tells if listen(words, given.rules).topic else ()),
        t("Shall we put it so?"),
    )


def _last(_talk: Talk, _given: Given) -> Mapping[str, Text]:
    return {
        "send": t("Yes, put it so"),
        "change": t("Write it anew"),
        "tell": t("Tell the team instead"),
        "no": t("No, don't send it"),
    }


def _sure(talk: Talk, given: Given) -> Led:
    onward, words = talk.under or Talk(), talk.answers.get("words", Answer()).words
    whom = _whom(talk.answers)
    match talk.answers["sure"].codes:
        case ("send",) if words and whom and _open(given) < MOST_OPEN:
            return Led(onward, (AskStakeholder(whom, words), Say(SENT)))
        case ("send",):
            return Led(onward, (Say(ENOUGH_OPEN if _open(given) >= MOST_OPEN else NOT_SENT),))
        case ("change",):
            kept = {name: answer for name, answer in talk.answers.items() if name not in {"words", "sure"}}
            return Led(replace(talk, answers=kept))
        case ("tell",):
            return _told(talk, words)
        case _:
            return Led(onward, (Say(NOT_SENT),))


def _told(talk: Talk, words: str) -> Led:
    """It is a report rather: her words are its beginning, or join the one that she has begun."""
    draft = ways.draft_of(talk)
    if draft is None:
        return Led(Talk("report", early=Answer(words=words)))
    return Led(replace(draft, early=joined(draft.early or Answer(), Answer(words=words))))


ASKING: Final = Flow(
    "asking",
    (
        Choose("which", t("Which one"), _hub, _ways, needed=True, no="leave"),
        Choose("whom", t("For whom"), FOR_WHOM, WHOM, needed=True),
        Words(),
        Choose("sure", t("Last look"), _look, _last, needed=True, yes="send", no="no"),
    ),
    skip={"whom": lambda answers: answers.get("which", Answer()).codes != ("new",)},
    after={"which": _chosen, "sure": _sure},
)
