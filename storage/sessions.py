"""Keeps who is signed in at the desk, by the hash of a token that only her browser has.

It never decides who may sign in: `handlers.entry` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.unit import Row, Unit, millis, moment
from storage.vault import Place

IDLE = timedelta(minutes=30)
"""A session that was not used for so long is over."""
LONGEST = timedelta(hours=12)
"""No session is longer, however busy."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in, or half: `confirmed` once the second factor was given."""

    id: int
    staff: int
    made_at: datetime
    seen_at: datetime
    ends_at: datetime
    label: str
    """What the browser calls itself, in a few words, for the list of sessions."""
    confirmed: bool
    duress: bool
    """She signed in under duress: the desk is empty."""


_COLUMNS = "id, staff_id, made_at, seen_at, ends_at, label, confirmed, duress"


def begin(
    unit: Unit, number: int, token_hash: bytes, staff: int, agent_hash: bytes, label: str, now: datetime,
    *, confirmed: bool, duress: bool,
) -> None:  # fmt: skip
    """Keep a new session under `number`, for `LONGEST` at most; bound to the browser by `agent_hash`."""
    sql = """INSERT INTO sessions
        (id, token_hash, staff_id, made_at, seen_at, ends_at, agent_hash, label, confirmed, duress)
        VALUES (:id, :token, :staff, :now, :now, :ends, :agent, :label, :confirmed, :duress)"""
    values = {"id": number, "token": token_hash, "staff": staff, "now": millis(now), "ends": millis(now + LONGEST)}
    values |= {"agent": agent_hash, "label": unit.vault.seal(_label(number), label.encode())}
    unit.do(sql, values | {"confirmed": int(confirmed), "duress": int(duress)})


def find(unit: Unit, token_hash: bytes, agent_hash: bytes, now: datetime) -> Session | None:
    """The session of this token and this browser, if it is not over."""
    sql = f"""SELECT {_COLUMNS} FROM sessions
        WHERE token_hash = :token AND agent_hash = :agent AND ends_at > :now AND seen_at > :idle"""  # noqa: S608 - our own names
    values = {"token": token_hash, "agent": agent_hash, "now": millis(now), "idle": millis(now - IDLE)}
    row = unit.one(sql, values)
    return None if row is None else _session(unit, row)


def of_staff(unit: Unit, staff: int, now: datetime) -> list[Session]:
    """A member's sessions that are not over, the newest first."""
    sql = f"""SELECT {_COLUMNS} FROM sessions WHERE staff_id = :staff AND ends_at > :now AND seen_at > :idle
        ORDER BY made_at DESC, id"""  # noqa: S608 - our own names
    values = {"staff": staff, "now": millis(now), "idle": millis(now - IDLE)}
    return [_session(unit, row) for row in unit.all(sql, values)]


def touch(unit: Unit, number: int, now: datetime) -> None:
    """It was used just now."""
    unit.do("UPDATE sessions SET seen_at = :now WHERE id = :id", {"id": number, "now": millis(now)})


def empty(unit: Unit, number: int) -> None:
    """From now on it is one under duress: the desk is empty."""
    unit.do("UPDATE sessions SET duress = 1 WHERE id = :id", {"id": number})


def end(unit: Unit, number: int, staff: int) -> bool:
    """End one session of a member's; a desk open in it hears of it. False where she has none of this number."""
    unit.wakes.add("cases")
    sql = "DELETE FROM sessions WHERE id = :id AND staff_id = :staff"
    return unit.count(sql, {"id": number, "staff": staff}) == 1


def end_all(unit: Unit, staff: int, but: int | None = None) -> int:
    """End all sessions of a member, or all but one; desks open in them hear of it. Says how many."""
    unit.wakes.add("cases")
    sql = "DELETE FROM sessions WHERE staff_id = :staff AND id <> :but"
    return unit.count(sql, {"staff": staff, "but": but or 0})


def sweep(unit: Unit, now: datetime) -> int:
    """Forget sessions that are over."""
    sql = "DELETE FROM sessions WHERE ends_at <= :now OR seen_at <= :idle"
    return unit.count(sql, {"now": millis(now), "idle": millis(now - IDLE)})


def _session(unit: Unit, row: Row) -> Session:
    number, staff, made_at, seen_at, ends_at, label, confirmed, duress = row
    words = unit.vault.open(_label(number), bytes(label)).decode()
    return Session(
        number, staff, moment(made_at), moment(seen_at), moment(ends_at), words, bool(confirmed), bool(duress)
    )


def _label(number: int) -> Place:
    return Place("sessions", "label", str(number))
