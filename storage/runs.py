"""Keeps runs: one sending each, what goes out sealed as it was approved, and how far it has come.

It never changes what goes out, and it holds nothing of whom it is for: that's `storage.recipients`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.broadcast import Frozen, RunState
from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place


@dataclass(frozen=True, slots=True)
class Run:
    """One sending. `why` says why it stands still, where it does by itself: media, template."""

    id: int
    campaign: int | None
    kind: str
    state: RunState
    frozen: Frozen
    starts_at: datetime
    ends_at: datetime
    planned_to: int | None
    """Number of the last subscriber who was looked at; None once all were."""
    made_at: datetime
    made_by: int | None
    approved_by: int | None
    ended_at: datetime | None = None
    version: int = 0
    why: str = ""


_FIELDS = """id, campaign_id, kind, state, body, starts_at, ends_at, planned_to, made_at, made_by, approved_by,
    ended_at, version, why"""
_ADD = """
    INSERT INTO runs (id, campaign_id, kind, state, body, starts_at, ends_at, planned_to, made_at, made_by, approved_by)
    VALUES (:id, :campaign, :kind, :state, :body, :starts, :ends, :planned, :made, :by, :approved)
"""


def add(unit: Unit, run: Run) -> None:
    """Keep a new one."""
    values = {"id": run.id, "campaign": run.campaign, "kind": run.kind, "state": run.state}
    values |= {"starts": millis(run.starts_at), "ends": millis(run.ends_at), "planned": run.planned_to}
    values |= {"made": millis(run.made_at), "by": run.made_by, "approved": run.approved_by}
    unit.do(_ADD, values | {"body": unit.vault.seal(_place(run.id), encode(run.frozen))})
    unit.wakes.add("broadcasts")


def get(unit: Unit, number: int) -> Run | None:
    """One by its number."""
    row = unit.one(f"SELECT {_FIELDS} FROM runs WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return None if row is None else _run(unit, row)


def held(unit: Unit, number: int) -> Run | None:
    """The same, held until the act ends, so that its state may be changed."""
    sql = f"SELECT {_FIELDS} FROM runs WHERE id = :id /* held runs */"  # noqa: S608 - as above
    row = unit.one(sql, {"id": number})
    return None if row is None else _run(unit, row)


def open_ones(unit: Unit) -> list[Run]:
    """Those that have not ended, the one that begins first first."""
    sql = f"SELECT {_FIELDS} FROM runs WHERE ended_at IS NULL ORDER BY starts_at, id"  # noqa: S608 - as above
    return [_run(unit, row) for row in unit.all(sql)]


def of_campaign(unit: Unit, campaign: int) -> list[Run]:
    """Every run of a campaign, in the order in which they begin."""
    sql = f"SELECT {_FIELDS} FROM runs WHERE campaign_id = :campaign ORDER BY starts_at, id"  # noqa: S608 - as above
    return [_run(unit, row) for row in unit.all(sql, {"campaign": campaign})]


def standing(unit: Unit, number: int) -> tuple[RunState, datetime] | None:
    """A run's state and its end, without opening what it says: asked for each letter."""
    row = unit.one("SELECT state, ends_at FROM runs WHERE id = :id", {"id": number})
    return None if row is None else (row[0], moment(row[1]))


def move(unit: Unit, number: int, state: RunState, *, why: str = "", ended_at: datetime | None = None) -> None:
    """Put a run into another state."""
    sql = """UPDATE runs SET state = :state, why = :why, ended_at = :ended, version = version + 1 WHERE id = :id"""
    values = {"id": number, "state": state, "why": why or None}
    unit.do(sql, values | {"ended": None if ended_at is None else millis(ended_at)})
    unit.wakes.add("broadcasts")


def shut(unit: Unit, number: int, at: datetime) -> None:
    """Nothing of a run goes out after this moment, not even again."""
    unit.do("UPDATE runs SET ends_at = :at WHERE id = :id AND ends_at > :at", {"id": number, "at": millis(at)})


def planned(unit: Unit, number: int, before: int, to: int | None) -> bool:
    """A piece of its list is made: from `before` to `to`. False where somebody else made it meanwhile."""
    sql = "UPDATE runs SET planned_to = :to WHERE id = :id AND planned_to = :before AND state = 'planning'"
    return unit.count(sql, {"id": number, "to": to, "before": before}) == 1


def remark(unit: Unit, number: int, why: str) -> None:
    """Note on a run what the team must know of it (a template that was paused)."""
    unit.do("UPDATE runs SET why = :why WHERE id = :id", {"id": number, "why": why or None})


def ended_before(unit: Unit, before: datetime, most: int = 20) -> list[int]:
    """Runs that ended before a moment and still have recipients."""
    sql = """SELECT id FROM runs WHERE ended_at < :before
        AND EXISTS (SELECT 1 FROM recipients WHERE run_id = runs.id) ORDER BY ended_at LIMIT :most"""
    return [number for (number,) in unit.all(sql, {"before": millis(before), "most": most})]


def _run(unit: Unit, row: tuple[Any, ...]) -> Run:
    number, campaign, kind, state, body, starts, ends, planned_to, made, by, approved, ended, version, why = row
    frozen = decode(unit.vault.open(_place(number), bytes(body)), Frozen)
    return Run(
        number, campaign, kind, state, frozen, moment(starts), moment(ends), planned_to, moment(made), by, approved,
        None if ended is None else moment(ended), version, why or "",
    )  # fmt: skip


def _place(number: int) -> Place:
    return Place("runs", "body", str(number))
