"""Keeps who works on which case: one who leads, others beside her, and those who must never see it.

It never decides who may read: a key does, and `handlers.sharing` hands it on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.unit import Unit, millis, moment

Part = Literal["lead", "second"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One member's part in a case, since when."""

    case: int
    staff: int
    part: Part
    since: datetime


def begin(unit: Unit, number: int, case: int, staff: int, part: Part, now: datetime) -> None:
    """Give a member a part in a case; she has one at a time. A new lead makes the one before a second."""
    if part == "lead":
        sql = "UPDATE assignments SET part = 'second' WHERE case_id = :case AND part = 'lead' AND until IS NULL"
        unit.do(sql, {"case": case})
    sql = """INSERT INTO assignments (id, case_id, staff_id, part, since) VALUES (:id, :case, :staff, :part, :now)
        ON CONFLICT (case_id, staff_id) WHERE until IS NULL DO UPDATE SET part = excluded.part"""
    unit.do(sql, {"id": number, "case": case, "staff": staff, "part": part, "now": millis(now)})
    unit.wakes.add("cases")


def end(unit: Unit, case: int, staff: int, now: datetime) -> bool:
    """Take a member off a case. False where she was not on it."""
    sql = "UPDATE assignments SET until = :now WHERE case_id = :case AND staff_id = :staff AND until IS NULL"
    unit.wakes.add("cases")
    return unit.count(sql, {"case": case, "staff": staff, "now": millis(now)}) == 1


def of_case(unit: Unit, case: int) -> list[Assignment]:
    """Those who work on a case, the lead first."""
    sql = """SELECT case_id, staff_id, part, since FROM assignments WHERE case_id = :case AND until IS NULL
        ORDER BY part, since"""
    return [Assignment(number, staff, part, moment(at)) for number, staff, part, at in unit.all(sql, {"case": case})]


def cases_of(unit: Unit, staff: int) -> list[int]:
    """The cases that a member works on."""
    sql = "SELECT case_id FROM assignments WHERE staff_id = :staff AND until IS NULL ORDER BY since, case_id"
    return [number for (number,) in unit.all(sql, {"staff": staff})]


def works_on(unit: Unit, case: int, staff: int) -> bool:
    """Whether a member works on a case."""
    sql = "SELECT 1 FROM assignments WHERE case_id = :case AND staff_id = :staff AND until IS NULL"
    return unit.one(sql, {"case": case, "staff": staff}) is not None


def exclude(unit: Unit, case: int, staff: int, now: datetime) -> None:
    """She must never see this case, nor be paged for it."""
    sql = """INSERT INTO exclusions (case_id, staff_id, made_at) VALUES (:case, :staff, :now)
        ON CONFLICT (case_id, staff_id) DO NOTHING"""
    unit.do(sql, {"case": case, "staff": staff, "now": millis(now)})


def excluded(unit: Unit, case: int) -> frozenset[int]:
    """Members who must never see a case."""
    rows = unit.all("SELECT staff_id FROM exclusions WHERE case_id = :case", {"case": case})
    return frozenset(number for (number,) in rows)
