"""Sees when many check-ins of one governorate are missed together: then the line may be down, and not they.

It never cancels an alarm: it begins one page that lists all of them, and lets the further ones climb a little later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers import alarms, calling_again
from handlers.cases import Sealing
from storage import cases, check_ins, marks
from storage.cases import Case, Facets
from storage.seal import SEED

_ONE_AT_A_TIME = "check_ins:missed"


def joined(sealing: Sealing, number: int, case: Case) -> datetime | None:
    """Note a missed check-in. Where many are missed in its area: until when its own alarm is held; else None.

    Where she told no governorate, there is no area, and nothing is held.
    """
    unit, world = sealing.unit, sealing.world
    rules, area = world.rules.check_ins, case.facets.place.get("governorate", "")
    if not area:
        return None
    marks.put(unit, _ONE_AT_A_TIME, area)  # two that are missed at once must see each other
    check_ins.miss(unit, number, area, world.now)
    together = check_ins.missed(unit, area, world.now - rules.mass_window, rules.mass_number)
    if len(together) < rules.mass_number:
        return None
    known = check_ins.outage(unit, area, world.now - rules.mass_hold)
    about = None if known is None else cases.by_number(unit, known)
    if about is None:
        _open(sealing, area, together)
    else:
        check_ins.join_outage(unit, about.id)
        _list(sealing, about, [case.id])
        calling_again.tell_holder(unit, about, world)
    return world.now + rules.mass_hold


def _open(sealing: Sealing, area: str, members: Sequence[int]) -> None:
    """One case for all of them, paged at once; nobody's own, so nothing of it is written to any of them."""
    unit, world = sealing.unit, sealing.world
    because = (("check_in", "network"),)
    about = cases.open_case(
        unit,
        world.draw.number(),
        world.draw.case_code(),
        world.draw.seed(SEED),
        person=None,
        facets=Facets("critical", because, {"governorate": area}),
        mechanism=world.rules.version,
        now=world.now,
        to=cases.readers(unit, world.rules.sealed_to["critical"]),
    )
    opened = {"level": "critical", "because": [list(one) for one in because], "place": {"governorate": area}}
    sealing.put(about, "opened", opened | {"mechanism": world.rules.version})
    _list(sealing, about, members)
    check_ins.add_outage(unit, world.draw.number(), area, about.id, len(members), world.now)
    alarms.start(unit, about.id, "critical", world)


def _list(sealing: Sealing, about: Case, members: Sequence[int]) -> None:
    codes = cases.codes(sealing.unit, members)
    sealing.put(about, "network", {"codes": [codes[one] for one in members if one in codes]})
