"""Keeps the log of every read, export and change: append-only, each entry hashed with the one before, and signed.

It holds codes, numbers and times, never a word of anybody's; nothing here changes or removes an entry.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from storage.unit import Row, Unit, millis, moment

_FORMAT = b"sanad audit 1"


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


def of_case(unit: Unit, case: int, most: int = 500) -> list[Entry]:
    """The newest entries about a case, newest first."""
    sql = f"{_SELECT} WHERE case_id = :case ORDER BY seq DESC LIMIT :most"
    return [_entry(row) for row in unit.all(sql, {"case": case, "most": most})]


def after(unit: Unit, seq: int, most: int = 1000) -> list[Entry]:
    """Entries behind one, in their order."""
    sql = f"{_SELECT} WHERE seq > :seq ORDER BY seq LIMIT :most"
    return [_entry(row) for row in unit.all(sql, {"seq": seq, "most": most})]


def head(unit: Unit) -> tuple[int, bytes]:
    """Number and hash of the last entry, as the program left them; 0 and zeros where there is none yet."""
    row = unit.one("SELECT seq, hash FROM audit_head WHERE id = 1")
    return (0, bytes(32)) if row is None else (row[0], bytes(row[1]))


def _entry(row: Row) -> Entry:
    seq, at, staff, what, case, target, previous, digest, key_id, signature = row
    return Entry(seq, moment(at), staff, what, case, target, bytes(previous), bytes(digest), key_id, bytes(signature))
