"""Reckons the courses' figures for the campaign team: reach and gain, by course and by lesson, without persons.

It shows no count so small that somebody could be known by it, nor a share of so few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.tracks import TITLES
from handlers.draw import World
from messages import Text
from messages.content import Track
from storage import figures
from storage.unit import Unit

NAMES = (
    *("course_enrolled", "course_finished", "lesson_begun", "lesson_done", "lesson_right"),
    *("quiz_asked", "quiz_right"),
)
"""What is counted: by track (course_, quiz_) or by lesson, the first time she goes through a course alone."""


@dataclass(frozen=True, slots=True)
class LessonFigures:
    """One lesson: how many began and ended it, and how many per cent had its question right at the first try."""

    id: str
    title: Text
    begun: int | None
    done: int | None
    right: int | None


@dataclass(frozen=True, slots=True)
class CourseFigures:
    """One course. None stands for fewer than may be shown, or a share of so few."""

    track: Track
    title: Text
    enrolled: int | None
    finished: int | None
    before: int | None
    """Per cent of the lessons' questions that were right at the first try."""
    after: int | None
    """Per cent of the last quiz that was right, at its first time."""
    lessons: tuple[LessonFigures, ...]

    @property
    def gain(self) -> int | None:
        """How many hundredths more were right at the end than at the first try."""
        return None if self.before is None or self.after is None else self.after - self.before


def read(unit: Unit, world: World) -> tuple[CourseFigures, ...]:
    """All courses, in the order in which they are offered."""
    totals = {name: figures.totals(unit, name) for name in NAMES}
    return tuple(_course(track, totals, world) for track in TITLES if world.rules.content.course(track))


def _course(track: Track, totals: Mapping[str, Mapping[str, int]], world: World) -> CourseFigures:
    smallest, course = world.rules.broadcasts.smallest, world.rules.content.course(track)
    ids = [lesson.id for lesson in course]
    done, right = (sum(totals[name].get(one, 0) for one in ids) for name in ("lesson_done", "lesson_right"))
    lessons = tuple(_lesson(one.id, one.title, totals, smallest) for one in course)
    return CourseFigures(
        track,
        TITLES[track],
        figures.shown(totals["course_enrolled"].get(track, 0), smallest).count,
        figures.shown(totals["course_finished"].get(track, 0), smallest).count,
        _share(right, done, smallest),
        _share(totals["quiz_right"].get(track, 0), totals["quiz_asked"].get(track, 0), smallest),
        lessons,
    )


def _lesson(one: str, title: Text, totals: Mapping[str, Mapping[str, int]], smallest: int) -> LessonFigures:
    begun, done, right = (totals[name].get(one, 0) for name in ("lesson_begun", "lesson_done", "lesson_right"))
    return LessonFigures(
        one,
        title,
        figures.shown(begun, smallest).count,
        figures.shown(done, smallest).count,
        _share(right, done, smallest),
    )


def _share(part: int, of: int, smallest: int) -> int | None:
    """Per cent, rounded down to tens where few stand behind it; None where fewer than may be shown do."""
    if of < smallest:
        return None
    per_cent = part * 100 // of
    return per_cent if of >= smallest * 4 else per_cent // 10 * 10
