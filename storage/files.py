"""Keeps files that people send: wanted, fetched in sealed parts, then bound to a case, or destroyed with the draft.

A file's own key lies under the server's keys only while it belongs to a draft; in a case it is sealed to the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from storage.coding import decode, encode
from storage.unit import Unit, millis
from storage.vault import Place


class FileNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a file beside its bytes. The SHA-256 is of the original, as it came (evidence)."""

    file: int
    kind: str
    secret: bytes
    mime: str = ""
    name: str = ""
    size: int = 0
    sha256: str = ""
    parts: int = 0
    why: str = ""
    """Why there are no bytes; empty where there are, or where they are still on their way."""
    clean_of: int = 0
    """The number of the original that this is the clean copy of; 0 for a file as it came."""
    clean: str = ""
    """Of a picture: `made` where it has a clean copy, else why it has none."""
    only_clean: bool = False
    """She wants the clean copy alone: once there is one, or can't be, the original is destroyed."""


class Wanted(msgspec.Struct, frozen=True):
    """A file to be fetched, or whose copy at the platform is to be deleted."""

    id: int
    channel: str
    state: str
    tries: int
    handle: bytes


_WANT = """
    INSERT INTO files (id, person_id, channel, handle, secret, state, due_at, made_at)
    VALUES (:id, :person, :channel, :handle, :secret, 'wanted', :now, :now)
"""


def want(unit: Unit, note: FileNote, person: int, channel: str, handle: bytes, now: datetime) -> None:
    """Note that a file is to be fetched; its key is in the note, under the server's keys for now."""
    sealed = unit.vault.seal(_handle(note.file), handle)
    secret = unit.vault.seal(_secret(note.file), encode(note))
    values = {"id": note.file, "person": person, "channel": channel, "handle": sealed, "secret": secret}
    unit.do(_WANT, values | {"now": millis(now)})
    unit.wakes.add("files")


_DUE = """
    UPDATE files SET due_at = :later, tries = tries + 1 WHERE id IN (
        SELECT id FROM files WHERE state IN ('wanted', 'discard') AND due_at <= :now ORDER BY due_at LIMIT :most)
    RETURNING id, channel, state, tries, handle
"""


def due(unit: Unit, now: datetime, later: datetime, most: int = 8) -> list[Wanted]:
    """Take files that wait for the platform; each comes again at `later` unless it is done by then."""
    rows = unit.all(_DUE, {"now": millis(now), "later": millis(later), "most": most})
    return [Wanted(i, c, s, n, unit.vault.open(_handle(i), bytes(h))) for i, c, s, n, h in sorted(rows)]


def note(unit: Unit, number: int) -> FileNote | None:
    """What is known of a file while the server can still read it; None once it belongs to a case, or is gone."""
    row = unit.one("SELECT secret FROM files WHERE id = :id", {"id": number})
    if row is None or row[0] is None:
        return None
    return decode(unit.vault.open(_secret(number), bytes(row[0])), FileNote)


def put_note(unit: Unit, known: FileNote) -> None:
    """Keep what is now known of a file."""
    sealed = unit.vault.seal(_secret(known.file), encode(known))
    unit.do("UPDATE files SET secret = :secret WHERE id = :id", {"id": known.file, "secret": sealed})


def hold(unit: Unit, number: int, later: datetime) -> bool:
    """Go on fetching: nobody else begins until `later`. False where the file is not wanted any more."""
    sql = "UPDATE files SET due_at = :later WHERE id = :id AND state = 'wanted'"
    return unit.count(sql, {"id": number, "later": millis(later)}) == 1


def is_here(unit: Unit, number: int) -> bool:
    """Whether the file is still to be kept."""
    return unit.one("SELECT 1 FROM files WHERE id = :id", {"id": number}) is not None


def put_part(unit: Unit, number: int, part: int, body: bytes) -> None:
    """Keep one sealed part; a part that was kept before an interruption is replaced by the same."""
    sql = """INSERT INTO file_parts (file_id, part, body) VALUES (:id, :part, :body)
        ON CONFLICT (file_id, part) DO UPDATE SET body = excluded.body"""
    unit.do(sql, {"id": number, "part": part, "body": body})


def case_of(unit: Unit, number: int) -> int | None:
    """The case that a file is bound to, if it is."""
    row = unit.one("SELECT case_id FROM files WHERE id = :id", {"id": number})
    return row[0] if row else None


def owner(unit: Unit, number: int) -> int | None:
    """Whose file it is."""
    row = unit.one("SELECT person_id FROM files WHERE id = :id", {"id": number})
    return row[0] if row else None


def bind(unit: Unit, number: int, case: int) -> None:
    """From now on the file belongs to a case, and its clean copy with it."""
    unit.do("UPDATE files SET case_id = :case WHERE id = :id OR clean_of = :id", {"id": number, "case": case})


_COPY = """
    INSERT INTO files (id, person_id, case_id, channel, secret, state, due_at, made_at, clean_of)
    SELECT :id, person_id, case_id, channel, :secret, 'kept', due_at, made_at, id FROM files
    WHERE id = :original AND secret IS NOT NULL
"""


def begin_copy(unit: Unit, copy: FileNote) -> None:
    """Make room for a clean copy; one that was left half made goes.

    Nothing where the original is gone meanwhile, also where only its row is left because the platform still has it.
    """
    unit.do("DELETE FROM files WHERE clean_of = :original", {"original": copy.clean_of})
    secret = unit.vault.seal(_secret(copy.file), encode(copy))
    unit.do(_COPY, {"id": copy.file, "original": copy.clean_of, "secret": secret})


def copy_of(unit: Unit, number: int) -> int | None:
    """The number of a file's clean copy, if it has one."""
    row = unit.one("SELECT id FROM files WHERE clean_of = :id", {"id": number})
    return row[0] if row else None


def drop_copy(unit: Unit, number: int) -> None:
    """Destroy a file's clean copy, if there is one."""
    unit.do("DELETE FROM files WHERE clean_of = :id", {"id": number})


def note_uncleaned(unit: Unit, number: int) -> None:
    """It is a picture, and no clean copy of it could be made: known also when its note is sealed to a case."""
    unit.do("UPDATE files SET uncleaned = 1 WHERE id = :id", {"id": number})


def is_uncleaned(unit: Unit, number: int) -> bool:
    """Whether it is a picture of which no clean copy could be made."""
    row = unit.one("SELECT uncleaned FROM files WHERE id = :id", {"id": number})
    return bool(row and row[0])


def sent_since(unit: Unit, person: int, since: datetime) -> int:
    """How many files of hers have come since a moment and are still here."""
    sql = "SELECT COUNT(*) FROM files WHERE person_id = :person AND made_at > :since AND clean_of IS NULL"
    row = unit.one(sql, {"person": person, "since": millis(since)})
    return row[0] if row else 0


def forget_secret(unit: Unit, number: int) -> None:
    """The file's key has been sealed to its case: the server keeps it no longer."""
    unit.do("UPDATE files SET secret = NULL WHERE id = :id", {"id": number})


def to_discard(unit: Unit, number: int, now: datetime) -> None:
    """It is here, or can't be had: what is left to do is to delete the platform's copy."""
    sql = "UPDATE files SET state = 'discard', tries = 0, due_at = :now WHERE id = :id"
    unit.do(sql, {"id": number, "now": millis(now)})


def end(unit: Unit, number: int) -> None:
    """Nothing is left to do: kept where it has parts, else failed; where the platform kept it is forgotten.

    What was nobody's any more, and stayed only to be deleted at the platform, is gone.
    """
    orphan = "DELETE FROM files WHERE id = :id AND person_id IS NULL AND case_id IS NULL AND secret IS NULL"
    unit.do(orphan, {"id": number})
    sql = """UPDATE files SET handle = NULL,
        state = CASE WHEN EXISTS (SELECT 1 FROM file_parts WHERE file_id = :id) THEN 'kept' ELSE 'failed' END
        WHERE id = :id"""
    unit.do(sql, {"id": number})


def drop_parts(unit: Unit, number: int) -> None:
    """Delete what had come of a file that can't be had whole."""
    unit.do("DELETE FROM file_parts WHERE file_id = :id", {"id": number})


def destroy_drafts(unit: Unit, person: int) -> None:
    """Destroy every file of hers that belongs to no case: her draft is gone."""
    sql = "SELECT id FROM files WHERE person_id = :person AND case_id IS NULL"
    destroy(unit, [number for (number,) in unit.all(sql, {"person": person})])


_LEAVE = """
    UPDATE files SET person_id = NULL, secret = NULL, state = 'discard', tries = 0
    WHERE id = :id AND case_id IS NULL AND handle IS NOT NULL AND state IN ('wanted', 'discard') RETURNING id
"""


def destroy(unit: Unit, numbers: Sequence[int]) -> None:
    """Destroy files of a draft: keys and parts, and their clean copies. Those bound to a case stay.

    What the platform still has is deleted there as it would have been: until then its row stays, and is nobody's.
    """
    left = [number for number in numbers if unit.one(_LEAVE, {"id": number}) is not None]
    parts_of = "DELETE FROM file_parts WHERE file_id = :id"
    unit.many(parts_of, [{"id": number} for number in left])
    unit.many("DELETE FROM files WHERE clean_of = :id AND case_id IS NULL", [{"id": number} for number in left])
    drop(unit, [number for number in numbers if number not in left])
    if left:
        unit.wakes.add("files")


def drop(unit: Unit, numbers: Sequence[int]) -> None:
    """Destroy files of a draft, and what was known of where the platform has them."""
    sql = "DELETE FROM files WHERE (id = :id OR clean_of = :id) AND case_id IS NULL"
    unit.many(sql, [{"id": number} for number in numbers])


def orphans(unit: Unit, before: datetime) -> list[int]:
    """Files made before a moment that no case has, for the sweep."""
    rows = unit.all("SELECT id FROM files WHERE case_id IS NULL AND made_at < :before", {"before": millis(before)})
    return [number for (number,) in rows]


def parts(unit: Unit, number: int) -> list[bytes]:
    """The sealed parts in order."""
    rows = unit.all("SELECT body FROM file_parts WHERE file_id = :id ORDER BY part", {"id": number})
    return [bytes(body) for (body,) in rows]


def part(unit: Unit, number: int, part: int) -> bytes | None:
    """One sealed part; None behind the last."""
    row = unit.one("SELECT body FROM file_parts WHERE file_id = :id AND part = :part", {"id": number, "part": part})
    return None if row is None else bytes(row[0])


def _handle(number: int) -> Place:
    return Place("files", "handle", str(number))


def _secret(number: int) -> Place:
    return Place("files", "secret", str(number))
