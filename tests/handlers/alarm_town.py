"""A town for alarms: staff with phones, a reporter with hers, a clock that the test moves, and the real database.

Letters reach phones only when `post` is called, by the real outbox and the real record of outcomes.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.mechanism import load
from flows.alarm import Alarm
from flows.core import Event, Person, Pressed, Said
from flows.rota import Shift
from flows.rules import Mechanism
from handlers import alarms, outcomes
from handlers.alarms import Fired, Overdue
from handlers.channel import Delivered, Held, Inbound, Outcome, Outgoing, Undeliverable
from handlers.draw import Draw, World
from handlers.lanes import Ready
from handlers.rendering import outgoing
from storage import alarms as kept
from storage import cases, outbox, pages, people, shifts, staff
from storage.alarms import Entry
from storage.outbox import Lane
from storage.seal import public_key
from storage.staff import Facts
from storage.store import Store
from storage.unit import Unit

MONDAY = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
"""Ten in the morning in Aden, in working hours."""
CASE, HER = 7_000_000_000, 8_000_000_000
HER_CODE = "KKK-222"
RULES = load(Path("mechanism"))
T = TypeVar("T")
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"


def _codes() -> Iterator[str]:
    for first, second, third in itertools.product(_LETTERS, "23456789", _LETTERS):
        yield first + second + third


def draws() -> Draw:
    """Chance without chance: every number and code once, in order."""
    numbers, codes = itertools.count(1_000), _codes()
    return Draw(lambda: next(numbers), lambda: "ZZZ-999", lambda: next(codes), lambda count: b"s" * count)


@dataclass
class Phone:
    """One channel of one person, and what it shows."""

    number: int
    channel: str
    address: str
    shows: list[Outgoing] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Delivered("ref"))
    """What the platform answers for this phone."""

    def blocks(self) -> None:
        self.outcome = Undeliverable("403", gone=True)

    def holds(self) -> None:
        self.outcome = Held("63016")

    @property
    def last(self) -> Outgoing:
        return self.shows[-1]

    @property
    def texts(self) -> list[str]:
        return [letter.text for letter in self.shows]

    @property
    def pages(self) -> list[Outgoing]:
        return [letter for letter in self.shows if letter.purpose == "page"]

    def button(self, label: str, letter: Outgoing | None = None) -> str:
        return next(button.key for button in (letter or self.last).buttons if button.label == label)


class Town:
    """Everybody, and the time. Acts are done by the real handlers on the real store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = MONDAY
        self.rules: Mechanism = RULES
        self.draw = draws()
        self.phones: dict[tuple[str, str], Phone] = {}
        self.down: set[str] = set()
        self.fired: list[Fired] = []
        self._numbers = itertools.count(1)

    def world(self) -> World:
        return World(self.now, self.rules, self.draw)

    async def has(self, name: str, role: str = "focal_point", *channels: str) -> Phone:
        """Somebody works here, reached by these channels; returns her first phone."""
        number = next(self._numbers)
        reaches = {channel: f"{name}@{channel}" for channel in channels or ("telegram",)}
        await self.store.write(staff.add, number, Facts(name, "en"), role, reaches, self.now)
        for channel, address in reaches.items():
            self.phones[channel, address] = Phone(number, channel, address)
        first = next(iter(reaches))
        return self.phones[first, reaches[first]]

    def other(self, phone: Phone, channel: str) -> Phone:
        return next(one for one in self.phones.values() if (one.number, one.channel) == (phone.number, channel))

    async def is_on_call(self, phone: Phone, level: str = "first") -> None:
        wall = self.now.replace(tzinfo=None)
        start, end = wall - timedelta(days=30), wall + timedelta(days=300)
        shift = Shift(str(next(self._numbers)), str(phone.number), level, start, end, "UTC")  # type: ignore[arg-type]
        await self.store.write(shifts.add, shift)

    async def meets_her(self, *, quiet: bool = False) -> Phone:
        """The reporter, who has opened a case."""
        await self.store.write(people.meet, HER, "telegram", "her")
        await self.store.write(people.remember, HER, Person(language="en", quiet=quiet))
        await self.store.write(_open_case, self.now)
        return self.phones.setdefault(("telegram", "her"), Phone(HER, "telegram", "her"))

    async def alarm(self, level: str = "critical") -> Fired:
        """Danger becomes known."""
        fired = await self.store.write(alarms.start, CASE, level, self.world())
        await self.post()
        return fired

    async def is_raised(self, level: str) -> None:
        await self.store.write(alarms.raise_level, CASE, level, self.world())
        await self.post()

    async def passes(self, **span: float) -> None:
        """Time passes: every alarm acts at its moment."""
        end = self.now + timedelta(**span)
        while (due := await self.store.read(kept.next_due)) is not None and due <= end:
            self.now = max(self.now, due)
            assert await self.fires()
            await self.post()
        self.now = end

    async def sleeps(self, **span: float) -> None:
        """The server is down."""
        self.now += timedelta(**span)

    async def fires(self) -> int:
        failed: list[Exception] = []
        acted = await alarms.fire_due(self.store, self.world, self.fired.append, lambda _, error: failed.append(error))
        assert not failed, failed
        return acted

    async def checks(self) -> list[Overdue]:
        found = await self.store.write(alarms.overdue, self.world())
        await self.post()
        return found

    async def does(self, phone: Phone, event: Event) -> bool:
        number = str(next(self._numbers))
        inbound = Inbound(phone.channel, number, phone.address, event, pressed_on="m1")  # type: ignore[arg-type]
        heard = await self.store.write(alarms.hear, phone.number, inbound, self.world())
        await self.post()
        return heard

    async def presses(self, phone: Phone, label: str, letter: Outgoing | None = None) -> bool:
        return await self.does(phone, Pressed(phone.button(label, letter)))

    async def writes(self, phone: Phone, words: str) -> bool:
        return await self.does(phone, Said(words))

    async def claims(self, channel: str, lane: Lane) -> list[outbox.Letter]:
        return await self.store.write(outbox.claim, channel, lane, 100, self.now)

    async def post(self) -> None:
        """The dispatcher's work: letters arrive, or don't, until nothing waits on a channel that is up."""
        names = {phone.channel for phone in self.phones.values()} - self.down
        while any([await self._post_lane(channel, lane) for channel in sorted(names) for lane in Lane]):
            pass

    async def _post_lane(self, channel: str, lane: Lane) -> bool:
        letters = await self.claims(channel, lane)
        for letter in letters:
            if lane is not Lane.PAGE or await self.store.read(outbox.still_wanted, letter.id):
                await self.arrives(channel, letter)
        return bool(letters)

    async def arrives(self, channel: str, letter: outbox.Letter) -> None:
        phone = self.phones[channel, letter.body.to]
        if isinstance(phone.outcome, Delivered):
            phone.shows.append(outgoing(letter, None))
        verdict = outcomes.judge(letter, phone.outcome, self.now)
        await self.store.write(outcomes.record, Ready(letter.id, letter), channel, verdict, self.world())

    async def log(self) -> list[Entry]:
        return await self.store.read(kept.history, CASE)

    async def logged(self) -> list[str]:
        return [entry.what for entry in await self.log()]

    async def status(self) -> str:
        case = await self.store.read(cases.by_number, CASE)
        assert case is not None
        return case.status

    async def due(self) -> datetime | None:
        return await self.store.read(kept.next_due)

    def with_ladder(self, level: str, **changes: Any) -> None:
        """The association changes a ladder."""
        ladders: dict[Any, Any] = dict(self.rules.ladders)
        ladders[level] = replace(ladders[level], **changes)
        self.rules = replace(self.rules, ladders=ladders)

    async def asks(self, act: Callable[..., T], *args: Any) -> T:
        return await self.store.read(act, *args)


def _open_case(unit: Unit, now: datetime) -> None:
    facets = cases.Facets("critical")
    cases.add_reader(unit, 1, "recovery", public_key(b"r" * 32), now)
    cases.open_case(
        unit,
        CASE,
        HER_CODE,
        b"k" * 32,
        person=HER,
        facets=facets,
        mechanism=RULES.version,
        now=now,
        to=cases.readers(unit),
    )


async def a_team(town: Town) -> tuple[Phone, Phone, Phone, Phone]:
    """Her, the first on call, her substitute, and the coordinator."""
    her = await town.meets_her()
    amal = await town.has("amal", "focal_point", "telegram", "whatsapp")
    badria = await town.has("badria")
    coordinator = await town.has("coordinator", "coordinator")
    await town.is_on_call(amal)
    await town.is_on_call(badria, "substitute")
    return her, amal, badria, coordinator


async def the_alarm(town: Town) -> Alarm:
    found = await town.asks(kept.load, CASE)
    assert found is not None
    return found[0]


def another_page(unit: Unit, number: int, town: Town) -> None:
    sql = """INSERT INTO cases (id, code, person_id, public_key, facets, status, mechanism, opened_at)
        VALUES (5, 'QQQ-333', NULL, :nothing, :nothing, 'waiting', '', 0)"""
    unit.do(sql, {"nothing": b""})
    page = pages.Page(99, 5, number, "telegram", "Q9Q", 1, 0, "sent", town.now)
    assert pages.add(unit, page)
