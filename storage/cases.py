"""Keeps cases: each with its own key pair, sealed to each reader; what belongs to a case is sealed to its public half.

The private half is forgotten as soon as it has been sealed to the readers; nothing here can open a case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from storage.coding import decode, encode
from storage.seal import SEED, open_with, public_key, seal_to
from storage.unit import Unit, millis, moment
from storage.vault import Place


class Facets(msgspec.Struct, frozen=True):
    """The coarse codes that routing and the map need. Never words."""

    level: str
    because: tuple[tuple[str, str], ...] = ()
    place: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the server knows it: everything but its content."""

    id: int
    code: str
    person: int | None
    public_key: bytes
    facets: Facets
    status: str
    finished: bool
    opened_at: datetime
    mechanism: str


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing sealed into a case: what kind, when, and its content."""

    kind: str
    at: datetime
    content: Mapping[str, Any]


class NoReader(Exception):
    """There is no key to seal a case to. Make the recovery key with `sanad keys recovery --out FILE`."""


def add_reader(unit: Unit, number: int, kind: str, key: bytes, now: datetime) -> None:
    """Add someone whose key every new case is sealed to; `kind` is recovery or staff. One recovery key at a time."""
    if kind == "recovery":
        sql = "UPDATE readers SET removed_at = :now WHERE kind = 'recovery' AND removed_at IS NULL"
        unit.do(sql, {"now": millis(now)})
    sql = "INSERT INTO readers (id, kind, public_key, added_at) VALUES (:id, :kind, :key, :now)"
    unit.do(sql, {"id": number, "kind": kind, "key": key, "now": millis(now)})


def readers(unit: Unit) -> list[tuple[int, str, bytes]]:
    """Those that a new case is sealed to: number, kind, public key."""
    rows = unit.all("SELECT id, kind, public_key FROM readers WHERE removed_at IS NULL ORDER BY id")
    return [(number, kind, bytes(key)) for number, kind, key in rows]


_OPEN = """
    INSERT INTO cases (id, code, person_id, public_key, facets, status, mechanism, opened_at)
    VALUES (:id, :code, :person, :public, :facets, 'waiting', :mechanism, :now)
"""


def open_case(
    unit: Unit,
    number: int,
    code: str,
    seed: bytes,
    *,
    person: int | None,
    facets: Facets,
    mechanism: str,
    now: datetime,
) -> Case:
    """Open a case with a key pair made from `seed` (32 fresh bytes). Raises `Taken` at the commit if the code is.

    Raises `NoReader` rather than seal what nobody could ever read.
    """
    assert len(seed) == SEED  # noqa: S101 - a shorter seed would be a fault of ours
    public = public_key(seed)
    sealed = unit.vault.seal(_facets(number), encode(facets))
    values = {"id": number, "code": code, "person": person, "public": public, "facets": sealed}
    unit.do(_OPEN, values | {"mechanism": mechanism, "now": millis(now)})
    found = readers(unit)
    if not found:
        raise NoReader
    for reader, _kind, key in found:
        share = {"case": number, "reader": reader, "seed": seal_to(key, _seed(number, reader), seed)}
        unit.do("INSERT INTO case_keys (case_id, reader_id, seed) VALUES (:case, :reader, :seed)", share)
    return Case(number, code, person, public, facets, "waiting", finished=False, opened_at=now, mechanism=mechanism)


_COLUMNS = "id, code, person_id, public_key, facets, status, finished, opened_at, mechanism"


def by_code(unit: Unit, code: str) -> Case | None:
    """The case with this code."""
    row = unit.one(f"SELECT {_COLUMNS} FROM cases WHERE code = :code", {"code": code})  # noqa: S608 - our own names
    return _case(unit, row) if row else None


def by_number(unit: Unit, number: int) -> Case | None:
    """The case with this number."""
    row = unit.one(f"SELECT {_COLUMNS} FROM cases WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return _case(unit, row) if row else None


def _case(unit: Unit, row: tuple[Any, ...]) -> Case:
    number, code, person, public, facets, status, finished, opened_at, mechanism = row
    known = decode(unit.vault.open(_facets(number), bytes(facets)), Facets)
    return Case(number, code, person, bytes(public), known, status, bool(finished), moment(opened_at), mechanism)


def of_person(unit: Unit, person: int) -> list[tuple[str, datetime, str, bool]]:
    """Her cases, oldest first: code, opened at, status, finished."""
    sql = "SELECT code, opened_at, status, finished FROM cases WHERE person_id = :person ORDER BY opened_at, code"
    rows = unit.all(sql, {"person": person})
    return [(code, moment(at), status, bool(finished)) for code, at, status, finished in rows]


def put_facets(unit: Unit, number: int, facets: Facets) -> None:
    """Keep what routing now knows."""
    sealed = unit.vault.seal(_facets(number), encode(facets))
    unit.do("UPDATE cases SET facets = :facets, version = version + 1 WHERE id = :id", {"id": number, "facets": sealed})


def put_status(unit: Unit, number: int, status: str) -> None:
    """Move a case: waiting, taken, contacted, closed."""
    unit.do("UPDATE cases SET status = :status, version = version + 1 WHERE id = :id", {"id": number, "status": status})


def finish(unit: Unit, number: int) -> None:
    """She sent the whole of it."""
    unit.do("UPDATE cases SET finished = 1 WHERE id = :id", {"id": number})


def add_items(unit: Unit, case: Case, number: int, items: Sequence[Item]) -> None:
    """Seal things into a case together, under a fresh number."""
    sealed = seal_to(case.public_key, _item(case.id, number), encode(items))
    sql = "INSERT INTO case_items (case_id, number, body) VALUES (:case, :number, :body)"
    unit.do(sql, {"case": case.id, "number": number, "body": sealed})


# ------------------------------------------------- where a reader's key is, and only there


@dataclass(frozen=True, slots=True)
class SealedCase:
    """A case as it lies in the database, for whoever holds a reader's key. No server key is needed to make it."""

    id: int
    code: str
    status: str
    opened_at: datetime
    mechanism: str
    seeds: Mapping[int, bytes]
    items: tuple[tuple[int, bytes], ...]


def sealed_case(unit: Unit, code: str) -> SealedCase | None:
    """Read a case without opening anything."""
    row = unit.one("SELECT id, status, opened_at, mechanism FROM cases WHERE code = :code", {"code": code})
    if row is None:
        return None
    seeds = unit.all("SELECT reader_id, seed FROM case_keys WHERE case_id = :id", {"id": row[0]})
    items = unit.all("SELECT number, body FROM case_items WHERE case_id = :id ORDER BY id", {"id": row[0]})
    sealed = {reader: bytes(seed) for reader, seed in seeds}
    return SealedCase(
        row[0], code, row[1], moment(row[2]), row[3], sealed, tuple((number, bytes(body)) for number, body in items)
    )


def case_seed(case: SealedCase, reader: int, reader_seed: bytes) -> bytes:
    """The case's private half, with a reader's. Raises `Unreadable` where the key doesn't fit."""
    return open_with(reader_seed, _seed(case.id, reader), case.seeds[reader])


def open_items(case: SealedCase, seed: bytes) -> list[Item]:
    """All that was sealed into a case. Raises `Unreadable`."""
    opened = (decode(open_with(seed, _item(case.id, number), body), list[Item]) for number, body in case.items)
    return [item for items in opened for item in items]


def _facets(number: int) -> Place:
    return Place("cases", "facets", str(number))


def _seed(case: int, reader: int) -> Place:
    return Place("case_keys", "seed", f"{case}/{reader}")


def _item(case: int, number: int) -> Place:
    return Place("case_items", "body", f"{case}/{number}")
