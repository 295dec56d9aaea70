"""Keeps how far the work on a case has come: its three tracks and how it ended, sealed with the server's keys.

It never holds a word of anybody's: needs and reasons lie in the case's sealed items.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, get_args

import msgspec

from storage.coding import decode, encode
from storage.unit import Unit, moment
from storage.vault import Place

TrackName = Literal["legal", "physical", "psychosocial"]
State = Literal["open", "none_needed", "done"]
Outcome = Literal["resolved", "moved", "referred", "withdrawn", "unreachable", "other"]
TRACKS: Final[tuple[TrackName, ...]] = get_args(TrackName)


class Track(msgspec.Struct, frozen=True, omit_defaults=True):
    """One track of help. `version` counts its changes; `by` and `at` are of the last."""

    state: State = "open"
    version: int = 0
    by: int | None = None
    at: datetime | None = None


class Work(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be done on a case. Every case begins with all tracks open: "no need" is said by a person."""

    tracks: Mapping[TrackName, Track] = {}
    """By name; one that is missing is open, as it began."""
    outcome: Outcome | Literal[""] = ""
    """How it ended the last time."""

    @property
    def open(self) -> tuple[TrackName, ...]:
        """The tracks that keep the case from being closed."""
        return tuple(name for name in TRACKS if self.tracks.get(name, Track()).state == "open")


def load(unit: Unit, case: int) -> Work:
    """How far the work on a case has come. Raises `Unreadable`."""
    row = unit.one("SELECT work FROM cases WHERE id = :case", {"case": case})
    if row is None or row[0] is None:
        return Work()
    return decode(unit.vault.open(_place(case), bytes(row[0])), Work)


def put(unit: Unit, case: int, work: Work) -> None:
    """Keep how far it has come now."""
    unit.do("UPDATE cases SET work = :work WHERE id = :case", {"case": case, "work": _sealed(unit, case, work)})
    unit.wakes.add("cases")


def _sealed(unit: Unit, case: int, work: Work) -> bytes:
    return unit.vault.seal(_place(case), encode(work))


def hold(unit: Unit, code: str) -> int | None:
    """Keep a case for this act until its end: whoever else changes it waits, and then sees what was changed.

    Gives its number; None where no case has this code.
    """
    row = unit.one("UPDATE cases SET version = version + 1 WHERE code = :code RETURNING id", {"code": code})
    return None if row is None else row[0]


class Times(msgspec.Struct, frozen=True):
    """The moments of a case that the list and the page show."""

    heard_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None


def times(unit: Unit, case: int) -> Times:
    """When something came from her, when she was answered, when it was closed."""
    row = unit.one("SELECT heard_at, answered_at, closed_at FROM cases WHERE id = :case", {"case": case})
    return Times(*(None if at is None else moment(at) for at in row or (None, None, None)))


def everybody(unit: Unit, case: int) -> frozenset[int]:
    """Whoever works on a case or has worked on it."""
    rows = unit.all("SELECT DISTINCT staff_id FROM assignments WHERE case_id = :case", {"case": case})
    return frozenset(number for (number,) in rows)


def _place(case: int) -> Place:
    return Place("cases", "work", str(case))
