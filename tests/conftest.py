"""What every test shares: where it may run and how chance is kept still. It never skips anything where CI=true."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

from bot.chance import random_bytes
from storage.migrate import migrate
from storage.postgres import PostgresStore
from storage.sqlite import SqliteStore
from storage.store import Store
from storage.vault import Key, Vault
from tests import postgres

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# The same examples in every CI run; without a deadline, since a busy machine is not a wrong answer.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


@pytest.fixture(autouse=True)
def log_of_its_own() -> Iterator[None]:
    """What one test does to the log is undone before the next."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium, for Playwright's `executable_path`."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    assert found, "Chromium is missing: run `make test`, or install your system's Chromium package."
    return found


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    """One PostgreSQL for all tests, whose new databases have our tables."""
    with postgres.running_postgres(migrate) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with our tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("template") / "sanad.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def vault() -> Vault:
    """A vault with one key."""
    return Vault((Key("test1", bytes(range(32))),), random_bytes)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database with our tables: each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "sanad.db")
        return f"sqlite:///{tmp_path / 'sanad.db'}"
    server: postgres.Postgres = request.getfixturevalue("postgres_server")
    return server.new_database()


@pytest.fixture
async def store(database: str, vault: Vault) -> AsyncIterator[Store]:
    """A store on a fresh database, of both kinds in turn."""
    lent = open_store(database, vault)
    await lent.start()
    yield lent
    await lent.stop()


def open_store(database: str, vault: Vault) -> Store:
    """A store of the kind that the address names."""
    path = database.removeprefix("sqlite:///")
    return PostgresStore(database, vault) if path == database else SqliteStore(Path(path), vault)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run and say why; in CI let it fail instead."""
    if os.environ.get("CI") == "true":
        return
    if item.get_closest_marker("postgres") and not postgres.is_to_be_had():
        pytest.skip(str(postgres.NoPostgres.__doc__))
    if item.get_closest_marker("browser") and not any(map(shutil.which, _BROWSERS)):
        pytest.skip("There is no Chromium: run `make test` as root, or install your system's Chromium package.")
