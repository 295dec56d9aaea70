"""One lesson at a time: a story, a point, something to do, a question, and what is said to each answer; then the quiz.

It never counts or remembers how far she is: `flows.learning` does, and tells it each time.
"""

from collections.abc import Mapping
from typing import Final

from flows.core import Answers, Flow, Given, Led, Say, Study, Talk
from flows.learning import score, upcoming
from flows.lesson_quiz import LAST, RESULT, passed, quizzed, resulted
from flows.lesson_shown import WELCOME_BACK, begun, entered
from flows.lesson_stage import (
    ANOTHER,
    BEHIND,
    CERTIFICATE,
    LATER,
    LETTERS,
    QUIZ,
    RESTS,
    WAITS,
    asking,
    code,
    ended,
    options_of,
    stage,
)
from flows.public import Learning
from flows.questions import Choose
from flows.tracks import title
from messages import Text, join, t
from messages.content import Lesson

EVERY: Final = 3
"""After the first lesson, and every so many more, she is told again that nothing need be kept on the phone."""
PAUSE: Final = t("Pause the course")
CHOOSE_ONE: Final = t("You are in no course now. Would you like to choose one?")
LEAVES_NO_TRACE: Final = t("Nothing of this needs to stay on your phone: you can delete it, the lessons stay with us.")
UNREADY: Final = t("This course is just being looked through again, so we don't show it for now.")
WELL_DONE: Final = t("Well done. Until the next lesson. Write “lesson” whenever you like.")


# ---------------------------------------------------------------- what there is now


def _offer(_talk: Talk, given: Given) -> Text:
    learning = given.public.learning
    if learning is None:
        return CHOOSE_ONE
    name = title(learning.course)
    match stage(given):
        case "paused":
            return t("“{course}” waits where you stopped. Nothing has piled up. Shall we go on?", course=name)
        case "lesson":
            return t("The next lesson of “{course}” takes about three minutes.", course=name)
        case "quiz":
            return t("All lessons of “{course}” are behind you. A few questions are left.", course=name)
        case "passed":
            return passed(score(learning))
        case "unready":
            return UNREADY
        case _:
            return t("You have finished “{course}”. Would you like another course?", course=name)


def _ways(_talk: Talk, given: Given) -> Mapping[str, Text]:
    match stage(given):
        case "paused":
            return {"resume": t("Go on"), **LATER}
        case "lesson":
            return {"begin": t("Begin"), "pause": PAUSE, **LATER}
        case "quiz":
            return {"quiz": QUIZ, **LATER}
        case "passed":
            return {"certificate": CERTIFICATE, **LATER}
        case _:
            return {"course": t("Choose a course"), **LATER}


def _gone(talk: Talk, given: Given) -> Led:
    learning = given.public.learning
    match code(talk.answers, "go"):
        case "course":
            return Led(Talk("course", under=talk.under))
        case "begin" if learning:
            return begun(talk, learning, given)
        case "resume" if learning:
            return begun(talk, learning, given, Study("resume"), Say(WELCOME_BACK, apart=True))
        case "quiz" if learning:
            return Led(asking(talk))
        case "certificate":
            return ended(talk, Study("finished"), Say(ANOTHER))
        case "pause":
            return ended(talk, Study("pause"), Say(RESTS))
        case _:
            return ended(talk, Say(WAITS))


# ---------------------------------------------------------------- the lesson's question


def _lesson(talk: Talk, given: Given) -> Lesson | None:
    return given.rules.content.lessons.get(code(talk.answers, "lesson"))


def _question(talk: Talk, given: Given) -> Text:
    lesson = _lesson(talk, given)
    return lesson.question.text if lesson else BEHIND


def _answers(talk: Talk, given: Given) -> Mapping[str, Text]:
    lesson = _lesson(talk, given)
    return options_of(lesson.question if lesson else None)


def _answered(talk: Talk, given: Given) -> Led:
    lesson, chosen = _lesson(talk, given), code(talk.answers, "question")
    if lesson is None or chosen not in options_of(lesson.question):
        return entered(talk.under, given)
    answer = lesson.question.answers[LETTERS.index(chosen)]
    place = given.rules.content.course(lesson.track).index(lesson)
    reminder = [LEAVES_NO_TRACE] if place % EVERY == 0 else []
    said = Say(join(answer.feedback, *reminder))
    return Led(talk, (Study("answered", lesson.track, lesson.id, right=answer.right), said))


def _what_next(talk: Talk, given: Given) -> Text:
    lesson = _lesson(talk, given)
    if lesson is None:
        return BEHIND
    course = given.rules.content.course(lesson.track)
    if _is_last(lesson, given):
        return t("That was the last lesson. A few questions are left, then the course is done.")
    return t("That was lesson {number} of {all}.", number=course.index(lesson) + 1, all=len(course))


def _is_last(lesson: Lesson, given: Given) -> bool:
    course = given.rules.content.course(lesson.track)
    behind = Learning(lesson.track, "on", place=course.index(lesson) + 1)
    return upcoming(behind, course, given.now, given.rules.broadcasts) is None


def _more(talk: Talk, given: Given) -> Mapping[str, Text]:
    lesson = _lesson(talk, given)
    more = {"quiz": QUIZ} if lesson and _is_last(lesson, given) else {"more": t("The next one now")}
    return {**more, "enough": t("Enough for today")}


def _went_on(talk: Talk, given: Given) -> Led:
    match code(talk.answers, "next"):
        case "more":
            return entered(talk.under, given)
        case "quiz" if stage(given) == "quiz":
            return Led(asking(talk))
        case "quiz":
            return Led(Talk("lesson", under=talk.under))
        case _:
            return ended(talk, Say(WELL_DONE))


# ---------------------------------------------------------------- the script

GO: Final = Choose("go", t("The lesson"), _offer, _ways, needed=True)
QUESTION: Final = Choose("question", t("The question"), _question, _answers, needed=True)
NEXT: Final = Choose("next", t("What next"), _what_next, _more, needed=True)


def _not(phase: str, answers: Answers) -> bool:
    return code(answers, "go") != phase


LESSON: Final = Flow(
    "lesson",
    (GO, QUESTION, NEXT, LAST, RESULT),
    skip={
        "question": lambda answers: _not("begin", answers),
        "next": lambda answers: _not("begin", answers),
        "quiz": lambda answers: _not("quiz", answers),
        "result": lambda answers: _not("quiz", answers) or "at" not in answers,
    },
    after={"go": _gone, "question": _answered, "next": _went_on, "quiz": quizzed, "result": resulted},
)
