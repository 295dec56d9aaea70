"""The log: one chain however many write at once; whoever changes, removes, moves or adds an entry is found out."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chance import random_bytes
from storage import audit
from storage.audit_chain import Chain, Fault
from storage.store import Store
from storage.unit import Unit
from storage.vault import Key, Vault
from tests.conftest import open_store

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
OLD, NEW, EVIL = Key("old", b"o" * 32), Key("new", b"n" * 32), Key("evil", b"e" * 32)
COUNT = 12


def checked(unit: Unit, vault: Vault, after: int = 0, expected: bytes | None = None) -> list[Fault]:
    chain = Chain(vault.signing_keys(), audit.public_keys(unit), after, expected)
    chain.feed(audit.raw_after(unit, after))
    return chain.end(audit.head(unit))


async def verdict(store: Store, vault: Vault, **more: Any) -> list[Fault]:
    return await store.read(checked, vault, **more)


def told(faults: list[Fault]) -> set[tuple[str, int, int]]:
    return {(fault.what, fault.seq, fault.until) for fault in faults}


# ---------------------------------------------------------------- writing


async def test_two_hundred_writers_at_once_make_one_chain_without_a_gap(
    store: Store, database: str, vault: Vault
) -> None:
    writers = [store]
    if database.startswith("postgresql"):
        writers.append(open_store(database, vault))
        await writers[1].start()
    acts = [writers[one % len(writers)].write(_record, one) for one in range(200)]
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    for other in writers[1:]:
        await other.stop()
    assert sum(isinstance(one, LookupError) for one in outcomes) == 20
    assert [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, LookupError)] == []
    entries = await store.read(audit.after, 0)
    assert [entry.seq for entry in entries] == list(range(1, 181))
    assert await verdict(store, vault) == []


def _record(unit: Unit, number: int) -> None:
    audit.record(unit, NOW + timedelta(milliseconds=number), "case:read", staff=number, case=7)
    if number % 10 == 9:
        raise LookupError("an act's own trouble")


async def test_an_act_that_fails_leaves_no_entry_and_no_gap(store: Store, vault: Vault) -> None:
    await store.write(_record, 1)
    with pytest.raises(LookupError):
        await store.write(_record, 9)
    await store.write(_record, 2)
    assert [(entry.seq, entry.staff) for entry in await store.read(audit.after, 0)] == [(1, 1), (2, 2)]
    assert await verdict(store, vault) == []


async def test_each_entry_names_who_what_and_which(store: Store) -> None:
    await store.write(audit.record, NOW, "case:read", staff=3, case=4, target=5)
    (entry,) = await store.read(audit.of_case, 4)
    assert (entry.at, entry.staff, entry.what, entry.case, entry.target) == (NOW, 3, "case:read", 4, 5)
    assert await store.read(audit.of_case, 5) == []


async def test_the_newest_come_first_page_by_page_and_by_person(store: Store) -> None:
    for number in range(1, 6):
        await store.write(_record, number % 2)
    assert [entry.seq for entry in await store.read(audit.newest, 2)] == [5, 4]
    assert [entry.seq for entry in await store.read(audit.newest, 2, 4)] == [3, 2]
    assert [entry.seq for entry in await store.read(audit.newest, 9, 5, 0)] == [4, 2]


# ---------------------------------------------------------------- keeping for a time


async def test_entries_go_after_their_time_and_the_rest_still_holds_together(store: Store, vault: Vault) -> None:
    for number in (1, 2, 3, 4):
        await store.write(audit.record, NOW + timedelta(days=number), "case:read", staff=number)
    later = NOW + timedelta(days=400)
    assert await store.write(audit.trim, NOW + timedelta(days=3), later) == 2
    entries = [(entry.seq, entry.what, entry.target) for entry in await store.read(audit.after, 0)]
    assert entries == [(3, "case:read", None), (4, "case:read", None), (5, audit.TRIMMED, 2)]
    assert await verdict(store, vault) == []


async def test_removing_more_than_the_log_says_was_removed_is_found(store: Store, vault: Vault) -> None:
    await _filled(store, 4)
    await store.write(audit.trim, NOW + timedelta(seconds=2.5), NOW + timedelta(days=400))
    await store.write(_do, "DELETE FROM audit WHERE seq = 3")
    assert told(await verdict(store, vault)) == {("removed", 3, 3)}


async def test_with_nothing_old_nothing_is_removed_and_nothing_written(store: Store) -> None:
    await _filled(store, 2)
    assert await store.write(audit.trim, NOW, NOW) == 0
    assert (await store.read(audit.head))[0] == 2


async def test_a_log_that_is_old_altogether_keeps_the_entry_that_says_so(store: Store, vault: Vault) -> None:
    await _filled(store, 3)
    later = NOW + timedelta(days=800)
    assert await store.write(audit.trim, later, later) == 3
    assert [entry.seq for entry in await store.read(audit.after, 0)] == [4]
    assert await store.write(audit.trim, later + timedelta(days=1), later + timedelta(days=1)) == 1
    assert await verdict(store, vault) == []


async def test_a_clock_that_jumped_back_removes_no_newer_neighbour(store: Store) -> None:
    for day in (5, 1, 6):
        await store.write(audit.record, NOW + timedelta(days=day), "case:read")
    assert await store.write(audit.trim, NOW + timedelta(days=3), NOW) == 0


async def test_much_is_removed_in_several_steps(store: Store, vault: Vault) -> None:
    await _filled(store, 5)
    later = NOW + timedelta(days=400)
    assert await store.write(audit.trim, NOW + timedelta(days=1), later, 3) == 3
    assert await store.write(audit.trim, NOW + timedelta(days=1), later, 3) == 2
    assert await verdict(store, vault) == []


# ---------------------------------------------------------------- finding out


def _do(unit: Unit, sql: str, /, **values: Any) -> None:
    unit.do(sql, values)


async def _filled(store: Store, count: int) -> None:
    for number in range(1, count + 1):
        await store.write(
            audit.record, NOW + timedelta(seconds=number), "case:read", staff=number, case=1, target=number
        )


@pytest.mark.parametrize(
    "change",
    ["at = at + 1", "staff_id = 99", "what = 'exported'", "case_id = 9", "target = NULL", "previous = hash"],
)
async def test_every_part_of_an_entry_is_held_by_its_hash(store: Store, vault: Vault, change: str) -> None:
    await _filled(store, 3)
    await store.write(_do, f"UPDATE audit SET {change} WHERE seq = 2")
    assert told(await verdict(store, vault)) == {("changed", 2, 2)}


async def test_the_end_cut_off_is_found_by_the_head_in_the_database(store: Store, vault: Vault) -> None:
    await _filled(store, 5)
    await store.write(_do, "DELETE FROM audit WHERE seq > 3")
    assert told(await verdict(store, vault)) == {("removed", 4, 5)}


async def test_the_end_cut_off_with_the_head_is_found_by_a_head_kept_elsewhere(store: Store, vault: Vault) -> None:
    await _filled(store, 5)
    kept = (await store.read(audit.head))[1]
    assert await verdict(store, vault, expected=kept) == []
    await store.write(_do, "DELETE FROM audit WHERE seq > 3")
    await store.write(
        _do, "UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit WHERE seq = 3) WHERE id = :one", one=1
    )
    assert await verdict(store, vault) == []
    assert told(await verdict(store, vault, expected=kept)) == {("unknown_head", 3, 3)}


async def test_a_head_that_was_set_back_is_found(store: Store, vault: Vault) -> None:
    await _filled(store, 5)
    await store.write(_do, "UPDATE audit_head SET seq = 4 WHERE id = 1")
    assert told(await verdict(store, vault)) == {("head", 4, 5)}


async def test_a_log_that_was_emptied_is_found(store: Store, vault: Vault) -> None:
    await _filled(store, 3)
    await store.write(_do, "DELETE FROM audit")
    assert told(await verdict(store, vault)) == {("removed", 1, 3)}


async def test_checking_may_begin_behind_an_entry(store: Store, vault: Vault) -> None:
    await _filled(store, 5)
    await store.write(_do, "UPDATE audit SET staff_id = 9 WHERE seq IN (2, 4)")
    assert told(await verdict(store, vault, after=3)) == {("changed", 4, 4)}


async def test_an_untouched_empty_log_is_whole(store: Store, vault: Vault) -> None:
    assert await verdict(store, vault) == []


# ---------------------------------------------------------------- keys


@pytest.fixture
async def rotated(database: str) -> Any:
    """Three entries by the old key, two by the new one."""
    for ring in ((OLD,), (NEW, OLD)):
        store = open_store(database, Vault(ring, random_bytes))
        await store.start()
        for number in range(3 if ring[0] is OLD else 2):
            await store.write(audit.record, NOW, "case:read", staff=number)
        await store.stop()
    store = open_store(database, Vault((NEW,), random_bytes))
    await store.start()
    yield store
    await store.stop()


async def test_entries_of_a_key_that_is_gone_are_vouched_for_by_later_ones(rotated: Store) -> None:
    assert await verdict(rotated, Vault((NEW,), random_bytes)) == []
    assert await verdict(rotated, Vault((NEW, OLD), random_bytes)) == []


async def test_a_replaced_key_table_is_noticed(rotated: Store) -> None:
    public = Vault((EVIL,), random_bytes).signing_key()[1]
    await rotated.write(_do, "UPDATE audit_keys SET public_key = :mine WHERE id = 'new'", mine=public)
    assert told(await verdict(rotated, Vault((NEW,), random_bytes))) == {("replaced_key", 0, 0)}


async def test_a_key_of_somebody_else_signs_nothing_that_is_believed(database: str, rotated: Store) -> None:
    forger = open_store(database, Vault((EVIL,), random_bytes))
    await forger.start()
    await forger.write(audit.record, NOW, "case:read", staff=66)
    await forger.stop()
    assert told(await verdict(rotated, Vault((NEW,), random_bytes))) == {("stranger", 6, 6)}


async def test_a_log_written_anew_from_the_start_by_another_key_is_believed_in_nothing(
    database: str, rotated: Store
) -> None:
    def wipe(unit: Unit) -> None:
        unit.do("DELETE FROM audit")
        unit.do("DELETE FROM audit_keys")
        unit.do("UPDATE audit_head SET seq = 0, hash = :zero", {"zero": bytes(32)})

    await rotated.write(wipe)
    forger = open_store(database, Vault((EVIL,), random_bytes))
    await forger.start()
    for number in range(5):
        await forger.write(audit.record, NOW, "case:read", staff=number)
    await forger.stop()
    assert told(await verdict(rotated, Vault((NEW,), random_bytes))) == {("stranger", 1, 5)}


async def test_a_middle_rewritten_with_a_known_stranger_s_key_is_found_at_the_seam(
    database: str, rotated: Store
) -> None:
    await _forge(database, rotated)
    faults = told(await verdict(rotated, Vault((NEW,), random_bytes)))
    assert faults == {("stranger", 1, 4)}


async def _forge(database: str, store: Store) -> None:
    """The forger has the whole database, and puts his key into the table of public halves."""
    evil = Vault((EVIL,), random_bytes)

    def rewrite(unit: Unit) -> None:
        third = audit.after(unit, 2, 1)[0]
        _, public = evil.signing_key()
        unit.do("INSERT INTO audit_keys (id, public_key, since) VALUES ('evil', :key, 0)", {"key": public})
        forged = audit.Entry(3, NOW, 77, "case:read", None, None, third.previous, b"", "", b"").digest()
        _, signature = evil.sign(forged)
        unit.do(
            "UPDATE audit SET staff_id = 77, hash = :hash, key_id = 'evil', signature = :signed WHERE seq = 3",
            {"hash": forged, "signed": signature},
        )

    await store.write(rewrite)


# ---------------------------------------------------------------- whatever is done to it


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[bytes]:
    """A database file with a log of twelve entries, to be spoiled again and again."""
    path = tmp_path_factory.mktemp("audit") / "sanad.db"
    path.write_bytes(sqlite_template.read_bytes())
    vault = Vault((NEW,), random_bytes)
    with closing(sqlite3.connect(path)) as connection:
        unit = Unit(connection.execute, vault, str)
        for number in range(1, COUNT + 1):
            audit.record(unit, NOW + timedelta(seconds=number), "case:read", staff=number, case=number % 3)
        connection.commit()
        yield connection.serialize()


PLACES = st.integers(1, COUNT)
HARM = st.one_of(
    st.tuples(st.just("change"), PLACES, st.sampled_from(["staff_id", "case_id", "target", "at"]), st.integers(50, 99)),
    st.tuples(st.just("remove"), PLACES, st.just(""), st.just(0)),
    st.tuples(st.just("swap"), PLACES, st.just(""), PLACES),
    st.tuples(st.just("rehash"), PLACES, st.just("staff_id"), st.integers(50, 99)),
    st.tuples(st.just("nonsense"), PLACES, st.sampled_from(["hash", "signature", "previous", "at"]), st.just(0)),
)


@given(harm=HARM)
def test_whatever_is_done_to_an_entry_it_is_named(written: bytes, harm: tuple[str, int, str, int]) -> None:
    kind, seq, column, value = harm
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(written)
        unit = Unit(connection.execute, Vault((NEW,), random_bytes), str)
        changed = HARMS[kind](unit, seq, column, value)
        assert told(checked(unit, Vault((NEW,), random_bytes))) == changed


@given(removed=st.sets(PLACES, min_size=1))
def test_all_gaps_are_named(written: bytes, removed: set[int]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(written)
        unit = Unit(connection.execute, Vault((NEW,), random_bytes), str)
        for seq in removed:
            unit.do("DELETE FROM audit WHERE seq = :seq", {"seq": seq})
        faults = checked(unit, Vault((NEW,), random_bytes))
        assert {fault.what for fault in faults} == {"removed"}
        assert {seq for fault in faults for seq in range(fault.seq, fault.until + 1)} == removed


Told = set[tuple[str, int, int]]


def _change(unit: Unit, seq: int, column: str, value: int) -> Told:
    unit.do(f"UPDATE audit SET {column} = :value WHERE seq = :seq", {"value": value, "seq": seq})
    return {("changed", seq, seq)}


def _remove(unit: Unit, seq: int, _column: str, _value: int) -> Told:
    unit.do("DELETE FROM audit WHERE seq = :seq", {"seq": seq})
    return {("removed", seq, seq)}


def _swap(unit: Unit, seq: int, _column: str, other: int) -> Told:
    for old, new in ((seq, -1), (other, seq), (-1, other)):
        unit.do("UPDATE audit SET seq = :new WHERE seq = :old", {"new": new, "old": old})
    return set() if seq == other else {("moved", seq, seq), ("moved", other, other)}


def _rehash(unit: Unit, seq: int, column: str, value: int) -> Told:
    """The forger knows how hashes are made, but has no key."""
    _change(unit, seq, column, value)
    digest = audit.after(unit, seq - 1, 1)[0].digest()
    unit.do("UPDATE audit SET hash = :hash WHERE seq = :seq", {"hash": digest, "seq": seq})
    return {("changed", seq, seq)}


def _nonsense(unit: Unit, seq: int, column: str, _value: int) -> Told:
    unit.do(f"UPDATE audit SET {column} = 'not what you think' WHERE seq = :seq", {"seq": seq})
    return {("changed", seq, seq)}


HARMS: dict[str, Callable[[Unit, int, str, int], Told]] = {
    "change": _change,
    "remove": _remove,
    "swap": _swap,
    "rehash": _rehash,
    "nonsense": _nonsense,
}
