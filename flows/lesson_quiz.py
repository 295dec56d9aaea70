"""The last quiz of a course: its questions one by one, what is said to each answer, and whether it was enough.

It never draws the questions, and never gives the certificate: `handlers.courses` does.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from flows.core import Answer, Given, Led, Say, Study, Talk
from flows.lesson_shown import begun, entered
from flows.lesson_stage import ANOTHER, BEHIND, CERTIFICATE, LATER, LETTERS, WAITS, asking, code, ended, options_of
from flows.questions import Choose
from messages import Text, join, t
from messages.content import Lesson


def _tally(talk: Talk, given: Given) -> tuple[int, int]:
    """How many questions are behind her, and how many she had right: this turn's answer is known here alone."""
    at = talk.answers.get("at", Answer()).codes
    learning = given.public.learning
    if len(at) > 1:
        return int(at[0]), int(at[1])
    return (learning.quiz_place, learning.quiz_right) if learning else (0, 0)


def _asked(talk: Talk, given: Given) -> str:
    """The id of the lesson whose question is pending; empty where none is left."""
    learning = given.public.learning
    place = _tally(talk, given)[0]
    return learning.asked[place] if learning and place < len(learning.asked) else ""


def _lesson(talk: Talk, given: Given) -> Lesson | None:
    return given.rules.content.lessons.get(_asked(talk, given))


def _quiz_text(talk: Talk, given: Given) -> Text:
    learning, lesson = given.public.learning, _lesson(talk, given)
    if lesson is None or learning is None:
        return BEHIND
    number = t("Question {number} of {all}", number=_tally(talk, given)[0] + 1, all=len(learning.asked))
    return join(number, lesson.quiz.text)


def _quiz_options(talk: Talk, given: Given) -> Mapping[str, Text]:
    lesson = _lesson(talk, given)
    return options_of(lesson.quiz if lesson else None)


def quizzed(talk: Talk, given: Given) -> Led:
    """Say what there is to say to her answer, and ask the next; a question that is no more counts as right."""
    learning, one, lesson = given.public.learning, _asked(talk, given), _lesson(talk, given)
    chosen = code(talk.answers, "quiz")
    if learning is None or not one:
        return entered(talk.under, given)
    right, said = True, list[Say]()
    if lesson is not None:
        if chosen not in options_of(lesson.quiz):
            return entered(talk.under, given)
        answer = lesson.quiz.answers[LETTERS.index(chosen)]
        right, said = answer.right, [Say(answer.feedback)]
    return Led(_tallied(talk, given, right=right), (Study("quizzed", learning.course, one, right=right), *said))


def _tallied(talk: Talk, given: Given, *, right: bool) -> Talk:
    """This answer is behind her: the next question is open, or the result."""
    learning = given.public.learning
    of = len(learning.asked) if learning else 0
    place, before = _tally(talk, given)
    answers = {**talk.answers, "at": Answer(codes=(str(place + 1), str(before + right), str(of)))}
    if place + 1 < of:
        del answers["quiz"]
    return replace(talk, answers=answers)


def passed(per_cent: int) -> Text:
    """That it was enough."""
    return t(
        "{score} % were right: the course is done. Would you like a certificate? It has a number and no name.",
        score=per_cent,
    )


def _share(talk: Talk) -> int:
    _, right, of = (int(one) for one in talk.answers["at"].codes)
    return right * 100 // of


def _enough(talk: Talk, given: Given) -> bool:
    return _share(talk) >= given.rules.broadcasts.pass_mark


def _result(talk: Talk, given: Given) -> Text:
    if _enough(talk, given):
        return passed(_share(talk))
    return t(
        "{score} % were right, and {wanted} % are needed. That happens to many, and nothing is lost: you can try it "
        "again at once, or look at the lessons again.",
        score=_share(talk),
        wanted=given.rules.broadcasts.pass_mark,
    )


def _after_all(talk: Talk, given: Given) -> Mapping[str, Text]:
    if _enough(talk, given):
        return {"certificate": CERTIFICATE, **LATER}
    return {"quiz": t("The questions again"), "lessons": t("The lessons again"), **LATER}


def resulted(talk: Talk, given: Given) -> Led:
    """The certificate, the questions again, the lessons again, or nothing for now."""
    learning = given.public.learning
    match code(talk.answers, "result"):
        case "certificate":
            return ended(talk, Study("finished"), Say(ANOTHER))
        case "quiz":
            return Led(asking(talk))
        case "lessons" if learning:
            anew = replace(learning, state="on", place=0)
            return begun(talk, anew, given, Study("enrol", learning.course, hour=learning.hour))
        case _:
            return ended(talk, Say(WAITS))


LAST: Final = Choose("quiz", t("The last questions"), _quiz_text, _quiz_options, needed=True)
RESULT: Final = Choose("result", t("The result"), _result, _after_all, needed=True)
