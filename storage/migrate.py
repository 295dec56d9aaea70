"""Brings a database's tables to this release, by Alembic, each release's migration in its own file.

It never runs by itself but from `sanad migrate`, and from the single-process commands on their own database file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

_FOLDER = Path(__file__).parent / "migrations"


def revisions() -> list[str]:
    """Every revision that this release knows, oldest first, without loading Alembic."""
    return sorted(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def head() -> str:
    """The revision that this release wants: the last file's number, without loading Alembic."""
    return max(path.name for path in (_FOLDER / "versions").glob("[0-9]*.py")).partition("_")[0]


def current(url: str) -> str | None:
    """The revision that a database is at; None before its first migration. Raises what its driver raises."""
    found: str | None = _with_connection(url, _current)
    return found


def migrate(url: str, to: str = "head") -> None:
    """Bring the database to a revision, in one transaction."""
    from alembic import command  # noqa: PLC0415 - 30 MiB that a running server doesn't need

    def upgrade(connection: Connection) -> None:
        command.upgrade(_config(connection), to)

    _with_connection(url, upgrade)


def rebuild(url: str, to: str, fill: Callable[[Connection], None], clear: Callable[[Connection], None]) -> None:
    """Clear a database, make the tables of a revision, fill them, and bring them to this release: one transaction.

    On SQLite it is none where tables are made: there the file must be a new one.
    """
    from alembic import command  # noqa: PLC0415 - as above

    def work(connection: Connection) -> None:
        clear(connection)
        command.upgrade(_config(connection), to)
        fill(connection)
        command.upgrade(_config(connection), "head")

    _with_connection(url, work)


def look(url: str, act: Callable[[Connection], Any]) -> Any:
    """Look into a database through its driver, in one transaction. Raises what its driver raises."""
    return _with_connection(url, act)


def _current(connection: Connection) -> str | None:
    from alembic.migration import MigrationContext  # noqa: PLC0415 - as above

    return MigrationContext.configure(connection).get_current_revision()


def _with_connection(url: str, act: Any) -> Any:
    import sqlalchemy  # noqa: PLC0415 - as above

    engine = sqlalchemy.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=sqlalchemy.NullPool
    )
    try:
        with engine.begin() as connection:
            return act(connection)
    finally:
        engine.dispose()


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
