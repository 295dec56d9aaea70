"""Destroys what is held: one report, everything about her, or what has been kept for its time. Keys go with rows.

It never decides whether: she does, or the retention rules. What it leaves is a trace without a name, and the log's
numbers. A case that she wants gone while nobody has been in touch with her yet, and without a word that proves it is
her, is marked by `later` and destroyed when the team closes it: somebody else may be holding her phone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from flows.core import Person
from handlers import alarm_letters, alarm_words, alarms, other_chats
from handlers.draw import World
from handlers.rota_letters import base36
from handlers.team import team
from storage import alarms as kept
from storage import assignments, audit, cases, chats, consent_records, ending, marks, pages, people, retained
from storage.cases import Case
from storage.ending import Why
from storage.people import Known
from storage.store import Store
from storage.unit import Unit

_PARTING_STAYS = timedelta(hours=1)
"""So long a parting letter that was never settled stays, at most."""
_LATELY = timedelta(days=2)
_SCRUBBED = "scrubbed"
_NIGHT = range(2, 5)
"""Hours at which acts may wait for some seconds, if they must."""


def report(unit: Unit, code: str, person: int, world: World) -> None:
    """Destroy one report of hers, and tell whoever holds it that it is gone."""
    found = cases.by_code(unit, code)
    if found is not None and found.person == person:
        _end(unit, found, "asked", world)


def later(unit: Unit, code: str, person: int, world: World) -> None:
    """Destroy one report of hers once the team has closed it; at once where it has."""
    found = cases.by_code(unit, code)
    if found is None or found.person != person:
        return
    if found.status == "closed":
        _end(unit, found, "asked", world)
        return
    cases.put_facets(unit, found.id, msgspec.structs.replace(found.facets, withdrawn=True, ends=True))
    audit.record(unit, world.now, "to_be_destroyed", case=found.id)


def everything(unit: Unit, known: Known, world: World) -> tuple[str, ...]:
    """Destroy everything that is held about her, and herself. Returns the codes of the cases that are gone.

    What waits for the team stays with it, and nothing says any more whose it is: cases marked by `later`, and those
    that were opened because somebody made her write, as long as nobody has been in touch.
    """
    gone = []
    for number in ending.cases_of(unit, known.id):
        case = cases.by_number(unit, number)
        if case is None:
            continue
        if case.facets.ends or _is_secret(case):
            cases.put_facets(unit, number, msgspec.structs.replace(case.facets, ends=True))
            retained.unlink(unit, number)
        else:
            _end(unit, case, "asked", world)
            gone.append(case.code)
    _end_person(unit, known.id, known.person, known.index, "asked", world)
    return tuple(gone)


def _is_secret(case: Case) -> bool:
    return case.facets.silent and case.status in {"waiting", "taken"}


def case(unit: Unit, number: int, why: Why, world: World) -> None:
    """Destroy a case with all that hangs on it; whoever works on it hears so only where she wanted it."""
    found = cases.by_number(unit, number)
    if found is not None:
        _end(unit, found, why, world)


def person(unit: Unit, number: int, why: Why, world: World) -> None:
    """Destroy a person with all that is hers but her cases, which have ended before her."""
    facts, index = people.facts(unit, number), people.index_of(unit, number)
    if facts is not None and index is not None:
        _end_person(unit, number, facts, index, why, world)


def _end(unit: Unit, found: Case, why: Why, world: World) -> None:
    about = "" if why == "time" else f"told:{base36(found.id)}:"
    if why == "asked":
        _tell(unit, found, world)
    if found.person is not None:
        facts = people.facts(unit, found.person)
        if facts is not None and found.code in facts.cases:
            left = tuple(code for code in facts.cases if code != found.code)
            people.remember(unit, found.person, replace(facts, cases=left))
    audit.record(unit, world.now, "destroyed", case=found.id)
    ending.take_case(unit, found.id, world.now, letters=about)
    ending.leave_trace(unit, world.draw.number(), "case", why, world.now)


def _tell(unit: Unit, found: Case, world: World) -> None:
    """Call back what is on its way to staff, and tell who works on it, each by the channel of her own page."""
    holder = kept.load(unit, found.id)
    alarms.close(unit, found.id, world)
    known = team(unit, world, found.id)
    hers = {page.staff: page for page in pages.of_case(unit, found.id)}
    on_it = {one.staff for one in assignments.of_case(unit, found.id)}
    if holder is not None and holder[0].staff is not None and holder[0].status != "closed":
        on_it.add(holder[0].staff)
    for number in sorted(on_it):
        page = hers.get(number)
        member = known.members.get(number)
        channels = [page.channel] if page else [way.channel for way in member.reaches if not way.gone] if member else []
        reader = known.reader(number, channels[0]) if channels else None
        if reader is not None:
            alarm_letters.write(unit, reader, alarm_words.gone(page.code if page else ""), world)


def _end_person(unit: Unit, number: int, facts: Person, index: bytes, why: Why, world: World) -> None:
    ends_at = world.now + world.rules.retention.consent_records
    for layer, given in facts.consents.items():
        consent_records.keep(unit, world.draw.number(), layer, given, ends_at)
    works_here = unit.one("SELECT 1 FROM reaches WHERE address_index = :index", {"index": index}) is not None
    others = chats.others(unit, number)
    ending.take_person(unit, number, index, world.now, works_here=works_here)
    other_chats.left_behind(unit, others)
    ending.leave_trace(unit, world.draw.number(), "person", why, world.now)


def sweep(unit: Unit, world: World) -> int:
    """A duty: forget parting letters that were never settled, and records of consent whose time is over."""
    ended = consent_records.expire(unit, world.now)
    return ended + ending.take_orphans(unit, world.now - _PARTING_STAYS, world.now - _LATELY)


def parted(unit: Unit, letter_key: str, number: int, state: str) -> None:
    """A parting letter has had its fate: nothing of it stays."""
    if letter_key.startswith(ending.PARTING) and state in {"delivered", "sent", "failed", "cancelled"}:
        ending.drop_letter(unit, number)


async def scrub_at_night(store: Store, world: World) -> bool:
    """A duty: once a night, have the database's files written anew, if something was destroyed since. Says whether."""
    at = world.now.astimezone(ZoneInfo(world.zone))
    if at.hour not in _NIGHT or not await store.read(_is_unscrubbed):
        return False
    await store.scrub()
    await store.write(marks.put, _SCRUBBED, world.now.isoformat())
    return True


def _is_unscrubbed(unit: Unit) -> bool:
    last, said = ending.last(unit), marks.get(unit, _SCRUBBED)
    return last is not None and (said is None or datetime.fromisoformat(said) <= last)
