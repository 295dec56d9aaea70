"""Keeps check-ins as rows with a moment and a version, and what belongs to many that were missed in one area.

It never decides when one acts, and it never holds her plan: that is sealed into the case that sleeps behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.watching import Watch
from storage.coding import decode, encode
from storage.unit import Unit, Values, millis, moment
from storage.vault import Place


class Forgotten(Exception):
    """A check-in that is to act by itself would have no moment at which it does: that is a fault of ours."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A check-in as it lies in its row."""

    id: int
    person: int
    case: int
    watch: Watch
    version: int


_LIVE = "('armed', 'asked')"
_COLUMNS = "id, person_id, case_id, body, version"


def add(unit: Unit, number: int, person: int, case: int, watch: Watch) -> None:
    """Keep a new one."""
    sql = """INSERT INTO check_ins (id, person_id, case_id, body, state, next_action_at, version)
        VALUES (:id, :person, :case, :body, :state, :due, 1)"""
    unit.do(sql, _values(unit, number, watch) | {"person": person, "case": case})


def load(unit: Unit, number: int) -> Kept | None:
    """One by its number. Raises `Unreadable`."""
    row = unit.one(f"SELECT {_COLUMNS} FROM check_ins WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return None if row is None else _kept(unit, row)


def put(unit: Unit, kept: Kept, watch: Watch) -> bool:
    """Keep its next state, if nobody else changed it since it was read. False where somebody was first."""
    sql = """UPDATE check_ins SET body = :body, state = :state, next_action_at = :due, version = version + 1
        WHERE id = :id AND version = :version"""
    return unit.count(sql, _values(unit, kept.id, watch) | {"version": kept.version}) == 1


def _values(unit: Unit, number: int, watch: Watch) -> dict[str, object]:
    if watch.state in {"armed", "asked"} and watch.next_at is None:
        raise Forgotten
    unit.wakes.add("check_ins")
    due = None if watch.next_at is None else millis(watch.next_at)
    return {"id": number, "body": unit.vault.seal(_place(number), encode(watch)), "state": watch.state, "due": due}


def _kept(unit: Unit, row: Sequence[object]) -> Kept:
    number, person, case, body, version = row
    watch = decode(unit.vault.open(_place(number), bytes(body)), Watch)  # type: ignore[call-overload]
    return Kept(number, person, case, watch, version)  # type: ignore[arg-type]


def of_person(unit: Unit, person: int) -> list[Kept]:
    """Everything of one chat, what is over as well. Raises `Unreadable`."""
    sql = f"SELECT {_COLUMNS} FROM check_ins WHERE person_id = :person ORDER BY id"  # noqa: S608 - our own names
    return [_kept(unit, row) for row in unit.all(sql, {"person": person})]


def has_any(unit: Unit, person: int) -> bool:
    """Whether a chat has a check-in, what is over and not yet destroyed as well."""
    return unit.one("SELECT 1 FROM check_ins WHERE person_id = :person LIMIT 1", {"person": person}) is not None


def due(unit: Unit, now: datetime, most: int) -> list[int]:
    """Those that are to act by now, the most overdue first."""
    sql = f"""SELECT id FROM check_ins WHERE next_action_at IS NOT NULL AND next_action_at <= :now
        AND state IN {_LIVE} ORDER BY next_action_at, id LIMIT :most"""  # noqa: S608 - our own words
    return [row[0] for row in unit.all(sql, {"now": millis(now), "most": most})]


def overdue(unit: Unit, before: datetime, most: int) -> list[tuple[int, datetime]]:
    """Those that were to act before a moment and have not, with when they were to."""
    sql = f"""SELECT id, next_action_at FROM check_ins WHERE next_action_at IS NOT NULL AND next_action_at < :before
        AND state IN {_LIVE} ORDER BY next_action_at, id LIMIT :most"""  # noqa: S608 - our own words
    return [(number, moment(at)) for number, at in unit.all(sql, {"before": millis(before), "most": most})]


# ---------------------------------------------------------------- the case behind it


_WAKE = """UPDATE cases SET status = 'waiting', hidden = :hidden, opened_at = :now, heard_at = :now,
    version = version + 1 WHERE id = :case AND status = 'sleeping'"""


def wake(unit: Unit, case: int, now: datetime, *, hidden: bool) -> bool:
    """Let a sleeping case wait for somebody. False where it is awake already, or gone."""
    unit.wakes.add("cases")
    return unit.count(_WAKE, {"case": case, "now": millis(now), "hidden": int(hidden)}) == 1


def hide(unit: Unit, case: int) -> None:
    """She is not shown it any more."""
    unit.do("UPDATE cases SET hidden = 1 WHERE id = :case", {"case": case})


# ---------------------------------------------------------------- many at once


def miss(unit: Unit, number: int, area: str, now: datetime) -> None:
    """It was missed, in this area."""
    sql = "UPDATE check_ins SET area = :area, missed_at = :now WHERE id = :id"
    unit.do(sql, {"id": number, "area": _area(unit, area), "now": millis(now)})


def missed(unit: Unit, area: str, since: datetime, most: int) -> list[int]:
    """The cases of those that were missed in an area since a moment, the latest `most` of them, oldest first."""
    sql = """SELECT case_id FROM check_ins WHERE area = :area AND missed_at IS NOT NULL AND missed_at >= :since
        ORDER BY missed_at DESC, id DESC LIMIT :most"""
    rows = unit.all(sql, {"area": _area(unit, area), "since": millis(since), "most": most})
    return [case for (case,) in reversed(rows)]


def outage(unit: Unit, area: str, since: datetime) -> int | None:
    """The case about an area in which many are missed, if there is one since a moment that is not closed."""
    sql = """SELECT case_id FROM outages JOIN cases ON cases.id = case_id
        WHERE area = :area AND made_at >= :since AND status <> 'closed' ORDER BY made_at DESC LIMIT 1"""
    row = unit.one(sql, {"area": _area(unit, area), "since": millis(since)})
    return None if row is None else int(row[0])


def add_outage(unit: Unit, number: int, area: str, case: int, missed: int, now: datetime) -> None:
    """Many are missed in an area: this case is about them."""
    sql = "INSERT INTO outages (id, area, case_id, made_at, missed) VALUES (:id, :area, :case, :now, :missed)"
    values = {"id": number, "area": _area(unit, area), "case": case, "now": millis(now), "missed": missed}
    unit.do(sql, values)


def join_outage(unit: Unit, case: int) -> None:
    """One more of them."""
    unit.do("UPDATE outages SET missed = missed + 1 WHERE case_id = :case", {"case": case})


def _area(unit: Unit, area: str) -> bytes:
    """Where it is, so that nobody can read it; a new server key forgets what was missed within the last minutes."""
    return unit.vault.index(f"area:{area}")


# ---------------------------------------------------------------- their end


def ended(unit: Unit, now: datetime, most: int) -> list[tuple[int, int]]:
    """Those whose time is over, or whose woken case is closed: number and person."""
    sql = """SELECT id, person_id FROM check_ins WHERE state = 'over' AND next_action_at <= :now
        UNION SELECT check_ins.id, check_ins.person_id FROM check_ins JOIN cases ON cases.id = case_id
            WHERE state = 'overdue' AND status = 'closed'
        ORDER BY 1 LIMIT :most"""
    return [(number, person) for number, person in unit.all(sql, {"now": millis(now), "most": most})]


def destroy(unit: Unit, number: int) -> None:
    """Destroy one, and with it the case that still sleeps behind it: its keys, her plan, its files."""
    values: Values = {"id": number}
    sleeping = "SELECT case_id FROM check_ins WHERE id = :id"
    unit.do(f"DELETE FROM cases WHERE status = 'sleeping' AND id IN ({sleeping})", values)  # noqa: S608 - our own words
    unit.do("DELETE FROM check_ins WHERE id = :id", values)


def _place(number: object) -> Place:
    return Place("check_ins", "body", str(number))
