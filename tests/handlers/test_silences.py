"""Ten minutes of silence after words of danger call the team for whoever agreed to it, once, late rather than never."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import chance
from bot.mechanism import load
from bot.settings import ROOT
from bot.wiring import DRAW
from flows.core import Consent, Event, Located, Person, Said
from handlers import inbound, retention, silences
from handlers.cases import OpenedCase, read_case
from handlers.channel import Inbound
from handlers.draw import World
from storage import cases, people
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = load(ROOT / "mechanism")
SEED = bytes(range(100, 132))
AGREED = Person(language="ar", welcomed=True, consents={"alert": Consent("1", NOW)})
ASKED = replace(AGREED, consents={})
MINUTE = timedelta(minutes=1)


@dataclass
class Chats:
    """Chats with the bot, a clock, and the duty that listens for silence."""

    store: Store
    now: datetime = NOW
    failed: list[Exception] = field(default_factory=list)
    _count: int = 0

    def world(self) -> World:
        return World(self.now, RULES, DRAW)

    async def opens(self) -> None:
        await self.store.write(cases.add_reader, 1, "recovery", public_key(SEED), NOW)

    async def knows(self, address: str, person: Person) -> int:
        number = chance.number()
        await self.store.write(_meet, number, address, person)
        return number

    async def gets(self, address: str, event: Event | str) -> None:
        self._count += 1
        event = Said(event) if isinstance(event, str) else event
        message = Inbound("telegram", f"{self._count}", address, event)
        await self.store.write(inbound.receive, message, self.world(), bytes(32))

    async def passes(self, span: timedelta) -> int:
        self.now += span
        return await silences.fire_due(self.store, self.world, self.failed.append)

    async def read(self) -> list[OpenedCase]:
        codes = await self.store.read(lambda unit: unit.all("SELECT code FROM cases ORDER BY opened_at, code"))
        sealed = [await self.store.read(cases.sealed_case, code) for (code,) in codes]
        return [read_case(one, 1, SEED) for one in sealed if one is not None]

    async def letters(self) -> int:
        found = await self.store.read(lambda unit: unit.one("SELECT COUNT(*) FROM letters"))
        assert found
        return int(found[0])

    async def alerts(self) -> list[int | None]:
        return [row[0] for row in await self.store.read(lambda unit: unit.all("SELECT alert_at FROM talks"))]


def _meet(unit: Unit, number: int, address: str, person: Person) -> None:
    people.meet(unit, number, "telegram", address)
    people.remember(unit, number, person)


@pytest.fixture
async def chats(store: Store) -> Chats:
    found = Chats(store)
    await found.opens()
    return found


async def test_ten_minutes_after_the_question_the_team_is_called_once(chats: Chats) -> None:
    await chats.knows("1", AGREED)
    await chats.gets("1", "ساعدوني هو عند الباب")
    letters = await chats.letters()
    assert await chats.passes(9 * MINUTE) == 0
    assert await chats.passes(2 * MINUTE) == 1
    (case,) = await chats.read()
    assert case.data["urgency"]["level"] == "critical"
    assert case.data["urgency"]["because"] == [["danger", "unconfirmed"]]
    assert "ساعدوني هو عند الباب" in [item.get("words") for item in case.data["items"]]
    assert await chats.passes(60 * MINUTE) == 0
    assert len(await chats.read()) == 1
    assert await chats.letters() == letters
    assert chats.failed == []


async def test_without_her_agreement_nobody_is_called(chats: Chats) -> None:
    await chats.knows("1", ASKED)
    await chats.gets("1", "ساعدوني هو عند الباب")
    assert await chats.alerts() == [None]
    assert await chats.passes(60 * MINUTE) == 0
    assert await chats.read() == []


async def test_whoever_answers_in_time_is_not_called_for_by_silence(chats: Chats) -> None:
    await chats.knows("1", AGREED)
    await chats.gets("1", "ساعدوني هو عند الباب")
    chats.now += 9 * MINUTE
    await chats.gets("1", "لا")
    assert await chats.passes(20 * MINUTE) == 0


async def test_late_rather_than_never_and_with_what_she_wrote(chats: Chats) -> None:
    """We were down for a day: what she wrote is not swept away before the team has it."""
    await chats.knows("1", AGREED)
    await chats.gets("1", "ابدأ")
    await chats.gets("1", "1")
    await chats.gets("1", "ساعدوني هو عند الباب")
    chats.now += timedelta(days=1)
    await chats.store.write(retention.sweep_drafts, chats.world())
    assert await chats.passes(MINUTE) == 1
    (case,) = await chats.read()
    assert "ساعدوني هو عند الباب" in [item.get("words") for item in case.data["items"]]


async def test_hiding_the_chat_or_blocking_us_does_not_stop_it(chats: Chats) -> None:
    for address in ("1", "2"):
        await chats.knows(address, AGREED)
        await chats.gets(address, "ساعدوني هو عند الباب")
    await chats.gets("1", "خروج")
    await chats.gets("1", "أي كلام")  # somebody tries the cover: that is no answer of hers
    await chats.store.write(
        lambda unit: people.mark_gone(unit, unit.vault.index(people.who("telegram", "2")), gone=True)
    )
    assert await chats.passes(11 * MINUTE) == 2
    assert [case.data["urgency"]["because"] for case in await chats.read()] == [[["danger", "unconfirmed"]]] * 2


async def test_a_phone_that_moves_is_no_sign_of_her(chats: Chats) -> None:
    await chats.knows("1", AGREED)
    await chats.gets("1", "ساعدوني هو عند الباب")
    chats.now += 9 * MINUTE
    await chats.gets("1", Located(15.46, 45.32, live=True))
    assert await chats.passes(2 * MINUTE) == 1
    await chats.gets("1", Located(15.47, 45.32, live=True))
    (case,) = await chats.read()
    assert case.data["answers"]["here"]["place"] == [15.47, 45.32]


async def test_nothing_is_written_to_her_until_she_writes_and_then_the_question_is_there(chats: Chats) -> None:
    number = await chats.knows("1", AGREED)
    await chats.gets("1", "ساعدوني هو عند الباب")
    await chats.passes(11 * MINUTE)
    known = await chats.store.read(people.find, "telegram", "1", chats.now)
    assert known is not None
    assert (known.id, known.person.quiet, known.talk.flow) == (number, True, "danger")
    await chats.gets("1", "مرحبا")
    await chats.gets("1", "نعم")
    known = await chats.store.read(people.find, "telegram", "1", chats.now)
    assert known is not None
    assert (known.person.quiet, known.talk.flow) == (False, "danger")


async def test_one_that_breaks_stops_no_other_and_is_tried_again(chats: Chats) -> None:
    broken = await chats.knows("1", AGREED)
    await chats.knows("2", AGREED)
    await chats.gets("1", "ساعدوني هو عند الباب")
    await chats.gets("2", "ساعدوني هو عند الباب")
    sql = "SELECT body FROM talks WHERE person_id = :id"
    row = await chats.store.read(lambda unit: unit.one(sql, {"id": broken}))
    assert row
    await chats.store.write(_put_body, broken, b"not a seal")
    assert await chats.passes(11 * MINUTE) == 1
    assert len(chats.failed) == 1
    await chats.store.write(_put_body, broken, bytes(row[0]))
    assert await chats.passes(MINUTE) == 1
    assert len(await chats.read()) == 2


def _put_body(unit: Unit, number: int, body: bytes) -> None:
    unit.do("UPDATE talks SET body = :body WHERE person_id = :id", {"id": number, "body": body})
