"""Raises a quiet alarm when a member signs in with her passphrase for duress: the coordinators are told, nobody else.

It never shows in her own browser, and never writes to her own phone: that may be in another's hand.
"""

from __future__ import annotations

from handlers import alarm_letters
from handlers.draw import World
from handlers.entry_words import plan_changed
from handlers.team import team
from storage import audit, logins
from storage.unit import Unit


def raise_quietly(unit: Unit, staff: int, world: World) -> None:
    """Tell the other coordinators, or the national desk where there is none; at most once an hour for a member."""
    code = world.draw.page_code()
    audit.record(unit, world.now, "duress", staff=staff)
    logins.note_duress(unit, staff, code, world.now)
    present = team(unit, world)
    others = [one for one in present.members.values() if one.id != staff]
    told = [one for one in others if one.role == "coordinator"] or [
        one for one in others if one.role == "national_desk"
    ]
    for member in told:
        reader = present.reader(member.id, "")
        if reader is not None:
            key = f"quiet:{staff:x}:{member.id:x}:{world.now:%Y%m%d%H}"
            alarm_letters.write_notice(unit, key, reader, plan_changed(code), world.now)
