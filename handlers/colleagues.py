"""Looks up the team for its page: who works here, how each is reached, how far each has come; and quiet alarms.

It never shows an address in full, and nobody's cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.draw import World
from handlers.members import hidden
from messages.arabic import isolate
from storage import audit, links, logins, reaches, staff
from storage.staff import Member
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Way:
    """How a member is reached: the channel, the address's last two characters, and whether she wrote from there."""

    channel: str
    hint: str
    is_proven: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """One member as the page shows her."""

    member: Member
    ways: tuple[Way, ...]
    has_come: bool
    is_ready: bool
    """Whether her second factor is set up."""
    is_invited: bool
    forced: tuple[datetime, str] | None
    """When she signed in with her passphrase for duress, and the alarm's code, until somebody has dealt with it."""


def ways_of(member: Member, proven: set[tuple[int, str]]) -> tuple[Way, ...]:
    """How a member is reached, as it may be shown."""
    return tuple(
        Way(way.channel, isolate(hidden(way.address)), (member.id, way.channel) in proven, way.gone)
        for way in member.reaches
    )


def colleagues(unit: Unit, now: datetime) -> list[Colleague]:
    """Everybody who works here, in the order they were added; those who are disabled last."""
    proven, invited = reaches.proven(unit), links.waiting_invitations(unit, now)
    come, forced = logins.who_come_in(unit), logins.under_duress(unit)
    shown = [
        Colleague(
            member,
            ways_of(member, proven),
            has_come=member.id in come,
            is_ready=come.get(member.id, False),
            is_invited=member.id in invited,
            forced=forced.get(member.id),
        )
        for member in staff.members(unit)
    ]
    return sorted(shown, key=lambda one: not one.member.active)


def dealt_with(unit: Unit, number: int, world: World, by: int) -> bool:
    """A quiet alarm is over. False where there is none, and where it is one's own: that is not oneself to say."""
    if number == by or not logins.dealt_with(unit, number):
        return False
    audit.record(unit, world.now, "duress_over", staff=by, target=number)
    return True
