"""Says what there is for a learner now, and what all parts of the lesson's conversation share. It asks nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from flows.core import Answer, Answers, Effect, Given, Led, Talk
from flows.learning import has_passed, upcoming
from flows.public import Learning
from messages import Text, t
from messages.content import Asked, Lesson

Stage = Literal["none", "paused", "lesson", "quiz", "passed", "unready", "done"]
"""unready: no lesson of her course may be shown for now, since nobody has looked at them for long."""
LETTERS: Final = "abc"
"""Codes of a question's answers, in their order."""
QUIZ: Final = t("The last questions")
CERTIFICATE: Final = t("My certificate")
LATER: Final[Mapping[str, Text]] = {"nothing": t("Not now")}
WAITS: Final = t("All right. It waits for you where you stopped. Write “lesson” whenever you like.")
RESTS: Final = t("The course rests. Nothing is sent to you until you go on: write “lesson” whenever you like.")
ANOTHER: Final = t("What you have learnt stays with you. Write “course” whenever you would like another one.")
BEHIND: Final = t("This has changed meanwhile, or is behind you already. Shall we look at what comes next?")


def course_of(learning: Learning, given: Given) -> tuple[Lesson, ...]:
    """The lessons of her course, in order."""
    return given.rules.content.course(learning.course)


def stage(given: Given) -> Stage:
    """What there is for her now."""
    learning = given.public.learning
    if learning is None:
        return "none"
    if learning.state in {"paused", "done"}:
        return "paused" if learning.state == "paused" else "done"
    if has_passed(learning, given.rules.broadcasts):
        return "passed"
    if learning.state == "on" and next_lesson(learning, given) is not None:
        return "lesson"
    return "quiz" if learning.asked else "unready"


def next_lesson(learning: Learning, given: Given) -> Lesson | None:
    """The lesson that is next; None where none is left."""
    course = course_of(learning, given)
    place = upcoming(learning, course, given.now, given.rules.broadcasts)
    return None if place is None else course[place]


def options_of(asked: Asked | None) -> Mapping[str, Text]:
    """The answers of a question by their codes; a way on where the question is there no more."""
    if asked is None:
        return {"on": t("Yes, go on")}
    return {letter: answer.label for letter, answer in zip(LETTERS, asked.answers, strict=False)}


def asking(talk: Talk) -> Talk:
    """Go on with the last quiz."""
    return anew(talk, {"go": Answer(codes=("quiz",))})


def anew(talk: Talk, answers: Answers) -> Talk:
    """The same talk with these answers alone."""
    return replace(talk, answers=answers, skipped=(), partial=None, reopened="", misses=0)


def ended(talk: Talk, *effects: Effect) -> Led:
    """Nothing is open any more but what waited under it; the menu isn't shown, so that little stands on the screen."""
    return Led(talk.under or Talk(), effects, ask=talk.under is not None)


def code(answers: Answers, name: str) -> str:
    """The code of an answer; empty where there is none."""
    return (answers.get(name, Answer()).codes or ("",))[0]
