"""Carries out what she does about a course: enrols her, keeps how far she is, draws the quiz, gives the certificate.

It never sends a lesson by itself (`handlers.course_openers` puts out the one line that tells of it), and a learner is
no person of `people`: nothing here says that she ever asked for help.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from flows import course_events as events
from flows.core import Language, Study
from flows.course_events import At, CallBack, Certify, Count, Draw, Effect, Event, Tell, Turned
from flows.learning import enrolled, react
from flows.public import Learning
from flows.tracks import taught
from handlers import certificates, course_letters
from handlers.draw import World
from messages import Text
from messages.content import Lesson
from storage import figures, learners, subscribers
from storage.learners import Facts, Learner
from storage.unit import Unit


def study(unit: Unit, channel: str, address: str, language: Language, did: Study, world: World) -> Text | None:
    """Keep what she did about a course. Returns what is to be said of it: a certificate, else nothing."""
    learner = learners.find(unit, channel, address)
    if did.did == "enrol":
        return _enrol(unit, learner, channel, address, language, did, world)
    if learner is None:
        return None
    if did.did == "leave":
        return _leave_course(unit, learner, world)
    event = _event(did, learner.facts.learning)
    return None if event is None else turn(unit, learner, event, world, hers=True, language=language)


def _event(did: Study, learning: Learning) -> Event | None:
    """What she did, as an event of the course; None where it belongs to another course, or to a question left behind."""
    match did.did:
        case "opened" if did.course == learning.course:
            return events.Opened(did.lesson)
        case "answered" if did.course == learning.course:
            return events.Answered(did.lesson, did.right)
        case "quizzed" if learning.asked[learning.quiz_place : learning.quiz_place + 1] == (did.lesson,):
            return events.Quizzed(did.right)
        case "pause":
            return events.Paused()
        case "resume":
            return events.Resumed()
        case "hour":
            return events.HourSet(did.hour)
        case "finished":
            return events.Finished()
        case _:
            return None


def _enrol(
    unit: Unit, known: Learner | None, channel: str, address: str, language: Language, did: Study, world: World
) -> None:
    if did.course not in taught(world.rules.content):
        return
    subscriber = subscribers.find(unit, channel, address)
    zone = subscriber.facts.subscription.zone if subscriber else "Asia/Aden"
    wanted = Learning(did.course, "on", hour=did.hour, zone=zone, language=language)
    turned = enrolled(known.facts.learning if known else None, wanted, world.now, world.rules.broadcasts)
    if known is None:
        known = Learner(world.draw.number(), channel, Facts(address, turned.learning), turned.next_at)
        learners.add(unit, known, world.now)
    _carry(unit, known, turned, world, hers=True)


def _leave_course(unit: Unit, learner: Learner, world: World) -> None:
    """Forget how far she is. What she has passed stays known, so that it counts once; without that, so does she not."""
    learning = learner.facts.learning
    course_letters.call_back(unit, learner, learning.letter)
    if not learning.finished:
        learners.leave(unit, learner.channel, learner.facts.address)
        return
    done = Learning(learning.finished[-1], "done", language=learning.language, zone=learning.zone)
    kept = Facts(learner.facts.address, replace(done, finished=learning.finished))
    learners.put(unit, replace(learner, facts=kept, next_at=None), world.now)


def turn(
    unit: Unit, learner: Learner, event: Event, world: World, *, hers: bool = False, language: Language | None = None
) -> Text | None:
    """Decide what an event leads to, keep it, and carry it out. `hers` where she did something herself."""
    learning = learner.facts.learning
    if language is not None:
        learning = replace(learning, language=language)
    at = At(learning, learner.next_at, world.now, lessons(learning, world), world.rules.broadcasts)
    return _carry(unit, learner, react(at, event), world, hers=hers)


def lessons(learning: Learning, world: World) -> tuple[Lesson, ...]:
    """The lessons of her course, in order."""
    return world.rules.content.course(learning.course)


def _carry(unit: Unit, learner: Learner, turned: Turned, world: World, *, hers: bool) -> Text | None:
    learning, said = turned.learning, None
    for effect in turned.effects:
        match effect:
            case Draw():
                learning = replace(learning, asked=_drawn(learning, world))
            case Certify(score):
                said = certificates.give(unit, learning.course, score, world)
            case Tell() | CallBack() | Count():
                _do(unit, learner, learning, effect, world)
            case _:
                assert_never(effect)
    kept = replace(learner, facts=replace(learner.facts, learning=learning), next_at=turned.next_at)
    if kept != learner or hers:
        learners.put(unit, kept, world.now if hers else None)
    return said


def _do(unit: Unit, learner: Learner, learning: Learning, effect: Effect, world: World) -> None:
    match effect:
        case Tell(letter, reminds):
            course_letters.tell(unit, learner, learning, letter, world, reminds=reminds)
        case CallBack(letter):
            course_letters.call_back(unit, learner, letter)
        case Count(name, part):
            figures.add(unit, name, part, figures.month_of(world.now, world.zone))
        case _:
            pass


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


# ---------------------------------------------------------------- what others ask


def look_up(unit: Unit, number: str) -> Text:
    """Say whether a certificate was given, and for what."""
    return certificates.told(unit, number)


def learning_of(unit: Unit, channel: str, address: str) -> Learning | None:
    """How far she is; None where she takes no course and has passed none."""
    learner = learners.find(unit, channel, address)
    return None if learner is None else learner.facts.learning


def leave(unit: Unit, channel: str, address: str) -> None:
    """Delete her from the learners, and call back what is on its way."""
    learner = learners.find(unit, channel, address)
    if learner is not None:
        course_letters.call_back(unit, learner, learner.facts.learning.letter)
        learners.leave(unit, channel, address)


def wrote(unit: Unit, channel: str, address: str, world: World) -> None:
    """She wrote: WhatsApp's window is open again, for a lesson of which she could not be told."""
    learner = learners.find(unit, channel, address)
    if learner is not None and learner.facts.learning.held:
        turn(unit, learner, events.Wrote(), world)
