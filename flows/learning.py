"""Decides how a course goes on: which lesson is next, when she is told of it, and what each thing she did changes.

It never sends, draws or counts: `react` says what is to be done, and a repeated event changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from flows.broadcast import BroadcastRules
from flows.course_events import (
    Answered,
    At,
    CallBack,
    Certify,
    Count,
    Draw,
    Effect,
    Event,
    Finished,
    HeldBack,
    HourSet,
    Missed,
    Opened,
    Paused,
    Quizzed,
    Resumed,
    Tell,
    TimePassed,
    Turned,
    Wrote,
)
from flows.course_times import LATE, coming, day_of, first_free, fits, tomorrow
from flows.public import Learning
from messages.content import Lesson

_AT_ONCE: Final = timedelta(hours=1)
"""No opener so soon after she was offered the lesson in the conversation itself."""
_WINDOW: Final = timedelta(hours=23)
"""After she wrote, for so long a letter reaches her on WhatsApp without a template; an hour is kept in reserve."""
_SOON: Final = timedelta(minutes=15)
"""So much later it is looked at again, where she is in the middle of something else."""


def enrolled(before: Learning | None, wanted: Learning, at: datetime, rules: BroadcastRules) -> Turned:
    """Begin a course: what she has passed before stays known, and a course taken again counts in no figure."""
    finished = before.finished if before else ()
    again = wanted.course in finished or (before is not None and before.course == wanted.course)
    learning = replace(wanted, state="on", finished=finished, again=again)
    called = (CallBack(before.letter),) if before and before.letter else ()
    counted = () if again else (Count("course_enrolled", wanted.course),)
    return Turned(learning, coming(learning, at + _AT_ONCE, rules), (*called, *counted))


def react(at: At, event: Event) -> Turned:  # noqa: C901, PLR0911 - one line for each kind
    """What an event leads to. What does not fit where she stands changes nothing."""
    match event:
        case Opened(lesson):
            return _opened(at, lesson)
        case Answered(lesson, right):
            return _answered(at, lesson, right=right)
        case Paused():
            return _paused(at)
        case Resumed():
            return _resumed(at)
        case HourSet(hour):
            return _hour_set(at, hour)
        case Quizzed(right):
            return _quizzed(at, right=right)
        case Finished():
            return _finished(at)
        case HeldBack():
            return _held_back(at)
        case Missed():
            return _missed(at)
        case Wrote():
            return _wrote(at)
        case TimePassed(busy):
            return _time_passed(at, busy=busy)
        case _:
            assert_never(event)


def _as_before(at: At) -> Turned:
    return Turned(at.learning, at.next_at)


# ---------------------------------------------------------------- what she did


def _opened(at: At, lesson: str) -> Turned:
    index = upcoming(at.learning, at.course, at.now, at.rules)
    if at.learning.state != "on" or index is None or at.course[index].id != lesson:
        return _as_before(at)
    learning = replace(at.learning, opened=True, letter=0, held=False, seen=True)
    new = not at.learning.seen and not at.learning.again
    counted = (Count("lesson_begun", lesson),) if new else ()
    told = at.learning.opened and not at.learning.held
    next_at = at.next_at if told else _reminder(learning, at)
    return Turned(learning, next_at, (*_called_back(at), *counted))


def _answered(at: At, lesson: str, *, right: bool) -> Turned:
    index = upcoming(at.learning, at.course, at.now, at.rules)
    if at.learning.state != "on" or index is None or at.course[index].id != lesson:
        return _as_before(at)
    learning = _told(at.learning, place=index + 1, right=at.learning.right + right)
    names = () if learning.again else ("lesson_done", *(("lesson_right",) if right else ()))
    counted = tuple(Count(name, lesson) for name in names)
    ahead = Turned(learning, tomorrow(learning, at.now, at.rules), (*_called_back(at), *counted))
    return _to_the_quiz(at, ahead)


def _to_the_quiz(at: At, turned: Turned) -> Turned:
    """Where no lesson is left, the last quiz is next: which questions it asks is drawn now, unless it has begun."""
    if upcoming(turned.learning, at.course, at.now, at.rules) is not None:
        return turned
    drawn = () if turned.learning.asked else (Draw(),)
    return replace(turned, learning=replace(turned.learning, state="quiz"), effects=(*turned.effects, *drawn))


def _paused(at: At) -> Turned:
    if at.learning.state not in {"on", "quiz"}:
        return _as_before(at)
    return Turned(_told(at.learning, state="paused"), None, _called_back(at))


def _resumed(at: At) -> Turned:
    if at.learning.state != "paused":
        return _as_before(at)
    on = replace(at.learning, state="on")
    return _to_the_quiz(at, Turned(on, coming(on, at.now + _AT_ONCE, at.rules)))


def _hour_set(at: At, hour: int) -> Turned:
    learning = replace(at.learning, hour=hour)
    if at.next_at is None:
        return Turned(learning, None)
    after = max(at.now + _SOON, day_of(learning, at.next_at))  # not twice on a day on which it was done
    return Turned(learning, coming(learning, after, at.rules))


def _quizzed(at: At, *, right: bool) -> Turned:
    before = at.learning
    if before.state != "quiz" or before.quiz_place >= len(before.asked):
        return _as_before(at)
    learning = _told(before, quiz_place=before.quiz_place + 1, quiz_right=before.quiz_right + right)
    names: tuple[str, ...] = ()
    if not (before.tries or before.again):  # what she answers again she has been told already
        names = ("quiz_asked", *(("quiz_right",) if right else ()))
    effects: list[Effect] = [*_called_back(at), *(Count(name, before.course) for name in names)]
    next_at = tomorrow(learning, at.now, at.rules)
    if learning.quiz_place == len(learning.asked):
        learning = replace(learning, tries=learning.tries + 1)
        if not has_passed(learning, at.rules):
            learning = replace(learning, quiz_place=0, quiz_right=0)
            effects.append(Draw())
    return Turned(learning, next_at, tuple(effects))


def _finished(at: At) -> Turned:
    learning = at.learning
    if not has_passed(learning, at.rules):
        return _as_before(at)
    finished = tuple(dict.fromkeys((*learning.finished, learning.course)))
    counted = () if learning.again else (Count("course_finished", learning.course),)
    done = _told(learning, state="done", finished=finished)
    return Turned(done, None, (*_called_back(at), *counted, Certify(score(learning))))


def _wrote(at: At) -> Turned:
    """WhatsApp's window is open: the lesson is told of at her hour, or, if that is too far, as soon as may be."""
    if not at.learning.held:
        return _as_before(at)
    learning = replace(at.learning, held=False, opened=False, nudges=0)
    hers = coming(learning, at.now + _SOON, at.rules)
    last = at.now + _WINDOW
    if hers is None or hers > last:
        hers = first_free(learning, at.now + _SOON, last, at.rules)
    return Turned(at.learning, None) if hers is None else Turned(learning, hers)


def _held_back(at: At) -> Turned:
    if not at.learning.opened:
        return _as_before(at)
    return Turned(replace(at.learning, held=True), None)


def _missed(at: At) -> Turned:
    """It is as if she had not been told: at her next hour she is."""
    learning = at.learning
    if not learning.letter:
        return _as_before(at)
    nudges = max(learning.nudges - 1, 0)
    before = replace(learning, opened=learning.nudges > 0, nudges=nudges, letter=0)
    return Turned(before, coming(before, at.now + LATE, at.rules), (CallBack(learning.letter),))


def _told(learning: Learning, **changes: object) -> Learning:
    """Nothing waits for her any more that she was told of."""
    nothing = {"opened": False, "nudges": 0, "letter": 0, "held": False, "seen": False}
    return replace(learning, **nothing | changes)  # type: ignore[arg-type]


def _called_back(at: At) -> tuple[CallBack, ...]:
    return (CallBack(at.learning.letter),) if at.learning.letter else ()


# ---------------------------------------------------------------- time


def _time_passed(at: At, *, busy: bool) -> Turned:
    learning, next_at = at.learning, at.next_at
    if next_at is None or at.now < next_at:
        return Turned(learning, next_at)
    if learning.state not in {"on", "quiz"} or (learning.opened and learning.nudges >= at.rules.lesson_nudges):
        return Turned(learning, None)
    if not fits(learning, next_at, at.now, at.rules):
        return Turned(learning, coming(learning, at.now, at.rules))
    if busy:
        return Turned(learning, _a_little_later(at))
    letter = number_of(at.now)
    told = replace(learning, opened=True, letter=letter, nudges=learning.nudges + 1 if learning.opened else 0)
    effects: list[Effect] = [*_called_back(at), Tell(letter, reminds=learning.opened)]
    return _ready(at, Turned(told, _reminder(told, at), tuple(effects)))


def _a_little_later(at: At) -> datetime | None:
    """Soon, where that is still about her hour; else at the next one."""
    hers = coming(at.learning, day_of(at.learning, at.now), at.rules)
    if hers is None or hers > at.now or at.now + _SOON - hers <= LATE:
        return at.now + _SOON
    return coming(at.learning, at.now, at.rules)


def _ready(at: At, turned: Turned) -> Turned:
    """Lessons that nobody has looked at for long are left out: then the quiz may be next."""
    return _to_the_quiz(at, turned) if turned.learning.state == "on" else turned


def _reminder(learning: Learning, at: At) -> datetime | None:
    """When she is reminded of what waits; None where she was often enough."""
    if learning.nudges >= at.rules.lesson_nudges:
        return None
    return coming(learning, at.now + at.rules.nudge_after - LATE, at.rules)


# ---------------------------------------------------------------- what follows from where she stands


def upcoming(learning: Learning, course: tuple[Lesson, ...], now: datetime, rules: BroadcastRules) -> int | None:
    """The place of the next lesson; one that nobody has looked at for long is left out. None where none is left."""
    places = range(learning.place, len(course))
    return next((place for place in places if now.date() - course[place].reviewed <= rules.stale), None)


def has_passed(learning: Learning, rules: BroadcastRules) -> bool:
    """Whether the last quiz is behind her, and enough of it was right."""
    ended = learning.state == "quiz" and bool(learning.asked) and learning.quiz_place >= len(learning.asked)
    return ended and score(learning) >= rules.pass_mark


def score(learning: Learning) -> int:
    """Per cent of the last quiz that was right, rounded down."""
    return learning.quiz_right * 100 // len(learning.asked)


def number_of(at: datetime) -> int:
    """The number of a letter about a lesson: the moment at which it was made, in milliseconds."""
    return int(at.timestamp() * 1000)
