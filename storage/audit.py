"""Keeps the log of every read, export and change: append-only, each entry hashed with the one before, and signed.

It holds codes, numbers and times, never a word of anybody's. Nothing changes an entry, and none is removed but the
oldest after their time, which the log itself then says in an entry of its own.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from storage.unit import Row, Unit, millis, moment

_FORMAT = b"sanad audit 1"
TRIMMED = "log:trimmed"
"""The entry that takes the place of those which had their time: `target` is the last of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `seq` counts from 1 without a gap; `staff` is None where nobody but the program did it."""

    seq: int
    at: datetime
    staff: int | None
    what: str
    case: int | None
    target: int | None
    """Another number that it is about: a colleague, a file, a shift."""
    previous: bytes
    hash: bytes
    key_id: str
    signature: bytes

    def digest(self) -> bytes:
        """What the entry's hash must be."""
        fields = (self.seq, millis(self.at), self.staff, self.what, self.case, self.target)
        said = "|".join("" if field is None else str(field) for field in fields)
        return hashlib.sha256(b"\x00".join((_FORMAT, self.previous, said.encode()))).digest()


def record(
    unit: Unit, at: datetime, what: str, *, staff: int | None = None, case: int | None = None, target: int | None = None
) -> None:
    """Write an entry, in the transaction of what it tells of: either both are kept or neither.

    `what` is one of a few fixed codes. Writers come one after the other: each waits for the head of the chain.
    """
    row = unit.one("UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash")
    assert row is not None  # noqa: S101 - the migration put it there
    entry = Entry(row[0], moment(millis(at)), staff, what, case, target, bytes(row[1]), b"", "", b"")
    digest = entry.digest()
    key_id, signature = unit.vault.sign(digest)
    _keep_key(unit, at)
    values = {"seq": row[0], "at": millis(at), "staff": staff, "what": what, "case": case, "target": target}
    values |= {"previous": bytes(row[1]), "hash": digest, "key": key_id, "signature": signature}
    unit.do(_ADD, values)
    unit.do("UPDATE audit_head SET hash = :hash WHERE id = 1", {"hash": digest})


_ADD = """
    INSERT INTO audit (seq, at, staff_id, what, case_id, target, previous, hash, key_id, signature)
    VALUES (:seq, :at, :staff, :what, :case, :target, :previous, :hash, :key, :signature)
"""


def _keep_key(unit: Unit, at: datetime) -> None:
    """Keep the public half by which this key's signatures are checked, also when the key itself is gone."""
    key_id, public = unit.vault.signing_key()
    sql = "INSERT INTO audit_keys (id, public_key, since) VALUES (:id, :public, :at) ON CONFLICT (id) DO NOTHING"
    unit.do(sql, {"id": key_id, "public": public, "at": millis(at)})


_SELECT = "SELECT seq, at, staff_id, what, case_id, target, previous, hash, key_id, signature FROM audit"


_LATEST = 2**62


def of_case(unit: Unit, case: int, most: int = 500, before: int = _LATEST) -> list[Entry]:
    """The newest entries about a case, newest first; of those in front of an entry."""
    sql = f"{_SELECT} WHERE case_id = :case AND seq < :before ORDER BY seq DESC LIMIT :most"
    return [_entry(row) for row in unit.all(sql, {"case": case, "most": most, "before": before})]


def newest(unit: Unit, most: int, before: int = _LATEST, staff: int | None = None) -> list[Entry]:
    """The newest entries, newest first; of those in front of an entry, and of what one member did."""
    hers = "" if staff is None else " AND staff_id = :staff"
    sql = f"{_SELECT} WHERE seq < :before{hers} ORDER BY seq DESC LIMIT :most"
    return [_entry(row) for row in unit.all(sql, {"before": before, "most": most, "staff": staff})]


def was_recorded(unit: Unit, staff: int, what: str, case: int, target: int, since: int) -> bool:
    """Whether a member did this to this part of a case since a moment (milliseconds)."""
    sql = """SELECT 1 FROM audit WHERE case_id = :case AND staff_id = :staff AND what = :what AND target = :target
        AND at >= :since LIMIT 1"""
    values = {"case": case, "staff": staff, "what": what, "target": target, "since": since}
    return unit.one(sql, values) is not None


def after(unit: Unit, seq: int, most: int = 1000) -> list[Entry]:
    """Entries behind one, in their order."""
    sql = f"{_SELECT} WHERE seq > :seq ORDER BY seq LIMIT :most"
    return [_entry(row) for row in unit.all(sql, {"seq": seq, "most": most})]


def head(unit: Unit) -> tuple[int, bytes]:
    """Number and hash of the last entry, as the program left them; 0 and zeros where there is none yet."""
    row = unit.one("SELECT seq, hash FROM audit_head WHERE id = 1")
    return (0, bytes(32)) if row is None else (row[0], _as_bytes(row[1]))


def oldest(unit: Unit) -> datetime | None:
    """When the oldest entry was written."""
    row = unit.one("SELECT at FROM audit ORDER BY seq LIMIT 1")
    return None if row is None else moment(row[0])


def trim(unit: Unit, before: datetime, now: datetime, most: int = 20_000) -> int:
    """Remove the oldest entries that are older than `before`, `most` at once, and say so in the log. Says how many.

    The new entry names the last one removed, and is signed: whoever removes more than that is found out. The chain goes
    on from the oldest entry left, which holds the hash of the one before it.
    """
    first = unit.one("SELECT MIN(seq) FROM audit WHERE at >= :before", {"before": millis(before)})
    oldest = unit.one("SELECT MIN(seq), MAX(seq) FROM audit")
    if oldest is None or oldest[0] is None:
        return 0
    end = oldest[1] if first is None or first[0] is None else first[0] - 1
    last = min(end, oldest[0] + most - 1)
    if last < oldest[0]:
        return 0
    record(unit, now, TRIMMED, target=last)
    return unit.count("DELETE FROM audit WHERE seq <= :last", {"last": last})


def public_keys(unit: Unit) -> dict[str, bytes]:
    """The public halves by which signatures are checked, as the database has them."""
    return {name: _as_bytes(key) for name, key in unit.all("SELECT id, public_key FROM audit_keys")}


def _as_bytes(value: object) -> bytes:
    """A stored value, also where somebody put text in the place of bytes, as SQLite lets him."""
    return value.encode() if isinstance(value, str) else bytes(value)  # type: ignore[call-overload]


def raw_after(unit: Unit, seq: int, most: int = 1000) -> list[Row]:
    """Entries behind one as the database has them, whatever became of them: `read_row` makes entries of them."""
    return unit.all(f"{_SELECT} WHERE seq > :seq ORDER BY seq LIMIT :most", {"seq": seq, "most": most})


def read_row(row: Row) -> Entry | None:
    """A row as an entry; None where it holds what no entry of ours does."""
    try:
        return _entry(row)
    except (TypeError, ValueError, OverflowError, ArithmeticError):
        return None


def _entry(row: Row) -> Entry:
    seq, at, staff, what, case, target, previous, digest, key_id, signature = row
    return Entry(seq, moment(at), staff, what, case, target, bytes(previous), bytes(digest), key_id, bytes(signature))
