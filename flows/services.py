"""The directory of services, and which of them may be offered to her: verified lately, near, and barred by nothing.

It never offers a body that the matrix excludes, nor one that whoever threatens her may belong to; it contacts nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from flows.taxonomy import Term

if TYPE_CHECKING:
    from flows.rules import Family, Mechanism

EVERYWHERE: Final = "everywhere"
"""Stands for the governorates of a service that is to be had from anywhere, such as by telephone."""
A_HANDFUL: Final = 4
"""So many are offered at most: a letter that a small screen still shows whole."""
LEADERS: Final = "community"
"""Kind of body that is never offered by itself: a leader is asked only where she names him."""
COULD_BE_ANYONE: Final = frozenset(("unknown", "several", "online_anonymous", "prefer_not_say"))
"""Perpetrators behind whom any body may stand."""
DOOR_OF_TRACK: Final = {"psychosocial": "menu_distress", "digital": "menu_digital", "economic": "menu_economic"}
"""Which family of the matrix a need falls under, where it says so by itself."""
DOOR_OF_NEED: Final = {"survivor_medical_care": "menu_sexual"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Term):
    """One entry of the directory. The name fits a button (24 characters), the line about it a list row (72)."""

    needs: tuple[str, ...]
    """Codes of what it answers (taxonomy.needs)."""
    governorates: tuple[str, ...]
    """Where it is to be had; EVERYWHERE alone."""
    body: str
    """Code of the responder that gives it: the matrix speaks of bodies."""
    about_ar: str
    about_en: str
    next_ar: str = ""
    next_en: str = ""
    """What happens if she chooses it; empty for what happens with every service."""
    languages: tuple[str, ...] = ()
    cost: str = ""
    """free, part or paid; empty where nobody has asked yet."""
    hours_ar: str = ""
    hours_en: str = ""
    women_staff: bool | None = None
    """Whether she meets women there; None where nobody has asked yet."""
    verified: date | None = None
    """When the association last asked whether all of this holds. Without it the entry is never offered."""
    verify_every: timedelta = timedelta(days=90)

    def is_current(self, today: date) -> bool:
        """Whether it was verified in time: up to and with the last day. A day to come is a slip of the pen."""
        return self.verified is not None and self.verified <= today <= self.verified + self.verify_every

    def is_in(self, governorate: str) -> bool:
        """Whether it is to be had there; of an unknown place ("") only what is to be had everywhere."""
        return EVERYWHERE in self.governorates or governorate in self.governorates


def near(
    rules: Mechanism,
    needs: Collection[str],
    governorate: str,
    who: Collection[str],
    today: date,
    doors: Collection[str] = (),
) -> tuple[Service, ...]:
    """What may be offered for these needs, the best first, A_HANDFUL at most.

    `who` are the perpetrators as far as she has said, `doors` those of a report of hers. Nothing said is the narrowest:
    no body then to which any perpetrator may belong.
    """
    fit = [
        (-len(answered), EVERYWHERE in service.governorates, service)
        for service in rules.services.values()
        if service.is_current(today)
        and service.is_in(governorate)
        and (answered := [need for need in needs if _answers(rules, service, need, who, doors)])
    ]
    fit.sort(key=lambda one: one[:2])
    return tuple(service for *_, service in fit[:A_HANDFUL])


def due(rules: Mechanism, today: date) -> tuple[Service, ...]:
    """The entries that are to be verified (again) before anybody is offered them."""
    return tuple(service for service in rules.services.values() if not service.is_current(today))


def verified_on(rules: Mechanism, day: date) -> Mechanism:
    """The same rules with every entry verified on that day: for the demo and for tests, never for women."""
    return replace(rules, services={code: replace(one, verified=day) for code, one in rules.services.items()})


def _answers(rules: Mechanism, service: Service, need: str, who: Collection[str], doors: Collection[str]) -> bool:
    """Whether a service answers this need, and the body behind it may be offered for it."""
    body = service.body
    if need not in service.needs or rules.taxonomy.responders[body].kind == LEADERS or body in _suspects(rules, who):
        return False
    known = rules.taxonomy.needs.get(need)
    door = DOOR_OF_NEED.get(need) or DOOR_OF_TRACK.get(known.track if known else "", "")
    return all(_may_answer(family, body) for family in _families(rules, {door, *doors}, who))


def _suspects(rules: Mechanism, who: Collection[str]) -> frozenset[str]:
    """The bodies that whoever threatens her may belong to or speak with."""
    bodies = rules.matrix.bodies
    listed = who if who and not COULD_BE_ANYONE.intersection(who) else bodies
    return frozenset(body for one in listed for body in bodies.get(one, ()))


def _families(rules: Mechanism, doors: Collection[str], who: Collection[str]) -> list[Family]:
    """The families of threats that it falls under, without the bodies of whoever is behind it."""
    return [
        rules.matrix.without(name, who)
        for name, family in rules.matrix.families.items()
        if set(family.doors).intersection(doors) or set(family.by).intersection(who)
    ]


def _may_answer(family: Family, body: str) -> bool:
    """Nobody that a family excludes; where it is closed, nobody but its lead and its support."""
    return body not in family.excluded and (not family.closed or body in {family.lead, *family.support})
