"""Acts are done whole or not at all, in order, on both databases, and none is told yes before the commit."""

import asyncio
import contextlib
import sqlite3

import pytest

from storage import marks
from storage.store import Store
from storage.unit import Taken, Unit


def _fail(unit: Unit) -> None:
    marks.put(unit, "bad", "1")
    raise LookupError("an act's own trouble")


def _twice(unit: Unit) -> None:
    for _ in range(2):
        unit.do("INSERT INTO marks (name, value) VALUES ('same', :value)", {"value": b"1"})


def _append(unit: Unit, letter: str) -> None:
    marks.put(unit, "order", (marks.get(unit, "order") or "") + letter)


def _wake(unit: Unit) -> None:
    marks.put(unit, "woke", "1")
    unit.wakes.add("letters")


async def test_what_an_act_wrote_is_read_back(store: Store) -> None:
    await store.write(marks.put, "name", "قيمة")
    assert await store.read(marks.get, "name") == "قيمة"


async def test_an_act_that_fails_leaves_nothing_and_spoils_no_neighbour(store: Store) -> None:
    outcomes = await asyncio.gather(
        store.write(marks.put, "before", "1"),
        store.write(_fail),
        store.write(marks.put, "after", "1"),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], LookupError)
    kept = [await store.read(marks.get, name) for name in ("before", "bad", "after")]
    assert kept == ["1", None, "1"]


async def test_a_value_that_stands_there_already_is_said_to_be_taken(store: Store) -> None:
    with pytest.raises(Taken):
        await store.write(_twice)


async def test_acts_with_one_key_keep_their_order(store: Store) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz" * 4
    await asyncio.gather(*(store.write_for(7, _append, letter) for letter in letters))
    assert await store.read(marks.get, "order") == letters


async def test_a_commit_wakes_the_duties_that_its_acts_named(store: Store) -> None:
    heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    store.listen(heard.put_nowait)
    await store.write(_wake)
    assert await asyncio.wait_for(heard.get(), 5) == {"letters"}


async def test_a_reader_keeps_nothing(store: Store) -> None:
    with contextlib.suppress(sqlite3.OperationalError):  # SQLite refuses; PostgreSQL undoes
        await store.read(marks.put, "sneaked", "1")
    assert await store.read(marks.get, "sneaked") is None
