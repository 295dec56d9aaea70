"""After rotating, the newest key alone opens and finds everything; what changed meanwhile is never overwritten."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from bot.chance import random_bytes
from flows.alarm import Alarm
from flows.climbing import begin
from flows.core import Answer, OwnWord, Person, Talk
from flows.watch import begin as begin_watch
from flows.watching import CheckInRules
from messages import t
from storage import (
    alarms,
    campaigns,
    canary,
    cases,
    check_ins,
    files,
    logins,
    media,
    outbox,
    people,
    rotation,
    runs,
    sessions,
    staff,
    voice,
    wipes,
    words,
)
from storage.inventory import Personal, sealed_by
from storage.outbox import Lane
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit
from storage.vault import Key, KeysUnusable, Place, Vault
from tests.conftest import open_store
from tests.storage import public_seeds

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
OLD, NEW = Key("old1", bytes(range(32))), Key("new2", bytes(range(1, 33)))
HERS, FOCAL = "+967770000001", "12345"
PEOPLE = 5


def _plant(unit: Unit, alarm: Alarm) -> None:
    """One value at least in every column that the server's keys seal."""
    for number in range(1, PEOPLE + 1):
        known = people.meet(unit, number, "whatsapp", f"+96777000000{number}")
        people.remember(unit, number, Person(language="ar"))
        people.keep_talk(unit, number, Talk("report", {"what": Answer(words="سر")}), NOW, timedelta(hours=1))
        _letter(unit, f"in:{number}", known.index, f"+96777000000{number}")
    staff.add(unit, 50, staff.Facts("هدى", "ar"), "focal_point", {"telegram": FOCAL}, NOW)
    people.meet(unit, 51, "telegram", FOCAL)
    facets = cases.Facets("high", (("danger", "unsafe"),), {"governorate": "marib"})
    cases.add_reader(unit, 1, "recovery", public_key(bytes(32)), NOW)
    cases.open_case(
        unit, 60, "KTR-4MW", bytes(32), person=1, facets=facets, mechanism="1", now=NOW, to=cases.readers(unit)
    )
    alarms.add(unit, 60, alarm)
    _plant_desk(unit)
    files.want(unit, files.FileNote(70, "photo", bytes(32)), 1, "whatsapp", b"handle", NOW)
    _plant_wipes(unit)
    _plant_check_in(unit)
    for kind in get_args(OwnWord):
        words.put(unit, 1, kind, bytes(32), NOW)
    public_seeds.plant(unit, NOW)


def _plant_wipes(unit: Unit) -> None:
    """What is still to be deleted from a chat."""
    wipes.add(unit, wipes.Wipe(80, "telegram", FOCAL, ("11", "12"), (), NOW))


def _plant_check_in(unit: Unit) -> None:
    """A woman who is waited for."""
    span = timedelta(minutes=10)
    rules = CheckInRules((span,), (timedelta(0),), span, span, span, span, 3, 2, span, span, 3, span, span)
    check_ins.add(unit, 90, 1, 60, begin_watch(rules, NOW + span, span, NOW))


def _plant_desk(unit: Unit) -> None:
    """What the desk keeps under the server's keys."""
    work, reply = (
        unit.vault.seal(Place(*one), b"said") for one in (("cases", "work", "60"), ("replies", "body", "61"))
    )
    unit.do("UPDATE cases SET work = :work WHERE id = 60", {"work": work})
    unit.do(
        """INSERT INTO replies (id, case_id, staff_id, body, state, due_at, made_at)
        VALUES (61, 60, 50, :body, 'held', 0, 0)""",
        {"body": reply},
    )
    logins.put(unit, 50, "هدى", bytes(16), bytes(32), bytes(60), NOW)
    logins.put_factor(unit, 50, bytes(20), 0, ())
    voice.put_pin(unit, 50, voice.Pin(bytes(16), bytes(32)))
    sessions.begin(unit, 62, bytes(32), 50, bytes(32), "phone", NOW, confirmed=True, duress=False)


def _letter(unit: Unit, key: str, reader: bytes, address: str) -> None:
    content = outbox.body(address, "ar", t("Thank you."))
    outbox.add(unit, key, "whatsapp", reader, Lane.CONVERSATION, content, NOW)


def _rotate(unit: Unit, column: Personal, most: int = 2) -> int:
    rewritten, after = 0, None
    while True:
        step = rotation.rewrite(unit, column, after, most)
        rewritten, after = rewritten + step.rewritten, step.after
        if after is None:
            return rewritten


def _rotate_all(unit: Unit) -> dict[tuple[str, str], int]:
    return {(column.table, column.column): _rotate(unit, column) for column in rotation.COLUMNS}


class Rings:
    """One database, seen with the old key, with both, and with the new one alone."""

    def __init__(self, stores: list[Store]) -> None:
        self.old, self.both, self.new = stores


@pytest.fixture
async def rings(database: str) -> AsyncIterator[Rings]:
    stores = [open_store(database, Vault(ring, random_bytes)) for ring in ((OLD,), (NEW, OLD), (NEW,))]
    for store in stores:
        await store.start()
    yield Rings(stores)
    for store in stores:
        await store.stop()


@pytest.fixture
async def planted(rings: Rings, alarm: Alarm) -> Rings:
    await rings.old.write(_plant, alarm)
    return rings


@pytest.fixture(scope="session")
def alarm() -> Alarm:
    from bot import mechanism  # noqa: PLC0415 - read once
    from bot.settings import ROOT  # noqa: PLC0415

    return begin("high", mechanism.load(ROOT / "mechanism"), NOW)


async def test_every_sealed_column_is_rewritten(planted: Rings) -> None:
    rewritten = await planted.both.write(_rotate_all)
    assert {place for place, count in rewritten.items() if count} == {
        (one.table, one.column) for one in sealed_by("server")
    }


async def test_afterwards_the_new_key_alone_opens_everything(planted: Rings) -> None:
    await planted.both.write(_rotate_all)
    read = planted.new.read
    known = await read(people.find, "whatsapp", HERS, NOW)
    assert known is not None
    assert known.talk.answers["what"].words == "سر"
    assert await read(people.recall, 1) == ("whatsapp", HERS, known.index, known.person)
    assert [member.name for member in await read(staff.members)] == ["هدى"]
    case = await read(cases.by_code, "KTR-4MW")
    assert case is not None
    assert case.facets.level == "high"
    assert await read(alarms.load, 60) is not None
    assert [one.id for one in await read(check_ins.of_person, 1)] == [90]
    assert [one.plan.name for one in await read(campaigns.everything)] == ["She builds peace"]
    login = await read(logins.by_name, "هُدى")
    assert login is not None
    assert (login.staff, login.totp) == (50, bytes(20))
    assert await read(files.note, 70) == files.FileNote(70, "photo", bytes(32))
    assert [wanted.handle for wanted in await planted.new.write(files.due, NOW, NOW)] == [b"handle"]
    (wipe,) = await planted.new.write(wipes.take, NOW, NOW, 9)
    assert (wipe.address, wipe.messages) == (FOCAL, ("11", "12"))
    assert len(await planted.new.write(outbox.claim, "whatsapp", Lane.CONVERSATION, 9, NOW)) == PEOPLE


async def test_the_public_is_found_by_the_new_key_alone(planted: Rings) -> None:
    await planted.both.write(_rotate_all)
    assert await planted.new.read(public_seeds.found) == (901, 902, 903)
    frozen = await planted.new.read(runs.get, 904)
    assert frozen is not None
    assert frozen.frozen.texts["ar"] == "نصيحة"
    assert await planted.new.read(media.data, 906, "light") == b"abc"


async def test_nothing_is_left_and_a_second_time_does_nothing(planted: Rings) -> None:
    await planted.both.write(_rotate_all)
    assert [await planted.both.read(rotation.left, column) for column in rotation.COLUMNS] == [0] * len(
        rotation.COLUMNS
    )
    assert not any((await planted.both.write(_rotate_all)).values())


async def test_it_goes_on_where_it_was_stopped(planted: Rings) -> None:
    facts = next(one for one in rotation.COLUMNS if (one.table, one.column) == ("people", "facts"))
    before = await planted.both.read(rotation.left, facts)
    await planted.both.write(rotation.rewrite, facts, None, 2)
    assert await planted.both.read(rotation.left, facts) == before - 2
    assert await planted.both.write(_rotate, facts) == before - 2


async def test_half_way_everybody_is_found_as_herself(planted: Rings) -> None:
    for column in rotation.COLUMNS:
        await planted.both.write(rotation.rewrite, column, None, 1)
        focal = await planted.both.read(people.find, "telegram", FOCAL, NOW)
        assert focal is not None
        assert focal.staff == 50
        last = await planted.both.read(people.find, "whatsapp", f"+96777000000{PEOPLE}", NOW)
        assert last is not None
        assert last.id == PEOPLE


async def test_a_letter_on_its_way_still_knows_when_its_reader_wrote(planted: Rings) -> None:
    await planted.both.write(_rotate_all)
    letters = await planted.both.write(outbox.claim, "whatsapp", Lane.CONVERSATION, 9, NOW)
    assert [await planted.both.read(outbox.last_heard, letter.reader) for letter in letters] == [NOW] * PEOPLE


async def test_a_letter_that_arrived_keeps_no_trace_of_its_reader(planted: Rings) -> None:
    letters = await planted.old.write(outbox.claim, "whatsapp", Lane.CONVERSATION, 1, NOW)
    await planted.old.write(outbox.settle, [outbox.settled(letters[0].id, "delivered")])
    assert await planted.both.write(rotation.forget_readers) == 1
    assert await planted.both.read(outbox.reader_of, letters[0].key) == b""
    assert await planted.both.write(rotation.forget_readers) == 0


async def test_a_letter_that_could_still_be_deleted_from_her_chat_is_found_by_the_new_key(planted: Rings) -> None:
    def arrives(unit: Unit) -> None:
        index = people.meet(unit, 90, "telegram", "90").index
        outbox.add(unit, "in:90", "telegram", index, Lane.CONVERSATION, outbox.body("90", "ar", t("Thank you.")), NOW)
        (letter,) = outbox.claim(unit, "telegram", Lane.CONVERSATION, 9, NOW)
        outbox.settle(unit, [outbox.settled(letter.id, "delivered", reference="7", sent_at=NOW)])

    await planted.old.write(arrives)
    await planted.both.write(_rotate_all)
    await planted.both.write(rotation.forget_readers)
    known = await planted.new.read(people.find, "telegram", "90", NOW)
    assert known is not None
    assert await planted.new.write(wipes.take_ours, "telegram", known.index, NOW, lambda _: True) == ["7"]


async def test_a_value_that_no_key_opens_is_counted_and_left_as_it_is(planted: Rings) -> None:
    facts = next(one for one in rotation.COLUMNS if (one.table, one.column) == ("staff", "facts"))
    step = await planted.new.write(rotation.rewrite, facts)
    assert (step.rewritten, step.unreadable) == (0, 1)
    assert [member.name for member in await planted.old.read(staff.members)] == ["هدى"]


async def test_what_the_server_writes_meanwhile_is_not_overwritten(planted: Rings) -> None:
    facts = next(one for one in rotation.COLUMNS if (one.table, one.column) == ("people", "facts"))

    def stale(unit: Unit) -> int:
        row = unit.one("SELECT facts FROM people WHERE id = 1")
        assert row is not None
        people.remember(unit, 1, Person(language="en"))
        return rotation._swap(unit, facts, [1], bytes(row[0]), b"an old state")

    assert await planted.both.write(stale) == 0
    known = await planted.both.read(people.find, "whatsapp", HERS, NOW)
    assert known is not None
    assert known.person.language == "en"


async def test_it_runs_beside_the_server_and_loses_nothing_she_says(planted: Rings) -> None:
    async def says() -> None:
        for place in range(40):
            talk = Talk("report", {"what": Answer(words=f"سطر {place}")})
            await planted.both.write(people.keep_talk, 1, talk, NOW, timedelta(hours=1))

    async def rotates() -> None:
        for column in rotation.COLUMNS:
            step = await planted.both.write(rotation.rewrite, column, None, 1)
            while step.after is not None:
                step = await planted.both.write(rotation.rewrite, column, step.after, 1)

    await asyncio.gather(says(), rotates())
    known = await planted.new.read(people.find, "whatsapp", HERS, NOW)
    assert known is not None
    assert known.talk.answers["what"].words == "سطر 39"


async def test_a_canary_tells_wrong_keys_from_right_ones(rings: Rings) -> None:
    assert not await rings.old.read(canary.check)
    await rings.old.write(canary.keep)
    assert await rings.old.read(canary.check)
    assert await rings.both.read(canary.check)
    with pytest.raises(KeysUnusable, match="SANAD_KEYS"):
        await rings.new.read(canary.check)


async def test_without_a_canary_what_is_sealed_already_tells_wrong_keys(planted: Rings) -> None:
    assert not await planted.both.read(canary.check)
    with pytest.raises(KeysUnusable, match="SANAD_KEYS"):
        await planted.new.read(canary.check)
