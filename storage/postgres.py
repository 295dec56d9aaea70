"""PostgreSQL behind a few writer threads: acts with one key keep their order, and each thread shares its commits.

A group runs as one pipelined transaction; if any act of it fails, the group is undone and each act done by itself,
so that one bad act never spoils its neighbours. Acts are plain functions of a unit, so doing one again is harmless.
"""

from __future__ import annotations

import asyncio
import queue
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from storage.ending import DESTROYED_IN
from storage.sqlite import Waiting, call
from storage.store import StoreUnusable, Woken
from storage.unit import Taken, Unit
from storage.vault import Vault

P = ParamSpec("P")
T = TypeVar("T")
_WRITERS = 4
_GROUP = 32
_TRIES = 5
_CHANNEL = "sanad"
_BLANK = re.compile(r"(?<!:):([a-z_]+)")
_HELD = re.compile(r"/\* held ([a-z_]+) \*/")
"""Marks a SELECT whose row nobody else may change until the act ends. SQLite's one writer needs nothing for that."""


class PostgresStore:
    """For several processes on one database; a commit in one wakes the duties in all."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.durable = True
        self._url = url
        self._vault = vault
        self._queues: list[queue.SimpleQueue[Waiting | None]] = [queue.SimpleQueue() for _ in range(_WRITERS)]
        self._notes: queue.SimpleQueue[frozenset[str] | None] = queue.SimpleQueue()
        self._erasures: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._readers = ThreadPoolExecutor(2, "sanad-read")
        self._local = threading.local()
        self._opened: list[psycopg.Connection[Any]] = []
        self._listeners: list[Woken] = []
        self._turn = count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = threading.Event()

    async def start(self) -> None:
        """Open connections; see `Store.start`."""
        self._loop = asyncio.get_running_loop()
        await self._loop.run_in_executor(self._readers, self._probe)
        for waiting in self._queues:
            self._run(self._work, waiting)
        self._run(self._tell)
        self._run(self._hear)
        self._run(self._erase)

    async def write(self, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act; see `Store.write`."""
        return await self.write_for(next(self._turn), act, *args, **kwargs)

    async def write_for(self, key: int, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act after all earlier ones with its key; see `Store.write_for`."""
        if self._loop is None or self._stopping.is_set():
            raise StoreUnusable("The database was not started, or has been stopped.")
        waiting = Waiting(partial(call, act, args, kwargs), self._loop.create_future())
        self._queues[key % _WRITERS].put(waiting)
        return await asyncio.shield(waiting.future)

    async def read(self, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act that only reads; see `Store.read`."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, partial(self._read, act, args, kwargs))

    async def scrub(self) -> None:
        """Remove dead rows; see `Store.scrub`. Their bytes stay in the server's files until they are written over."""
        await asyncio.get_running_loop().run_in_executor(None, self._vacuum)

    def listen(self, woken: Woken) -> None:
        """See `Store.listen`."""
        self._listeners.append(woken)

    async def stop(self) -> None:
        """Finish what waits and close; see `Store.stop`."""
        self._stopping.set()
        for waiting in self._queues:
            waiting.put(None)
        self._notes.put(None)
        self._erasures.put(False)  # noqa: FBT003 - nothing more comes
        for thread in self._threads:
            await asyncio.get_running_loop().run_in_executor(None, thread.join)
        self._threads.clear()
        self._readers.shutdown(wait=True)
        while self._opened:
            self._opened.pop().close()

    def _probe(self) -> None:
        """Fail at the start, with a clear word, rather than at the first message."""
        connect(self._url).close()

    def _run(self, duty: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=duty, args=args, name=f"sanad{duty.__name__}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def _read(self, act: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        connection = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = self._local.connection = connect(self._url)
            self._opened.append(connection)
        with connection.transaction(force_rollback=True):
            return act(Unit(connection.execute, self._vault, spell), *args, **kwargs)

    def _work(self, waiting: queue.SimpleQueue[Waiting | None]) -> None:
        """A writer thread: drain, do, commit, resolve; until None arrives. A lost connection is opened anew."""
        connection: psycopg.Connection[Any] | None = None
        item = waiting.get()
        while item is not None:
            group = [item]
            while len(group) < _GROUP and not waiting.empty() and (item := waiting.get()) is not None:
                group.append(item)
            try:
                if connection is None or connection.closed or connection.broken:
                    connection = connect(self._url)
                wakes = _do_group(connection, group, self._vault)
            except (StoreUnusable, psycopg.Error) as error:
                wakes = frozenset()
                for one in group:
                    one.error = error
            self._finish(group, wakes)
            item = item and waiting.get()
        if connection is not None:
            connection.close()

    def _finish(self, group: list[Waiting], wakes: frozenset[str]) -> None:
        if wakes:
            self._notes.put(wakes)
        if "destroyed" in wakes:
            self._erasures.put(True)  # noqa: FBT003 - there is something to erase
        self._on_loop(partial(_resolve, group))
        self._wake(wakes)

    def _wake(self, wakes: frozenset[str]) -> None:
        if wakes:
            self._on_loop(lambda: [woken(wakes) for woken in self._listeners])

    def _on_loop(self, act: Callable[[], object]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act)

    def _tell(self) -> None:
        """Tell the other processes what was woken; many commits become one notification."""
        connection: psycopg.Connection[Any] | None = None
        wakes = self._notes.get()
        while wakes is not None:
            names: set[str] = set()
            while wakes is not None:
                names |= wakes
                if self._notes.empty():
                    break
                wakes = self._notes.get()
            try:
                if connection is None or connection.closed or connection.broken:
                    connection = connect(self._url)
                connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, ",".join(sorted(names))))
            except (StoreUnusable, psycopg.Error):
                connection = None  # the duties look by themselves every second as well
            wakes = wakes and self._notes.get()
        if connection is not None:
            connection.close()

    def _erase(self) -> None:
        """After something was destroyed, have the server remove the dead rows; several times become one."""
        while self._erasures.get():
            going_on = True
            while going_on and not self._erasures.empty():
                going_on = self._erasures.get()
            self._vacuum()
            if not going_on:
                return

    def _vacuum(self) -> None:
        try:
            with connect(self._url) as connection:
                connection.execute(f"VACUUM {', '.join(DESTROYED_IN)}")
        except (StoreUnusable, psycopg.Error):
            return  # autovacuum comes by itself, later

    def _hear(self) -> None:
        """Hear what other processes woke."""
        while not self._stopping.is_set():
            try:
                with connect(self._url) as connection:
                    connection.execute(f"LISTEN {_CHANNEL}")
                    while not self._stopping.is_set():
                        for note in connection.notifies(timeout=0.1):
                            self._wake(frozenset(note.payload.split(",")))
            except (StoreUnusable, psycopg.Error):
                self._stopping.wait(1)


def _resolve(group: list[Waiting]) -> None:
    for waiting in group:
        waiting.resolve()


def connect(url: str) -> psycopg.Connection[Any]:
    """Open a connection. Raises `StoreUnusable` where it can't be opened; the message never holds the address."""
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise StoreUnusable(
            "PostgreSQL does not answer at DATABASE_URL. Check the address, and that it runs."
        ) from error


@lru_cache(maxsize=512)
def spell(sql: str) -> str:
    """Write `:name` as psycopg wants it."""
    return _BLANK.sub(r"%(\1)s", _HELD.sub(r"FOR UPDATE OF \1", sql.replace("%", "%%")))


def _do_group(connection: psycopg.Connection[Any], group: list[Waiting], vault: Vault) -> frozenset[str]:
    """Do all acts in one pipelined transaction; where that fails, each by itself."""
    try:
        return _do_together(connection, group, vault)
    except Exception:
        if len(group) == 1 and connection.broken:
            raise
        wakes: set[str] = set()
        for waiting in group:
            wakes |= _do_alone(connection, waiting, vault)
        return frozenset(wakes)


def _do_together(connection: psycopg.Connection[Any], group: list[Waiting], vault: Vault) -> frozenset[str]:
    wakes: set[str] = set()
    with connection.pipeline(), connection.transaction():
        for waiting in group:
            unit = Unit(connection.execute, vault, spell)
            waiting.result = waiting.act(unit)
            wakes |= unit.wakes
    return frozenset(wakes)


def _do_alone(connection: psycopg.Connection[Any], waiting: Waiting, vault: Vault) -> frozenset[str]:
    """Do one act in its own transaction; a deadlock between processes is tried again."""
    for attempt in range(_TRIES):
        try:
            return _do_together(connection, [waiting], vault)
        except (DeadlockDetected, SerializationFailure) as error:
            if attempt == _TRIES - 1:
                waiting.error = error
        except UniqueViolation:
            waiting.error = Taken()
            break
        except Exception as error:  # noqa: BLE001 - whatever an act raises belongs to whoever asked for it
            waiting.error = error
            break
    return frozenset()
