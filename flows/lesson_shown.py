"""Opens a lesson: a story, a point, something to do, each a message of its own, and then its question.

It never judges an answer.
"""

from typing import Final

from flows.core import Answer, Effect, Given, Led, Say, Study, Talk
from flows.lesson_stage import anew, asking, course_of, next_lesson, stage
from flows.public import Learning
from flows.tracks import title
from messages import join, t

WELCOME_BACK: Final = t("It is good to have you here again. Nothing has piled up: we go on with the next lesson.")


def entered(under: Talk | None, given: Given) -> Led:
    """Open the lesson that is next at once; where something else is to be said first, that is asked."""
    talk = Talk("lesson", under=under)
    learning = given.public.learning
    if learning is None or stage(given) != "lesson":
        return Led(talk)
    silent = learning.nudges > 0 and learning.nudges >= given.rules.broadcasts.lesson_nudges
    return begun(talk, learning, given, Say(WELCOME_BACK, apart=True)) if silent else begun(talk, learning, given)


def begun(talk: Talk, learning: Learning, given: Given, *before: Effect) -> Led:
    """Show the lesson that is next: three messages, and then its question."""
    lesson = next_lesson(learning, given)
    if lesson is None:  # she paused when only the last questions were left
        return Led(asking(talk), before)
    course = course_of(learning, given)
    head = t(
        "Lesson {number} of {all}, {course}",
        number=course.index(lesson) + 1,
        all=len(course),
        course=title(learning.course),
    )
    said = [Say(text, apart=True) for text in (join(head, lesson.hook), lesson.point, lesson.action)]
    opened = Study("opened", learning.course, lesson.id)
    answers = {"go": Answer(codes=("begin",)), "lesson": Answer(codes=(lesson.id,))}
    return Led(anew(talk, answers), (*before, opened, *said))
