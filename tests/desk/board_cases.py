"""Cases for tests of the list: opened by the real storage, at a moment and a level, taken and heard as a test says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.mechanism import load
from bot.wiring import DRAW
from flows.alarm import Alarm
from handlers.board import Board, Page
from handlers.board_order import Wanted
from handlers.draw import World
from storage import alarms, assignments, cases, staff
from storage.seal import public_key
from storage.staff import Member
from storage.store import Store
from storage.unit import Unit
from tests.town import Town

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load(Path("mechanism"))
_KEY = public_key(b"r" * 32)


@dataclass
class Desk:
    """A store with members and cases, and the list as each member sees it."""

    store: Store
    board: Board = field(default_factory=Board)
    now: datetime = NOW

    def world(self) -> World:
        return World(self.now, RULES, DRAW)

    async def has(self, name: str, role: str = "focal_point") -> Member:
        """Somebody works here."""
        number = DRAW.number()
        await self.store.write(staff.add, number, staff.Facts(name, "en"), role, {}, self.now)
        found = await self.store.read(staff.member, number)
        assert found is not None
        return found

    async def case(self, code: str, level: str = "high", status: str = "waiting", **more: Any) -> int:
        """A case, opened so many `hours` ago; `by`: its lead; `heard`, `answered`: hours ago; `contact`: in hours."""
        number = DRAW.number()
        await self.store.write(_open, number, code, level, status, more, self.now)
        return number

    async def sees(self, member: Member, **wanted: Any) -> Page:
        """A page of the list."""
        return await self.board.page(self.store, member, Wanted(**wanted), self.world())

    async def codes(self, member: Member, **wanted: Any) -> list[str]:
        """The codes on a page, in their order."""
        return [row.code for row in (await self.sees(member, **wanted)).rows]

    async def does(self, act: Any, *args: Any) -> Any:
        return await self.store.write(act, *args)


def _open(unit: Unit, number: int, code: str, level: str, status: str, more: dict[str, Any], now: datetime) -> None:
    def before(hours: float) -> datetime:
        return now - timedelta(hours=hours)

    place = {"governorate": more.get("place", "marib"), "door": "online"}
    cases.open_case(
        unit, number, code, b"k" * 32, person=None, facets=cases.Facets(level, (), place), mechanism="v",
        now=before(more.get("hours", 1)), to=[(1, _KEY)], drill=more.get("drill", False),
    )  # fmt: skip
    cases.put_status(unit, number, status)
    for part, who in (("lead", more.get("by")), ("second", more.get("beside"))):
        if who is not None:
            assignments.begin(unit, DRAW.number(), number, who.id, part, before(0.5))  # type: ignore[arg-type]
    if "heard" in more:
        cases.note_heard(unit, number, before(more["heard"]))
    if "answered" in more:
        cases.note_answered(unit, number, before(more["answered"]))
    if "contact" in more:
        due = before(-more["contact"])
        alarm = Alarm("critical", RULES.ladders, RULES.working_hours, "v", before(1), due, "taken")
        alarms.add(unit, number, alarm)


def lines(place: Town) -> Desk:
    """Cases put straight into a town's database."""
    return Desk(place.working.store, now=place.now())


def reader(unit: Unit) -> None:
    """A key that cases can be sealed to."""
    cases.add_reader(unit, 1, "recovery", _KEY, NOW)
