"""A town for check-ins: the alarms' town, women who arm and turn them, and both timers called at each moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.core import Answer, ArmCheckIn, CheckIn, Person, Pressed, TurnCheckIn
from handlers import alarms, check_ins
from handlers.cases import Origin, Sealing, read_case
from handlers.check_ins import Fired
from handlers.draw import Draw, World
from storage import alarms as kept_alarms
from storage import cases, chats, people
from storage import check_ins as kept
from storage.check_ins import Kept
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit
from tests.handlers.alarm_town import Phone, Town, draws

SEED = b"r" * 32
HER, OTHER = 8_000_000_000, 8_000_000_001
PLAN = {"plan": Answer(words="إلى بيت خالتي ثم السوق"), "where": Answer(codes=("marib",))}
SIX = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
"""Six in the evening in Yemen, eight hours after the town begins."""


class CheckInTown(Town):
    """Everybody, and the time."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        known = draws()
        codes = iter([f"K{first}{second}-22{third}" for first in "ABC" for second in "23456789" for third in "ABCDEF"])
        self.draw = Draw(known.number, lambda: next(codes), known.page_code, known.seed)
        self.checked: list[Fired] = []
        self.failed: list[int] = []

    async def begins(self) -> tuple[Phone, Phone]:
        """The recovery key is there, somebody is on call, and a coordinator."""
        await self.store.write(cases.add_reader, 1, "recovery", public_key(SEED), self.now)
        huda, coordinator = await self.has("huda"), await self.has("coordinator", "coordinator")
        await self.is_on_call(huda)
        return huda, coordinator

    async def woman(self, number: int = HER, channel: str = "telegram", **facts: Any) -> Phone:
        """A woman with a phone."""
        address = f"her{number}"
        await self.store.write(people.meet, number, channel, address)
        await self.store.write(people.remember, number, Person(language="en", watched=True, **facts))
        return self.phones.setdefault((channel, address), Phone(number, channel, address))

    async def joins(self, one: int, other: int) -> None:
        await self.store.write(chats.join, one, other)

    async def is_now(self, number: int = HER, **facts: Any) -> None:
        await self.store.write(_is_now, number, facts)

    async def arms(self, number: int = HER, due_at: datetime = SIX, *, grace: float = 30, area: str = "marib",
                   every: str = "", plan: Mapping[str, Answer] = PLAN) -> str:  # fmt: skip
        """She arms one; returns its case's code."""
        code = self.draw.case_code()
        place = {"governorate": area} if area else {}
        wanted = ArmCheckIn(code, due_at, timedelta(minutes=grace), plan, every, place)
        await self.store.write(_arm, wanted, number, self.world())
        return code

    async def does(self, did: str, minutes: int = 0, number: int = HER, **more: Any) -> None:  # type: ignore[override]
        """She does something about the next of hers."""
        [one, *_] = await self.hers(number)
        await self.store.write(check_ins.turn, number, TurnCheckIn(one.id, did, minutes, **more), self.world())  # type: ignore[arg-type]
        await self.post()

    async def hers(self, number: int = HER) -> tuple[CheckIn, ...]:
        return await self.store.read(check_ins.of_person, number)

    async def rows(self, number: int = HER) -> list[Kept]:
        return await self.store.read(kept.of_person, number)

    async def checks_in(self) -> int:
        """The timer looks."""
        return await check_ins.fire_due(
            self.store, self.world, self.checked.append, lambda number, _: self.failed.append(number)
        )

    async def until(self, end: datetime) -> None:
        """Time passes: every check-in and every alarm acts at its moment."""
        while (due := await self._next()) is not None and due <= end:
            self.now = max(self.now, due)
            while await self.checks_in():
                pass
            await self.fires()
            await self.post()
        self.now = end

    async def _next(self) -> datetime | None:
        alarm = await self.store.read(kept_alarms.next_due)
        rows = await self.store.read(kept.overdue, datetime(2100, 1, 1, tzinfo=UTC), 1)
        found = [at for at in (alarm, rows[0][1] if rows else None) if at is not None]
        return min(found, default=None)

    async def sweeps(self) -> int:
        return await self.store.write(check_ins.sweep, self.world())

    async def status_of(self, code: str) -> str:
        case = await self.store.read(cases.by_code, code)
        return "gone" if case is None else case.status

    async def facets(self, code: str) -> cases.Facets:
        case = await self.store.read(cases.by_code, code)
        assert case is not None
        return case.facets

    async def opened(self, code: str) -> list[dict[str, Any]]:
        """What the holder of the recovery key reads in a case; nothing while it sleeps."""
        sealed = await self.store.read(cases.sealed_case, code)
        return [] if sealed is None else [dict(one) for one in read_case(sealed, 1, SEED).data["items"]]

    async def kinds(self, code: str) -> list[str]:
        return [one["kind"] for one in await self.opened(code)]

    async def alarm_of(self, code: str) -> Any:
        case = await self.store.read(cases.by_code, code)
        found = None if case is None else await self.store.read(kept_alarms.load, case.id)
        return None if found is None else found[0]

    async def takes(self, code: str, phone: Phone) -> None:
        case = await self.store.read(cases.by_code, code)
        assert case is not None
        await self.store.write(alarms.fire, case.id, self.world())
        [button] = [one.key for letter in phone.pages[-1:] for one in letter.buttons if one.label == "I take it"]
        await super().does(phone, Pressed(button))


def _arm(unit: Unit, wanted: ArmCheckIn, number: int, world: World) -> None:
    sealing = Sealing(unit, world)
    check_ins.arm(sealing, wanted, Origin(number, "telegram", "en"))
    sealing.end()


def _is_now(unit: Unit, number: int, facts: dict[str, Any]) -> None:
    known = people.recall(unit, number)
    assert known is not None
    people.remember(unit, number, replace(known[3], **facts))
