"""Looks up who works here at this moment, who of them is on call, and how each is reached.

It never decides who is paged: that is `flows.paging`.
"""

from __future__ import annotations

from dataclasses import dataclass

from flows.paging import Colleague, Roster
from flows.rota import on_call
from handlers.draw import World
from storage import assignments, staff
from storage.staff import Member, Reach
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of staff, by the way in which she is written to; `clears` is a message whose buttons she has used up."""

    member: Member
    reach: Reach
    clears: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody active, and who of them is on call now."""

    members: dict[int, Member]
    roster: Roster

    def reader(self, number: int, channel: str, clears: str = "") -> Reader | None:
        """A member by one of her channels, or by her first one that works."""
        member = self.members.get(number)
        ways = [] if member is None else [way for way in member.reaches if not way.gone]
        found = next((way for way in ways if way.channel == channel), ways[0] if ways else None)
        return None if member is None or found is None else Reader(member, found, clears)


def team(unit: Unit, world: World, case: int | None = None) -> Team:
    """Look up the people of this moment (I10); for a case, without those who must never see it."""
    barred = frozenset[int]() if case is None else assignments.excluded(unit, case)
    active = {member.id: member for member in staff.members(unit) if member.active and member.id not in barred}
    colleagues = tuple(
        Colleague(member.id, member.role, tuple(way.channel for way in member.reaches if not way.gone))
        for member in active.values()
    )
    shifts = staff.shifts(unit)
    first, substitutes = (
        tuple(int(number) for number in on_call(shifts, level, world.now)) for level in ("first", "substitute")
    )
    return Team(active, Roster(colleagues, first, substitutes))
