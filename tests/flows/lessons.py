"""Lessons and courses made up for tests: their words say which they are, and the first answer is the right one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.rules import Mechanism
from messages import both
from messages.content import Answer, Asked, Content, Lesson, Track
from messages.text import Text
from tests.flows.chat import NOW, mechanism

TODAY = NOW.date()


def lesson(number: int, track: Track = "digital", reviewed: date = TODAY) -> Lesson:
    name = f"{track[0]}{number:02}"

    def said(what: str) -> Text:
        return both(ar=f"كلام {what} {name}", en=f"words {what} {name}")

    def asked(what: str) -> Asked:
        answers = tuple(
            Answer(both(ar=f"جواب {sign}", en=f"answer {sign}"), said(f"{what}-{sign}"), sign == "A") for sign in "ABC"
        )
        return Asked(said(what), answers)

    return Lesson(
        name, track, said("title"), said("hook"), said("point"), said("action"), asked("question"), asked("quiz"),
        said("source"), reviewed,
    )  # fmt: skip


def course(count: int, track: Track = "digital") -> tuple[Lesson, ...]:
    return tuple(lesson(number, track) for number in range(1, count + 1))


def taught(*lessons: Lesson) -> Mechanism:
    """The association's rules with these lessons alone."""
    return replace(mechanism(), content=Content({}, {one.id: one for one in lessons}))
