"""Holds what concerns her as one of the public: subscribed, learning, asked in a poll, reading, asking; no case.

It decides nothing, and nothing in it says that she ever asked for help.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from messages.text import Language, Text

Topic = Literal["tips", "courses", "awareness", "meetings"]
TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)
Hours = Literal["any", "morning", "afternoon", "evening"]
HOURS: Final[tuple[Hours, ...]] = get_args(Hours)
Leader = Literal["community", "religious", "tribal"]
LEADERS: Final[tuple[Leader, ...]] = get_args(Leader)
Stakeholder = Literal["association", "government", "civil_society", "leaders"]
STAKEHOLDERS: Final[tuple[Stakeholder, ...]] = get_args(Stakeholder)
"""To whom a question of the question box may be addressed."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What she asked to be sent, and when. Kept apart from `Person`: a list of its own."""

    topics: tuple[Topic, ...] = ()
    language: Language = "ar"
    tracks: tuple[str, ...] = ()
    """Tracks of tips that she wants; none means all."""
    area: str = ""
    """Her governorate's code, where she said it; "abroad" outside Yemen."""
    hours: Hours = "any"
    spacing: int = 1
    """Days: never two of tips, awareness and meetings within them."""
    zone: str = "Asia/Aden"


@dataclass(frozen=True, slots=True)
class Learning:
    """How far she is in a course."""

    course: str
    """Its track."""
    state: Literal["on", "paused", "quiz", "done"]
    place: int = 0
    """How many lessons are behind her."""
    right: int = 0
    """Answers that were right at the first try."""
    hour: int = 17
    """On whose stroke the day's lesson comes, 0 to 23 in `zone`."""
    zone: str = "Asia/Aden"
    language: Language = "ar"
    opened: bool = False
    """The day's lesson waits for her: she was told of it, or has begun it."""
    nudges: int = 0
    """So often she was reminded of the one that waits."""
    letter: int = 0
    """By which letter she was last told, where it may still be on its way (flows.learning); 0 for none."""
    held: bool = False
    """It could not be brought to her: it waits until she writes."""
    seen: bool = False
    """She has begun the lesson that is next."""
    again: bool = False
    """She goes through the course another time: it counts in no figure."""
    tries: int = 0
    """Last quizzes of this course that she has ended."""
    finished: tuple[str, ...] = ()
    """Courses that she has passed."""
    asked: tuple[str, ...] = ()
    """Ids of the lessons whose questions the last quiz asks."""
    quiz_right: int = 0
    quiz_place: int = 0


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll that is open, and that she has not answered; or a pledge that leaders are asked for."""

    id: int
    kind: Literal["poll", "pledge"]
    question: Text
    options: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Story:
    """A story, or an initiative that one can join."""

    id: int
    kind: Literal["story", "initiative"]
    title: Text
    text: Text
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question of hers to a stakeholder, and where it stands."""

    id: int
    addressed: Stakeholder
    state: Literal["asked", "passed_on", "answered", "refused"]
    asked_at: datetime
    answer: str = ""
    """What was answered, once a moderator has let it go to her."""


@dataclass(frozen=True, slots=True)
class Public:
    """All of it, for one turn."""

    subscription: Subscription | None = None
    leader: Literal["", Leader] = ""
    learning: Learning | None = None
    polls: tuple[Poll, ...] = ()
    stories: tuple[Story, ...] = ()
    initiatives: tuple[Story, ...] = ()
    questions: tuple[Question, ...] = ()
