"""Gives a case to colleagues, hands it over, takes them off, and keeps the keys that colleagues hand on.

It never opens a key: what a browser sealed to a colleague's public half is kept as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from flows.alarm import HandedOver, Took
from flows.roles import may
from handlers import alarm_letters as letters
from handlers import sharing, work_off
from handlers.alarm_turns import turn
from handlers.draw import World
from handlers.team import team
from handlers.work import (
    Done,
    NotDone,
    Who,
    arranged,
    held,
    leads,
    not_for_herself,
    note,
    number,
    theirs,
    unusable,
)
from handlers.work_items import Sealed, decoded, put
from handlers.work_take import on_the_ladder, turned_by
from handlers.work_view import lacks, shown_team
from handlers.work_words import KEY_FIRST, NO_COLLEAGUE, NOBODY_ELSE, NOT_ON_IT, ONLY_LEAD, look
from storage import assignments, cases, pages, readers, staff
from storage.assignments import Part
from storage.cases import Case
from storage.readers import Reader
from storage.staff import Member
from storage.unit import Unit

SHARE: Final = 1120 + 64 + 16
"""Bytes of a case's private half as it is sealed to a reader."""
_MOST: Final = 500
"""Epochs of a case in one request."""


class NewPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A colleague's part in a case; the words that go with it are sealed."""

    staff: str
    part: Literal["lead", "second"]
    item: Sealed | None = None


class Over(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom the lead goes, whether the old lead stays, and what she hands on of the case's keys."""

    staff: str
    stay: bool = True
    shares: dict[str, str] = {}
    item: Sealed | None = None


class Off(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether she must never see the case again; the words that go with it are sealed."""

    for_good: bool = False
    item: Sealed | None = None


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Private halves of a case by epoch, sealed to a colleague's reader in the browser of somebody who can read it."""

    reader: str
    shares: dict[str, str]


def colleagues(unit: Unit, code: str, who: Who) -> Mapping[str, Any]:
    """Whom the case could be given to. Raises `NotDone` (404)."""
    organises = may(who.role, "organise")
    case = (held if organises else theirs)(unit, code, who, change=False)
    parts: dict[int, Part] = {one.staff: one.part for one in assignments.of_case(unit, case.id)}
    return {
        "leads": organises or leads(unit, case.id, who.staff),
        "colleagues": [
            {
                "staff": str(one.id),
                "name": one.name,
                "role": one.role,
                "part": parts.get(one.id, ""),
                "key": readers.of_staff(unit, one.id) is not None,
            }
            for one in staff.members(unit)
            if _can_be_given(unit, case, one)
        ],
    }


def _can_be_given(unit: Unit, case: Case, member: Member) -> bool:
    return member.active and may(member.role, "cases") and member.id not in assignments.excluded(unit, case.id)


def _colleague(unit: Unit, case: Case, written: str) -> Member:
    member = staff.member(unit, number(written))
    if member is None or not _can_be_given(unit, case, member):
        raise NotDone(400, "unusable", NO_COLLEAGUE)
    return member


def give(unit: Unit, code: str, who: Who, asked: NewPart, world: World) -> Done:
    """Give a colleague a part in the case; she hears that she is asked for. Raises `NotDone`."""
    case = arranged(unit, code, who)
    member = _colleague(unit, case, asked.staff)
    not_for_herself(unit, case, who, member.id)
    if asked.item is not None and not assignments.works_on(unit, case.id, who.staff):
        raise unusable()  # whoever can't read the case has no words in it
    put(unit, case, who, asked.item)
    if asked.part == "lead":
        _lead(unit, case, member.id, world)
    elif not leads(unit, case.id, member.id):
        assignments.begin(unit, world.draw.number(), case.id, member.id, "second", world.now)
    _reach(unit, case, member.id, who, world)
    note(unit, who, "assign", case, world, member.id)
    return Done({"team": _team(unit, case), "waits": bool(_lacking(unit, case.id, member.id))})


def _lead(unit: Unit, case: Case, to: int, world: World) -> None:
    """Make somebody the lead: whoever held the alarm doesn't any more."""
    if case.status == "waiting":
        turned_by(unit, case, to, Took(to), world)
    assignments.begin(unit, world.draw.number(), case.id, to, "lead", world.now)
    before = [page for page in pages.of_case(unit, case.id) if page.state == "taken" and page.staff != to]
    pages.put_state(unit, before, "over")
    turn(unit, case.id, HandedOver(to), world)


def _reach(unit: Unit, case: Case, to: int, who: Who, world: World) -> None:
    """See that she can read what follows, and that she hears of it."""
    sharing.reach(unit, case.id, {to}, world)
    people = team(unit, world, case.id)
    member = people.members.get(to)
    reader = people.reader(to, "") if member is not None and to != who.staff else None
    if reader is not None:
        letters.write(unit, reader, look(), world)


def _team(unit: Unit, case: Case) -> list[Mapping[str, Any]]:
    return shown_team(unit, case.id, {one.id: one.name for one in staff.members(unit)})


def _lacking(unit: Unit, case: int, member: int) -> tuple[Reader, list[int]] | None:
    """A colleague's reader and the epochs that it doesn't open; None where it opens all, or she has none."""
    key, known = readers.of_staff(unit, member), cases.by_number(unit, case)
    if key is None or known is None:
        return None
    epochs = lacks(cases.shares(unit, case), key.id, known.epoch)
    return (key, epochs) if epochs else None


def hand_over(unit: Unit, code: str, who: Who, asked: Over, world: World) -> Done:
    """The lead gives the case to a colleague, and stays beside her or leaves.

    Raises `NotDone`; she can't leave before the colleague can read what was told (409 shares, with what is missing).
    """
    case = theirs(unit, code, who)
    if not leads(unit, case.id, who.staff):
        raise NotDone(403, "not_yours", ONLY_LEAD)
    member = _colleague(unit, case, asked.staff)
    not_for_herself(unit, case, who, member.id)
    if member.id == who.staff:
        raise NotDone(400, "unusable", NO_COLLEAGUE)
    put(unit, case, who, asked.item)
    _lead(unit, case, member.id, world)
    _hand_keys(unit, case, member.id, asked.shares)
    if not asked.stay:
        _see_that_she_reads(unit, case, member.id)
        work_off.leave(unit, case, who.staff, world, for_good=False)
    _reach(unit, case, member.id, who, world)
    note(unit, who, "hand_over", case, world, member.id)
    return Done({"next": f"/desk/cases/{code}" if asked.stay else "/desk"})


def _see_that_she_reads(unit: Unit, case: Case, member: int) -> None:
    lacking = _lacking(unit, case.id, member)
    key = readers.of_staff(unit, member)
    if key is None:
        raise NotDone(409, "shares", KEY_FIRST, missing=None)
    if lacking is not None:
        missing = {"reader": str(key.id), "publicKey": key.public_key, "epochs": lacking[1]}
        raise NotDone(409, "shares", KEY_FIRST, missing=missing)


def take_off(unit: Unit, code: str, who: Who, asked: Off, world: World, *, number: int) -> Done:
    """Take somebody off the case, or bar her from it for good: oneself, or a colleague as lead or coordinator.

    Raises `NotDone`.
    """
    case = held(unit, code, who)
    is_on = assignments.works_on(unit, case.id, who.staff)
    if number != who.staff:
        case = arranged(unit, code, who)
    elif not is_on and not (asked.for_good and on_the_ladder(who.role)):
        case = theirs(unit, code, who)
    if not asked.for_good and not assignments.works_on(unit, case.id, number):
        raise NotDone(409, "not_now", NOT_ON_IT)
    if staff.member(unit, number) is None:
        raise NotDone(400, "unusable", NO_COLLEAGUE)
    if asked.item is not None and not is_on:
        raise unusable()
    if number == who.staff and not asked.for_good and sharing.only_hers(unit, case.id, number, world):
        raise NotDone(409, "not_now", NOBODY_ELSE)  # as where she gives it back
    put(unit, case, who, asked.item)
    work_off.leave(unit, case, number, world, for_good=asked.for_good)
    note(unit, who, "bar" if asked.for_good else "off", case, world, number)
    return Done({"next": "/desk" if number == who.staff else None, "team": _team(unit, case)})


def share(unit: Unit, code: str, who: Who, asked: Shares, world: World) -> Done:
    """Keep what a browser re-sealed for a colleague who works on the case. Raises `NotDone`."""
    case = theirs(unit, code, who)
    wanted = number(asked.reader)
    for one in assignments.of_case(unit, case.id):
        key = readers.of_staff(unit, one.staff)
        if key is not None and key.id == wanted:
            kept = _hand_keys(unit, case, one.staff, asked.shares)
            note(unit, who, "share", case, world, one.staff)
            if case.status == "contacted":  # those who work on it may now hold all of it between them
                sharing.contacted(unit, case.id)
            return Done({"kept": kept})
    raise NotDone(400, "unusable", NOT_ON_IT)


def _hand_keys(unit: Unit, case: Case, member: int, shares: Mapping[str, str]) -> int:
    """Keep shares for epochs that she lacks; what she has is left alone. Says how many were kept."""
    key = readers.of_staff(unit, member)
    if len(shares) > _MOST or (shares and key is None):
        raise unusable()
    had = cases.shares(unit, case.id)
    given = {number(epoch): decoded(share) for epoch, share in shares.items()}
    if any(len(share) != SHARE or epoch > case.epoch for epoch, share in given.items()):
        raise unusable()
    new = {} if key is None else {epoch: share for epoch, share in given.items() if (key.id, epoch) not in had}
    for epoch, share in new.items():
        assert key is not None  # noqa: S101 - there are none without
        cases.put_share(unit, case.id, epoch, key.id, share)
    return len(new)
