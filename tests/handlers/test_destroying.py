"""What is destroyed is gone: from every table, from the bytes of the file, and for whoever holds the server's keys."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest

from bot import chance
from flows.core import AddToCase, Answer, Consent, OpenCase, Person, Talk
from handlers import cases as opening
from handlers import destroying, her_data, work_end, work_take
from handlers.cases import Origin, Sealing
from handlers.work import NotDone, theirs
from messages import raw
from messages.catalog import render
from storage import audit, cases, consent_records, ending, files, outbox, people, wipes, words, work
from storage.outbox import Lane
from storage.people import Known
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit
from storage.vault import Vault
from storage.wipes import Wipe
from storage.work import TRACKS, Outcome, Track, Work
from tests.desk.working import Colleague, Room
from tests.test_attacker import Loot, _opened_with_the_ring, _rows, fitting, keys_tried
from tests.test_canaries import of_words, spellings

ADDRESS, NUMBER = "+967777716354", 8_000_000_123
CANARY = "كناري-حذف-q1wkvjhpzx"
RECOVERY = bytes(range(100, 132))
CODE, OTHER = "KKK-222", "RRR-333"
PHOTO = b"\xff\xd8\xff" + hashlib.sha512(b"photo").digest() * 200


@dataclass
class Hers:
    """A woman with two reports, a photo, a draft and words of her own; Huda can work on them."""

    room: Room
    huda: Colleague

    @property
    def store(self) -> Store:
        return self.room.store

    async def known(self) -> Known:
        found = await self.store.read(people.find, "whatsapp", ADDRESS, self.room.now)
        assert found is not None
        return found

    async def has_all_destroyed(self) -> tuple[str, ...]:
        return await self.store.write(destroying.everything, await self.known(), self.room.world())

    async def rows(self) -> list[bytes]:
        return await self.store.read(lambda unit: list(_rows(unit)))

    async def count(self, table: str, where: str = "1 = 1") -> int:
        row = await self.store.read(lambda unit: unit.one(f"SELECT COUNT(*) FROM {table} WHERE {where}"))
        assert row is not None
        return int(row[0])

    async def huda_hears(self) -> list[str]:
        """What has been put out for her phone, beside pages."""

        def look(unit: Unit) -> list[str]:
            waiting = outbox.claim(unit, "telegram", Lane.CONVERSATION, 50, self.room.now)
            return [render(one.body.words(), "en") for one in waiting if one.body.to == "2001"]

        return await self.store.write(look)


@pytest.fixture
async def hers(store: Store) -> Hers:
    room = Room(store)
    await store.write(cases.add_reader, 1, "recovery", public_key(RECOVERY), room.now)
    huda = await room.has("Huda", telegram="2001")
    await store.write(_told, room)
    return Hers(room, huda)


def _told(unit: Unit, room: Room) -> None:
    world = room.world()
    known = people.meet(unit, NUMBER, "whatsapp", ADDRESS)
    agreed = {layer: Consent("1", room.now) for layer in ("store", "contact")}
    people.remember(unit, NUMBER, Person("ar", welcomed=True, consents=agreed, cases=(CODE, OTHER)))
    people.keep_talk(unit, NUMBER, Talk("report", {"what": Answer(words=CANARY)}), room.now, timedelta(hours=1))
    words.put(unit, NUMBER, "safe", b"w" * 32, room.now)
    wipes.note(unit, NUMBER, "4711", room.now)
    for number in (70, 71):
        files.want(unit, files.FileNote(number, "photo", chance.random_bytes(32)), NUMBER, "whatsapp", b"url", room.now)
    files.put_part(unit, 70, 0, PHOTO)
    sealing = Sealing(unit, world)
    for code, level, sent in ((CODE, "high", (70,)), (OTHER, "low", ())):
        wanted = OpenCase(code, level, facets={"governorate": "marib"})
        opening.open_or_raise(sealing, wanted, Origin(NUMBER, "whatsapp", "ar"))
        opening.add(sealing, AddToCase(code, "report", {"what": Answer(words=CANARY)}, files=sent), NUMBER)
    sealing.end()
    letter = outbox.body(ADDRESS, "ar", raw(CANARY))
    outbox.add(unit, "in:whatsapp:SM1:0", "whatsapp", known.index, Lane.CONVERSATION, letter, room.now)


# ---------------------------------------------------------------- one report


async def test_one_report_goes_with_all_that_hangs_on_it_and_the_other_stays(hers: Hers) -> None:
    case = await hers.room.case()
    await hers.store.write(destroying.report, CODE, NUMBER, hers.room.world())
    for table in ("case_keys", "case_items", "alarms", "alarm_log", "pages", "assignments", "tasks", "replies"):
        assert await hers.count(table, f"case_id = {case.id}") == 0, table
    assert await hers.store.read(cases.by_code, CODE) is None
    assert await hers.store.read(cases.by_code, OTHER) is not None
    assert (await hers.known()).person.cases == (OTHER,)


async def test_another_woman_s_report_is_not_destroyed(hers: Hers) -> None:
    await hers.store.write(destroying.report, CODE, NUMBER + 1, hers.room.world())
    assert await hers.store.read(cases.by_code, CODE) is not None


async def test_a_trace_stays_that_something_was_destroyed_and_the_log_keeps_its_number(hers: Hers) -> None:
    case = await hers.room.case()
    await hers.store.write(destroying.report, CODE, NUMBER, hers.room.world())
    assert await hers.store.read(ending.traces) == [(hers.room.now, "case", "asked")]
    assert [one.what for one in await hers.store.read(audit.of_case, case.id)] == ["destroyed"]


async def test_a_file_that_the_platform_still_has_is_deleted_there_though_it_is_nobody_s_here(hers: Hers) -> None:
    await hers.store.write(destroying.report, CODE, NUMBER, hers.room.world())
    rows = await hers.store.read(
        lambda unit: unit.all("SELECT person_id, case_id, secret, state FROM files WHERE id = 70")
    )
    assert rows == [(None, None, None, "discard")]
    assert await hers.count("file_parts") == 0
    due = await hers.store.write(files.due, hers.room.now, hers.room.now + timedelta(minutes=1))
    assert (70, "discard") in [(one.id, one.state) for one in due]


async def test_whoever_works_on_it_hears_so_neutrally_and_finds_it_gone(hers: Hers) -> None:
    await hers.room.does(work_take.take, hers.huda, work_take.Nothing())
    await hers.huda_hears()
    await hers.store.write(destroying.report, CODE, NUMBER, hers.room.world())
    heard = await hers.huda_hears()
    assert len(heard) == 1
    assert "called off by whom it was with" in heard[0]
    assert CODE not in heard[0]
    with pytest.raises(NotDone) as refused:
        await hers.store.read(theirs, CODE, hers.huda.who, change=False)
    assert refused.value.status == 404


async def test_whoever_was_paged_and_has_not_answered_is_not_called_any_more(hers: Hers) -> None:
    assert await hers.count("pages") > 0
    await hers.store.write(destroying.report, CODE, NUMBER, hers.room.world())
    assert await hers.count("pages") == 0
    assert await hers.count("letters", "key LIKE 'page:%' AND state = 'waiting'") == 0


async def test_the_sweep_ends_a_case_without_a_word_to_anybody(hers: Hers) -> None:
    await hers.room.does(work_take.take, hers.huda, work_take.Nothing())
    await hers.huda_hears()
    await hers.store.write(destroying.case, (await hers.room.case()).id, "time", hers.room.world())
    assert await hers.huda_hears() == []
    assert await hers.store.read(cases.by_code, CODE) is None


# ---------------------------------------------------------------- once the team has closed it


async def test_what_waits_for_the_team_is_destroyed_when_it_closes_it_and_not_before(hers: Hers) -> None:
    await hers.store.write(destroying.later, CODE, NUMBER, hers.room.world())
    case = await hers.room.case()
    assert case.facets.withdrawn
    assert await hers.count("alarms", f"case_id = {case.id} AND status <> 'closed'") == 1, "its alarm goes on"
    await hers.room.does(work_take.take, hers.huda, work_take.Nothing())
    outcome: Outcome = "resolved"
    item = await hers.room.words("closed", outcome=outcome, words="")
    await hers.store.write(work.put, case.id, Work(dict.fromkeys(TRACKS, Track("done"))))
    await hers.room.does(work_end.close, hers.huda, work_end.Ending(outcome, item))
    assert await hers.store.read(cases.by_code, CODE) is None
    assert [what for _, *what in await hers.store.read(ending.traces)] == [["case", "closed"]]


async def test_with_everything_it_stays_with_the_team_and_nothing_says_whose_it_is(hers: Hers) -> None:
    await hers.store.write(destroying.later, CODE, NUMBER, hers.room.world())
    assert await hers.has_all_destroyed() == (OTHER,)
    case = await hers.room.case()
    assert case.person is None
    assert await hers.count("files", "id = 70 AND person_id IS NULL") == 1
    assert await hers.count("people") == 0


async def test_a_case_that_somebody_must_not_know_of_outlives_her_and_is_destroyed_in_its_time(hers: Hers) -> None:
    """Whoever makes her delete everything must not thereby end the call for help that she made before his eyes."""
    await hers.store.write(_silent_case, hers.room)
    await hers.has_all_destroyed()
    left = await hers.store.read(cases.by_code, "SSS-444")
    assert left is not None
    assert left.person is None
    assert left.facets.ends
    assert not left.facets.withdrawn


def _silent_case(unit: Unit, room: Room) -> None:
    sealing = Sealing(unit, room.world())
    wanted = OpenCase("SSS-444", "critical", (("duress", "duress"),), silent=True)
    opening.open_or_raise(sealing, wanted, Origin(NUMBER, "whatsapp", "ar"))
    sealing.end()


# ---------------------------------------------------------------- everything


async def test_nothing_in_any_table_points_to_her_any_more(hers: Hers) -> None:
    known = await hers.known()
    codes = [await hers.store.read(cases.by_code, code) for code in (CODE, OTHER)]
    her_rows = {NUMBER, *(case.id for case in codes if case)}
    await hers.has_all_destroyed()
    values = await hers.rows()
    told = [known.index, *chain.from_iterable(of_words(one) for one in (ADDRESS, CANARY, CODE, OTHER))]
    assert [one for one in told if any(one in value for value in values)] == []
    for table in ("people", "talks", "words", "her_messages", "cases", "case_items", "case_keys", "replies"):
        assert await hers.count(table) == 0, table
    found = [value for value in values if int.from_bytes(value, signed=True) in her_rows]
    assert len(found) == 2, "the log alone keeps the numbers of the two cases"


async def test_she_is_a_stranger_afterwards(hers: Hers) -> None:
    await hers.has_all_destroyed()
    assert await hers.store.read(people.find, "whatsapp", ADDRESS, hers.room.now) is None


async def test_records_of_consent_stay_without_her_and_only_for_their_time(hers: Hers) -> None:
    await hers.has_all_destroyed()
    day = hers.room.now.replace(hour=0, minute=0)
    rows = await hers.store.read(lambda unit: unit.all("SELECT layer, version, at FROM consent_records ORDER BY layer"))
    assert rows == [(layer, "1", int(day.timestamp() * 1000)) for layer in ("contact", "store")]
    keep = hers.room.rules.retention.consent_records
    assert await hers.store.write(consent_records.expire, day + keep - timedelta(seconds=1)) == 0
    assert await hers.store.write(consent_records.expire, day + keep) == 2


async def test_what_is_still_to_be_deleted_in_her_chat_is_not_forgotten(hers: Hers) -> None:
    wipe = Wipe(9, "telegram", ADDRESS, ("4711",), (), hers.room.now)
    await hers.store.write(wipes.add, wipe)
    await hers.has_all_destroyed()
    assert await hers.count("wipes") == 1


async def test_a_member_of_staff_who_had_her_own_things_deleted_keeps_her_ways_and_her_pages(hers: Hers) -> None:
    def begin(unit: Unit) -> None:
        known = people.meet(unit, 51, "telegram", "2001")
        letter = outbox.body("2001", "ar", raw("x"))
        for key in ("in:telegram:1:0", "staff:abc", "page:abc"):
            outbox.add(unit, key, "telegram", known.index, Lane.CONVERSATION, letter, hers.room.now)

    await hers.store.write(begin)
    found = await hers.store.read(people.find, "telegram", "2001", hers.room.now)
    assert found is not None
    await hers.store.write(destroying.everything, found, hers.room.world())
    assert await hers.count("people", "id = 51") == 0
    assert await hers.count("reaches") == 1
    assert await hers.count("letters", "key LIKE 'in_telegram%'") == 0
    assert await hers.count("letters", "key LIKE '%_abc'") == 2


async def test_her_parting_letter_goes_with_its_delivery_or_after_an_hour(hers: Hers) -> None:
    known = await hers.known()
    await hers.has_all_destroyed()
    letter = outbox.body(ADDRESS, "ar", raw("bye"))
    for key in ("bye:whatsapp:SM2:0", "bye:whatsapp:SM2:1"):
        await hers.store.write(outbox.add, key, "whatsapp", known.index, Lane.CONVERSATION, letter, hers.room.now)
    (first, _) = await hers.store.write(outbox.claim, "whatsapp", Lane.CONVERSATION, 5, hers.room.now)
    await hers.store.write(destroying.parted, first.key, first.id, "sent")
    assert await hers.count("letters", "key LIKE 'bye:%'") == 1
    hers.room.passes(minutes=59)
    await hers.store.write(destroying.sweep, hers.room.world())
    assert await hers.count("letters", "key LIKE 'bye:%'") == 1
    hers.room.passes(minutes=2)
    await hers.store.write(destroying.sweep, hers.room.world())
    assert await hers.count("letters", "key LIKE 'bye:%'") == 0


# ---------------------------------------------------------------- what is held, and what she agreed to


async def test_she_is_told_what_is_held_of_each_report(hers: Hers) -> None:
    held = await hers.store.read(her_data.held, await hers.known(), hers.room.world())
    found = {one.code: one for one in held.reports}
    assert (found[CODE].files, found[CODE].readers, found[CODE].urgent, found[CODE].until) == (1, 1, True, None)
    assert (found[OTHER].files, found[OTHER].urgent) == (0, False)
    assert all(one.items > 0 for one in held.reports)


async def test_a_silent_case_is_not_among_what_she_is_told(hers: Hers) -> None:
    await hers.store.write(_silent_case, hers.room)
    held = await hers.store.read(her_data.held, await hers.known(), hers.room.world())
    assert [one.code for one in held.reports] == [CODE, OTHER]


async def test_taking_back_contact_reaches_her_cases_and_giving_it_again_too(hers: Hers) -> None:
    with_it = (await hers.known()).person
    without = replace(with_it, consents={"store": with_it.consents["store"]})
    await hers.store.write(_heed, with_it, without, hers.room)
    assert (await hers.room.case()).facets.uncontacted
    assert await hers.count("consent_records") == 1
    await hers.store.write(_heed, without, with_it, hers.room)
    assert not (await hers.room.case()).facets.uncontacted


async def test_agreeing_to_evidence_marks_her_cases_and_taking_it_back_unmarks_them(hers: Hers) -> None:
    without = (await hers.known()).person
    with_it = replace(without, consents={**without.consents, "document": Consent("1", hers.room.now)})
    await hers.store.write(_heed, without, with_it, hers.room)
    assert (await hers.room.case()).facets.documented
    await hers.store.write(_heed, with_it, without, hers.room)
    assert not (await hers.room.case()).facets.documented


def _heed(unit: Unit, before: Person, after: Person, room: Room) -> None:
    sealing = Sealing(unit, room.world())
    her_data.heed_consents(sealing, before, after)
    sealing.end()


# ---------------------------------------------------------------- bytes


def _net(hers_index: bytes, keys: list[bytes], shares: list[bytes]) -> dict[str, list[bytes]]:
    return {
        "a word of hers": list(of_words(CANARY)),
        "her address": list(of_words(ADDRESS)),
        "her blind index": list(spellings(hers_index)),
        "a case's public key": [one[:40] for one in keys],
        "a share of its key": [one[-40:] for one in shares],
        "her photo": [PHOTO[3:43]],
    }


def _of_crowd(unit: Unit, room: Room) -> list[tuple[int, bytes]]:
    """So many people that pages are divided again and again."""
    found = []
    for _ in range(300):
        number = chance.number()
        known = people.meet(unit, number, "telegram", str(number))
        people.remember(unit, number, Person("ar", welcomed=True, cases=("X" * (number % 90),)))
        found.append((number, known.index))
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_bytes_of_the_file_hold_nothing_of_her(hers: Hers, database: str) -> None:
    """Rows, free pages, the gaps of pages that were once divided, the journal: soon after, without anybody's doing.

    PostgreSQL keeps the bytes of dead rows until it writes over them: SECURITY.md says so.
    """
    path = Path(database.removeprefix("sqlite:///"))
    crowd = [one for _ in range(10) for one in await hers.store.write(_of_crowd, hers.room)]
    known, found = await hers.known(), [await hers.store.read(cases.by_code, code) for code in (CODE, OTHER)]
    kept = [case for case in found if case]
    shares = [one for case in kept for one in (await hers.store.read(cases.shares, case.id)).values()]
    net = _net(known.index, [case.public_key for case in kept], shares)
    before = _bytes_of(path)
    for name in ("her blind index", "a case's public key", "a share of its key", "her photo"):
        assert any(shape in before for shape in net[name]), f"{name} was never there"
    gone = [index for _, index in crowd[::10]]
    for number, _ in crowd[::10]:
        await hers.store.write(destroying.person, number, "asked", hers.room.world())
    await hers.has_all_destroyed()
    net["somebody's blind index"] = gone
    async with asyncio.timeout(20):
        while left := [name for name, shapes in net.items() if any(shape in _bytes_of(path) for shape in shapes)]:
            await hers.store.read(lambda unit: unit.one("SELECT 1"))
    assert left == []


def _bytes_of(path: Path) -> bytes:
    """The file, its journal and their shared memory."""
    files_of = (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"))
    return b"".join(one.read_bytes() for one in files_of if one.exists())


async def test_scrubbing_at_night_comes_once_after_something_was_destroyed(hers: Hers) -> None:
    def at(hour: int) -> None:
        hers.room.now = hers.room.now.replace(hour=(hour - 3) % 24)

    await hers.has_all_destroyed()
    at(14)
    assert not await destroying.scrub_at_night(hers.store, hers.room.world())
    hers.room.passes(days=1)
    at(3)
    assert await destroying.scrub_at_night(hers.store, hers.room.world())
    assert not await destroying.scrub_at_night(hers.store, hers.room.world())


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_dead_rows_are_removed_from_the_server_s_tables(hers: Hers, database: str) -> None:
    """An empty table is cut off. Where others' rows stay, bytes may stay too, until they are written over."""
    sizes = " + ".join(
        f"pg_relation_size('{table}')" for table in ("people", "talks", "words", "case_keys", "case_items")
    )
    before = await hers.store.read(lambda unit: unit.one(f"SELECT {sizes}"))
    assert before is not None
    assert before[0] > 0
    await hers.has_all_destroyed()
    async with asyncio.timeout(20):
        while (await hers.store.read(lambda unit: unit.one(f"SELECT {sizes}"))) != (0,):
            pass


# ---------------------------------------------------------------- keys


async def test_no_key_of_a_destroyed_case_is_found_by_who_holds_the_server_s_keys(hers: Hers, vault: Vault) -> None:
    """Whoever takes the database afterwards opens nothing, not even of a backup from before; the recovery key would."""
    before = [await hers.store.read(cases.sealed_case, code) for code in (CODE, OTHER)]
    kept = [case for case in before if case is not None]
    publics = {code: (await hers.store.read(cases.by_code, code)) for code in (CODE, OTHER)}
    await hers.has_all_destroyed()
    values = await hers.rows() + await hers.store.read(lambda unit: list(_opened_with_the_ring(unit, vault)))
    named = {code: case.public_key for code, case in publics.items() if case is not None}
    loot = Loot(values, kept, named, {}, {}, b"")
    tried = keys_tried(loot)
    assert len(tried) > 100
    assert fitting(tried, loot) == set()
    for case in kept:
        opened = cases.open_items(case, cases.case_seeds(case, 1, RECOVERY))
        assert CANARY in str([item.content for item in opened]), "the backup's copy is what it was, until it expires"
