"""Carries out what she does about a course: enrols her, keeps how far she is, draws the quiz, gives the certificate.

It never sends a lesson by itself (`handlers.course_openers` puts out the one line that tells of it), and a learner is
no person of `people`: nothing here says that she ever asked for help.
"""

from __future__ import annotations

from dataclasses import replace

from flows import course_events as events
from flows.core import Language, Study
from flows.course_events import Event
from flows.course_times import is_open
from flows.learning import enrolled
from flows.public import Learning
from flows.tracks import taught
from handlers import certificates, course_figures, course_letters
from handlers.course_figures import CourseFigures
from handlers.course_turns import carry, turn
from handlers.draw import World
from messages import Text
from storage import learners, subscribers
from storage.learners import Facts, Learner
from storage.outbox import Letter
from storage.unit import Unit


def study(unit: Unit, channel: str, address: str, language: Language, did: Study, world: World) -> Text | None:
    """Keep what she did about a course. Returns what is to be said of it: a certificate, else nothing."""
    learner = learners.find(unit, channel, address)
    event = _event(did, learner.facts.learning) if learner else None
    if did.did == "enrol":
        _enrol(unit, learner, channel, address, language, did, world)
    elif did.did == "leave" and learner:
        _leave_course(unit, learner, world)
    elif learner and event:
        return turn(unit, learner, event, world, hers=True, language=language)
    return None


def _event(did: Study, learning: Learning) -> Event | None:
    """What she did, as an event of the course; None where it belongs to another course, or to a question behind her."""
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
    carry(unit, known, turned, world, hers=True)


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


# ---------------------------------------------------------------- what becomes of the line that tells of a lesson


def still_wanted(unit: Unit, letter: Letter, world: World) -> bool:
    """Ask once more, just before it leaves: it may have waited for the network, or for the whole lane to go on.

    Where her chat is hidden, or the hour is a quiet one by now, she is told at her next hour instead.
    """
    learner = course_letters.of(unit, letter.key)
    if learner is None:
        return False
    learning = learner.facts.learning
    if not learning.opened or learning.state not in {"on", "quiz"}:
        return False
    if course_letters.is_hidden(unit, learner) or not is_open(learning, world.now, world.rules.broadcasts):
        turn(unit, learner, events.Missed(), world)
        return False
    return True


def held_back(unit: Unit, letter_key: str, world: World) -> None:
    """WhatsApp's window is shut and no template carries it: it waits until she writes."""
    learner = course_letters.of(unit, letter_key)
    if learner is not None:
        turn(unit, learner, events.HeldBack(), world)


def figures(unit: Unit, world: World) -> tuple[CourseFigures, ...]:
    """Reach and gain of every course, without persons: for the desk's page."""
    return course_figures.read(unit, world)
