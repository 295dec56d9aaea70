"""SQLite behind one writer thread: all that waits is done under savepoints, committed once, and then resolved.

It acknowledges nothing before the commit (WAL, synchronous=FULL), and one bad act never spoils its neighbours.
What an act destroyed is overwritten where it lay, then in the journal, then in the gaps of pages (`scrub`).
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from storage.store import StoreUnusable, Woken
from storage.unit import Taken, Unit
from storage.vault import Vault

P = ParamSpec("P")
T = TypeVar("T")
_GROUP = 8
"""Acts in one commit: more gives little more throughput, and whoever comes first waits for all of them (measured)."""
_CHECKPOINT_EVERY = 1.0
_SMALL = 32 << 20
"""Bytes of a file that is written anew as soon as something was destroyed: 0.2 s (measured); a larger one at night."""
_SCRUB_PATIENCE = 200
"""Milliseconds that scrubbing waits for its turn before it lets others go first; a writer would wait for it."""
_CHECKPOINT_PAGES = 50_000
"""Pages of 4 KiB at which the writer itself would clear the journal; the other thread does it long before."""


@dataclass(slots=True)
class Waiting:
    """An act handed over, and the future of whoever handed it."""

    act: Callable[[Unit], Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def resolve(self) -> None:
        """Hand the outcome back; on the event loop."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class SqliteStore:
    """The embedded default. Reads run on threads of their own, beside the writer."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self.durable = True
        self._path = path
        self._vault = vault
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._listeners: list[Woken] = []
        self._readers = ThreadPoolExecutor(2, "sanad-read")
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._thread: threading.Thread | None = None
        self._keeper: threading.Thread | None = None
        self._stopping = threading.Event()
        self._destroyed = threading.Event()
        self._destroyed.set()  # whoever ended before us may have died before it was done
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Open the file for one writer; see `Store.start`."""
        self._loop = asyncio.get_running_loop()
        connection = connect(self._path)
        self._thread = threading.Thread(target=self._work, args=(connection,), name="sanad-write", daemon=True)
        self._thread.start()
        self._keeper = threading.Thread(target=self._checkpoint, name="sanad-checkpoint", daemon=True)
        self._keeper.start()

    async def write(self, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act; see `Store.write`."""
        if self._loop is None or self._thread is None:
            raise StoreUnusable("The database was not started, or has been stopped.")
        waiting = Waiting(partial(call, act, args, kwargs), self._loop.create_future())
        self._queue.put(waiting)
        return await asyncio.shield(waiting.future)

    async def write_for(self, key: int, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act in order; one writer keeps every order, so the key says nothing here."""
        del key
        return await self.write(act, *args, **kwargs)

    async def read(self, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act that only reads; see `Store.read`."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, partial(self._read, act, args, kwargs))

    async def scrub(self) -> None:
        """Write the file anew; see `Store.scrub`. Acts wait meanwhile: 6 seconds for a gigabyte (measured)."""
        await asyncio.get_running_loop().run_in_executor(None, self._scrub_now)

    def listen(self, woken: Woken) -> None:
        """See `Store.listen`."""
        self._listeners.append(woken)

    async def stop(self) -> None:
        """Finish what waits and close; see `Store.stop`."""
        thread, self._thread = self._thread, None
        self._stopping.set()
        if thread is not None and self._keeper is not None:
            self._queue.put(None)
            await asyncio.get_running_loop().run_in_executor(None, thread.join)
            await asyncio.get_running_loop().run_in_executor(None, self._keeper.join)
        self._readers.shutdown(wait=True)
        while self._opened:
            self._opened.pop().close()

    def _read(self, act: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._path, query_only=True)
            self._opened.append(connection)
        connection.execute("BEGIN")
        try:
            return act(Unit(connection.execute, self._vault, _as_it_is), *args, **kwargs)
        finally:
            connection.execute("ROLLBACK")

    def _checkpoint(self) -> None:
        """Carry the journal over into the file beside the writer: in its way, a reply would wait for it (measured)."""
        connection = connect(self._path)
        connection.execute(f"PRAGMA busy_timeout={_SCRUB_PATIENCE}")
        while not self._stopping.wait(_CHECKPOINT_EVERY):
            if not self._destroyed.is_set():
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                continue
            self._destroyed.clear()
            if not _scrub(connection, anew=self._path.stat().st_size <= _SMALL):
                self._destroyed.set()
        connection.close()

    def _scrub_now(self) -> None:
        connection = connect(self._path)
        try:
            if not _scrub(connection, anew=True):
                self._destroyed.set()
        finally:
            connection.close()

    def _work(self, connection: sqlite3.Connection) -> None:
        """The writer thread: drain, do, commit, resolve; until None arrives."""
        going_on = True
        while going_on:
            group: list[Waiting] = []
            item = self._queue.get()
            while item is not None:
                group.append(item)
                if len(group) == _GROUP or self._queue.empty():
                    break
                item = self._queue.get()
            going_on = item is not None
            if group:
                wakes = _do_group(connection, group, self._vault)
                if "destroyed" in wakes:
                    self._destroyed.set()
                self._finish(group, wakes)
        connection.close()

    def _finish(self, group: list[Waiting], wakes: frozenset[str]) -> None:
        def resolve() -> None:
            for waiting in group:
                waiting.resolve()
            if wakes:
                for woken in self._listeners:
                    woken(wakes)

        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(resolve)


def connect(path: Path, *, query_only: bool = False) -> sqlite3.Connection:
    """Open the file as we always do. Raises `StoreUnusable` where it can't be opened."""
    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        for pragma in ("secure_delete=ON", "temp_store=MEMORY", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}")
        if query_only:
            connection.execute("PRAGMA query_only=ON")
    except (sqlite3.Error, OSError) as error:
        raise StoreUnusable(
            f"The database file {path} can't be opened: {error}. Check SANAD_DATA and its rights."
        ) from error
    return connection


def _scrub(connection: sqlite3.Connection, *, anew: bool) -> bool:
    """Leave nothing of what was destroyed in the journal; `anew`, nor in the gaps of pages. False: others were busy.

    `secure_delete` overwrites rows and pages where they lie, but not the copies that a page keeps in its unused middle
    when it was once divided: of 1,000 deleted rows 9 were found there (measured). Only a new file has none.
    """
    try:
        if anew:
            connection.execute("VACUUM")
        (busy, _frames, _carried) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return not busy


def _do_group(connection: sqlite3.Connection, group: list[Waiting], vault: Vault) -> frozenset[str]:
    """Do all acts, each under its savepoint, and commit once. A failed commit fails them all, and none is told yes."""
    wakes: set[str] = set()
    try:
        connection.execute("BEGIN IMMEDIATE")
        for waiting in group:
            _do_one(connection, waiting, vault, wakes)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.rollback()
        for waiting in group:
            waiting.error = waiting.error or error
        return frozenset()
    return frozenset(wakes)


def _do_one(connection: sqlite3.Connection, waiting: Waiting, vault: Vault, wakes: set[str]) -> None:
    unit = Unit(connection.execute, vault, _as_it_is)
    connection.execute("SAVEPOINT act")
    try:
        waiting.result = waiting.act(unit)
    except Exception as error:  # noqa: BLE001 - whatever an act raises belongs to whoever asked for it
        connection.execute("ROLLBACK TO act")
        waiting.error = Taken() if _is_taken(error) else error
    else:
        wakes |= unit.wakes
    connection.execute("RELEASE act")


def _is_taken(error: Exception) -> bool:
    unique = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorcode in unique


def call(act: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], unit: Unit) -> T:
    """Call an act that was handed over with its arguments."""
    return act(unit, *args, **kwargs)


def _as_it_is(sql: str) -> str:
    return sql
