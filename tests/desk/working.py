"""A case that members work on, at the level of acts: what their browsers seal and open is done here with their keys."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot import chance
from flows.core import AddToCase, Answer, Language, OpenCase, Person
from flows.ladder import Level
from handlers import cases as opening
from handlers import work_items, work_people, work_view
from handlers.cases import Origin, Sealing
from handlers.draw import World
from handlers.work import Who
from handlers.work_items import Sealed
from storage import cases, people, staff
from storage.cases import Case, Item
from storage.coding import encode
from storage.seal import SEED, open_with, public_key, seal_to
from storage.store import Store
from storage.unit import Unit
from tests.handlers.alarm_town import MONDAY, RULES, draws

CODE = "KKK-222"
HER = 8_000_000_000
T = TypeVar("T")


@dataclass(slots=True)
class Colleague:
    """A member with a key of her own."""

    who: Who
    name: str
    seed: bytes
    reader: int


@dataclass(slots=True)
class Room:
    """The desk without pages: a store, a moment, and who works here."""

    store: Store
    now: datetime = MONDAY
    rules: Any = RULES
    draw: Any = field(default_factory=lambda: replace(draws(), seed=chance.random_bytes))

    def world(self) -> World:
        return World(self.now, self.rules, self.draw)

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)

    async def has(self, name: str, role: str = "focal_point", *, key: bool = True, **reaches: str) -> Colleague:
        """A member, with a key unless she has made none yet."""
        number, reader, seed = chance.number(), chance.number(), chance.random_bytes(SEED)
        await self.store.write(staff.add, number, staff.Facts(name, "en"), role, reaches, self.now)
        if key:
            await self.store.write(cases.add_reader, reader, "staff", public_key(seed), self.now, number)
        return Colleague(Who(number, role), name, seed, reader)

    async def she_reports(
        self, level: Level = "high", *, reach: str = "here", hours: str = "any", language: Language = "en"
    ) -> Case:
        """A case, sealed to those of her level who have a key, with her wishes."""
        await self.store.write(_opened, level, reach, hours, language, self.world())
        return await self.case()

    async def she(self, kind: Any, words: str = "") -> None:
        """She adds something to her case."""
        await self.store.write(_added, AddToCase(CODE, kind, words=words), self.world())

    async def case(self) -> Case:
        found = await self.store.read(cases.by_code, CODE)
        assert found is not None
        return found

    async def does(self, act: Callable[..., T], by: Colleague, asked: object, **more: Any) -> T:
        """An act of hers, as the page asks for it."""
        return await self.store.write(act, CODE, by.who, asked, self.world(), **more)

    async def sees(self, by: Colleague) -> Mapping[str, Any]:
        """What the page of the case gets."""
        return await self.store.write(work_view.look, CODE, by.who, self.world())

    async def words(self, kind: str = "note", **content: Any) -> Sealed:
        """Something sealed to the case's present key, as a browser does."""
        case, number = await self.case(), chance.number()
        return sealed(case, number, Item(kind, self.now, content))

    async def writes(self, by: Colleague, **content: Any) -> None:
        await self.does(work_items.add, by, await self.words(**content))

    async def reads(self, by: Colleague) -> list[Item]:
        """All that her key opens of what she is given."""
        return opened(await self.sees(by), by.reader, by.seed)

    async def hands_on(self, by: Colleague, to: Colleague) -> Any:
        """Her browser re-seals the keys that a colleague lacks."""
        seen = await self.sees(by)
        lacking = next(one for one in seen["missing"] if one["reader"] == str(to.reader))
        return await self.does(work_people.share, by, resealed(seen, by, lacking))


def resealed(seen: Mapping[str, Any], by: Colleague, lacking: Mapping[str, Any]) -> work_people.Shares:
    case, reader = int(seen["case"]), int(lacking["reader"])
    seeds = seeds_of(seen, by.reader, by.seed)
    shares = {
        str(epoch): b64(seal_to(lacking["publicKey"], cases.seed_place(case, epoch, reader), seeds[epoch]))
        for epoch in lacking["epochs"]
        if epoch in seeds
    }
    return work_people.Shares(str(reader), shares)


def sealed(case: Case, number: int, *items: Item) -> Sealed:
    body = seal_to(case.public_key, cases.item_place(case.id, number), encode(list(items)))
    return Sealed(str(number), case.epoch, b64(body))


def seeds_of(seen: Mapping[str, Any], reader: int, seed: bytes) -> dict[int, bytes]:
    case = int(seen["case"])
    return {
        int(epoch): open_with(seed, cases.seed_place(case, int(epoch), reader), raw(share))
        for epoch, share in seen["shares"].items()
    }


def opened(seen: Mapping[str, Any], reader: int, seed: bytes) -> list[Item]:
    """As her browser opens what came from the server, in JSON or before it."""
    from storage.coding import decode  # noqa: PLC0415 - beside its use

    case, seeds, found = int(seen["case"]), seeds_of(seen, reader, seed), list[Item]()
    for one in seen["items"]:
        if one["epoch"] in seeds:
            place = cases.item_place(case, int(one["number"]))
            found += decode(open_with(seeds[one["epoch"]], place, raw(one["body"])), list[Item])
    return found


def raw(value: bytes | str) -> bytes:
    return base64.b64decode(value) if isinstance(value, str) else value


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _opened(unit: Unit, level: Level, reach: str, hours: str, language: Language, world: World) -> None:
    cases.add_reader(unit, 1, "recovery", public_key(b"r" * 32), world.now)
    people.meet(unit, HER, "telegram", "her")
    people.remember(unit, HER, Person(language=language, welcomed=True, cases=(CODE,)))
    sealing = Sealing(unit, world)
    opening.open_or_raise(sealing, OpenCase(CODE, level, (("danger", "unsafe"),)), Origin(HER, "telegram", language))
    answers = {"reach": Answer(codes=(reach,) if reach else ()), "hours": Answer(codes=(hours,) if hours else ())}
    opening.add(sealing, AddToCase(CODE, "report", answers), HER)
    sealing.end()


def _added(unit: Unit, wanted: AddToCase, world: World) -> None:
    sealing = Sealing(unit, world)
    opening.add(sealing, wanted, HER)
    sealing.end()
