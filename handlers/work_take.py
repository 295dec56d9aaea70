"""Takes a case from the desk, notes contact, and gives it back: the same events as on a page, by the same alarm.

It never decides who is first: the alarm's own version does.
"""

from __future__ import annotations

import msgspec

from flows.alarm import LetGo, MadeContact, Took, Turned
from flows.roles import may
from handlers import alarms, sharing, work_off
from handlers.alarm_effects import Pressing
from handlers.alarm_turns import turn
from handlers.draw import World
from handlers.work import Done, NotDone, Who, held, lead_of, not_here, note, theirs
from handlers.work_words import NOBODY_ELSE, NOT_TAKEN, taken_by
from storage import alarms as kept
from storage import assignments, cases, readers, staff
from storage.cases import Case
from storage.unit import Unit


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing is asked beside the act itself."""


def take(unit: Unit, code: str, who: Who, asked: Nothing, world: World) -> Done:
    """Take a case that waits. Raises `NotDone`: a colleague was first (409, by whom and when), or it isn't for her."""
    del asked
    case = held(unit, code, who)
    if not on_the_ladder(who.role) and not assignments.works_on(unit, case.id, who.staff):
        raise not_here()
    turned = turned_by(unit, case, who.staff, Took(who.staff), world)
    if turned.alarm.staff != who.staff or turned.alarm.status not in {"taken", "contacted"}:
        raise _too_late(unit, turned)
    if turned.effects:
        note(unit, who, "take", case, world)
    return Done({"next": f"/desk/cases/{code}"})


def on_the_ladder(role: str) -> bool:
    """Whether a role may take what waits: those who may be woken for it."""
    return may(role, "cases") and may(role, "rota")


def turned_by(unit: Unit, case: Case, holder: int, event: Took | LetGo, world: World) -> Turned:
    """Turn a case's alarm from the desk; `holder` hears of it by her own first channel. A case without one gets it."""
    member = staff.member(unit, holder)
    ways = [] if member is None else [way.channel for way in member.reaches if not way.gone]
    if kept.load(unit, case.id) is None:
        alarms.start(unit, case.id, case.facets.level, world)
    turned = turn(unit, case.id, event, world, Pressing(holder, ways[0] if ways else ""))
    assert turned is not None  # noqa: S101 - it has an alarm now
    return turned


def _too_late(unit: Unit, turned: Turned) -> NotDone:
    """A colleague holds it, or it is over."""
    holder = None if turned.alarm.staff is None else staff.member(unit, turned.alarm.staff)
    if holder is None or turned.alarm.status == "closed":
        return not_here()
    return NotDone(409, "taken", taken_by(holder.name, turned.alarm.taken_at))


def contact(unit: Unit, code: str, who: Who, asked: Nothing, world: World) -> Done:
    """Note that somebody has spoken with her. Raises `NotDone` where nobody has taken the case."""
    del asked
    case = theirs(unit, code, who)
    known = kept.load(unit, case.id)
    holder = known[0].staff if known is not None and known[0].status == "taken" else None
    if holder is None:
        raise NotDone(409, "not_now", NOT_TAKEN)
    turn(unit, case.id, MadeContact(holder), world)
    note(unit, who, "contact", case, world)
    return Done()


def give_back(unit: Unit, code: str, who: Who, asked: Nothing, world: World) -> Done:
    """The lead gives the case back, and it waits for somebody again; anybody else just leaves it.

    Raises `NotDone` where nobody would be left who can read what was told.
    """
    del asked
    case = theirs(unit, code, who)
    is_lead = lead_of(unit, case.id) == who.staff and case.status == "contacted"
    if sharing.only_hers(unit, case.id, who.staff, world) or (is_lead and not _others_read(unit, case, who.staff)):
        raise NotDone(409, "not_now", NOBODY_ELSE)
    work_off.leave(unit, case, who.staff, world, for_good=False)
    note(unit, who, "give_back", case, world)
    return Done({"next": "/desk"})


def _others_read(unit: Unit, case: Case, staff: int) -> bool:
    """Whether a colleague who works on the case has all of its keys."""
    seeds = cases.shares(unit, case.id)
    keys = [readers.of_staff(unit, one.staff) for one in assignments.of_case(unit, case.id) if one.staff != staff]
    return any(key is not None and all((key.id, epoch) in seeds for epoch in range(1, case.epoch + 1)) for key in keys)
