"""Looks a week ahead on the rota: where nobody is on call, and who on it could not be reached or could not read.

It never mends anything: each morning it tells the coordinators how many things there are, and the desk shows which.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.reminding import is_daytime
from flows.rota import RotaLevel, Span, gaps, meets
from handlers import rota_words as words
from handlers.draw import World
from handlers.rota import LEVELS, able_shifts
from handlers.rota_letters import tell_coordinators
from handlers.team import team
from storage import marks, reaches, readers, shifts, staff
from storage.unit import Unit

AHEAD = timedelta(days=7)
MORNING = time(8)
"""From this hour of the association's clock the week is looked at, once a day."""
_DONE = "rota_checked"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is to be looked at in a week: gaps by level (aware, UTC), and members of the rota by their names."""

    gaps: dict[RotaLevel, tuple[Span, ...]]
    unproven: tuple[str, ...]
    """None of her ways is proven: she has not written to us from any, or has blocked us."""
    keyless: tuple[str, ...]
    """She has not made her key at the desk yet, so that no case opens for her."""

    @property
    def count(self) -> int:
        """How many things there are."""
        return sum(map(len, self.gaps.values())) + len(self.unproven) + len(self.keyless)


def look_ahead(unit: Unit, now: datetime) -> Ahead:
    """Look at the coming seven days."""
    span = now, now + AHEAD
    listed = able_shifts(unit, *span)
    on_it = {one.staff_id for one in shifts.between(unit, *span) if meets(one.span, span)}
    hers = [member for member in staff.members(unit) if member.active and member.id in on_it]
    proven, with_key = reaches.proven(unit), {reader.staff for reader in readers.all_of_staff(unit)}
    reached = {number for number, _ in proven} & reaches.able(unit)
    return Ahead(
        {level: tuple(gaps(listed, level, *span)) for level in LEVELS},
        tuple(member.name for member in hers if member.id not in reached),
        tuple(member.name for member in hers if member.id not in with_key),
    )


def check(unit: Unit, world: World) -> int:
    """Tell the coordinators once a day, from the morning on, how many things there are to look at; none, nothing."""
    today = world.now.astimezone(ZoneInfo(world.zone)).date().isoformat()
    if not is_daytime(world.now, world.zone, MORNING) or marks.get(unit, _DONE) == today:
        return 0
    marks.put(unit, _DONE, today)
    count = look_ahead(unit, world.now).count
    if count:
        tell_coordinators(unit, team(unit, world), f"week:{today}", words.to_look_at(count), world.now)
    return count
