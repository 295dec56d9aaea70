"""Keeps tasks: whose, for which case, until when. What is to be done lies in the case, sealed.

It never reminds anybody by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.unit import Row, Unit, millis, moment


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to be done by a member until a moment."""

    id: int
    case: int
    staff: int
    due_at: datetime
    made_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A task that waits, by its case's code."""

    code: str
    due_at: datetime


_COLUMNS = "id, case_id, staff_id, due_at, made_at, done_at"


def add(unit: Unit, task: Task) -> None:
    """Keep a task. Raises `Taken` where its number is."""
    sql = "INSERT INTO tasks (id, case_id, staff_id, due_at, made_at) VALUES (:id, :case, :staff, :due, :made)"
    values = {"id": task.id, "case": task.case, "staff": task.staff}
    unit.do(sql, values | {"due": millis(task.due_at), "made": millis(task.made_at)})
    unit.wakes.add("cases")


def of_case(unit: Unit, case: int) -> list[Task]:
    """A case's tasks, by when they are due."""
    sql = f"SELECT {_COLUMNS} FROM tasks WHERE case_id = :case ORDER BY due_at, id"  # noqa: S608 - our own names
    return [_task(row) for row in unit.all(sql, {"case": case})]


def put_done(unit: Unit, case: int, number: int, at: datetime | None) -> bool:
    """Tick a task off, or take the tick away (None). False where the case has no such task."""
    sql = "UPDATE tasks SET done_at = :at WHERE id = :id AND case_id = :case"
    unit.wakes.add("cases")
    return unit.count(sql, {"id": number, "case": case, "at": None if at is None else millis(at)}) == 1


def hand_on(unit: Unit, case: int, staff: int, to: int) -> None:
    """Somebody is off the case: what she had not done yet is another's."""
    sql = "UPDATE tasks SET staff_id = :to WHERE case_id = :case AND staff_id = :staff AND done_at IS NULL"
    unit.do(sql, {"case": case, "staff": staff, "to": to})


_DUE = """
    SELECT cases.code, tasks.due_at FROM tasks JOIN cases ON cases.id = tasks.case_id
    JOIN assignments ON assignments.case_id = tasks.case_id AND assignments.staff_id = tasks.staff_id AND until IS NULL
    WHERE tasks.staff_id = :staff AND done_at IS NULL AND tasks.due_at <= :before AND cases.status <> 'closed'
    ORDER BY tasks.due_at, tasks.id LIMIT 500
"""


def due_of(unit: Unit, staff: int, before: datetime) -> list[Due]:
    """What a member is to do until a moment, on cases that are open and still hers; the most pressing first."""
    return [Due(code, moment(at)) for code, at in unit.all(_DUE, {"staff": staff, "before": millis(before)})]


def _task(row: Row) -> Task:
    number, case, staff, due, made, done = row
    return Task(number, case, staff, moment(due), moment(made), None if done is None else moment(done))
