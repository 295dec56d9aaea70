"""Keeps pages: who was woken for which case, at which step, by which channel and code, and what became of it.

It holds no words and no address; the letter that carries a page is the outbox's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from storage.unit import Unit, millis, moment

State = Literal["open", "sent", "held", "failed", "taken", "passed", "over", "told", "done"]
"""open: being sent · sent: the channel has it · held: it waits until the reader writes · failed: it never arrives ·
taken: its reader holds the case · passed · over: no longer wanted · told: over, and its reader heard so ·
done: she answered nevertheless, and heard how it stands."""
LIVE: tuple[State, ...] = ("open", "sent", "held")
"""States in which a page can still be answered."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `id` is a random number: it says nothing of how many there are."""

    id: int
    case: int
    staff: int
    channel: str
    code: str
    round: int
    step: int
    state: State
    made_at: datetime


_COLUMNS = "id, case_id, staff_id, channel, code, round, step, state, made_at"
_ADD = """
    INSERT INTO pages (id, key, case_id, staff_id, channel, code, round, step, state, made_at)
    VALUES (:id, :key, :case, :staff, :channel, :code, :round, :step, :state, :at) ON CONFLICT (key) DO NOTHING
"""


def add(unit: Unit, page: Page) -> bool:
    """Keep a page. False where there is one for this case, round, step, person and channel already (I2)."""
    key = f"{page.case}:{page.round}:{page.step}:{page.staff}:{page.channel}"
    values = {"id": page.id, "key": key, "case": page.case, "staff": page.staff, "channel": page.channel}
    values |= {"code": page.code, "round": page.round, "step": page.step, "state": page.state}
    return unit.count(_ADD, values | {"at": millis(page.made_at)}) == 1


def find(unit: Unit, number: int) -> Page | None:
    """The page with this number."""
    row = unit.one(f"SELECT {_COLUMNS} FROM pages WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return _page(row) if row else None


def of_case(unit: Unit, case: int) -> list[Page]:
    """A case's pages, in the order in which they were made."""
    sql = f"SELECT {_COLUMNS} FROM pages WHERE case_id = :case"  # noqa: S608 - our own names
    return sorted(map(_page, unit.all(sql, {"case": case})), key=_order)


def pending(unit: Unit, staff: int) -> list[Page]:
    """What waits for one person: pages that she can answer, and those by which she holds a case; oldest first."""
    sql = f"""SELECT {_COLUMNS} FROM pages
        WHERE staff_id = :staff AND state IN ('open', 'sent', 'held', 'taken')"""  # noqa: S608 - our own names
    return sorted(map(_page, unit.all(sql, {"staff": staff})), key=_order)


def is_waiting(unit: Unit, staff: int, code: str) -> bool:
    """Whether a page with this code waits for this person."""
    sql = """SELECT 1 FROM pages WHERE staff_id = :staff AND code = :code
        AND state IN ('open', 'sent', 'held', 'taken')"""
    return unit.one(sql, {"staff": staff, "code": code}) is not None


def lately_over(unit: Unit, staff: int, since: datetime) -> Page | None:
    """The newest page of one person since a moment that is over for her, as far as she has been told."""
    sql = f"""SELECT {_COLUMNS} FROM pages WHERE staff_id = :staff AND state IN ('told', 'passed') AND made_at >= :since
        ORDER BY made_at DESC, id LIMIT 1"""  # noqa: S608 - our own names
    row = unit.one(sql, {"staff": staff, "since": millis(since)})
    return _page(row) if row else None


def put_state(unit: Unit, pages: Sequence[Page], state: State) -> None:
    """Move pages to a state."""
    unit.many("UPDATE pages SET state = :state WHERE id = :id", [{"id": page.id, "state": state} for page in pages])


def _page(row: tuple[Any, ...]) -> Page:
    number, case, staff, channel, code, round_, step, state, made_at = row
    return Page(number, case, staff, channel, code, round_, step, state, moment(made_at))


def _order(page: Page) -> tuple[datetime, int, int, int]:
    return page.made_at, page.round, page.step, page.id
