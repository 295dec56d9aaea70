"""Opens the database for one command, and closes it behind it.

It never brings another's database up to date by itself: only the embedded file, which belongs to this machine alone.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot import chance
from bot.commands.outcome import Problem
from bot.settings import Settings
from bot.wiring import check_tables, database_file, open_store
from storage import canary
from storage.store import Store, StoreUnusable
from storage.vault import Key

T = TypeVar("T")


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store with the server's keys. Raises `KeysUnusable` where they are missing or another database's."""
    ring = settings.ring()
    _prepare(settings)
    async with _started(open_store(settings, ring)) as store:
        if not await store.read(canary.check):
            await store.write(canary.keep)
        yield store


@asynccontextmanager
async def opened_without_keys(settings: Settings, *, may_make: bool = False) -> AsyncIterator[Store]:
    """The store for what needs no server key: what was sealed with one stays closed.

    Unless it `may_make` a database, one that isn't there is a `Problem`.
    """
    if settings.is_embedded and not may_make and not database_file(settings).exists():
        raise Problem(f"There is no database at {database_file(settings)}. Check SANAD_DATA or DATABASE_URL.")
    _prepare(settings)
    async with _started(open_store(settings, (Key("none", chance.random_bytes(32)),))) as store:
        yield store


def _prepare(settings: Settings) -> None:
    """See that the tables are there; a new file is the owner's alone from its first byte."""
    if settings.is_embedded and not (path := database_file(settings)).exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    reached(check_tables, settings, may_migrate=settings.is_embedded)


def reached(act: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Do something that asks the database through its driver. Raises `StoreUnusable`, never the driver's own words."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - loaded with the migrations anyway

    try:
        return act(*args, **kwargs)
    except SQLAlchemyError as error:
        raise StoreUnusable(
            "The database can't be reached or is no database. Check DATABASE_URL (or SANAD_DATA), and that it runs."
        ) from error


@asynccontextmanager
async def _started(store: Store) -> AsyncIterator[Store]:
    await store.start()
    try:
        yield store
    finally:
        await store.stop()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's asynchronous part."""
    import asyncio  # noqa: PLC0415 - only where a loop is run

    return asyncio.run(work)
