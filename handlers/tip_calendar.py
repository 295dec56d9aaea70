"""Keeps the calendar of tips and sends the next tip when its hour comes: one, however many hours were missed.

It never sends a tip that nobody has looked at for too long, and it begins nothing by itself: the team adds each line.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from flows.broadcast import Audience, Frozen
from handlers import triggers
from handlers.broadcast_acts import launch
from handlers.draw import World
from messages.catalog import render
from messages.content import LANGUAGES, TRACKS, Tip
from storage import audit, calendar, templates
from storage.calendar import Entry
from storage.unit import Unit

MOST: Final = 50
"""Lines of the calendar."""
TEMPLATE: Final = "tip"
"""Name of the Content template that carries a tip outside WhatsApp's window: one blank, the tip in one line."""
_BUTTONS: Final = ("subscribe",)


def everything(unit: Unit) -> list[Entry]:
    """The whole calendar, the line that comes next first."""
    return calendar.everything(unit)


def add(unit: Unit, part: str, moments: str, staff: int | None, world: World, *, zone: str = "") -> int | None:
    """A new line: tips of a track ("" for all) at these moments (a line of crontab). Returns its number.

    None where there is no such track, no such moment or zone, or where the calendar is full.
    """
    zone = zone or world.zone
    known = part in {"", *TRACKS} and triggers.is_line(moments, zone)
    next_at = triggers.next_fire(moments, zone, world.now) if known else None
    if next_at is None or len(calendar.everything(unit)) >= MOST:
        return None
    number = world.draw.number()
    calendar.add(unit, Entry(number, "tip", part, moments, zone, "on", 0, next_at, staff, world.now))
    audit.record(unit, world.now, "tips_added", staff=staff, target=number)
    return number


def remove(unit: Unit, number: int, staff: int | None, world: World) -> bool:
    """Take a line out. False where there is none."""
    if not calendar.remove(unit, number):
        return False
    audit.record(unit, world.now, "tips_removed", staff=staff, target=number)
    return True


def pause(unit: Unit, number: int, staff: int | None, world: World) -> bool:
    """Let a line rest. False where it rests already."""
    found = calendar.get(unit, number)
    if found is None or found.state == "paused":
        return False
    calendar.move(unit, number, "paused", found.place, None)
    audit.record(unit, world.now, "tips_paused", staff=staff, target=number)
    return True


def resume(unit: Unit, number: int, staff: int | None, world: World) -> bool:
    """Let a line that rested go on with its next hour. False where it did not rest."""
    found = calendar.get(unit, number)
    if found is None or found.state != "paused":
        return False
    calendar.move(unit, number, "on", found.place, triggers.next_fire(found.moments, found.zone, world.now))
    audit.record(unit, world.now, "tips_resumed", staff=staff, target=number)
    return True


def next_tip(entry: Entry, world: World) -> tuple[Tip, int] | None:
    """The tip that comes next on a line, and the place after it; None where none is fresh enough to be sent."""
    tips = world.rules.content.tips_of(entry.part)
    today = world.now.astimezone(ZoneInfo(world.zone)).date()
    for step in range(len(tips)):
        place = (entry.place + step) % len(tips)
        if not is_stale(tips[place], today, world):
            return tips[place], (place + 1) % len(tips)
    return None


def is_stale(tip: Tip, today: date, world: World) -> bool:
    """Whether nobody has looked at it for so long that it is not sent."""
    return today - tip.reviewed > world.rules.broadcasts.stale


def send_due(unit: Unit, world: World) -> int:
    """A duty: send the next tip of each line whose hour has come. Says how many.

    An hour so long past that its tip would not be sent any more is left out.
    """
    sent = 0
    for entry in calendar.due(unit, world.now):
        found, place = next_tip(entry, world), entry.place
        assert entry.next_at is not None  # noqa: S101 - it was due
        fresh = world.now - entry.next_at < world.rules.broadcasts.tip_stays
        if found is not None and fresh:
            place = found[1]
            ends_at = entry.next_at + world.rules.broadcasts.tip_stays
            launch(unit, frozen(unit, found[0]), world.now, world, kind="tip", made_by=entry.made_by, ends_at=ends_at)
            sent += 1
        next_at = triggers.next_fire(entry.moments, entry.zone, world.now)
        calendar.move(unit, entry.id, entry.state, place, next_at)
    return sent


def frozen(unit: Unit, tip: Tip) -> Frozen:
    """A tip as it goes out: what it says, and nothing more. Its title, and where it comes from, could tell on her."""
    usable = (
        one for one in templates.everything(unit) if (one.name, one.state, one.variables) == (TEMPLATE, "approved", 1)
    )
    sids = {one.language: one.sid for one in usable}
    line = {one: (" ".join(render(tip.text, one).split()),) for one in sids}
    return Frozen(
        tip.id, {one: render(tip.text, one) for one in LANGUAGES}, Audience("tips", tracks=(tip.track,)), _BUTTONS,
        sids=sids, blanks=line,
    )  # fmt: skip
