"""Receives one message: known deliveries end here, a talk is advanced, and every effect is kept in one transaction.

It never sends and never acknowledges: whoever called does, after the commit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from flows.book import BOOK
from flows.core import (
    AddToCase,
    Effect,
    Event,
    ForgetFiles,
    Given,
    OpenCase,
    Person,
    Remember,
    Report,
    Say,
    Shared,
    Talk,
)
from flows.engine import advance
from flows.ways import holds_draft
from handlers import alarms, cases, entry_links, reminders, replies, rota_asks
from handlers.cases import Sealing
from handlers.channel import Handle, Inbound
from handlers.draw import World
from messages import to_json
from storage import files, inbox, outbox, people, staff
from storage.cases import of_person
from storage.coding import encode
from storage.outbox import Body, Lane, LetterChoice
from storage.people import Known
from storage.unit import Unit


def receive(unit: Unit, inbound: Inbound, world: World) -> None:
    """One message, whole: kept by its id, understood, answered and acted upon, or known already and left alone.

    Raises `Taken` where the fresh code was not so fresh: to be called again with a new draw.
    """
    if not inbox.is_new(unit, inbound.channel, inbound.key, world.now):
        return
    if inbound.gone:
        _note_gone(unit, inbound)
        return
    known = people.find(unit, inbound.channel, inbound.address, world.now)
    known = known or people.meet(unit, world.draw.number(), inbound.channel, inbound.address)
    if inbound.channel == "whatsapp":
        outbox.release(unit, known.index)
    if entry_links.hear(unit, known, inbound, world):
        return
    if known.staff is not None and _staff_pressed(unit, known, inbound, world):
        return
    _converse(unit, known, inbound, world)


def _converse(unit: Unit, known: Known, inbound: Inbound, world: World) -> None:
    if known.lapsed:
        files.destroy_drafts(unit, known.id)
    event = _event(unit, known, inbound, world)
    given = _given(unit, known, inbound, world)
    turn = advance(BOOK, known.talk, event, given)
    carrier = _Carrier(unit, known, inbound, world, known.person, Sealing(unit, world))
    carrier.carry(turn.effects)
    untold = known.lapsed and carrier.person.quiet
    silence = _silence(turn.talk, world)
    people.keep_talk(unit, known.id, turn.talk, world.now, silence, asked_in=carrier.asked_in, lapsed=untold)
    if carrier.person.cases and not carrier.person.left:
        replies.release(unit, known.id, world)
        outbox.hasten(unit, known.index, world.now)


def _event(unit: Unit, known: Known, inbound: Inbound, world: World) -> Event:
    """The event; a file gets a number and a key of its own, and waits to be fetched."""
    if not isinstance(inbound.event, Handle):
        return inbound.event
    handle = inbound.event
    note = files.FileNote(world.draw.number(), handle.kind, world.draw.seed(32), handle.mime, handle.name)
    files.want(unit, note, known.id, inbound.channel, encode(handle), world.now)
    return Shared(note.file, handle.kind, inbound.caption)


def _given(unit: Unit, known: Known, inbound: Inbound, world: World) -> Given:
    reports = of_person(unit, known.id) if known.person.cases else ()
    return Given(
        now=world.now,
        code=world.draw.case_code(),
        rules=world.rules,
        person=known.person,
        reports=tuple(Report(*report) for report in reports),  # type: ignore[arg-type]
        lapsed=known.lapsed,
        hint=inbound.hint,
        erasable=inbound.channel != "whatsapp",
    )


def _silence(talk: Talk, world: World) -> timedelta | None:
    """How long the talk may be silent; None where nothing of hers is in it."""
    if not holds_draft(talk):
        return None
    keep = world.rules.retention
    return keep.kept_draft if talk.kept_long else keep.draft_silence


@dataclass(slots=True)
class _Carrier:
    """Carries out the effects of one turn, in their order."""

    unit: Unit
    known: Known
    inbound: Inbound
    world: World
    person: Person
    sealing: Sealing
    said: int = 0
    asked_in: str | None = None

    def carry(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            self.carry_one(effect)
        self.sealing.end()
        if self.person != self.known.person:
            people.remember(self.unit, self.known.id, self.person)

    def carry_one(self, effect: Effect) -> None:
        match effect:
            case Say():
                self.say(effect)
            case OpenCase():
                origin = cases.Origin(self.known.id, self.inbound.channel, self.person.language or self.inbound.hint)
                cases.open_or_raise(self.sealing, effect, origin)
                if effect.code not in self.person.cases:
                    self.person = replace(self.person, cases=(*self.person.cases, effect.code))
            case AddToCase():
                cases.add(self.sealing, effect, self.known.id)
            case Remember():
                self.person = replace(effect.person, cases=self.person.cases)
            case ForgetFiles():
                files.destroy(self.unit, effect.files)
            case _:
                assert_never(effect)

    def say(self, effect: Say) -> None:
        """Put a letter to her in the outbox; the first takes away the keyboard that she has answered."""
        choices = tuple(
            LetterChoice(choice.key, to_json(choice.label), to_json(choice.hint) if choice.hint else None)
            for choice in effect.choices
        )
        content = Body(
            self.inbound.address,
            self.person.language or self.inbound.hint,
            to_json(effect.text),
            choices,
            clears=(self.inbound.pressed_on or self.known.keyboard) if self.said == 0 else "",
        )
        key = f"in:{self.inbound.channel}:{self.inbound.key}:{self.said}"
        outbox.add(self.unit, key, self.inbound.channel, self.known.index, Lane.CONVERSATION, content, self.world.now)
        self.said += 1
        if choices:
            self.asked_in = key


def _staff_pressed(unit: Unit, known: Known, inbound: Inbound, world: World) -> bool:
    """Whether a member of staff answered a page with this."""
    assert known.staff is not None  # noqa: S101 - the caller asked
    staff.heard(unit, known.index, world.now)
    return any(hear(unit, known.staff, inbound, world) for hear in (alarms.hear, rota_asks.hear, reminders.hear))


def _note_gone(unit: Unit, inbound: Inbound) -> None:
    index = unit.vault.index(people.who(inbound.channel, inbound.address))
    people.mark_gone(unit, index, gone=inbound.gone == "blocked")
