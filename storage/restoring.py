"""Puts a backup's rows into empty tables of the same release, and counts them there.

It knows no table by name, and it changes no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage import backup
from storage.backup import Damaged, Manifest, Step

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

_BESIDE = frozenset({"alembic_version"})
_MADE_BY_MIGRATIONS = frozenset({"audit_head", "leases", "marks"})
"""Tables that hold something before anybody did anything."""


def is_empty(connection: Connection) -> bool:
    """Whether nothing of anybody's is in a database, or it has no tables yet."""
    from sqlalchemy import text  # noqa: PLC0415 - loaded with the migrations

    names = {table.name for table in _reflected(connection).sorted_tables} - _BESIDE - _MADE_BY_MIGRATIONS
    return all(connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() is None for name in names)  # noqa: S608 - the database's own


def drop_all(connection: Connection) -> None:
    """Remove every table, within the transaction."""
    _reflected(connection).drop_all(connection)


def load(connection: Connection, path: Path, manifest: Manifest, step: Step) -> None:
    """Fill the tables from a backup. Raises `Damaged` where the rows don't fit, or don't arrive."""
    tables = [table for table in _reflected(connection).sorted_tables if table.name not in _BESIDE]
    there = {table.name: {column.name for column in table.columns} for table in tables}
    if there != {name: set(columns) for name, columns in backup.by_table(manifest).items()}:
        raise Damaged(f"The tables in {path} are not those of release {manifest.revision}.")
    raw = connection.connection.driver_connection
    fill = _copy if connection.dialect.name == "postgresql" else _insert
    for table in reversed(tables):
        raw.cursor().execute(f"DELETE FROM {table.name}")  # type: ignore[union-attr]  # noqa: S608 - the schema's own
    for table in tables:
        found = manifest.tables[table.name]
        fill(raw, table.name, found.columns, _counted(backup.rows(path, table.name, found), step))
        _compare(raw, table.name, found.rows)
    if connection.dialect.name == "postgresql":
        _move_sequences(raw, [table.name for table in tables if "id" in table.columns])
    else:
        _see_whole(raw)


def _reflected(connection: Connection) -> MetaData:
    from sqlalchemy import MetaData as Tables  # noqa: PLC0415 - as above

    metadata = Tables()
    metadata.reflect(connection)
    return metadata


def _counted(rows: Iterator[list[Any]], step: Step) -> Iterator[list[Any]]:
    for row in rows:
        yield row
        step(1)


def _insert(raw: Any, name: str, columns: Sequence[str], rows: Iterator[list[Any]]) -> None:
    blanks = ", ".join("?" for _ in columns)
    raw.cursor().executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({blanks})", rows)  # noqa: S608 - compared


def _copy(raw: Any, name: str, columns: Sequence[str], rows: Iterator[list[Any]]) -> None:
    with raw.cursor() as cursor, cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _compare(raw: Any, name: str, wanted: int) -> None:
    cursor = raw.cursor()
    cursor.execute(f"SELECT COUNT(*) FROM {name}")  # noqa: S608 - the schema's own
    if cursor.fetchone()[0] != wanted:
        raise Damaged(f"Not all rows of {name} arrived in the database.")


def _move_sequences(raw: Any, names: Sequence[str]) -> None:
    """Numbers that the database counts itself go on behind the last one."""
    cursor = raw.cursor()
    for name in names:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", (name,))
        sequence = cursor.fetchone()[0]
        if sequence is not None:
            cursor.execute(f"SELECT setval('{sequence}', COALESCE(MAX(id), 0) + 1, false) FROM {name}")  # noqa: S608 - as above


def _see_whole(raw: Any) -> None:
    cursor = raw.cursor()
    whole = cursor.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if whole != "ok" or cursor.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise Damaged("The restored rows do not belong together: the backup was damaged before it was written.")
