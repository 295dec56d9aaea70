"""Fetching files, act by act: parts, tries, giving up, and what is left of a file that never came."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.mechanism import load
from bot.settings import ROOT
from bot.wiring import DRAW
from flows.core import OpenCase, Person
from handlers import cases, media
from handlers.cases import Origin, read_case
from handlers.channel import Delivered, FetchLater, Handle, Limits, Outcome, Outgoing, Unfetchable
from handlers.draw import World
from handlers.media import fetch_now, in_parts
from storage import cases as stored_cases
from storage import files, people
from storage.coding import encode
from storage.files import FileNote
from storage.seal import PART, public_key
from storage.store import Store
from storage.unit import Unit

NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)
RULES = load(ROOT / "mechanism")
HER, FILE, CODE = 11, 22, "KTR-4MW"
SEED = b"r" * 32


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What is decided here is the same on both: `tests/test_media.py` tells whole stories on either."""


@dataclass
class Shelf:
    """A platform that has one file, and hands it out as it is told: pieces, or a refusal."""

    name: Any = "telegram"
    limits: Limits = field(default_factory=lambda: Limits(None, 4096, 8))
    brings: list[list[bytes | Exception]] = field(default_factory=list)
    asked: int = 0
    discarded: list[str] = field(default_factory=list)

    async def fetch(self, handle: Handle) -> AsyncIterator[bytes]:
        del handle
        self.asked += 1
        for piece in self.brings.pop(0) if len(self.brings) > 1 else self.brings[0]:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def discard(self, handle: Handle) -> None:
        self.discarded.append(handle.delete)

    async def erase(self, address: str, messages: Sequence[str]) -> Outcome:
        del address, messages
        return Delivered("")

    async def send(self, letter: Outgoing) -> Outcome:
        del letter
        return Delivered("")

    async def reconcile(self, letter: Outgoing, since: datetime) -> Outcome:
        del letter, since
        return Delivered("")

    async def close(self) -> None:
        return None


@dataclass
class Post:
    """Her file on its way, and the clock."""

    store: Store
    shelf: Shelf = field(default_factory=Shelf)
    now: datetime = NOON

    def world(self) -> World:
        return World(self.now, RULES, DRAW)

    async def wanted(self, *brings: list[bytes | Exception], delete: str = "") -> None:
        self.shelf.brings = list(brings)
        await self.store.write(_wanted, Handle("photo", "file-id", "image/jpeg", "", None, delete))

    async def fetches(self) -> None:
        """The duty comes by, a minute later each time."""
        await fetch_now(self.store, {"telegram": self.shelf}, self.world)
        self.now += timedelta(seconds=61)

    async def opens_case(self) -> None:
        await self.store.write(stored_cases.add_reader, 1, "recovery", public_key(SEED), self.now)
        await self.store.write(_opened, self.world())

    async def binds(self) -> None:
        await self.store.write(_bound, self.world())

    async def notes(self) -> list[dict[str, Any]]:
        """What the case says of its files."""
        sealed = await self.store.read(stored_cases.sealed_case, CODE)
        assert sealed is not None
        return list(read_case(sealed, 1, SEED).data["files"])

    async def state(self) -> tuple[str, int]:
        """How it stands with the file, and how many parts lie here."""
        rows = await self.store.read(lambda unit: unit.all("SELECT state FROM files"))
        parts = await self.store.read(files.parts, FILE)
        return rows[0][0], len(parts)

    async def letters(self) -> int:
        rows = await self.store.read(lambda unit: unit.all("SELECT id FROM letters"))
        return len(rows)


def _wanted(unit: Unit, handle: Handle) -> None:
    people.meet(unit, HER, "telegram", "1001")
    files.want(unit, FileNote(FILE, "photo", b"k" * 32), HER, "telegram", encode(handle), NOON)


def _bound(unit: Unit, world: World) -> None:
    sealing = cases.Sealing(unit, world)
    case = sealing.case(CODE)
    assert case is not None
    cases.bind_file(sealing, FILE, case)
    sealing.end()


def _opened(unit: Unit, world: World) -> None:
    sealing = cases.Sealing(unit, world)
    cases.open_or_raise(sealing, OpenCase(CODE, "low"), Origin(HER, "telegram", "ar"))
    sealing.end()


@pytest.fixture
def post(store: Store) -> Post:
    return Post(store)


async def _pieces(*sizes: int) -> AsyncIterator[bytes]:
    for size in sizes:
        yield b"x" * size


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((), []),
        ((5,), [5]),
        ((PART,), [PART]),
        ((PART - 1, 1, 1), [PART, 1]),
        ((2 * PART + 7,), [PART, PART, 7]),
        ((0, 3, 0), [3]),
    ],
)
async def test_pieces_of_any_size_become_parts_of_one_size(
    database: str, sizes: tuple[int, ...], expected: list[int]
) -> None:
    assert [len(part) async for part in in_parts(_pieces(*sizes))] == expected


async def test_a_fetched_file_waits_sealed_for_its_case(post: Post) -> None:
    await post.wanted([b"a" * PART, b"b"])
    await post.fetches()
    assert await post.state() == ("kept", 2)
    await post.opens_case()
    await post.binds()
    assert [(note["size"], note["parts"]) for note in await post.notes()] == [(PART + 1, 2)]


async def test_a_broken_download_begins_again_and_leaves_no_part_behind_from_before(post: Post) -> None:
    await post.wanted([b"a" * PART, FetchLater("broke")], [b"a" * PART, b"b"])
    await post.fetches()
    assert await post.state() == ("wanted", 1)
    await post.fetches()
    assert await post.state() == ("kept", 2)


async def test_the_platform_s_copy_goes_only_when_the_file_is_here(post: Post) -> None:
    await post.wanted([FetchLater("later")], [b"a"], delete="MM1/ME1")
    await post.fetches()
    assert post.shelf.discarded == []
    await post.fetches()
    assert post.shelf.discarded == ["MM1/ME1"]


async def test_after_half_an_hour_of_tries_she_is_told_once_and_it_ends(post: Post) -> None:
    await post.wanted([FetchLater("down")])
    for _ in range(35):
        await post.fetches()
    assert (await post.state())[0] == "failed"
    assert await post.letters() == 1
    assert post.shelf.asked == 30


async def test_a_file_with_nothing_in_it_is_asked_for_again(post: Post) -> None:
    await post.wanted([])
    await post.fetches()
    assert ((await post.state())[0], await post.letters()) == ("failed", 1)


async def test_nothing_is_said_to_her_while_it_is_not_safe(post: Post) -> None:
    await post.wanted([Unfetchable("expired")])
    await post.store.write(people.remember, HER, replace(Person(), quiet=True))
    await post.fetches()
    assert ((await post.state())[0], await post.letters()) == ("failed", 0)


async def test_a_case_says_why_a_file_of_its_own_never_came(post: Post) -> None:
    await post.wanted([Unfetchable("expired")])
    await post.opens_case()
    await post.binds()
    await post.fetches()
    assert [note["why"] for note in await post.notes()] == ["expired"]


async def test_a_case_says_why_a_file_of_the_draft_never_came(post: Post) -> None:
    await post.wanted([Unfetchable("expired")])
    await post.fetches()
    await post.opens_case()
    await post.binds()
    assert [note["why"] for note in await post.notes()] == ["expired"]


async def test_a_file_that_was_too_large_leaves_no_parts_behind(post: Post) -> None:
    await post.wanted([b"a" * media.LARGEST, b"b"])
    await post.fetches()
    assert await post.state() == ("failed", 0)


async def test_a_draft_given_up_while_its_file_is_on_its_way_takes_the_file_along(post: Post) -> None:
    await post.wanted([b"a"])
    await post.store.write(files.destroy, [FILE])
    await post.fetches()
    assert await post.store.read(files.parts, FILE) == []


async def test_a_file_of_a_channel_that_is_no_longer_there_harms_no_other(post: Post) -> None:
    await post.wanted([b"a"])
    await fetch_now(post.store, {}, post.world)
    assert (await post.state())[0] == "wanted"
