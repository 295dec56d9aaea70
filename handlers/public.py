"""Carries out what she does as one of the public, and tells what is known of her as such: one door for all of it.

It never looks at a case, and nothing of it hangs on `people`: she is found by her address alone.
"""

from __future__ import annotations

from dataclasses import replace

from flows.core import (
    AskStakeholder,
    JoinIn,
    Language,
    LookUpCertificate,
    Pressed,
    Study,
    Subscribe,
    Talk,
    Unsubscribe,
    Vote,
)
from flows.public import Public
from flows.pushed import read
from flows.unasked import concerns
from handlers import box, broadcasts, courses, leaders, polls, stories, subscribing
from handlers.channel import Inbound
from handlers.draw import World
from messages import Text
from storage import subscribers
from storage.people import Known
from storage.unit import Unit

Effect = Subscribe | Unsubscribe | Study | LookUpCertificate | Vote | JoinIn | AskStakeholder


def carry(unit: Unit, inbound: Inbound, language: Language, effect: Effect, world: World) -> Text | None:
    """Carry one effect out. Returns what is to be said of it, if anything."""
    channel, address = inbound.channel, inbound.address
    match effect:
        case Subscribe(subscription):
            return subscribing.subscribe(unit, channel, address, subscription, world)
        case Unsubscribe(whole=True):
            destroy(unit, channel, address, world)
            return None
        case Unsubscribe():
            return subscribing.unsubscribe(unit, channel, address, world)
        case Study():
            return courses.study(unit, channel, address, language, effect, world)
        case LookUpCertificate(number):
            return courses.look_up(unit, number)
        case Vote(poll, choice):
            return polls.vote(unit, channel, address, poll, choice, world)
        case JoinIn(story):
            return stories.join_in(unit, channel, address, story)
        case AskStakeholder():
            return box.ask(unit, channel, address, language, effect, world)


def known_of(unit: Unit, talk: Talk, inbound: Inbound, world: World) -> Public:
    """What concerns her as one of the public, where this turn may ask for it; else nothing."""
    if not concerns(talk, inbound.event, world.rules):
        return Public()
    channel, address = inbound.channel, inbound.address
    hers = of_address(unit, channel, address)
    return replace(
        hers,
        polls=polls.open_for(unit, channel, address, hers.leader, world),
        stories=stories.published(unit, "story", channel, address),
        initiatives=stories.published(unit, "initiative", channel, address),
    )


def of_address(unit: Unit, channel: str, address: str) -> Public:
    """What is kept of her, without what there is for everybody."""
    subscriber = subscribers.find(unit, channel, address)
    return Public(
        subscription=subscriber.facts.subscription if subscriber else None,
        leader=subscriber.facts.leader if subscriber else "",
        learning=courses.learning_of(unit, channel, address),
        questions=box.of_asker(unit, channel, address),
    )


def hear(unit: Unit, known: Known, inbound: Inbound, world: World) -> bool:
    """Count a tap under a broadcast; and take a leader's code. Says whether the message ends here."""
    if inbound.channel == "whatsapp":
        courses.wrote(unit, inbound.channel, inbound.address, world)
    if isinstance(inbound.event, Pressed) and (pushed := read(inbound.event.key)) and pushed.run:
        broadcasts.tapped(unit, pushed.run, inbound.channel, inbound.address)
    return leaders.hear(unit, known, inbound, world)


def gone(unit: Unit, channel: str, address: str, world: World) -> None:
    """She blocked us, or the platform says that she takes nothing any more: she is on no list, for good."""
    subscribing.unsubscribe(unit, channel, address, world)
    courses.leave(unit, channel, address)


def destroy(unit: Unit, channel: str, address: str, world: World) -> None:
    """Everything about her is to go: her subscription, her course and her questions too. Counts stay, without her."""
    gone(unit, channel, address, world)
    subscribing.forget(unit, channel, address)
    box.forget(unit, channel, address)
    stories.forget(unit, channel, address)
