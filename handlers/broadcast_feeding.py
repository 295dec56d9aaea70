"""Feeds a run to the outbox: whoever is due is looked at once more, and then gets her letter, waits, or gets none.

It never puts out more than is asked for, and it never sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from flows.broadcast import WINDOW, Frozen, RecipientState, letter_key
from flows.broadcast_times import Timetable
from flows.core import Language
from flows.pushed import WAYS, key
from handlers.broadcast_acts import is_stopped
from handlers.broadcast_planning import timetable
from handlers.draw import World
from messages import both, to_json
from storage import media, outbox, people, recipients, runs, subscribers, templates, tier
from storage.outbox import Body, Lane, LetterChoice
from storage.recipients import Change
from storage.runs import Run
from storage.subscribers import Subscriber
from storage.unit import Unit

DAY: Final = timedelta(hours=24)
"""WhatsApp's tier counts people over so long."""
SOON: Final = timedelta(minutes=10)
"""So long whoever waits for a template is left alone before it is asked for again."""
_OTHER_WAITS: Final = timedelta(minutes=1)
"""So long whoever has another run's letter on its way is left alone: its outcome decides."""
_TIER_WAITS: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Put:
    """Her letter goes out."""

    subscriber: int
    channel: str
    reader: bytes
    body: Body
    template: bool


@dataclass(frozen=True, slots=True)
class Later:
    """Not now, for this reason."""

    subscriber: int
    due_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Never:
    """She gets none of this run, for this reason."""

    subscriber: int
    state: RecipientState
    why: str


Decision = Put | Later | Never


def is_hidden(unit: Unit, channel: str, address: str) -> bool:
    """Whether the chat under this address shows nothing now: hidden, covered, or it wasn't safe to talk."""
    person = people.at(unit, channel, address)
    return person is not None and (person.quiet or person.locked or person.left)


def heard_at(unit: Unit, channel: str, address: str) -> datetime | None:
    """When whoever has this address last wrote to us."""
    found = [outbox.last_heard(unit, index) for index in unit.vault.indexes(people.who(channel, address))]
    return max((at for at in found if at is not None), default=None)


def is_outside(heard: datetime | None, now: datetime) -> bool:
    """Whether WhatsApp's window is shut, so that only a template may be sent."""
    return heard is None or now - heard >= WINDOW


@dataclass(slots=True)
class Look:
    """One look at those who are due on one channel."""

    unit: Unit
    run: Run
    channel: str
    world: World
    hours: Timetable
    room: int = field(init=False)
    """How many more people a template may be sent to today (WhatsApp's tier)."""
    next_room: datetime = field(init=False)

    def __post_init__(self) -> None:
        now, since = self.world.now, self.world.now - DAY
        self.room, self.next_room = 0, now + _TIER_WAITS
        if self.channel != "whatsapp":
            return
        self.room = self.world.rules.broadcasts.portfolio - tier.by_template(self.unit, since)
        if first := tier.first_by_template(self.unit, since):
            self.next_room = max(self.next_room, first + DAY)

    def decide(self, number: int) -> Decision:
        """What becomes of one who is due."""
        # Asked before she is read: what arrives in between stands in her row then, or she waits a minute for nothing.
        awaited = self.run.frozen.spaced and recipients.is_awaited(self.unit, self.run.id, number)
        her = subscribers.get(self.unit, number)
        if her is None:
            return Never(number, "unsubscribed", "")
        facts = her.facts
        if not self.run.frozen.audience.has(facts.subscription, her.channel, facts.leader):
            return Never(number, "unsubscribed", "topic")
        if is_hidden(self.unit, self.channel, facts.address):
            return Never(number, "skipped", "hidden")
        if facts.subscription.language not in self.run.frozen.texts:
            return Never(number, "skipped", "language")
        if awaited:
            return self._later(number, self.world.now + _OTHER_WAITS, "spacing")
        return self._at_her_moment(her) or self._by_window(her)

    def _at_her_moment(self, her: Subscriber) -> Decision | None:
        """Her hours and spacing as they are by now; None where her moment is this one."""
        now = self.world.now
        known = (her.last_at, recipients.doubted_at(self.unit, her.id))
        moment = self.hours.moment(her.facts.subscription, max(filter(None, known), default=None), now)
        if moment.at is None:
            return Never(her.id, "skipped", moment.why)
        return None if moment.at <= now else Later(her.id, moment.at, "")

    def _by_window(self, her: Subscriber) -> Decision:
        """Free words within WhatsApp's window, a template outside it, if there is one and the tier has room."""
        frozen, language = self.run.frozen, her.facts.subscription.language
        if self.channel != "whatsapp":
            return self._put(her, "")
        if not is_outside(heard_at(self.unit, self.channel, her.facts.address), self.world.now):
            return self._put(her, "")
        sid = frozen.sids.get(language, "")
        if not sid:
            return Never(her.id, "skipped", "window")
        if not template_stands(self.unit, sid):
            return self._later(her.id, self.world.now + SOON, "template")
        if not tier.had_template(self.unit, her.id, self.world.now - DAY):
            if self.room <= 0:
                return self._later(her.id, self.next_room, "portfolio")
            self.room -= 1
        return self._put(her, sid)

    def _later(self, number: int, due_at: datetime, why: str) -> Decision:
        return Later(number, due_at, why) if due_at <= self.run.ends_at else Never(number, "skipped", why)

    def _put(self, her: Subscriber, sid: str) -> Put:
        body = letter(self.run, her.facts.address, her.facts.subscription.language, sid)
        return Put(her.id, her.channel, her.index, body, bool(sid))


def letter(run: Run, to: str, language: Language, sid: str = "") -> Body:
    """What one reader is sent: by a template where `sid` is given, else as it was written."""
    frozen = run.frozen
    said = frozen.texts[language]
    return Body(
        to, language, to_json(both(said, said)), _choices(frozen, run.id), sid=sid,
        blanks=frozen.blanks.get(language, ()) if sid else (), media=frozen.media, full=frozen.full,
    )  # fmt: skip


def _choices(frozen: Frozen, run: int) -> tuple[LetterChoice, ...]:
    ways: list[tuple[str, Any]] = [(way, to_json(WAYS[way])) for way in frozen.buttons]
    return tuple(LetterChoice(key(way, run, frozen.about), label) for way, label in ways)


def look(unit: Unit, run: Run, channel: str, most: int, world: World) -> list[Decision]:
    """Look at up to `most` who are due."""
    due = recipients.due(unit, run.id, channel, world.now, most)
    if not due:
        return []
    looking = Look(unit, run, channel, world, timetable(run, world))
    return [looking.decide(number) for number in due]


def may_be_shown(unit: Unit, medium: int) -> bool:
    """Whether a medium (0 for none) may be sent: nobody who can be recognised took her consent back."""
    found = media.get(unit, medium) if medium else None
    return not medium or (found is not None and found.usable)


def template_stands(unit: Unit, sid: str) -> bool:
    """Whether a Content template may be used. One that was never registered may, until the platform refuses it."""
    found = templates.by_sid(unit, sid)
    return found is None or found.state == "approved"


def carry(unit: Unit, run: int, decisions: Sequence[Decision], world: World) -> int | None:
    """Write down what was decided, while the run still sends. Says how many letters were put out.

    None where it was held or ended meanwhile: then nothing was written, and to look again would find the same readers.
    """
    standing = runs.standing(unit, run)
    if standing is None or standing[0] != "sending" or is_stopped(unit):
        return None
    never = [Change(run, one.subscriber, one.state, one.why) for one in decisions if isinstance(one, Never)]
    recipients.change(unit, never)
    for one in decisions:
        if isinstance(one, Later):
            recipients.wait(unit, run, one.subscriber, one.due_at, one.why)
    if any(isinstance(one, Later) and one.why == "template" for one in decisions):
        runs.remark(unit, run, "template")
    return sum(_put_out(unit, run, one, world) for one in decisions if isinstance(one, Put))


def _put_out(unit: Unit, run: int, one: Put, world: World) -> bool:
    if not recipients.queue(unit, run, one.subscriber, template=one.template):
        return False
    outbox.add(unit, letter_key(run, one.subscriber), one.channel, one.reader, Lane.BROADCAST, one.body, world.now)
    return True
