"""Keeps cases: each with its own key pair, sealed to each reader; what belongs to a case is sealed to its public half.

The private half is forgotten as soon as it has been sealed to the readers; nothing here can open a case. A case may get
a new pair, so that somebody who was taken off reads nothing of what follows: each pair is an epoch of the case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

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
    reach: str = ""
    """How she may be reached, by its code (flows.report_script.REACH); empty where she has not said."""
    hours: str = ""
    """When, by its code (flows.report_script.HOURS)."""
    lowered: bool = False
    """A person lowered the level: answers that were known then don't raise it again."""
    withdrawn: bool = False
    """She took it back: nobody writes to her about it any more."""
    silent: bool = False
    """Somebody may be making her write: nobody writes to her about it, and her chat does not know it."""
    documented: bool = False
    """She agreed that it be kept as evidence: it outlives its closing until she withdraws."""
    uncontacted: bool = False
    """She took back that she may be contacted: nobody writes to her about it."""
    ends: bool = False
    """She wants it destroyed: it is, once the team has closed it."""


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
    epoch: int = 1
    """Which of its key pairs it is sealed to now, counted from 1."""
    version: int = 1
    """Counts every change of what the server knows of it."""
    drill: bool = False


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing sealed into a case: what kind, when, and its content."""

    kind: str
    at: datetime
    content: Mapping[str, Any]


class NoReader(Exception):
    """There is no key to seal a case to. Make the recovery key with `sanad keys recovery --out FILE`."""


def add_reader(unit: Unit, number: int, kind: str, key: bytes, now: datetime, staff: int | None = None) -> None:
    """Add a key that cases are sealed to; `kind` is recovery or staff (with her number). One recovery key at a time.

    A member has one key at a time as well: an earlier one of hers is removed, and opens what it opened.
    """
    if kind == "recovery":
        sql = "UPDATE readers SET removed_at = :now WHERE kind = 'recovery' AND removed_at IS NULL"
        unit.do(sql, {"now": millis(now)})
    else:
        sql = "UPDATE readers SET removed_at = :now WHERE staff_id = :staff AND removed_at IS NULL"
        unit.do(sql, {"now": millis(now), "staff": staff})
    sql = "INSERT INTO readers (id, kind, public_key, added_at, staff_id) VALUES (:id, :kind, :key, :now, :staff)"
    unit.do(sql, {"id": number, "kind": kind, "key": key, "now": millis(now), "staff": staff})


def readers(unit: Unit, roles: Collection[str] = ()) -> list[tuple[int, bytes]]:
    """Whom a new case is sealed to: the recovery key, and active staff of these roles who have a key of their own.

    Each by her reader's number and public key.
    """
    rows = unit.all(_READERS)
    return [(number, bytes(key)) for number, key, role in rows if role is None or role in roles]


_READERS = """
    SELECT readers.id, public_key, role FROM readers LEFT JOIN staff ON staff.id = readers.staff_id
    WHERE removed_at IS NULL AND (kind = 'recovery' OR active = 1) ORDER BY readers.id
"""


_OPEN = """
    INSERT INTO cases
        (id, code, person_id, public_key, facets, status, mechanism, opened_at, heard_at, drill, hidden)
    VALUES (:id, :code, :person, :public, :facets, :status, :mechanism, :now, :now, :drill, :hidden)
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
    to: Sequence[tuple[int, bytes]],
    drill: bool = False,
    status: str = "waiting",
    hidden: bool = False,
) -> Case:
    """Open a case with a key pair made from `seed` (32 fresh bytes), sealed to the readers `to`.

    One that is `sleeping` is shown to nobody until it is woken; a `hidden` one does not stand among her reports.
    Raises `Taken` at the commit if the code is, `NoReader` rather than seal what nobody could ever read.
    """
    assert len(seed) == SEED  # noqa: S101 - a shorter seed would be a fault of ours
    public = public_key(seed)
    sealed = unit.vault.seal(_facets(number), encode(facets))
    if not to:
        raise NoReader
    values = {"id": number, "code": code, "person": person, "public": public, "facets": sealed, "drill": int(drill)}
    values |= {"status": status, "hidden": int(hidden)}
    unit.do(_OPEN, values | {"mechanism": mechanism, "now": millis(now)})
    _share(unit, number, 1, seed, to)
    unit.wakes.add("cases")
    return Case(number, code, person, public, facets, status, False, now, mechanism, drill=drill)  # noqa: FBT003


def begin_epoch(unit: Unit, case: Case, seed: bytes, to: Sequence[tuple[int, bytes]]) -> Case:
    """Give a case a new key pair for what follows, sealed to the readers `to`; what was there stays as it is.

    Raises `NoReader` where there is none.
    """
    if not to:
        raise NoReader
    public = public_key(seed)
    # The row says which epoch this is: another process may have begun one since the case was read.
    sql = """UPDATE cases SET public_key = :public, epoch = epoch + 1, version = version + 1 WHERE id = :id
        RETURNING epoch, version"""
    row = unit.one(sql, {"id": case.id, "public": public})
    epoch, version = row if row is not None else (case.epoch + 1, case.version + 1)
    begun = replace(case, public_key=public, epoch=epoch, version=version)
    _share(unit, case.id, begun.epoch, seed, to)
    return begun


def _share(unit: Unit, case: int, epoch: int, seed: bytes, to: Sequence[tuple[int, bytes]]) -> None:
    for reader, key in to:
        put_share(unit, case, epoch, reader, seal_to(key, seed_place(case, epoch, reader), seed))


def put_share(unit: Unit, case: int, epoch: int, reader: int, sealed: bytes) -> None:
    """Keep a case's private half as it was sealed to one reader, here or in a browser; another is replaced."""
    sql = """INSERT INTO case_keys (case_id, epoch, reader_id, seed) VALUES (:case, :epoch, :reader, :seed)
        ON CONFLICT (case_id, epoch, reader_id) DO UPDATE SET seed = excluded.seed"""
    unit.do(sql, {"case": case, "epoch": epoch, "reader": reader, "seed": sealed})


def shares(unit: Unit, case: int) -> dict[tuple[int, int], bytes]:
    """A case's sealed private halves, by reader and epoch."""
    rows = unit.all("SELECT reader_id, epoch, seed FROM case_keys WHERE case_id = :case", {"case": case})
    return {(reader, epoch): bytes(seed) for reader, epoch, seed in rows}


def drop_shares(unit: Unit, case: int, keep: Collection[int]) -> int:
    """Destroy what readers other than these could open a case with. Says how many lost it."""
    gone = {reader for reader, _epoch in shares(unit, case)} - set(keep)
    sql = "DELETE FROM case_keys WHERE case_id = :case AND reader_id = :reader"
    unit.many(sql, [{"case": case, "reader": reader} for reader in gone])
    return len(gone)


_COLUMNS = "id, code, person_id, public_key, facets, status, finished, opened_at, mechanism, epoch, version, drill"


def by_code(unit: Unit, code: str) -> Case | None:
    """The case with this code."""
    row = unit.one(f"SELECT {_COLUMNS} FROM cases WHERE code = :code", {"code": code})  # noqa: S608 - our own names
    return _case(unit, row) if row else None


def by_number(unit: Unit, number: int) -> Case | None:
    """The case with this number."""
    row = unit.one(f"SELECT {_COLUMNS} FROM cases WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return _case(unit, row) if row else None


def _case(unit: Unit, row: tuple[Any, ...]) -> Case:
    number, code, person, public, facets, status, finished, opened_at, mechanism, epoch, version, drill = row
    known = facets_of(unit, number, bytes(facets))
    return Case(
        number, code, person, bytes(public), known, status, bool(finished), moment(opened_at), mechanism,
        epoch, version, bool(drill),
    )  # fmt: skip


_OF_PERSON = """
    SELECT code, opened_at, status, finished, heard_at,
        (SELECT MAX(due_at) FROM replies WHERE case_id = cases.id AND state = 'sent') AS wrote_at
    FROM cases WHERE person_id = :person AND hidden = 0 ORDER BY opened_at, code
"""


def codes(unit: Unit, numbers: Sequence[int]) -> dict[int, str]:
    """The codes of cases, by their numbers, as far as they are there still."""
    found = (unit.one("SELECT code FROM cases WHERE id = :id", {"id": number}) for number in numbers)
    return {number: row[0] for number, row in zip(numbers, found, strict=True) if row is not None}


def of_person(unit: Unit, person: int) -> list[tuple[str, datetime, str, bool, datetime | None, bool]]:
    """Her cases, oldest first: code, opened at, status, finished, when we last wrote to her, whether she answered."""
    return [
        (
            code,
            moment(at),
            status,
            bool(finished),
            None if wrote is None else moment(wrote),
            (heard or 0) > (wrote or 0),
        )
        for code, at, status, finished, heard, wrote in unit.all(_OF_PERSON, {"person": person})
    ]


def facets_of(unit: Unit, number: int, sealed: bytes) -> Facets:
    """A case's facets as they lie in its row. Raises `Unreadable`."""
    return decode(unit.vault.open(_facets(number), sealed), Facets)


def put_facets(unit: Unit, number: int, facets: Facets) -> None:
    """Keep what routing now knows."""
    sealed = unit.vault.seal(_facets(number), encode(facets))
    unit.do("UPDATE cases SET facets = :facets, version = version + 1 WHERE id = :id", {"id": number, "facets": sealed})
    unit.wakes.add("cases")


def put_status(unit: Unit, number: int, status: str) -> None:
    """Move a case: waiting, taken, contacted, closed. One that goes on is not counted from its end any more."""
    ended = "" if status == "closed" else ", closed_at = NULL"
    sql = f"UPDATE cases SET status = :status, version = version + 1{ended} WHERE id = :id"  # noqa: S608 - our own words
    unit.do(sql, {"id": number, "status": status})
    unit.wakes.add("cases")


def note_closed(unit: Unit, number: int, now: datetime) -> None:
    """It is over: how long it is kept is counted from now."""
    unit.do("UPDATE cases SET closed_at = :now WHERE id = :id", {"id": number, "now": millis(now)})


def finish(unit: Unit, number: int) -> None:
    """She sent the whole of it."""
    unit.do("UPDATE cases SET finished = 1 WHERE id = :id", {"id": number})


def add_items(unit: Unit, case: Case, number: int, items: Sequence[Item], staff: int | None = None) -> None:
    """Seal things into a case together, under a fresh number; `staff` is who put them there, if a member did."""
    put_items(unit, case, number, seal_to(case.public_key, item_place(case.id, number), encode(items)), staff)


def put_items(unit: Unit, case: Case, number: int, sealed: bytes, staff: int | None) -> None:
    """Keep things that were sealed to a case's present key, here or in a member's browser.

    Raises `Taken` at the commit where the number is.
    """
    sql = """INSERT INTO case_items (case_id, number, epoch, staff_id, body)
        VALUES (:case, :number, :epoch, :staff, :body)"""
    unit.do(sql, {"case": case.id, "number": number, "epoch": case.epoch, "staff": staff, "body": sealed})
    unit.wakes.add("cases")


def note_heard(unit: Unit, number: int, now: datetime) -> None:
    """Something came from her: it waits until somebody answers."""
    unit.do("UPDATE cases SET heard_at = :now WHERE id = :id", {"id": number, "now": millis(now)})
    unit.wakes.add("cases")


def note_unanswered(unit: Unit, number: int) -> None:
    """What was sent to her did not arrive: she waits for an answer, however long ago there was one."""
    unit.do("UPDATE cases SET answered_at = 1 WHERE id = :id", {"id": number})
    unit.wakes.add("cases")


def note_answered(unit: Unit, number: int, now: datetime) -> None:
    """Somebody answered her, or has spoken with her."""
    unit.do("UPDATE cases SET answered_at = :now WHERE id = :id", {"id": number, "now": millis(now)})
    unit.wakes.add("cases")


def from_her(unit: Unit, number: int) -> list[bytes]:
    """What was sealed into a case and not by a member, as it lies there, in the order in which it came."""
    sql = "SELECT body FROM case_items WHERE case_id = :id AND staff_id IS NULL ORDER BY id"
    return [bytes(body) for (body,) in unit.all(sql, {"id": number})]


# ------------------------------------------------- where a reader's key is, and only there


class SealedItems(NamedTuple):
    """Things that were sealed into a case together."""

    number: int
    epoch: int
    staff: int | None
    body: bytes


@dataclass(frozen=True, slots=True)
class SealedCase:
    """A case as it lies in the database, for whoever holds a reader's key. No server key is needed to make it."""

    id: int
    code: str
    status: str
    opened_at: datetime
    mechanism: str
    seeds: Mapping[tuple[int, int], bytes]
    """By reader and epoch."""
    items: tuple[SealedItems, ...]


def sealed_case(unit: Unit, code: str) -> SealedCase | None:
    """Read a case without opening anything. One that sleeps is not there for anybody, whatever keys they hold."""
    sql = "SELECT id, status, opened_at, mechanism FROM cases WHERE code = :code AND status <> 'sleeping'"
    row = unit.one(sql, {"code": code})
    if row is None:
        return None
    sql = "SELECT number, epoch, staff_id, body FROM case_items WHERE case_id = :id ORDER BY id"
    items = [SealedItems(n, epoch, staff, bytes(body)) for n, epoch, staff, body in unit.all(sql, {"id": row[0]})]
    return SealedCase(row[0], code, row[1], moment(row[2]), row[3], shares(unit, row[0]), tuple(items))


def case_seeds(case: SealedCase, reader: int, reader_seed: bytes) -> dict[int, bytes]:
    """The case's private halves by epoch, as far as they are this reader's. Raises `Unreadable`: the key doesn't fit.

    Empty where the case is not sealed to her at all.
    """
    return {
        epoch: open_with(reader_seed, seed_place(case.id, epoch, reader), sealed)
        for (whose, epoch), sealed in case.seeds.items()
        if whose == reader
    }


def open_items(case: SealedCase, seeds: Mapping[int, bytes]) -> list[Item]:
    """All that was sealed into a case in the epochs whose seeds there are. Raises `Unreadable`."""
    opened = (
        decode(open_with(seeds[one.epoch], item_place(case.id, one.number), one.body), list[Item])
        for one in case.items
        if one.epoch in seeds
    )
    return [item for items in opened for item in items]


def seed_place(case: int, epoch: int, reader: int) -> Place:
    """Where a share lies. The first epoch's is named as release 0.1 named it, which knew no other."""
    return Place("case_keys", "seed", f"{case}/{reader}" if epoch == 1 else f"{case}/{reader}/{epoch}")


def item_place(case: int, number: int) -> Place:
    """Where a sealed item lies."""
    return Place("case_items", "body", f"{case}/{number}")


def _facets(number: int) -> Place:
    return Place("cases", "facets", str(number))
