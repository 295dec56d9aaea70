"""Looks into the log for the desk's pages: all of it for whoever audits, one case's for those who work on it.

Looking is written down as well. It never changes an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.draw import World
from handlers.work import Who, theirs
from storage import audit, cases, staff
from storage.audit import Entry
from storage.unit import Unit

PAGE = 100


@dataclass(frozen=True, slots=True)
class Looked:
    """Some entries, newest first, with the names and codes that they speak of."""

    entries: tuple[Entry, ...]
    names: Mapping[int, str]
    codes: Mapping[int, str]
    older: int | None
    """The entry in front of which the next page begins; None at the end."""


EMPTY = Looked((), {}, {}, None)
_FIRST_PAGE = 2**62


def whole(unit: Unit, by: int, before: int | None, about: int | None, world: World) -> Looked:
    """A page of all entries, or of what one member did. The look is written down, once a page."""
    entries = audit.newest(unit, PAGE + 1, before or _FIRST_PAGE, about)
    looked = _looked(unit, entries)
    audit.record(unit, world.now, "log:read", staff=by, target=about)
    return looked


def of_case(unit: Unit, code: str, who: Who, before: int | None, world: World) -> Looked:
    """A page of the entries about a case that she works on. Raises `NotDone` (404)."""
    case = theirs(unit, code, who, change=False)
    looked = _looked(unit, audit.of_case(unit, case.id, PAGE + 1, before or _FIRST_PAGE))
    audit.record(unit, world.now, "log:read_case", staff=who.staff, case=case.id)
    return looked


def _looked(unit: Unit, entries: list[Entry]) -> Looked:
    shown = tuple(entries[:PAGE])
    names = {member.id: member.name for member in staff.members(unit)}
    codes = cases.codes(unit, sorted({entry.case for entry in shown if entry.case is not None}))
    return Looked(shown, names, codes, shown[-1].seq if len(entries) > PAGE else None)
