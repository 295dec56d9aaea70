"""Puts a backup in the place of a database: checked first, then loaded whole or not at all.

It never touches a database that holds something unless told to, nor one that a process is using.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot import chance
from bot.commands.opened import opened, reached, run
from bot.commands.outcome import Problem, WrongWords, remark, result
from bot.commands.progress import bar
from bot.settings import Settings
from bot.wiring import database_file
from storage import audit, backup, restoring
from storage.backup import Damaged, Manifest, Step
from storage.migrate import head, look, rebuild, revisions
from storage.vault import KeysUnusable

if TYPE_CHECKING:
    from sqlalchemy import Connection

_IN_USE = "A process is using the database. Stop Sanad (every `serve`, `web`, `worker`), then restore."
_OTHERS = """SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
    AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""


def restore(settings: Settings, path: Path, *, replace: bool) -> None:
    """Restore a backup. Raises `Problem` or `WrongWords`; the database is then as it was before."""
    if not path.is_file():
        raise WrongWords(f"There is no file {path}.")
    try:
        manifest = _checked(path)
        with bar("restoring", manifest.rows) as step:
            (_to_sqlite if settings.is_embedded else _to_postgres)(settings, path, manifest, step, replace=replace)
    except Damaged as error:
        raise Problem(f"{error} Nothing was changed.") from None
    result(f"Restored {manifest.rows} rows from {path}, made at {manifest.made_at:%Y-%m-%d %H:%M} UTC.")
    run(_note(settings, chance.now()))
    remark(
        "What was deleted or sent since then is back: letters that waited go out again, and people who asked to be "
        "forgotten since must be forgotten again. Now run `sanad doctor` and `sanad audit verify`."
    )


def _checked(path: Path) -> Manifest:
    manifest = backup.read_manifest(path)
    if manifest.revision not in revisions():
        raise Problem(f"{path} was made by a newer release ({manifest.revision}; this is {head()}). Use that one.")
    with bar("checking", manifest.rows) as step:
        return backup.check(path, step)


def _to_sqlite(settings: Settings, path: Path, manifest: Manifest, step: Step, *, replace: bool) -> None:
    """Build a new file beside the database, and put it in its place once it is whole."""
    target = database_file(settings)
    if target.exists():
        _refuse_to_lose(empty=_is_empty(settings), replace=replace)
        _let_go(target)
    beside = target.with_name(f".{target.name}.restoring")
    beside.unlink(missing_ok=True)
    os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        fill = partial(restoring.load, path=path, manifest=manifest, step=step)
        reached(rebuild, f"sqlite:///{beside.absolute()}", manifest.revision, fill, _leave)
        if target.exists():
            _let_go(target)  # somebody may have come meanwhile
        for end in ("-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
        beside.with_name(f"{beside.name}-journal").unlink(missing_ok=True)


def _leave(_connection: Connection) -> None:
    """A new file has nothing to be cleared."""


def _is_empty(settings: Settings) -> bool:
    """Whether a database has nothing in it. One that can't be read may hold something."""
    try:
        return bool(reached(look, settings.database, restoring.is_empty))
    except Exception as error:
        if settings.is_embedded:
            return False
        raise error from None


def _refuse_to_lose(*, empty: bool, replace: bool) -> None:
    if not (empty or replace):
        raise WrongWords(
            "The database is not empty. Add --replace to put the backup in its place: what it holds is lost."
        )


def _let_go(target: Path) -> None:
    """See that nobody has the file open, and take its journal in. Raises `Problem`."""
    try:
        with closing(sqlite3.connect(target, isolation_level=None, timeout=0)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
            if mode != "delete":
                raise Problem(_IN_USE)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise Problem(_IN_USE) from None
        # It is no database any more: that is what a restore is for.


def _to_postgres(settings: Settings, path: Path, manifest: Manifest, step: Step, *, replace: bool) -> None:
    """Take away the tables and make them anew in one transaction: until its end the database is as it was."""
    _refuse_to_lose(empty=_is_empty(settings), replace=replace)
    fill = partial(restoring.load, path=path, manifest=manifest, step=step)
    reached(rebuild, settings.database, manifest.revision, fill, _clear)


def _clear(connection: Connection) -> None:
    from sqlalchemy import text  # noqa: PLC0415 - loaded with the migrations

    if connection.execute(text(_OTHERS)).scalar():
        raise Problem(_IN_USE)
    restoring.drop_all(connection)


async def _note(settings: Settings, now: datetime) -> None:
    """Write it into the log, and say at once if the server's keys are not those of the backup."""
    try:
        async with opened(settings) as store:
            await store.write(audit.record, now, "backup:restored")
    except KeysUnusable as error:
        remark(f"The server's keys do not fit it yet: {error}")
