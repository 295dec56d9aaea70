"""What a week of the rota is made of as it is shown: days, pieces of them, shifts, requests. It decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flows.rota import RotaLevel, Shift, Span
from handlers.rota_check import Ahead
from storage.staff import Member
from storage.swaps import Swap


@dataclass(frozen=True, slots=True)
class Times:
    """A time by a clock: the days, and the hours as 08:00; an end at midnight is 24:00 of the day before."""

    zone: str
    first: date
    starts: str
    last: date
    ends: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on call in a piece: by which shift, and when that is by her own clock where it is another one."""

    name: str
    me: bool
    shift: int
    abroad: Times | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of one day in which the same people are on call at a level; nobody where `people` is empty."""

    span: Span
    times: Times
    people: tuple[Person, ...]
    now: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day by the association's clock. `turns`: the clock changes on it, so that it isn't 24 hours long."""

    date: date
    today: bool
    turns: bool
    levels: Mapping[RotaLevel, tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class Listed:
    """One shift as it stands in the list below the week."""

    shift: Shift
    name: str
    covers: str
    times: Times
    abroad: Times | None
    mine: bool
    arranges: bool
    over: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits: who asked whom for which time, and what is offered in return."""

    swap: Swap
    by: str
    to: str
    level: RotaLevel
    times: Times
    back: Times | None
    to_me: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A week, from Saturday to Friday."""

    starts: date
    days: tuple[Day, ...] = ()
    now: Mapping[RotaLevel, tuple[str, ...]] = field(default_factory=dict)
    listed: tuple[Listed, ...] = ()
    asked: tuple[Asked, ...] = ()
    colleagues: tuple[Member, ...] = ()
    returns: tuple[Listed, ...] = ()
    """Coming shifts of colleagues, to be taken in return."""
    ahead: Ahead | None = None
    feed_since: datetime | None = None
