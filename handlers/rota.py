"""Arranges the rota at the desk: adds shifts, removes them, says what stands against it before it is done.

Who may not organise arranges her own shifts only. It never moves anybody's shift without its owner or a coordinator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.roles import may
from flows.rota import RotaLevel, Shift, Span, cut_short, gaps, meets, own_spans
from handlers import rota_words as words
from handlers.draw import World
from handlers.rota_letters import tell
from handlers.team import team
from messages import Text, t
from storage import audit, reaches, shifts, staff
from storage.staff import Member
from storage.unit import Unit

LEVELS: tuple[RotaLevel, ...] = ("first", "substitute")
MOST_WEEKS = 26
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It can't be done, and nothing was. `status`: 403 where it isn't hers to do, 404 where it isn't there."""

    why: Text
    status: int = 422


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It would be done if she says so again: what stands against it."""

    doubts: tuple[Text, ...]


Outcome = Done | Refused | Doubtful


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift as a form describes it: wall-clock times in `zone`, repeated for so many more weeks.

    `instead`: whom it stands in for: nobody (""), "everybody", or a member's number.
    """

    who: int
    starts: datetime
    ends: datetime
    zone: str
    level: RotaLevel
    weeks: int = 0
    instead: str = ""


def able_shifts(unit: Unit, start: datetime, end: datetime) -> list[Shift]:
    """The shifts around a time of those who work here and can be reached: the others wake nobody."""
    able = reaches.able(unit)
    return [shift for shift in shifts.between(unit, start, end) if shift.staff_id in able]


def may_arrange(by: Member, whose: int) -> bool:
    """Whether a member may arrange somebody's shifts: her own, or everybody's where she organises."""
    return may(by.role, "rota") and (by.id == whose or may(by.role, "organise"))


def add(unit: Unit, by: Member, wanted: Wanted, world: World, *, sure: bool = False) -> Outcome:
    """Keep a shift, and its repetitions: all of them or none."""
    refused = _refused(unit, by, wanted)
    if refused is not None:
        return refused
    try:
        listed = list(_shifts(wanted))
    except ValueError:
        return Refused(t("A shift ends after it starts, and lasts a year at most."))
    if listed[0].span[1] <= world.now:
        return Refused(t("This time is over already, so it would change nothing."))
    there = able_shifts(unit, listed[0].span[0], listed[-1].span[1])
    fresh = [shift for shift in listed if not any(replace(one, id=0) == shift for one in there)]
    if not fresh:
        return Refused(t("This shift is on the rota already."), 409)
    if not sure and any(clashes(there, shift.staff_id, shift.span) for shift in fresh):
        return Doubtful((t("She is on call already in a part of this time."),))
    for shift in fresh:
        kept = replace(shift, id=world.draw.number())
        shifts.add(unit, kept)
        audit.record(unit, world.now, "rota:add", staff=by.id, target=kept.id)
    _tell_owner(unit, by, wanted.who, world)
    return Done()


def _refused(unit: Unit, by: Member, wanted: Wanted) -> Refused | None:
    if not may_arrange(by, wanted.who) or (wanted.instead and not may(by.role, "organise")):
        return not_hers()
    if wanted.instead.isdigit() and staff.member(unit, int(wanted.instead)) is None:
        return gone()
    her = staff.member(unit, wanted.who)
    if her is None or not can_be_on_call(unit, her):
        return Refused(t("She can't be reached by any way, so nothing would wake her."))
    return None


def can_be_on_call(unit: Unit, member: Member) -> bool:
    """Whether a member may stand on the rota: her role is woken at all, and there is a way to her."""
    return member.active and may(member.role, "rota") and member.id in reaches.able(unit)


def _shifts(wanted: Wanted) -> Iterator[Shift]:
    """The shift and its repetitions, by the same hours of her clock. ValueError where they can't be."""
    if wanted.ends - wanted.starts > _LONGEST:
        raise ValueError("longer than a year")
    covers = int(wanted.instead) if wanted.instead.isascii() and wanted.instead.isdigit() else None
    for week in range(min(wanted.weeks, MOST_WEEKS) + 1):
        later = timedelta(weeks=week)
        times = wanted.starts + later, wanted.ends + later
        yield Shift(0, wanted.who, wanted.level, *times, wanted.zone, override=bool(wanted.instead), covers=covers)


def clashes(there: Iterable[Shift], who: int, span: Span) -> bool:
    """Whether somebody is on call already in a part of a time, at whichever level."""
    listed = list(there)
    hers = [shift for shift in listed if shift.staff_id == who]
    return any(meets(part, span) for shift in hers for part in own_spans(shift, listed))


def remove(unit: Unit, by: Member, number: int, world: World, *, sure: bool = False) -> Outcome:
    """Take a shift off the rota; of one that has begun, what is left of it."""
    shift = shifts.lock(unit, number)
    if shift is None:
        return gone()
    if not may_arrange(by, shift.staff_id):
        return not_hers()
    start, end = max(shift.span[0], world.now), shift.span[1]
    if end <= world.now:
        return Refused(t("This time is over already, so it would change nothing."))
    if not sure and (left := new_gaps(able_shifts(unit, start, end), shift, (start, end))):
        return Doubtful(tuple(gap_words(shift.level, span, world.zone) for span in left))
    if shift.span[0] < world.now and (short := _until_now(shift, world.now)):
        shifts.change(unit, short)
    else:
        shifts.remove(unit, number)
    audit.record(unit, world.now, "rota:remove", staff=by.id, target=number)
    _tell_owner(unit, by, shift.staff_id, world)
    return Done()


def _until_now(shift: Shift, now: datetime) -> Shift | None:
    try:
        return cut_short(shift, now)
    except ValueError:  # begun within this very minute, by a clock that is just set back
        return None


def new_gaps(there: list[Shift], without: Shift, span: Span) -> list[Span]:
    """Where nobody would be on call at its level if a shift were gone, and somebody is now."""
    before = gaps(there, without.level, *span)
    after = gaps([shift for shift in there if shift.id != without.id], without.level, *span)
    return [gap for gap in after if gap not in before]


def gap_words(level: RotaLevel, span: Span, zone: str) -> Text:
    """Says that nobody would be on call."""
    starts, ends = (words.clock(at, zone) for at in span)
    if level == "first":
        return t(
            "Then nobody is first from {day} {hour} to {last_day} {last_hour}.",
            day=starts.day,
            hour=starts.hour,
            last_day=ends.day,
            last_hour=ends.hour,
        )
    return t(
        "Then there is no substitute from {day} {hour} to {last_day} {last_hour}.",
        day=starts.day,
        hour=starts.hour,
        last_day=ends.day,
        last_hour=ends.hour,
    )


def _tell_owner(unit: Unit, by: Member, owner: int, world: World) -> None:
    if owner != by.id:
        tell(unit, team(unit, world), owner, words.changed(), world)


def not_hers() -> Refused:
    """To who would arrange what isn't hers."""
    return Refused(t("Only she herself or a coordinator can change this."), 403)


def gone() -> Refused:
    """To who asks for a shift or a request that isn't there."""
    return Refused(t("This isn't there any more. Look at the rota again."), 404)
