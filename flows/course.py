"""Choose a course and the hour of its lessons; see how far one is; pause it, go on, change the hour, or leave it.

It never shows a lesson (`flows.lesson` does), and one course is open at a time.
"""

from collections.abc import Mapping
from typing import Final

from flows.core import Answers, Effect, Flow, Given, Led, Say, Study, Talk
from flows.learning import upcoming
from flows.lesson_shown import begun, entered
from flows.lesson_stage import LATER, RESTS, WAITS, code, course_of, ended
from flows.public import Learning
from flows.questions import Choose
from flows.terms import ticked
from flows.tracks import TITLES, taught, title
from messages import Text, join, t, tn

HOURS: Final[Mapping[str, int]] = {"morning": 9, "noon": 13, "afternoon": 17, "evening": 20}
"""By code: on whose stroke a lesson comes, on her own clock."""
HOUR_WORDS: Final[Mapping[str, Text]] = {
    "morning": t("At 9 in the morning"),
    "noon": t("At 1 after noon"),
    "afternoon": t("At 5 in the afternoon"),
    "evening": t("At 8 in the evening"),
}
ABOUT: Final = t(
    "A short course: a small lesson of about 3 minutes on most days, with a question, and a certificate without a "
    "name at the end."
)
NONE_READY: Final = t("No course is ready just now. Please look again another time.")
LEFT: Final = t("It is done. Nothing of this course is kept, and nothing more of it is sent to you.")
AS_IT_IS: Final = t("All right. It stays as it is.")
NO_COURSE: Final = t("All right, no course. You can come back to it whenever you like.")
NEW_HOUR: Final = t("All right. From now on at this hour.")


def _learning(given: Given) -> Learning | None:
    """Her course, where one is open."""
    learning = given.public.learning
    return None if learning is None or learning.state == "done" else learning


# ---------------------------------------------------------------- what she may do


def _what(_talk: Talk, given: Given) -> Text:
    learning = _learning(given)
    if learning is not None:
        return join(_standing(learning, given), t("What would you like to do?"))
    tracks = taught(given.rules.content)
    if not tracks:
        return NONE_READY
    lines = (_line(track, given) for track in tracks)
    return join(ABOUT, join(*lines, between="\n"), t("Which one would you like?"))


def _line(track: str, given: Given) -> Text:
    lessons = tn("one lesson", "{count} lessons", len(given.rules.content.course(track)))
    done = given.public.learning is not None and track in given.public.learning.finished
    told = t("{course}: {lessons}, finished", course=title(track), lessons=lessons)
    return told if done else t("{course}: {lessons}", course=title(track), lessons=lessons)


def _standing(learning: Learning, given: Given) -> Text:
    course = course_of(learning, given)
    name, number = title(learning.course), min(learning.place, len(course))
    far = t("“{course}”: {number} of {all} lessons done.", course=name, number=number, all=len(course))
    if learning.state == "paused":
        return join(far, t("It rests until you go on."), between="\n")
    if upcoming(learning, course, given.now, given.rules.broadcasts) is None:
        return join(far, t("A few questions are left."), between="\n")
    return far


def _options(_talk: Talk, given: Given) -> Mapping[str, Text]:
    learning = _learning(given)
    if learning is None:
        finished = given.public.learning.finished if given.public.learning else ()
        tracks = taught(given.rules.content)
        labels: dict[str, Text] = {
            track: ticked(TITLES[track]) if track in finished else TITLES[track] for track in tracks
        }
        return {**labels, **LATER}
    rest = {} if learning.state == "paused" else {"pause": t("Pause the course")}
    return {
        "on": t("Go on"),
        **rest,
        "hour": t("Another hour"),
        "leave": t("Leave the course"),
        "nothing": t("Nothing more"),
    }


def _chosen(talk: Talk, given: Given) -> Led:
    learning = _learning(given)
    match code(talk.answers, "what"):
        case "on" if learning and learning.state == "paused":
            return begun(Talk("lesson", under=talk.under), learning, given, Study("resume"))
        case "on":
            return entered(talk.under, given)
        case "pause":
            return ended(talk, Study("pause"), Say(RESTS))
        case "nothing":
            return ended(talk, Say(AS_IT_IS if learning else NO_COURSE))
        case _:
            return Led(talk)


# ---------------------------------------------------------------- at which hour


def _when(_talk: Talk, given: Given) -> Text:
    days = tn("on one day a week", "on {count} days a week", len(given.rules.broadcasts.lesson_days))
    return t(
        "When shall we tell you that a lesson is ready? It is one plain line, {days}, and says nothing of you. Choose "
        "an hour at which your phone is in your own hand. “stop” ends it at once, and nobody can tell from it that you "
        "ever asked us for anything.",
        days=days,
    )


def _hour_chosen(talk: Talk, given: Given) -> Led:
    chosen = code(talk.answers, "hour")
    what, hour = code(talk.answers, "what"), HOURS.get(chosen, HOURS["afternoon"])
    if what == "hour":
        return ended(talk, Study("hour", hour=hour), Say(NEW_HOUR))
    effects: tuple[Effect, ...] = (Study("enrol", what, hour=hour),)
    lessons = len(given.rules.content.course(what))
    begins = tn("It is settled: one lesson.", "It is settled: {count} lessons, one a day.", lessons)
    return Led(talk, (*effects, Say(begins)))


def _first(talk: Talk, given: Given) -> Led:
    if code(talk.answers, "first") == "later":
        return ended(talk, Say(WAITS))
    fresh = Learning(code(talk.answers, "what"), "on")
    learning = given.public.learning or fresh
    return begun(Talk("lesson", under=talk.under), learning, given)


# ---------------------------------------------------------------- the script


def _left(talk: Talk, _given: Given) -> Led:
    if code(talk.answers, "sure") == "yes":
        return ended(talk, Study("leave"), Say(LEFT))
    return ended(talk, Say(AS_IT_IS))


WHAT: Final = Choose("what", t("The course"), _what, _options, needed=True)
HOUR: Final = Choose("hour", t("The hour"), _when, HOUR_WORDS, needed=True)
FIRST: Final = Choose(
    "first",
    t("The first lesson"),
    t("Would you like the first lesson now?"),
    {"now": t("Yes, now"), "later": t("Later")},
    needed=True,
    yes="now",
    no="later",
)
SURE: Final = Choose(
    "sure",
    t("Leave the course"),
    t("How far you are in it would be forgotten. You could also pause it. Leave it?"),
    {"yes": t("Yes, leave it"), "no": t("No, stay in it")},
    needed=True,
    yes="yes",
    no="no",
)


def _enrols(answers: Answers) -> bool:
    return code(answers, "what") in TITLES


COURSE: Final = Flow(
    "course",
    (WHAT, HOUR, FIRST, SURE),
    skip={
        "hour": lambda answers: not (_enrols(answers) or code(answers, "what") == "hour"),
        "first": lambda answers: not _enrols(answers),
        "sure": lambda answers: code(answers, "what") != "leave",
    },
    after={"what": _chosen, "hour": _hour_chosen, "first": _first, "sure": _left},
)
