"""Decides what a member sees in the list of cases: which lines, what waits in each, and what comes first.

It never opens a case: a line holds its code, its level, a governorate, times and names of colleagues.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flows.roles import may
from handlers.board_order import PAGE, Look, Waiting, Waits, Wanted, ranked
from handlers.draw import World
from handlers.words import DOORS
from storage import board, staff
from storage.board import Closed, Facets, Known, Line
from storage.staff import Member
from storage.store import Store
from storage.unit import Unit, millis, moment


@dataclass(frozen=True, slots=True)
class Wait:
    """What waits in a case, and the moment that counts: since when, or by when (contact and task)."""

    what: Waits
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One line, as it is shown."""

    code: str
    level: str
    status: str
    drill: bool
    opened_at: datetime
    waits: tuple[Wait, ...]
    """The most urgent first."""
    workers: tuple[str, ...]
    """Names of those who work on it, the lead first."""
    mine: bool
    """She works on it, so she may open it."""
    can_take: bool
    governorate: str
    """Its code; empty where she has not said, and for whoever neither works on the case nor could take it."""
    door: str
    """What she came for, where the list says so (handlers.words.DOORS) and she may know; else empty."""
    called: str
    """The code in the message by which she was called for it and has not answered; else empty."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list, and how many lines there are under each of the first filters."""

    rows: tuple[Row, ...] = ()
    number: int = 1
    pages: int = 1
    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    """Open cases by `Whose`: all, mine, waiting."""
    after: Closed | None = None
    """Where the next page of closed ones begins, if there is one."""


EMPTY: Final = Page(counts={"all": 0, "mine": 0, "waiting": 0})
"""What is shown under duress."""


@dataclass(frozen=True, slots=True)
class Board:
    """The list of cases of one process; it remembers what facets say from one look to the next."""

    facets: Facets = field(default_factory=Facets)

    async def page(self, store: Store, member: Member, wanted: Wanted, world: World) -> Page:
        """What this member sees of the list. Raises `Unreadable`."""
        return await store.read(_page, self.facets, member, wanted, world)


def _page(unit: Unit, facets: Facets, member: Member, wanted: Wanted, world: World) -> Page:
    look = _look(unit, member, world)
    if wanted.whose == "closed":
        return _closed_page(unit, facets, look, wanted)
    lines = board.opened(unit)
    known = facets.of(unit, lines)
    seen = look.seen([line for line in lines if line[0] in known], known)  # one may have gone between two questions
    waiting = sum(line[2] == "waiting" for line in seen)
    counts = {"all": len(seen), "mine": sum(line[0] in look.parts for line in seen), "waiting": waiting}
    order = sorted(ranked(seen, known, look, wanted))
    first = (wanted.page - 1) * PAGE
    shown = [(Line._make(place[-1]), look.waits(place[-1])) for place in order[first : first + PAGE]]
    pages = max(1, -(-len(order) // PAGE))
    return Page(_rows(unit, shown, known, look), wanted.page, pages, len(order), counts)


def _look(unit: Unit, member: Member, world: World) -> Look:
    me = member.id
    called, contacts = board.calls_to(unit, me), board.contacts_due(unit)
    tasks = board.tasks_due(unit, me, world.now)
    parts, barred = board.parts_of(unit, me), board.barred(unit, me)
    return Look(member, world.rules, millis(world.now), parts, barred, called, contacts, tasks)


def _closed_page(unit: Unit, facets: Facets, look: Look, wanted: Wanted) -> Page:
    found = board.closed(unit, look.member.id, wanted.before, PAGE + 1, of_all=may(look.member.role, "organise"))
    shown = found[:PAGE]
    after = Closed(shown[-1].opened_at, shown[-1].id) if len(found) > PAGE else None
    rows = _rows(unit, [(line, ()) for line in shown], facets.of(unit, shown), look)
    return Page(rows, wanted.page, 1, len(rows), {}, after)


def _rows(
    unit: Unit,
    lines: Sequence[tuple[Line, Sequence[Waiting]]],
    known: Mapping[int, Known],
    look: Look,
) -> tuple[Row, ...]:
    who = board.workers(unit, [line.id for line, _ in lines])
    names = {one.id: one.name for one in staff.members(unit)} if who else {}
    return tuple(
        _row(line, waits, known[line.id], look, [names[one] for one in who.get(line.id, ())])
        for line, waits in lines
        if line.id in known
    )


def _row(line: Line, waits: Sequence[Waiting], known: Known, look: Look, workers: Sequence[str]) -> Row:
    mine, can_take = line.id in look.parts, look.can_take(line, known.level)
    return Row(
        code=known.code,
        level=known.level,
        status=line.status,
        drill=bool(line.drill),
        opened_at=moment(line.opened_at),
        waits=tuple(Wait(what, moment(at)) for _, what, at in waits),
        workers=tuple(workers),
        mine=mine,
        can_take=can_take,
        governorate=known.governorate if mine or can_take else "",
        door=known.door if (mine or can_take) and known.door in DOORS else "",
        called=look.called.get(line.id, "") if line.status == "waiting" else "",
    )
