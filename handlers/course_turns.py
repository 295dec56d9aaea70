"""Lets one thing that happened change how a learner stands, and carries out what follows: letters, counts, the quiz.

It never decides: `flows.learning` does, and the same event twice changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from flows.core import Language
from flows.course_events import At, CallBack, Certify, Count, Draw, Event, Tell, Turned
from flows.learning import react
from flows.public import Learning
from handlers import certificates, course_letters
from handlers.draw import World
from messages import Text
from messages.content import Lesson
from storage import figures, learners
from storage.learners import Learner
from storage.unit import Unit


def turn(
    unit: Unit, learner: Learner, event: Event, world: World, *, hers: bool = False, language: Language | None = None
) -> Text | None:
    """Decide what an event leads to, keep it, and carry it out. `hers` where she did something herself."""
    learning = learner.facts.learning
    if language is not None:
        learning = replace(learning, language=language)
    at = At(learning, learner.next_at, world.now, lessons(learning, world), world.rules.broadcasts)
    return carry(unit, learner, react(at, event), world, hers=hers)


def lessons(learning: Learning, world: World) -> tuple[Lesson, ...]:
    """The lessons of her course, in order."""
    return world.rules.content.course(learning.course)


def carry(unit: Unit, learner: Learner, turned: Turned, world: World, *, hers: bool) -> Text | None:
    """Keep where she stands now, and do what is to be done. Returns what is to be said of it."""
    learning, said = turned.learning, None
    for effect in turned.effects:
        match effect:
            case Draw():
                learning = replace(learning, asked=_drawn(learning, world))
            case Certify(score):
                said = certificates.give(unit, learning.course, score, world)
            case Tell(letter, reminds):
                course_letters.tell(unit, learner, learning, letter, world, reminds=reminds)
            case CallBack(letter):
                course_letters.call_back(unit, learner, letter)
            case Count(name, part):
                figures.add(unit, name, part, figures.month_of(world.now, world.zone))
            case _:
                assert_never(effect)
    kept = replace(learner, facts=replace(learner.facts, learning=learning), next_at=turned.next_at)
    if kept != learner or hers:
        learners.put(unit, kept, world.now if hers else None)
    return said


def _drawn(learning: Learning, world: World) -> tuple[str, ...]:
    """Some lessons of her course, in an order of chance: those that were looked at lately, if there are any."""
    rules, course = world.rules.broadcasts, lessons(learning, world)
    fresh = [one.id for one in course if world.now.date() - one.reviewed <= rules.stale]
    left = fresh or [one.id for one in course]
    chance = int.from_bytes(world.draw.seed(16))
    drawn: list[str] = []
    while left and len(drawn) < rules.quiz:
        chance, place = divmod(chance, len(left))
        drawn.append(left.pop(place))
    return tuple(drawn)
