"""Decides whose keys open a case: all who may have to take it; once somebody is in touch with her, who works on it.

It never opens a case: it seals a fresh key to public halves, or destroys shares. An old key is handed on in a browser.
"""

from __future__ import annotations

from collections.abc import Collection

from handlers.draw import World
from storage import assignments, cases, readers
from storage.cases import Case
from storage.seal import SEED
from storage.unit import Unit


def taken(unit: Unit, number: int, staff: int, world: World) -> None:
    """Somebody took the case: it is hers to lead, and if its key is not sealed to her, what follows will be."""
    assignments.begin(unit, world.draw.number(), number, staff, "lead", world.now)
    reach(unit, number, {staff}, world)


def waiting(unit: Unit, number: int, world: World) -> None:
    """Nobody has the case any more: what follows is sealed to all who may have to take it.

    Whose key alone opens some part of it stays on it as second: nobody else could hand that part on to the next.
    """
    for one in assignments.of_case(unit, number):
        if one.part == "lead" and only_hers(unit, number, one.staff, world):
            assignments.begin(unit, world.draw.number(), number, one.staff, "second", world.now)
        elif one.part == "lead":
            assignments.end(unit, number, one.staff, world.now)
    widen(unit, number, world)


def widen(unit: Unit, number: int, world: World) -> None:
    """See that everybody whom its level's ladder may wake can read what follows."""
    case = cases.by_number(unit, number)
    if case is not None:
        roles = world.rules.sealed_to[case.facets.level]  # type: ignore[index]
        _begin_unless_held(unit, case, [number for number, _ in _allowed(unit, case, roles)], roles, world)


def contacted(unit: Unit, number: int) -> None:
    """Somebody is in touch with her: only those who work on the case, and the recovery key, can open it from now on.

    If none of them opens some part of it yet, nothing is destroyed: it would leave a case that no colleague opens, and
    nobody could hand its older keys on to her.
    """
    keep = _keys_of(unit, {one.staff for one in assignments.of_case(unit, number)})
    shares = cases.shares(unit, number)
    if {epoch for _reader, epoch in shares} == {epoch for reader, epoch in shares if reader in keep}:
        everybody = {reader.id for reader in readers.of_case(unit, number) if reader.kind == "recovery"}
        cases.drop_shares(unit, number, keep | everybody)


def only_hers(unit: Unit, number: int, staff: int, world: World) -> bool:
    """Whether her key alone opens some part of a case, though there is a colleague to whom she could hand it on."""
    case = cases.by_number(unit, number)
    if case is None:
        return False
    members = {one.id: one.staff for one in readers.all_of_staff(unit) if not one.removed}
    held = {(members[reader], epoch) for reader, epoch in cases.shares(unit, number) if reader in members}
    lost = {epoch for whose, epoch in held if whose == staff} - {epoch for whose, epoch in held if whose != staff}
    roles = world.rules.sealed_to[case.facets.level]  # type: ignore[index]
    able = {members[reader] for reader, _ in _allowed(unit, case, roles) if reader in members}
    return bool(lost and able - {staff})


def take_off(unit: Unit, number: int, staff: int, world: World, *, for_good: bool) -> None:
    """Take somebody off a case: her shares are destroyed, and what follows has a key that she never had.

    `for_good`: she must never see it again, nor be paged for it (a conflict of interest).
    """
    assignments.end(unit, number, staff, world.now)
    if for_good:
        assignments.exclude(unit, number, staff, world.now)
    case = cases.by_number(unit, number)
    if case is None:
        return
    holders = readers.of_case(unit, number)
    stay = [reader.id for reader in holders if reader.staff != staff]
    cases.drop_shares(unit, number, stay)
    if len(stay) < len(holders):
        keys = [(one.id, one.public_key) for one in holders if one.id in stay and not one.removed]
        to = dict([*cases.readers(unit), *keys])  # the present recovery key too: the case may know only an older one
        cases.begin_epoch(unit, case, world.draw.seed(SEED), sorted(to.items()))


def reach(unit: Unit, number: int, staff: Collection[int], world: World) -> None:
    """See that these members can read what follows, beside those who can now."""
    case = cases.by_number(unit, number)
    if case is not None:
        _begin_unless_held(unit, case, _keys_of(unit, staff), (), world)


def _begin_unless_held(unit: Unit, case: Case, wanted: Collection[int], roles: Collection[str], world: World) -> None:
    held = {reader for reader, epoch in cases.shares(unit, case.id) if epoch == case.epoch}
    if set(wanted) <= held:
        return
    stay = [(one.id, one.public_key) for one in readers.of_case(unit, case.id) if one.id in held and not one.removed]
    also = [(one.id, one.public_key) for one in readers.all_of_staff(unit) if one.id in wanted]
    to = dict([*cases.readers(unit), *stay, *also, *_allowed(unit, case, roles)])
    barred = _keys_of(unit, assignments.excluded(unit, case.id))
    cases.begin_epoch(unit, case, world.draw.seed(SEED), [one for one in sorted(to.items()) if one[0] not in barred])


def _allowed(unit: Unit, case: Case, roles: Collection[str]) -> list[tuple[int, bytes]]:
    """Those of some roles with a key, without whoever must never see the case."""
    barred = _keys_of(unit, assignments.excluded(unit, case.id))
    return [(number, key) for number, key in cases.readers(unit, roles) if number not in barred]


def _keys_of(unit: Unit, staff: Collection[int]) -> set[int]:
    found = (readers.of_staff(unit, number) for number in staff)
    return {reader.id for reader in found if reader is not None}
