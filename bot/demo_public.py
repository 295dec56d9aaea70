"""Makes the demo's public: Nadia, 200 further readers, and what the campaign team has ready for them.

It exists for the demo alone: nowhere else is anybody put on a list without having asked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final

from flows.broadcast import Audience, BroadcastRules
from flows.campaign import Message, Plan
from flows.core import Person
from flows.dates import today
from flows.public import Subscription
from handlers import campaigns
from handlers.draw import World
from storage import people, polls, stories, subscribers
from storage.unit import Unit

READERS: Final = 200
CROWD: Final = tuple(f"reader-{number:03}" for number in range(1, READERS + 1))
"""Addresses on the preview channel that take letters and have no screen."""
NADIA: Final = "nadia"
_SEEDS: Final = Path(__file__).with_suffix(".toml")
_ENGLISH: Final = 10
"""Every so manieth reads English."""
_UNDO: Final = timedelta(seconds=15)
_PER_MINUTE: Final = 1200
"""So that a visitor can watch 200 letters arrive: ten seconds."""
_OPEN_FOR: Final = timedelta(days=30)


def hurried(rules: BroadcastRules) -> BroadcastRules:
    """The rules with an undo window of seconds, and without quiet hours: a visitor comes at any hour."""
    every_day = frozenset(range(7))
    return replace(rules, undo=_UNDO, per_minute=_PER_MINUTE, quiet=(), friday=(), ramadan=(), lesson_days=every_day)


def seed(unit: Unit, world: World, writer: int, approver: int) -> None:
    """Everybody on the list, as if they had asked; a campaign that waits, and what has been published already.

    `writer` wrote it all, `approver` is the second person.
    """
    _readers(unit, world)
    said = tomllib.loads(_SEEDS.read_text("utf-8"))
    for kind in ("story", "initiative"):
        for one in said[kind]:
            number = world.draw.number()
            body = stories.Body(**{name: words.strip() for name, words in one.items()}, authors=(writer,))
            stories.add(unit, stories.Story(number, kind, "draft", body, writer, None, world.now))
            stories.publish(unit, number, approver, world.now)
    _poll(unit, said["poll"], writer, approver, world)
    campaigns.create(unit, writer, world, _plan(said["message"], world))


def _readers(unit: Unit, world: World) -> None:
    for place, address in enumerate((NADIA, *CROWD)):
        subscription = Subscription(
            topics=("tips", "courses", "awareness", "meetings"),
            language="en" if place % _ENGLISH == _ENGLISH - 1 else "ar",
            area=("marib", "marib", "marib", "taiz")[place % 4],
        )
        facts = subscribers.Facts(address, subscription)
        subscribers.put(unit, world.draw.number(), "preview", facts, world.now)
    nadia = people.meet(unit, world.draw.number(), "preview", NADIA)  # who is subscribed has been welcomed before
    people.remember(unit, nadia.id, Person(language="ar", welcomed=True))


def _poll(unit: Unit, said: Mapping[str, Any], writer: int, approver: int, world: World) -> None:
    number, ends = world.draw.number(), world.now + _OPEN_FOR
    options = tuple(polls.Option(**one) for one in said["option"])
    body = polls.Body(said["ar"], said["en"], options, (writer,))
    polls.add(unit, polls.Poll(number, "poll", "draft", body, writer, None, world.now, ends))
    polls.approve(unit, number, approver)


def _plan(messages: list[Mapping[str, str]], world: World) -> Plan:
    """The campaign of the founding document, its first message for today."""
    begins = today(world.now)
    first = messages[0]
    texts = {"ar": first["ar"].strip(), "en": first["en"].strip()}
    return Plan(
        name="هي تبني السلام",
        begins=begins,
        ends=begins + timedelta(days=30),
        audience=Audience("awareness"),
        messages=(Message(texts, buttons=("stories", "unsubscribe")),),  # type: ignore[arg-type]
        day=begins,
        hour=time(0),
        spaced=False,
    )
