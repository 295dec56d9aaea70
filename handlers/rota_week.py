"""Shows a week of the rota: who is on call when, where nobody is, what a member may do about it.

It never decides who is on call (that is `flows.rota`) and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from flows.roles import may
from flows.rota import RotaLevel, Shift, Span, Stretch, meets, stretches
from handlers.draw import World
from handlers.rota import LEVELS, able_shifts, may_arrange
from handlers.rota_check import look_ahead
from handlers.rota_shown import Asked, Day, Listed, Person, Piece, Times, Week
from storage import feeds, reaches, shifts, staff, swaps
from storage.staff import Member
from storage.swaps import Swap
from storage.unit import Unit

DAYS = 7
_SOON = timedelta(days=60)
"""So far ahead shifts can be offered in return."""


def saturday(day: date) -> date:
    """The Saturday on which a day's week begins, as weeks do in Yemen."""
    return day - timedelta(days=(day.weekday() + 2) % DAYS)


def times(span: Span, zone: str) -> Times:
    """A time by the clock of a zone."""
    starts, ends = (at.astimezone(ZoneInfo(zone)) for at in span)
    if (ends.hour, ends.minute, ends.second) == (0, 0, 0) and span[1] > span[0]:
        return Times(zone, starts.date(), f"{starts:%H:%M}", ends.date() - timedelta(days=1), "24:00")
    return Times(zone, starts.date(), f"{starts:%H:%M}", ends.date(), f"{ends:%H:%M}")


def days_of(first: date, zone: str) -> list[Span]:
    """The seven days from one on, by a clock: each from midnight to midnight (aware, UTC), 23 to 25 hours long."""
    edges = [
        datetime.combine(first + timedelta(days=day), datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
        for day in range(DAYS + 1)
    ]
    return list(pairwise(edges))


def empty_week(first: date, world: World) -> Week:
    """A week of a rota on which nobody stands."""
    return _drawn(first, [], {}, 0, world)


def week(unit: Unit, by: Member, first: date, world: World) -> Week:
    """The week from a Saturday on, as a member sees it."""
    days = days_of(first, world.zone)
    span = days[0][0], days[-1][1]
    names = {member.id: member.name for member in staff.members(unit)}
    coming = [one for one in shifts.between(unit, world.now, world.now + _SOON) if one.span[0] > world.now]
    able = reaches.able(unit)
    drawn = _drawn(first, able_shifts(unit, *span), names, by.id, world)
    around = [one for one in shifts.between(unit, *span) if meets(one.span, span)]
    return Week(
        first,
        drawn.days,
        _now(unit, names, world),
        tuple(_listed(one, by, names, world) for one in sorted(around, key=_order)),
        tuple(one for swap in swaps.waiting(unit, by.id) if (one := _asked(unit, swap, by, names, world))),
        tuple(one for one in staff.members(unit) if one.active and may(one.role, "rota") and one.id in able),
        tuple(_listed(one, by, names, world) for one in sorted(coming, key=_order) if one.staff_id != by.id),
        look_ahead(unit, world.now) if may(by.role, "organise") else None,
        feeds.made_at(unit, by.id),
    )


def _order(shift: Shift) -> tuple[datetime, str, int]:
    return shift.span[0], shift.level, shift.id


def _now(unit: Unit, names: Mapping[int, str], world: World) -> dict[RotaLevel, tuple[str, ...]]:
    moment = timedelta(milliseconds=1)
    there = able_shifts(unit, world.now, world.now + moment)
    found = {level: stretches(there, level, world.now, world.now + moment) for level in LEVELS}
    return {level: tuple(names[who] for who in one[0].staff) for level, one in found.items()}


def _drawn(first: date, there: list[Shift], names: Mapping[int, str], me: int, world: World) -> Week:
    days = days_of(first, world.zone)
    levels = {level: stretches(there, level, days[0][0], days[-1][1]) for level in LEVELS}
    return Week(first, tuple(_day(span, levels, there, names, me, world) for span in days), dict.fromkeys(LEVELS, ()))


def _day(
    span: Span, levels: Mapping[RotaLevel, list[Stretch]], there: Iterable[Shift], names: Mapping[int, str], me: int,
    world: World,
) -> Day:  # fmt: skip
    found = {}
    for level, drawn in levels.items():
        parts = [
            ((max(one.starts, span[0]), min(one.ends, span[1])), one)
            for one in drawn
            if meets((one.starts, one.ends), span)
        ]
        found[level] = tuple(
            Piece(
                part,
                times(part, world.zone),
                tuple(_person(who, part, level, there, names, me, world.zone) for who in one.staff),
                part[0] <= world.now < part[1],
            )
            for part, one in parts
        )
    today = span[0] <= world.now < span[1]
    return Day(span[0].astimezone(ZoneInfo(world.zone)).date(), today, span[1] - span[0] != timedelta(days=1), found)


def _person(
    who: int, part: Span, level: RotaLevel, there: Iterable[Shift], names: Mapping[int, str], me: int, zone: str
) -> Person:
    hers = [one for one in there if (one.staff_id, one.level) == (who, level) and meets(one.span, part)]
    shift = min(hers, key=lambda one: (not one.override, one.span, one.id))
    abroad = None if _same_clock(shift.zone, zone, part) else times(part, shift.zone)
    return Person(names.get(who, ""), who == me, shift.id, abroad)


def _same_clock(one: str, other: str, span: Span) -> bool:
    """Whether two clocks show the same at both ends of a time."""
    return all(at.astimezone(ZoneInfo(one)).utcoffset() == at.astimezone(ZoneInfo(other)).utcoffset() for at in span)


def _listed(shift: Shift, by: Member, names: Mapping[int, str], world: World) -> Listed:
    span = shift.span
    abroad = None if _same_clock(shift.zone, world.zone, span) else times(span, shift.zone)
    covers = "" if not shift.override else "*" if shift.covers is None else names.get(shift.covers, "")
    return Listed(
        shift,
        names.get(shift.staff_id, ""),
        covers,
        times(span, world.zone),
        abroad,
        mine=shift.staff_id == by.id,
        arranges=may_arrange(by, shift.staff_id),
        over=span[1] <= world.now,
    )


def _asked(unit: Unit, swap: Swap, by: Member, names: Mapping[int, str], world: World) -> Asked | None:
    """A request as it is shown; None where its shift is another's by now, or over."""
    shift = shifts.find(unit, swap.shift)
    back = None if swap.back is None else shifts.find(unit, swap.back)
    if shift is None or shift.staff_id != swap.by or shift.span[1] <= world.now:
        return None
    span = max(swap.starts or shift.span[0], shift.span[0]), min(swap.ends or shift.span[1], shift.span[1])
    return Asked(
        swap,
        names.get(swap.by, ""),
        names.get(swap.to, ""),
        shift.level,
        times(span, world.zone),
        None if back is None else times(back.span, world.zone),
        to_me=swap.to == by.id,
    )
