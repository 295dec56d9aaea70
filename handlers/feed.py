"""Shows a member's own times on call to her calendar, by a secret link: a neutral word and hours, nothing else.

It never names anybody, the work, or us: whoever looks into her calendar sees appointments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.enums import CLASS

from flows.rota import Shift, Span, own_spans
from handlers.draw import World
from messages import t
from messages.catalog import render
from storage import audit, feeds, shifts, staff
from storage.staff import Member
from storage.unit import Unit

BEHIND, AHEAD = timedelta(days=31), timedelta(days=366)
"""What of the rota a calendar is shown."""
_RULES = date(2020, 1, 1), date(2037, 12, 31)
"""For how long the rules of a zone are written out."""
_NAMELESS = "-//calendar//EN"


def token_hash(token: str) -> bytes:
    """What is kept of a link."""
    return hashlib.sha256(b"sanad feed\x00" + token.encode()).digest()


def renew(unit: Unit, by: int, token: str, world: World) -> None:
    """Give a member a new link; the one before shows nothing any more."""
    feeds.put(unit, token_hash(token), by, world.now)
    audit.record(unit, world.now, "rota:feed", staff=by, target=by)


def revoke(unit: Unit, by: int, world: World) -> None:
    """Take a member's link away."""
    if feeds.drop(unit, by):
        audit.record(unit, world.now, "rota:feed_end", staff=by, target=by)


def shown(unit: Unit, token: str, world: World) -> bytes | None:
    """The calendar behind a link (UTF-8); None for a link that shows nothing. The same shifts give the same bytes."""
    number = feeds.staff_of(unit, token_hash(token))
    member = None if number is None else staff.member(unit, number)
    if member is None:
        return None
    around = world.now - BEHIND, world.now + AHEAD
    listed = shifts.between(unit, *around)
    return calendar(member, listed, around)


def calendar(member: Member, listed: list[Shift], around: Span) -> bytes:
    """A member's own times among these shifts, as iCalendar (RFC 5545), each in the zone of its shift."""
    made = Calendar.new(prodid=_NAMELESS, method="PUBLISH", uid=f"{member.id}")
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    title = render(t("Appointment"), member.language)
    for shift in listed:
        if shift.staff_id == member.id:
            for event in _events(shift, listed, title, around):
                made.add_component(event)
    made.add_missing_timezones(*_RULES)
    return bytes(made.to_ical())


def _events(shift: Shift, listed: list[Shift], title: str, around: Span) -> Iterator[Event]:
    for start, end in own_spans(shift, listed):
        if start < around[1] and end > around[0]:
            whole = start == shift.span[0]
            uid = f"{shift.id}" if whole else f"{shift.id}-{int(start.timestamp())}"
            yield Event.new(
                uid=uid,
                summary=title,
                start=_stamp(start, end, shift.zone)[0],
                end=_stamp(start, end, shift.zone)[1],
                stamp=start,
                classification=CLASS.PRIVATE,
            )


def _stamp(start: datetime, end: datetime, zone: str) -> Span:
    """A time by the shift's clock; by UTC where an hour that comes twice would leave it open which one is meant."""
    walls = [at.astimezone(ZoneInfo(zone)) for at in (start, end)]
    if any(_is_double(wall) for wall in walls):
        return start.astimezone(UTC), end.astimezone(UTC)
    return walls[0], walls[1]


def _is_double(wall: datetime) -> bool:
    return wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()
