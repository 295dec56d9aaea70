"""Writes all tables into one file as they were at one moment, and reads such a file: one format for both databases.

It opens nothing that is sealed: what is ciphertext in the database is ciphertext in the file. And it trusts no file:
what it gives is counted, and compared with its SHA-256.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec

from storage.inventory import PERSONAL, PLAIN

_KIND = "Sanad backup"
_VERSION = 1
_MANIFEST = "manifest.json"
_LENGTH = 4
"""Bytes in front of each row that say how long it is."""
_LONGEST = 64 * 1024 * 1024
_AT_ONCE = 100
Step = Callable[[int], None]


class Damaged(Exception):
    """The file is no backup, or not as it was written. The message says which."""


class Table(msgspec.Struct, frozen=True):
    """One table in a backup."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself; it is written last."""

    kind: str
    version: int
    revision: str
    """The release of the tables: what `storage.migrate.current` said."""
    made_at: datetime
    tables: dict[str, Table]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())


class Snapshot(Protocol):
    """A database at one moment, whatever is written meanwhile."""

    def count(self, table: str) -> int:
        """How many rows a table has."""

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        """Every row of a table."""


def tables() -> dict[str, tuple[str, ...]]:
    """Every table of this release with its columns."""
    found: dict[str, list[str]] = {}
    for name, columns in PLAIN.items():
        found.setdefault(name, []).extend(columns)
    for one in PERSONAL:
        found.setdefault(one.table, []).append(one.column)
    return {name: tuple(columns) for name, columns in sorted(found.items())}


# ---------------------------------------------------------------- from a database


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - the inventory's

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        yield from self._connection.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - as above


@contextmanager
def of_sqlite(path: Path) -> Iterator[Snapshot]:
    """The file at one moment; whoever writes goes on writing. Raises `sqlite3.Error` where it is damaged."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")
        said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            raise sqlite3.DatabaseError
        yield _Sqlite(connection)


class _Postgres:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - the inventory's

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        with self._connection.cursor(name="backup") as cursor:
            cursor.itersize = _AT_ONCE
            cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - as above
            yield from cursor


@contextmanager
def of_postgres(url: str) -> Iterator[Snapshot]:
    """The database at one moment. Raises `StoreUnusable`, `psycopg.Error`."""
    from psycopg import IsolationLevel  # noqa: PLC0415 - psycopg only where it is used

    from storage.postgres import connect  # noqa: PLC0415 - as above

    with connect(url) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            yield _Postgres(connection)


# ---------------------------------------------------------------- to a file


def write(file: IO[bytes], snapshot: Snapshot, revision: str, made_at: datetime, step: Step) -> Manifest:
    """Write all tables. Raises `Damaged` where the database gave other rows than it counted."""
    written: dict[str, Table] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, columns in tables().items():
            written[name] = _write_table(archive, name, columns, snapshot, step)
            if written[name].rows != snapshot.count(name):
                raise Damaged(f"The database gave another number of rows of {name} than it counted.")
        manifest = Manifest(_KIND, _VERSION, revision, made_at, written)
        archive.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _write_table(
    archive: zipfile.ZipFile, name: str, columns: tuple[str, ...], snapshot: Snapshot, step: Step
) -> Table:
    digest, count = hashlib.sha256(), 0
    with archive.open(_member(name), "w", force_zip64=True) as member:
        for row in snapshot.rows(name, columns):
            packed = msgspec.msgpack.encode(row)
            record = len(packed).to_bytes(_LENGTH) + packed
            digest.update(record)
            member.write(record)
            count += 1
            step(1)
    return Table(columns, count, digest.hexdigest())


# ---------------------------------------------------------------- from a file


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself. Raises `Damaged`, `OSError`."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, msgspec.MsgspecError) as error:
        raise Damaged(f"{path} is no backup of Sanad, or was cut off.") from error
    if manifest.kind != _KIND:
        raise Damaged(f"{path} is no backup of Sanad.")
    if manifest.version != _VERSION:
        raise Damaged(f"{path} is of a format that this release does not know. Use a newer release.")
    return manifest


def check(path: Path, step: Step) -> Manifest:
    """Read a backup from end to end, and compare it with what it says of itself. Raises `Damaged`, `OSError`."""
    manifest = read_manifest(path)
    for name, table in manifest.tables.items():
        for _ in rows(path, name, table):
            step(1)
    return manifest


def rows(path: Path, name: str, table: Table) -> Iterator[list[Any]]:
    """Every row of a table in a backup. Raises `Damaged` at the end where it is not as it was written."""
    digest, count = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_member(name)) as member:
            while head := member.read(_LENGTH):
                packed = member.read(min(int.from_bytes(head), _LONGEST))
                digest.update(head + packed)
                row = msgspec.msgpack.decode(packed, type=list[Any])
                if len(row) != len(table.columns):
                    raise _changed(path, name)
                count += 1
                yield row
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, msgspec.MsgspecError) as error:
        raise _changed(path, name) from error
    if (digest.hexdigest(), count) != (table.sha256, table.rows):
        raise _changed(path, name)


def _member(name: str) -> str:
    return f"{name}.msgpack"


def _changed(path: Path, name: str) -> Damaged:
    return Damaged(f"{path} is damaged: its table {name} is not as it was written. Use another backup.")


def by_table(manifest: Manifest) -> Mapping[str, tuple[str, ...]]:
    """The tables of a backup with their columns."""
    return {name: table.columns for name, table in manifest.tables.items()}
