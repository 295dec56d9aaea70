"""Whoever has the whole server, its disk, its keys and its settings, opens no case; a passphrase opens hers alone.

The attacker here takes every value of every table, opens whatever the server's keys open, and tries each run of 32
bytes in all of it as a key.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from handlers import sharing
from storage import backup, cases, files, logins
from storage.cases import Facets, Item, SealedCase
from storage.inventory import sealed_by
from storage.seal import FileKey, public_key
from storage.store import Store
from storage.unit import Unit
from storage.vault import Key, Place, Unreadable, Vault, _derive
from tests.desk.staff import b64, derive, login_hash, unwrap, wrap
from tests.desk.working import CODE, Colleague, Room

RING = Key("test1", bytes(range(32)))
"""What SANAD_KEYS holds: the `vault` fixture's."""
HERS = {"Huda": "قارب وغيمة وثلاث نخلات", "Rana": "four lamps behind the old well"}
SECRET_WORDS = "she was told that he would come tonight"
OTHER_CODE = "RRR-333"
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{42,}={0,2}")
PHOTO = b"a photo, as it came"


@dataclass(frozen=True)
class Loot:
    """What the attacker carries away."""

    values: list[bytes]
    cases: list[SealedCase]
    public_keys: dict[str, bytes]
    """Of cases and readers, by a name for the message."""
    wrapped: dict[int, bytes]
    salts: dict[int, bytes]
    file_part: bytes


@pytest.fixture
async def room(store: Store) -> Room:
    """Two focal points with real passphrases, a case of each, a photo, and a desk at work."""
    room = Room(store)
    for name, passphrase in HERS.items():
        colleague = await room.has(name)
        await store.write(_sign_up, colleague, passphrase, room)
        if name == "Huda":
            await room.she_reports()
            await store.write(sharing.taken, (await room.case()).id, colleague.who.staff, room.world())
            await store.write(_photo, await room.case(), room)
            await store.write(sharing.contacted, (await room.case()).id)
    await store.write(_case_of_rana, room)
    return room


def _sign_up(unit: Unit, colleague: Colleague, passphrase: str, room: Room) -> None:
    number, salt = colleague.who.staff, hashlib.sha256(colleague.name.encode()).digest()[:16]
    keys = derived(passphrase, salt)
    wrapped = wrap(keys.wrapping, colleague.seed, number)
    logins.put(unit, number, colleague.name, salt, login_hash(keys.login), wrapped, room.now)
    logins.put_factor(unit, number, os.urandom(20), 0, ())


@lru_cache
def derived(passphrase: str, salt: bytes) -> Any:
    return derive(passphrase, salt)


def _photo(unit: Unit, case: cases.Case, room: Room) -> None:
    key = FileKey(5, os.urandom(32))
    sql = "INSERT INTO files (id, case_id, channel, state, due_at, made_at) VALUES (5, :case, 'telegram', 'kept', 0, 0)"
    unit.do(sql, {"case": case.id})
    files.put_part(unit, 5, 0, key.seal_part(0, PHOTO))
    note = {"file": 5, "secret": b64(key.secret), "parts": 1}
    cases.add_items(unit, case, 900, [Item("file", room.now, note), Item("note", room.now, {"words": SECRET_WORDS})])


def _case_of_rana(unit: Unit, room: Room) -> None:
    everybody = cases.readers(unit, {"focal_point"})
    of_huda = {reader for (reader,) in unit.all("SELECT reader_id FROM case_keys WHERE reader_id <> 1")}
    case = cases.open_case(
        unit, 44, OTHER_CODE, os.urandom(32), person=None, facets=Facets("high"), mechanism="v1", now=room.now,
        to=[one for one in everybody if one[0] not in of_huda],
    )  # fmt: skip
    cases.add_items(unit, case, 901, [Item("note", room.now, {"words": SECRET_WORDS})])


# ---------------------------------------------------------------- the attacker


async def take_all(store: Store, vault: Vault) -> Loot:
    return await store.read(_take_all, vault)


def _take_all(unit: Unit, vault: Vault) -> Loot:
    values = [RING.secret, *(_derive(RING, purpose) for purpose in (b"sanad seal", b"sanad blind index"))]
    values += list(_rows(unit))
    values += list(_opened_with_the_ring(unit, vault))
    values += [decoded for value in list(values) for decoded in _decoded(value)]
    sealed = [found for code in (CODE, OTHER_CODE) if (found := cases.sealed_case(unit, code)) is not None]
    named = {f"case {code}": bytes(key) for code, key in unit.all("SELECT code, public_key FROM cases")}
    named |= {f"reader {number}": bytes(key) for number, key in unit.all("SELECT id, public_key FROM readers")}
    entries = unit.all("SELECT staff_id, wrapped, salt FROM logins")
    (part,) = files.parts(unit, 5)
    wrapped, salts = {n: bytes(w) for n, w, _ in entries}, {n: bytes(s) for n, _, s in entries}
    return Loot(values, sealed, named, wrapped, salts, part)


def _rows(unit: Unit) -> Iterator[bytes]:
    """Every value of every table."""
    for table, columns in backup.tables().items():
        for row in unit.all(f"SELECT {', '.join(columns)} FROM {table}"):
            for value in row:
                if isinstance(value, str):
                    yield value.encode()
                elif isinstance(value, int):
                    yield value.to_bytes(32, signed=True)
                elif value is not None:
                    yield bytes(value)


def _opened_with_the_ring(unit: Unit, vault: Vault) -> Iterator[bytes]:
    """All that the server's keys open."""
    for one in sealed_by("server"):
        for *row, sealed in unit.all(f"SELECT {', '.join(one.row)}, {one.column} FROM {one.table}"):
            if sealed is not None:
                yield vault.open(Place(one.table, one.column, "/".join(map(str, row))), bytes(sealed))


def _decoded(value: bytes) -> Iterator[bytes]:
    for found in BASE64.findall(value):
        with suppress(ValueError):
            yield base64.b64decode(found + b"=" * (-len(found) % 4))


def keys_tried(loot: Loot) -> set[bytes]:
    """Every run of 32 bytes in what was found."""
    return {value[at : at + 32] for value in loot.values for at in range(max(0, len(value) - 31))}


def fitting(tried: set[bytes], loot: Loot) -> set[bytes]:
    """Those keys that fit a public key. Its second half, X25519's, is enough to tell, and fifteen times as quick."""
    wanted = {public[-32:] for public in loot.public_keys.values()}
    return {key for key in tried if _curve_half(key) in wanted and public_key(key) in loot.public_keys.values()}


def _curve_half(key: bytes) -> bytes:
    private = hashlib.shake_256(key).digest(96)[64:]
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


async def test_the_whole_server_does_not_open_a_stored_case(room: Room, vault: Vault) -> None:
    loot = await take_all(room.store, vault)
    tried = keys_tried(loot)
    assert len(tried) > 5_000, "the attacker should have found a lot to try"
    assert not any(SECRET_WORDS.encode() in value or PHOTO in value for value in loot.values)
    assert fitting(tried, loot) == set(), "a private half lies on the server"
    for number, wrapped in loot.wrapped.items():
        assert not [key for key in tried if _unwraps(key, wrapped, number)]
    assert not [key for key in tried if _opens_file(key, loot.file_part)]


async def test_the_attacker_would_notice_a_private_half_that_lies_about(room: Room, vault: Vault) -> None:
    """The attack itself works: a key left in any value, sealed with the server's ring or in base64, is found."""
    loot = await take_all(room.store, vault)
    seed = b"k" * 32
    left = Loot([*loot.values, b"x" + seed + b"y"], [], {"planted": public_key(seed)}, {}, {}, b"")
    assert fitting(keys_tried(left), left) == {seed}
    assert seed in [found for value in (b'{"key":"' + b64(seed).encode() + b'"}',) for found in _decoded(value)]


async def test_with_one_reader_s_passphrase_her_cases_open_and_no_other(room: Room, vault: Vault) -> None:
    loot = await take_all(room.store, vault)
    huda = await _number(room, "Huda")
    keys = derived(HERS["Huda"], loot.salts[huda])
    seed = unwrap(keys.wrapping, loot.wrapped[huda], huda)
    opened = {case.code: _words(case, seed) for case in loot.cases}
    assert SECRET_WORDS in opened[CODE]
    assert opened[OTHER_CODE] == []


async def test_her_passphrase_unwraps_nobody_else_s_key(room: Room, vault: Vault) -> None:
    loot = await take_all(room.store, vault)
    rana = await _number(room, "Rana")
    for salt in loot.salts.values():
        keys = derived(HERS["Huda"], salt)
        assert not _unwraps(keys.wrapping, loot.wrapped[rana], rana)
        assert not _unwraps(keys.login, loot.wrapped[rana], rana)


async def test_what_signs_her_in_unwraps_nothing(room: Room, vault: Vault) -> None:
    """The server sees her login key pass when she signs in: it is not the half that unwraps."""
    loot = await take_all(room.store, vault)
    huda = await _number(room, "Huda")
    seen = derived(HERS["Huda"], loot.salts[huda]).login
    assert not _unwraps(seen, loot.wrapped[huda], huda)
    assert not _unwraps(login_hash(seen), loot.wrapped[huda], huda)


async def test_a_wrapped_key_opens_in_nobody_else_s_place(room: Room, vault: Vault) -> None:
    """Whoever may write to the database can't hand one member's key to another."""
    loot = await take_all(room.store, vault)
    huda, rana = await _number(room, "Huda"), await _number(room, "Rana")
    keys = derived(HERS["Huda"], loot.salts[huda])
    assert _unwraps(keys.wrapping, loot.wrapped[huda], huda)
    assert not _unwraps(keys.wrapping, loot.wrapped[huda], rana)


async def _number(room: Room, name: str) -> int:
    found = await room.store.read(logins.by_name, name)
    assert found is not None
    return found.staff


def _unwraps(key: bytes, wrapped: bytes, number: int) -> bool:
    try:
        unwrap(key, wrapped, number)
    except InvalidTag:
        return False
    return True


def _opens_file(key: bytes, part: bytes) -> bool:
    try:
        FileKey(5, key).open_part(0, part)
    except Unreadable:
        return False
    return True


def _words(case: SealedCase, seed: bytes) -> list[Any]:
    """What a reader's private half opens of a case, tried with every share there is."""
    found: list[Any] = []
    for reader in {whose for whose, _ in case.seeds}:
        with suppress(Unreadable):
            items = cases.open_items(case, cases.case_seeds(case, reader, seed))
            found += [item.content["words"] for item in items if item.kind == "note"]
    return found
