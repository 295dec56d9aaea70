"""Looks up who works here at this moment, who of them is on call, and how each is reached.

It never decides who is paged: that is `flows.paging`.
"""

from __future__ import annotations

from dataclasses import dataclass

from flows.paging import VOICE, Call, Colleague, Roster
from flows.rota import on_call
from handlers.draw import World
from storage import assignments, shifts, staff, voice
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
        """A member by one of her channels, or by her first one that works; never by voice: what is said is written."""
        member = self.members.get(number)
        ways = [] if member is None else [way for way in member.reaches if not way.gone and way.channel != VOICE]
        found = next((way for way in ways if way.channel == channel), ways[0] if ways else None)
        return None if member is None or found is None else Reader(member, found, clears)

    def paged(self, call: Call) -> Reader | None:
        """Who is to be woken, by the very way that the ladder names, where she has it."""
        if call.channel != VOICE:
            return self.reader(call.staff, call.channel)
        member = self.members.get(call.staff)
        ways = () if member is None else member.reaches
        rung = next((way for way in ways if way.channel == VOICE and not way.gone), None)
        return None if member is None or rung is None else Reader(member, rung)


def team(unit: Unit, world: World, case: int | None = None) -> Team:
    """Look up the people of this moment (I10); for a case, without those who must never see it."""
    barred = frozenset[int]() if case is None else assignments.excluded(unit, case)
    active = {member.id: member for member in staff.members(unit) if member.active and member.id not in barred}
    rung = voice.can_be_rung(unit)
    colleagues = tuple(Colleague(member.id, member.role, _channels(member, rung)) for member in active.values())
    able = {one.id for one in colleagues if one.channels}  # who wakes nobody stands in for nobody
    listed = [shift for shift in shifts.every(unit) if shift.staff_id in able]
    first, substitutes = (
        tuple(int(number) for number in on_call(listed, level, world.now)) for level in ("first", "substitute")
    )
    return Team(active, Roster(colleagues, first, substitutes))


def _channels(member: Member, rung: frozenset[int]) -> tuple[str, ...]:
    """Her channels that work. By voice only who has a PIN can be rung: nothing is said to anybody else."""
    working = (way.channel for way in member.reaches if not way.gone)
    return tuple(channel for channel in working if channel != VOICE or member.id in rung)
