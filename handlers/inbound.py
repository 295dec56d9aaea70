"""Receives one message: known deliveries end here, a talk is advanced, and every effect is kept in one transaction.

It never sends and never acknowledges: whoever called does, after the commit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal

from flows.book import BOOK
from flows.core import Event, Given, Located, OwnWord, Person, Report, Said, Say, Shared, Talk, Unusable
from flows.danger import alert_at, may_stop
from flows.engine import MANY_TODAY, TOO_MANY, advance, listens_for_a_word
from flows.ways import holds_draft
from handlers import (
    alarms,
    check_ins,
    entry_links,
    her_data,
    other_chats,
    own_words,
    public,
    reminders,
    replies,
    rota_asks,
    wiping,
)
from handlers.carrying import Carrier
from handlers.channel import Handle, Inbound
from handlers.draw import World
from handlers.own_words import WantsWord
from messages.arabic import strip_controls
from storage import files, inbox, outbox, people, staff
from storage.cases import of_person
from storage.coding import encode
from storage.people import Known
from storage.unit import Unit

MOST_FILES: Final = 60
"""Of one person in a day: twice what a draft holds. Whoever sends more fills our disk, or isn't telling any more."""
LONGEST_NAME: Final = 120
"""Letters of a file's name that are kept."""
_DAY: Final = timedelta(days=1)


def receive(unit: Unit, inbound: Inbound, world: World, stretched: bytes | None = None, of: int | None = None) -> None:
    """One message, whole: kept by its id, understood, answered and acted upon, or known already and left alone.

    Raises `Taken` where the fresh code was not so fresh: to be called again with a new draw. Raises `WantsWord` where
    the message may be a word of hers: to be called again with what `own_words.stretch` made of it, and for whom.
    """
    if not inbox.is_new(unit, inbound.channel, inbound.key, world.now):
        return
    if inbound.gone:
        _note_gone(unit, inbound, world)
        return
    known = people.find(unit, inbound.channel, inbound.address, world.now)
    known = known or people.meet(unit, world.draw.number(), inbound.channel, inbound.address)
    if inbound.message:
        wiping.note(unit, known.id, inbound.message, world.now)
    if inbound.channel == "whatsapp":
        outbox.release(unit, known.index)
    if entry_links.hear(unit, known, inbound, world):
        return
    if known.staff is not None and _staff_pressed(unit, known, inbound, world):
        return
    if other_chats.hear(unit, known, inbound, world):
        return
    if public.hear(unit, known, inbound, world):
        return
    _converse(unit, known, inbound, world, stretched, of)


def _converse(
    unit: Unit, known: Known, inbound: Inbound, world: World, stretched: bytes | None, of: int | None
) -> None:
    if isinstance(inbound.event, Located) and inbound.event.live:
        _follow(unit, known, inbound, inbound.event, world)
        return
    if known.lapsed:
        files.destroy_drafts(unit, known.id)
    event = _event(unit, known, inbound, world)
    given = given_of(unit, known, world, inbound)
    carrier = Carrier(unit, known, inbound, world, stretched)
    if isinstance(event, Said) and listens_for_a_word(BOOK, known.talk, given):
        carrier.owner = own_words.whose(unit, known.id)
        made = stretched if of in {None, carrier.owner} else None  # joined or parted meanwhile: made for another
        given = replace(given, word=_word(unit, carrier.owner, event, made))
    if isinstance(inbound.event, Handle) and isinstance(event, Said) and not _is_hidden(known.person):
        carrier.say(Say(MANY_TODAY))  # what she wrote under it is heard all the same
    turn = advance(BOOK, known.talk, event, given)
    carrier.carry(turn.effects)
    if not carrier.ended:
        _keep(unit, known, turn.talk, given.word, carrier)


def _follow(unit: Unit, known: Known, inbound: Inbound, event: Located, world: World) -> None:
    """Her phone told by itself where it is: that is no message of hers, so nothing that waits for one goes on."""
    turn = advance(BOOK, known.talk, event, given_of(unit, known, world, inbound))
    if turn.effects:
        Carrier(unit, known, inbound, world).carry(turn.effects)
        people.keep_on(unit, known.id, turn.talk, world.now, silence(turn.talk, world))


def _word(unit: Unit, owner: int, event: Said, stretched: bytes | None) -> Literal[OwnWord, "other"]:
    if not own_words.could_be(event.words):
        return "other"
    if stretched is None:
        raise WantsWord(owner)
    return own_words.judge(unit, owner, stretched)


def _keep(unit: Unit, known: Known, talk: Talk, word: str, carrier: Carrier) -> None:
    world, person = carrier.world, carrier.person
    alert = alert_at(known.talk, talk, person, world.now)
    people.keep_talk(
        unit,
        known.id,
        talk,
        world.now,
        silence(talk, world),
        asked_in=carrier.asked_in,
        lapsed=known.lapsed and (person.quiet or person.locked),
        alert_at=alert,
        alert_stays=alert is None and not may_stop(known.talk, talk, word),
    )
    if person.cases and not person.left:
        replies.release(unit, known.id, world)
        outbox.hasten(unit, known.index, world.now)


def _event(unit: Unit, known: Known, inbound: Inbound, world: World) -> Event:
    """The event; a file gets a number and a key of its own, and waits to be fetched."""
    if not isinstance(inbound.event, Handle):
        return inbound.event
    handle = inbound.event
    many = files.sent_since(unit, known.id, world.now - _DAY) >= MOST_FILES
    note = files.FileNote(world.draw.number(), handle.kind, world.draw.seed(32), handle.mime, named(handle.name))
    if not many or handle.delete:
        files.want(unit, note, known.id, inbound.channel, encode(handle), world.now)
    if many:
        files.destroy(unit, [note.file])  # not fetched, but not left at the platform either
        return Said(inbound.caption) if inbound.caption else Unusable(TOO_MANY)
    return Shared(note.file, "photo" if handle.mime.startswith("image/") else handle.kind, inbound.caption)


def _is_hidden(person: Person) -> bool:
    return person.quiet or person.locked or person.left


def named(name: str) -> str:
    """A file's name as it came, without what could lead elsewhere or read otherwise than it is, at its end whole."""
    return strip_controls(name.replace("\\", "/").rpartition("/")[2]).strip()[-LONGEST_NAME:]


def given_of(unit: Unit, known: Known, world: World, inbound: Inbound) -> Given:
    """All that a turn of hers is given of the outside world."""
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
        check_ins=check_ins.of_person(unit, known.id) if known.person.watched else (),
        held=her_data.held(unit, known, world) if her_data.is_asked(known.talk) else None,
        public=public.known_of(unit, known.talk, inbound, world),
    )


def silence(talk: Talk, world: World) -> timedelta | None:
    """How long the talk may be silent; None where nothing of hers is in it."""
    if not holds_draft(talk):
        return None
    keep = world.rules.retention
    at: Talk | None = talk
    while at is not None and not at.kept_long:  # she may read something else while it waits
        at = at.under
    return keep.kept_draft if at else keep.draft_silence


def _staff_pressed(unit: Unit, known: Known, inbound: Inbound, world: World) -> bool:
    """Whether a member of staff answered a page with this."""
    assert known.staff is not None  # noqa: S101 - the caller asked
    staff.heard(unit, known.index, world.now)
    return any(hear(unit, known.staff, inbound, world) for hear in (alarms.hear, rota_asks.hear, reminders.hear))


def _note_gone(unit: Unit, inbound: Inbound, world: World) -> None:
    if inbound.gone == "blocked":
        public.gone(unit, inbound.channel, inbound.address, world)
    index = unit.vault.index(people.who(inbound.channel, inbound.address))
    people.mark_gone(unit, index, gone=inbound.gone == "blocked")
