"""Reads the lines of the case list: what is open, what waits in it and since when, and the closed ones page by page.

It never reads what is sealed into a case. The coarse facets of open cases are unsealed once for each version of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice, repeat
from typing import NamedTuple

from storage.cases import facets_of
from storage.unit import Row, Unit, millis

_FEW, _MANY = 50, 400
"""Numbers in one question."""


class Line(NamedTuple):
    """A case as the list needs it. Moments are as they are stored (milliseconds)."""

    id: int
    version: int
    status: str
    opened_at: int
    heard_at: int | None
    answered_at: int | None
    drill: int


class Known(NamedTuple):
    """What a case's sealed facets say, at one version of it."""

    version: int
    code: str
    level: str
    governorate: str
    door: str = ""
    """What she came for, by its code; empty where that is not known."""


class Closed(NamedTuple):
    """Where a page of closed cases ended: the last one's opening, and its number."""

    opened_at: int
    id: int


class Facets:
    """Remembers what the facets of cases say, so that a list doesn't unseal ten thousand of them for each look."""

    def __init__(self, most: int = 50_000) -> None:
        self._most = most
        self._known: dict[int, Known] = {}

    def of(self, unit: Unit, lines: Collection[Row]) -> Mapping[int, Known]:
        """What is known of these cases at least, by number; what changed since is unsealed. Raises `Unreadable`."""
        known = self._known
        stale = [line[0] for line in lines if (one := known.get(line[0])) is None or one.version != line[1]]
        return self._with(dict(_unsealed(unit, stale))) if stale else known

    def _with(self, fresh: dict[int, Known]) -> Mapping[int, Known]:
        """Remember more; what is too much is forgotten, the oldest first, but not by whoever asked just now."""
        every = {**self._known, **fresh}
        self._known = dict(islice(every.items(), max(0, len(every) - self._most), None))
        return every


def _unsealed(unit: Unit, numbers: Sequence[int]) -> Iterable[tuple[int, Known]]:
    for number, version, code, sealed in _by_number(unit, "id, version, code, facets FROM cases WHERE id", numbers):
        facets = facets_of(unit, number, bytes(sealed))
        place = facets.place
        yield number, Known(version, code, facets.level, place.get("governorate", ""), place.get("door", ""))


def _by_number(unit: Unit, rest: str, numbers: Sequence[int]) -> Iterable[Row]:
    """Rows for many numbers, so many at a time: a few or a lot, so that there are two statements and not hundreds."""
    size = _FEW if len(numbers) <= _FEW else _MANY
    names = ["n" + "".join(chr(ord("a") + int(digit)) for digit in str(place)) for place in range(size)]
    asked = f"SELECT {rest} IN ({', '.join(f':{name}' for name in names)})"
    for start in range(0, len(numbers), size):
        some = numbers[start : start + size]
        padded = [*some, *repeat(some[-1], size - len(some))]
        yield from unit.all(asked, dict(zip(names, padded, strict=True)))


_COLUMNS = "id, version, status, opened_at, heard_at, answered_at, drill"
_OPEN = f"SELECT {_COLUMNS} FROM cases WHERE status <> 'closed' AND status <> 'sleeping'"  # noqa: S608 - our own names


def opened(unit: Unit) -> list[Row]:
    """Every case that isn't closed, each a `Line` still to be made: there may be ten thousand, and few are shown.

    All of it stands in the index `cases_open`, so closed ones cost nothing.
    """
    return unit.all(_OPEN)


_CLOSED = f"""
    SELECT {_COLUMNS} FROM cases WHERE status = 'closed'
        AND opened_at <= :at AND (opened_at < :at OR id < :id)
        AND NOT EXISTS (SELECT 1 FROM exclusions WHERE case_id = cases.id AND staff_id = :staff)
    ORDER BY opened_at DESC, id DESC LIMIT :most
"""  # noqa: S608 - our own names
_CLOSED_OF = """
    SELECT cases.id, version, status, opened_at, heard_at, answered_at, drill
    FROM assignments CROSS JOIN cases
    WHERE staff_id = :staff AND until IS NULL AND cases.id = case_id AND status = 'closed'
        AND opened_at <= :at AND (opened_at < :at OR cases.id < :id)
    ORDER BY opened_at DESC, cases.id DESC LIMIT :most
"""
"""CROSS keeps SQLite from walking through every closed case to find the few that are hers."""
_LATEST = Closed(2**62, 2**62)


def closed(unit: Unit, staff: int, before: Closed | None, most: int, *, of_all: bool) -> list[Line]:
    """Closed cases behind a mark, latest opened first: a member's own, or `of_all` but those she must never see."""
    at = before or _LATEST
    values = {"staff": staff, "at": at.opened_at, "id": at.id, "most": most}
    return list(map(Line._make, unit.all(_CLOSED if of_all else _CLOSED_OF, values)))


def is_unanswered(opened_at: int, heard_at: int | None, answered_at: int | None) -> bool:
    """Whether there are words of hers that nobody has answered, beyond those that opened the case."""
    return heard_at is not None and heard_at > (answered_at or opened_at)


def parts_of(unit: Unit, staff: int) -> dict[int, str]:
    """The cases that a member works on, with her part in each."""
    sql = "SELECT case_id, part FROM assignments WHERE staff_id = :staff AND until IS NULL"
    return dict(unit.all(sql, {"staff": staff}))


def barred(unit: Unit, staff: int) -> frozenset[int]:
    """The cases that a member must never see."""
    rows = unit.all("SELECT case_id FROM exclusions WHERE staff_id = :staff", {"staff": staff})
    return frozenset(number for (number,) in rows)


def calls_to(unit: Unit, staff: int) -> dict[int, str]:
    """The cases for which a member was paged and has not answered, with the code in her message."""
    sql = "SELECT case_id, code FROM pages WHERE staff_id = :staff AND state IN ('open', 'sent', 'held')"
    return dict(unit.all(sql, {"staff": staff}))


def contacts_due(unit: Unit) -> dict[int, int]:
    """By when somebody is to be in touch with her, for each case that was taken. All of it stands in an index."""
    sql = "SELECT case_id, next_action_at FROM alarms WHERE status = 'taken' AND next_action_at IS NOT NULL"
    return dict(unit.all(sql))


def tasks_due(unit: Unit, staff: int, now: datetime) -> dict[int, int]:
    """The earliest of a member's tasks that are due by now, for each case."""
    sql = """SELECT case_id, MIN(due_at) FROM tasks
        WHERE staff_id = :staff AND done_at IS NULL AND due_at <= :now GROUP BY case_id"""
    return dict(unit.all(sql, {"staff": staff, "now": millis(now)}))


def workers(unit: Unit, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Who works on each of these cases, the lead first."""
    rest = "case_id, part, since, staff_id FROM assignments WHERE until IS NULL AND case_id"
    found: dict[int, list[int]] = {}
    for case, _part, _since, staff in sorted(_by_number(unit, rest, numbers)):
        found.setdefault(case, []).append(staff)
    return {case: list(dict.fromkeys(who)) for case, who in found.items()}
