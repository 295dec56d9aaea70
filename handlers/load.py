"""Gathers what those who organise need: who has how much, how long things take, where nobody is, who can read what.

It never opens a case, and it changes nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from flows.ladder import LEVELS, Level
from flows.roles import READS_CASES
from flows.rota import RotaLevel, Span, everybody
from handlers.draw import World
from handlers.rota_check import look_ahead
from storage import audit, board, load, logins, reaches, readers, shifts, staff
from storage.board import Facets, Line
from storage.load import Turn
from storage.staff import Member
from storage.unit import Unit, millis, moment

SPANS: Final = (timedelta(days=30), timedelta(days=90))
AHEAD: Final = timedelta(days=28)
"""How far the next shift is looked for."""
MOST_CODES: Final = 500
What = Literal["taken", "contacted", "closed"]
WHAT: Final[tuple[What, ...]] = get_args(What)


@dataclass(frozen=True, slots=True)
class Untaken:
    """Open cases of a level that nobody has taken, and since when the oldest of them waits."""

    level: Level
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """What one member has in hand, and what she still lacks."""

    id: int
    name: str
    role: str
    leads: int
    beside: int
    to_contact: int
    """Of those that she leads: taken, and not in touch with her yet."""
    overdue: int
    """Of these: the time for it is over."""
    unanswered: int
    """Of those that she leads: words that nobody has answered."""
    on_call: bool
    next_shift: datetime | None
    channels: tuple[tuple[str, bool], ...]
    """Her ways, and whether each is proven."""
    has_key: bool
    has_factor: bool
    opens: int
    """Cases that her keys open."""

    @property
    def is_proven(self) -> bool:
        """Whether some way to her is."""
        return any(proven for _, proven in self.channels)


@dataclass(frozen=True, slots=True)
class Speed:
    """How long it took from the alarm's beginning, for the cases of a level in a span: `count` of them."""

    count: int
    median: timedelta
    p90: timedelta


@dataclass(frozen=True, slots=True)
class Load:
    """All of it. Under duress it is empty."""

    untaken: tuple[Untaken, ...] = ()
    people: tuple[Person, ...] = ()
    speeds: Mapping[tuple[Level, What, timedelta], Speed] | None = None
    gaps: Mapping[RotaLevel, Sequence[Span]] | None = None


def load_of(unit: Unit, facets: Facets, world: World) -> Load:
    """Gather it. Raises `Unreadable`."""
    lines = list(map(Line._make, board.opened(unit)))
    known = facets.of(unit, lines)
    waiting = [(known[line.id].level, line) for line in lines if line.status == "waiting" and line.id in known]
    turns = load.turns(unit, facets, world.now - max(SPANS))
    return Load(
        tuple(_untaken(waiting)),
        tuple(_people(unit, lines, world)),
        dict(_speeds(turns, world.now)),
        look_ahead(unit, world.now).gaps,
    )


def codes_of(unit: Unit, asker: int, number: int, world: World) -> tuple[Member, list[str]] | None:
    """The codes of the cases that a member's keys open, as far as the asker may know of them; the log knows it."""
    member = staff.member(unit, number)
    if member is None:
        return None
    audit.record(unit, world.now, "readers", staff=asker, target=number)
    return member, load.codes_of(unit, number, asker, MOST_CODES)


def _untaken(waiting: Iterable[tuple[str, Line]]) -> Iterable[Untaken]:
    since: dict[str, list[int]] = {}
    for level, line in waiting:
        since.setdefault(level, []).append(line.opened_at)
    for level in LEVELS:
        if level in since:
            yield Untaken(level, len(since[level]), moment(min(since[level])))


def _speeds(turns: Sequence[Turn], now: datetime) -> Iterable[tuple[tuple[Level, What, timedelta], Speed]]:
    for level in LEVELS:
        for what in WHAT:
            for span in SPANS:
                took = sorted(
                    one.took for one in turns if (one.level, one.what) == (level, what) and one.at >= now - span
                )
                if took:
                    yield (level, what, span), Speed(len(took), _rank(took, 0.5), _rank(took, 0.9))


def _rank(ordered: Sequence[timedelta], share: float) -> timedelta:
    """The nearest rank: a time that really occurred, below which at least this share lies."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True, slots=True)
class _Counted:
    """Open cases counted by member."""

    leads: Counter[int]
    beside: Counter[int]
    to_contact: Counter[int]
    overdue: Counter[int]
    unanswered: Counter[int]


def _counted(unit: Unit, lines: Sequence[Line], now: int) -> _Counted:
    counted = _Counted(Counter(), Counter(), Counter(), Counter(), Counter())
    by_number, contacts = {line.id: line for line in lines}, board.contacts_due(unit)
    for case, who, part in load.open_parts(unit):
        line = by_number.get(case)
        if line is None or part != "lead":
            counted.beside[who] += 1
            continue
        counted.leads[who] += 1
        counted.to_contact[who] += line.status == "taken"
        counted.overdue[who] += contacts.get(case, now) < now
        counted.unanswered[who] += board.is_unanswered(line.opened_at, line.heard_at, line.answered_at)
    return counted


def _people(unit: Unit, lines: Sequence[Line], world: World) -> Iterable[Person]:
    counted = _counted(unit, lines, millis(world.now))
    proven, factors, opens = reaches.proven(unit), logins.who_come_in(unit), load.opened_by(unit)
    keys = {reader.staff for reader in readers.all_of_staff(unit)}
    listed = shifts.between(unit, world.now, world.now + AHEAD)
    now_on_call = everybody(listed, world.now)
    for member in sorted(staff.members(unit), key=lambda member: member.name):
        number = member.id
        if not member.active or not (member.role in READS_CASES or opens.get(number)):
            continue
        starts = sorted(one.span[0] for one in listed if one.staff_id == number and one.span[0] > world.now)
        ways = tuple((way.channel, (number, way.channel) in proven) for way in member.reaches if not way.gone)
        yield Person(
            number, member.name, member.role,
            counted.leads[number], counted.beside[number], counted.to_contact[number],
            counted.overdue[number], counted.unanswered[number],
            number in now_on_call, next(iter(starts), None),
            ways, number in keys, factors.get(number, False), opens.get(number, 0),
        )  # fmt: skip
