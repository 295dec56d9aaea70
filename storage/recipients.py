"""Keeps who is sent a run, one row for each, and how far hers has come: it only ever moves forward.

It never holds an address: a row names a subscriber's number, which says nothing once she has left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase
from typing import Final

from flows.broadcast import RecipientState
from storage.unit import Unit, Values, millis, moment

_AT_ONCE: Final = 50
"""Rows of one INSERT: each further row costs a quarter of what it costs alone (measured)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A recipient as the plan has her: when she may be written to, or why never."""

    subscriber: int
    channel: str
    due_at: datetime
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one: her new state from `rank` on, and when it left."""

    run: int
    subscriber: int
    state: RecipientState
    why: str = ""
    at: datetime | None = None
    rank: int = 0


def _several(count: int) -> str:
    """An INSERT of so many rows; blanks are named in letters, which is all that both databases' spelling takes."""
    names = [f"{one}{two}" for one in ascii_lowercase for two in ascii_lowercase][:count]
    rows = ", ".join(f"(:run, :s_{n}, :c_{n}, :t_{n}, :w_{n}, :d_{n})" for n in names)
    return f"""INSERT INTO recipients (run_id, subscriber_id, channel, state, why, due_at) VALUES {rows}
        ON CONFLICT (run_id, subscriber_id) DO NOTHING"""  # noqa: S608 - our own blanks


_NAMES: Final = [f"{one}{two}" for one in ascii_lowercase for two in ascii_lowercase][:_AT_ONCE]
_MANY: Final = _several(_AT_ONCE)
_ONE: Final = _several(1)


def add(unit: Unit, run: int, listed: Sequence[Listed]) -> None:
    """List recipients, each once however often it is done."""
    whole = len(listed) - len(listed) % _AT_ONCE
    for start in range(0, whole, _AT_ONCE):
        unit.do(_MANY, _values(run, listed[start : start + _AT_ONCE]))
    unit.many(_ONE, [_values(run, [one]) for one in listed[whole:]])


def _values(run: int, listed: Sequence[Listed]) -> Values:
    values: dict[str, object] = {"run": run}
    for name, one in zip(_NAMES, listed, strict=False):
        values[f"s_{name}"] = one.subscriber
        values[f"c_{name}"] = one.channel
        values[f"t_{name}"] = "skipped" if one.skipped else "pending"
        values[f"w_{name}"] = one.skipped or None
        values[f"d_{name}"] = millis(one.due_at)
    return values


def due(unit: Unit, run: int, channel: str, now: datetime, most: int) -> list[int]:
    """Numbers of subscribers whose moment has come, the longest due first."""
    sql = """SELECT subscriber_id FROM recipients
        WHERE run_id = :run AND channel = :channel AND state = 'pending' AND due_at <= :now
        ORDER BY due_at LIMIT :most"""
    values = {"run": run, "channel": channel, "now": millis(now), "most": most}
    return [number for (number,) in unit.all(sql, values)]


def queue(unit: Unit, run: int, subscriber: int, *, template: bool) -> bool:
    """Her letter is put out. False where she is not waiting for one any more."""
    sql = """UPDATE recipients SET state = 'queued', why = NULL, sent_at = NULL, rank = 0, template = :template
        WHERE run_id = :run AND subscriber_id = :subscriber AND state = 'pending'"""
    return unit.count(sql, {"run": run, "subscriber": subscriber, "template": int(template)}) == 1


def begin(unit: Unit, run: int, subscriber: int, now: datetime) -> None:
    """Her letter leaves now: whatever becomes of it, it is not begun a second time unnoticed."""
    sql = (
        "UPDATE recipients SET sent_at = :now WHERE run_id = :run AND subscriber_id = :subscriber AND state = 'queued'"
    )
    unit.do(sql, {"run": run, "subscriber": subscriber, "now": millis(now)})


def has_begun(unit: Unit, run: int, subscriber: int) -> bool:
    """Whether her letter may have left."""
    sql = "SELECT 1 FROM recipients WHERE run_id = :run AND subscriber_id = :subscriber AND sent_at IS NOT NULL"
    return unit.one(sql, {"run": run, "subscriber": subscriber}) is not None


def wait(unit: Unit, run: int, subscriber: int, due_at: datetime, why: str = "") -> None:
    """She waits (again) until then; her letter never left."""
    sql = """UPDATE recipients SET state = 'pending', due_at = :due, why = :why, sent_at = NULL, rank = 0, template = 0
        WHERE run_id = :run AND subscriber_id = :subscriber AND state IN ('pending', 'queued', 'failed', 'doubt')"""
    unit.do(sql, {"run": run, "subscriber": subscriber, "due": millis(due_at), "why": why or None})


def requeue(unit: Unit, run: int, subscriber: int) -> None:
    """The platform gave her letter back: it goes out once more."""
    sql = """UPDATE recipients SET state = 'queued', why = NULL, rank = 0, sent_at = NULL
        WHERE run_id = :run AND subscriber_id = :subscriber AND state IN ('queued', 'sent', 'doubt', 'failed')"""
    unit.do(sql, {"run": run, "subscriber": subscriber})


_CHANGE = """
    UPDATE recipients SET state = :state, why = :why, rank = :rank, sent_at = COALESCE(:at, sent_at)
    WHERE run_id = :run AND subscriber_id = :subscriber AND rank <= :rank
        AND state IN ('pending', 'queued', 'sent', 'delivered', 'doubt', 'failed')
"""


def change(unit: Unit, changes: Iterable[Change]) -> None:
    """Note what became of some of them. A lower rank than is known changes nothing."""
    unit.many(_CHANGE, [_changed(one) for one in changes])


def _changed(one: Change) -> Values:
    at = None if one.at is None else millis(one.at)
    values = {"run": one.run, "subscriber": one.subscriber, "state": one.state, "why": one.why or None}
    return values | {"rank": one.rank, "at": at}


def state_of(unit: Unit, run: int, subscriber: int) -> RecipientState | None:
    """How far hers is; None where she is not in this run."""
    sql = "SELECT state FROM recipients WHERE run_id = :run AND subscriber_id = :subscriber"
    row = unit.one(sql, {"run": run, "subscriber": subscriber})
    return None if row is None else row[0]


def is_awaited(unit: Unit, run: int, subscriber: int) -> bool:
    """Whether another run has a letter on its way to her, whose outcome is still to be known."""
    sql = """SELECT 1 FROM recipients WHERE subscriber_id = :subscriber AND run_id <> :run
        AND (state = 'queued' OR (state = 'doubt' AND COALESCE(why, '') <> 'unknown')) LIMIT 1"""
    return unit.one(sql, {"run": run, "subscriber": subscriber}) is not None


def doubted_at(unit: Unit, subscriber: int) -> datetime | None:
    """When a letter left to her of which nobody may ever know whether it arrived: she may have it."""
    sql = "SELECT MAX(sent_at) FROM recipients WHERE subscriber_id = :subscriber AND state = 'doubt'"
    row = unit.one(sql, {"subscriber": subscriber})
    return None if row is None or row[0] is None else moment(row[0])


def last_sent(unit: Unit, subscriber: int) -> datetime | None:
    """When a letter left to her that has not failed."""
    sql = """SELECT MAX(sent_at) FROM recipients
        WHERE subscriber_id = :subscriber AND state IN ('sent', 'delivered', 'read')"""
    row = unit.one(sql, {"subscriber": subscriber})
    return None if row is None or row[0] is None else moment(row[0])


def give_up(unit: Unit, run: int, state: RecipientState, why: str, most: int) -> int:
    """So many who still wait for their letter get none. Says how many there were."""
    sql = """UPDATE recipients SET state = :state, why = :why WHERE run_id = :run AND subscriber_id IN (
        SELECT subscriber_id FROM recipients WHERE run_id = :run AND state = 'pending' LIMIT :most)"""
    return unit.count(sql, {"run": run, "state": state, "why": why, "most": most})


def leave(unit: Unit, subscriber: int) -> int:
    """She has left: whatever still waited for her is not sent. Says how many runs it was."""
    sql = """UPDATE recipients SET state = 'unsubscribed', why = NULL
        WHERE subscriber_id = :subscriber AND state IN ('pending', 'queued', 'doubt')"""
    return unit.count(sql, {"subscriber": subscriber})


def queued_of(unit: Unit, subscriber: int) -> list[int]:
    """In which runs her letter was put out, and has not left yet as far as is known."""
    sql = "SELECT run_id FROM recipients WHERE subscriber_id = :subscriber AND state = 'queued'"
    return [run for (run,) in unit.all(sql, {"subscriber": subscriber})]


def is_pending(unit: Unit, run: int) -> bool:
    """Whether anybody still waits."""
    return (
        unit.one("SELECT 1 FROM recipients WHERE run_id = :run AND state = 'pending' LIMIT 1", {"run": run}) is not None
    )


def is_queued(unit: Unit, run: int) -> bool:
    """Whether a letter is on its way."""
    return (
        unit.one("SELECT 1 FROM recipients WHERE run_id = :run AND state = 'queued' LIMIT 1", {"run": run}) is not None
    )


def last_due(unit: Unit, run: int) -> datetime | None:
    """When the last of those who wait is due."""
    row = unit.one("SELECT MAX(due_at) FROM recipients WHERE run_id = :run AND state = 'pending'", {"run": run})
    return None if row is None or row[0] is None else moment(row[0])


def failed(unit: Unit, run: int, whys: Sequence[str]) -> list[int]:
    """Whose letter failed for one of these reasons."""
    sql = "SELECT subscriber_id, why FROM recipients WHERE run_id = :run AND state = 'failed'"
    return [number for number, why in unit.all(sql, {"run": run}) if why in whys]


def in_doubt(unit: Unit, run: int, most: int = 100) -> list[int]:
    """Of whom nobody knows whether her letter arrived."""
    sql = """SELECT subscriber_id FROM recipients WHERE run_id = :run AND state = 'doubt'
        ORDER BY subscriber_id LIMIT :most"""
    return [number for (number,) in unit.all(sql, {"run": run, "most": most})]


def tap(unit: Unit, run: int, subscriber: int) -> None:
    """She pressed a button under it. Counted once."""
    sql = "UPDATE recipients SET tapped = 1 WHERE run_id = :run AND subscriber_id = :subscriber"
    unit.do(sql, {"run": run, "subscriber": subscriber})


def forget(unit: Unit, run: int, most: int = 500) -> int:
    """Forget who was sent a run; so many at once. Says how many."""
    sql = """DELETE FROM recipients WHERE run_id = :run AND subscriber_id IN (
        SELECT subscriber_id FROM recipients WHERE run_id = :run LIMIT :most)"""
    return unit.count(sql, {"run": run, "most": most})
