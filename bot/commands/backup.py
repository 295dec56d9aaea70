"""Writes the whole database into one new file, reads that file again, and only then gives it its name.

It never writes anywhere else, never over a file, and leaves nothing behind that only looks like a backup.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from bot import chance, mechanism
from bot.commands.opened import opened, reached, run
from bot.commands.outcome import Problem, WrongWords, remark, result
from bot.commands.progress import bar
from bot.settings import Settings
from bot.wiring import check_tables, database_file
from storage import audit, backup
from storage.backup import Damaged, Manifest, Snapshot
from storage.migrate import head
from storage.vault import KeysUnusable

_OTHERS_MAY_WRITE = 0o002
_DIGITS = re.compile(r"\d+")
_MEBIBYTE = 1024 * 1024


def make(settings: Settings, out: Path, keep: int | None = None) -> None:
    """Write a backup to `out`, or under a name of its own into that folder; then forget those older than `keep` days.

    Raises `WrongWords`, `Problem`, and what the database or the disk say.
    """
    now = chance.now()
    path = _named(out, now)
    _check_keep(settings, keep, path)
    _check_place(path)
    _check_database(settings)
    try:
        manifest = _write(path, settings, now)
    except Damaged as error:
        raise Problem(f"No backup was made. {error}") from None
    size = path.stat().st_size / _MEBIBYTE
    result(f"{path}: {manifest.rows} rows in {len(manifest.tables)} tables, {size:.1f} MiB, written and read again.")
    if keep is not None:
        for old in _forget(path, now - timedelta(days=keep)):
            result(f"{old}: older than {keep} days, deleted.")
    run(_note(settings, now))
    remark("It opens no case and no address without the keys. Keep SANAD_KEYS and the recovery shares elsewhere.")


async def _note(settings: Settings, now: datetime) -> None:
    """Write it into the log, which takes a server key; the backup is whole without."""
    try:
        async with opened(settings) as store:
            await store.write(audit.record, now, "backup:made")
    except KeysUnusable as error:
        remark(f"The log has no entry about it: {error}")


def _named(out: Path, now: datetime) -> Path:
    return out / f"sanad-{now:%Y-%m-%d-%H%M%S}.backup" if out.is_dir() else out


def _check_keep(settings: Settings, keep: int | None, path: Path) -> None:
    """A backup may not be kept for longer than the rules say: what was deleted is in it still."""
    if keep is None:
        return
    longest = mechanism.load(settings.sanad_mechanism).retention.backups
    if not 1 <= keep <= longest.days:
        raise WrongWords(f"--keep wants 1 to {longest.days} days: retention.toml lets no backup live longer.")
    if not _DIGITS.search(path.name):
        raise WrongWords("With --keep the name needs a date, such as sanad-2026-11-22.backup, or name a folder.")


def _check_place(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise WrongWords(f"{path} exists, and a backup never overwrites a file. Name another with --out.")
    folder = path.parent
    if not folder.is_dir():
        raise WrongWords(f"There is no folder {folder}. Make it, for yourself alone: mkdir -m 700 {folder}")
    if folder.stat().st_mode & _OTHERS_MAY_WRITE:
        raise WrongWords(f"Everybody on this machine may write to {folder}. Name a folder that is yours alone.")


def _check_database(settings: Settings) -> None:
    if settings.is_embedded and not database_file(settings).exists():
        raise Problem(f"There is no database at {database_file(settings)}. Check SANAD_DATA or DATABASE_URL.")
    reached(check_tables, settings, may_migrate=False)


def snapshot_of(settings: Settings) -> AbstractContextManager[Snapshot]:
    """The settings' database at one moment."""
    if settings.is_embedded:
        return backup.of_sqlite(database_file(settings))
    return backup.of_postgres(settings.database)


def _write(path: Path, settings: Settings, now: datetime) -> Manifest:
    """Write beside the name, read it all again, then give it the name. Whatever fails, nothing is left."""
    beside = path.with_name(f".{path.name}.{chance.random_bytes(4).hex()}.partial")
    try:
        with _new_file(beside) as file, snapshot_of(settings) as snapshot:
            total = sum(snapshot.count(name) for name in backup.tables())
            with bar("writing", total) as step:
                written = backup.write(file, snapshot, head(), now, step)
        with bar("reading again", written.rows) as step:
            if backup.check(beside, step) != written:
                raise Damaged("What was written can't be read again: the disk may be failing.")
        _rename(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return written


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is the owner's alone from its first byte, and on the disk when the block ends."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    with os.fdopen(handle, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _rename(beside: Path, path: Path) -> None:
    """Give the file its name, unless another came there meanwhile; a disk without links (a stick) can't be as sure."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise WrongWords(f"{path} appeared meanwhile, and is not overwritten.") from None
    except OSError:
        if path.exists():
            raise WrongWords(f"{path} appeared meanwhile, and is not overwritten.") from None
        beside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget(path: Path, before: datetime) -> list[Path]:
    """Delete older backups beside this one whose names differ in their digits alone. No other file is touched."""
    alike = re.compile(_DIGITS.sub(r"\\d+", re.escape(path.name)))
    gone = []
    for other in sorted(path.parent.iterdir()):
        if other == path or not alike.fullmatch(other.name) or not other.is_file():
            continue
        with contextlib.suppress(Damaged):
            if backup.read_manifest(other).made_at < before:
                other.unlink()
                gone.append(other)
    return gone
