"""A folder with fresh keys and nothing else set, in which commands are called as a person calls them."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.chance import random_bytes
from bot.settings import Settings
from storage.store import Store
from storage.vault import Key, Vault, write_key
from tests.conftest import open_store

T = TypeVar("T")
KEY = Key("test1", bytes(range(32)))


@dataclass(frozen=True, slots=True)
class Sanad:
    """The command, in its folder."""

    folder: Path
    patch: pytest.MonkeyPatch

    def __call__(self, *words: str, says: str = "") -> Result:
        """Call it; `says` is what it reads from stdin."""
        return CliRunner().invoke(app, [str(word) for word in words], input=says)

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.patch.setenv(name, value)

    def works(self, *words: str, says: str = "") -> str:
        """Call it, expect it done, and return what it printed to stdout."""
        called = self(*words, says=says)
        assert called.exit_code == 0, called.output
        return called.stdout

    def with_store(self, act: Callable[[Store], Coroutine[Any, Any, T]], *keys: Key) -> T:
        """Do something with the database behind the command's back."""

        async def work() -> T:
            store = open_store(Settings().database, Vault(keys or (KEY,), random_bytes))
            await store.start()
            try:
                return await act(store)
            finally:
                await store.stop()

        return asyncio.run(work())


@pytest.fixture
def sanad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sanad:
    """The command with one server key, an empty folder, and the machine's own settings out of sight."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SANAD_KEYS", write_key(KEY))
    monkeypatch.setenv("COLUMNS", "160")
    return Sanad(tmp_path, monkeypatch)


@pytest.fixture
def stored(sanad: Sanad, database: str) -> Sanad:
    """The same on a database with tables: SQLite and PostgreSQL in turn."""
    sanad.set(DATABASE_URL=database)
    return sanad
