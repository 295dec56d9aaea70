"""Says what a command found: results to stdout, remarks to stderr, and what the world did as a sentence, not a trace.

It never says an unknown error's own message: that may hold what a person wrote.
"""

from __future__ import annotations

import sqlite3
import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pydantic import ValidationError
    from rich.console import Console


class Problem(Exception):
    """Something is wrong that the caller can mend; the message says how. Exit code 1."""


class WrongWords(Exception):
    """The words of the call are off; the message says which, and what to write. Exit code 2."""


def result(text: str) -> None:
    """Print a result to stdout, as UTF-8 whatever the terminal says of itself."""
    typer.echo(text.encode())


def remark(text: str) -> None:
    """Print a remark to stderr."""
    typer.echo(text.encode(), err=True)


def console(*, err: bool = False) -> Console:
    """Where tables, colours and progress go. Wide enough not to cut a line that another program reads."""
    from rich.console import Console  # noqa: PLC0415 - only for commands that draw

    wanted = None if (sys.stderr if err else sys.stdout).isatty() else 160
    return Console(stderr=err, width=wanted, highlight=False, emoji=False, markup=False)


def explained(error: Exception) -> tuple[str, int] | None:
    """What an error means and the exit code; None where it is a fault of ours, to be shown as it is."""
    from pydantic import ValidationError  # noqa: PLC0415 - read only once something went wrong

    match error:
        case WrongWords():
            return str(error), 2
        case Problem():
            return str(error), 1
        case ValidationError():
            return _settings(error), 1
        case OSError():
            what = f"{error.filename or 'The system'}: {error.strerror or type(error).__name__}."
            return f"{what} Check the path, its rights, and the room on the disk.", 1
        case _:
            return _from_below(error)


def _from_below(error: Exception) -> tuple[str, int] | None:
    """What keys, mechanism, database and processes say of themselves; those modules are heavy, and loaded by now."""
    known = (
        ("storage.vault", "KeysUnusable"),
        ("storage.store", "StoreUnusable"),
        ("bot.mechanism", "MechanismError"),
        ("bot.app", "NotConfigured"),
    )
    for module, name in known:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return str(error), 1
    if type(error).__name__ == "Unreadable" and type(error).__module__ == "storage.vault":
        return f"{error} Put the key that sealed it back into SANAD_KEYS.", 1
    if isinstance(error, sqlite3.Error) or type(error).__module__.startswith(("psycopg", "sqlalchemy")):
        return f"The database can't be used ({type(error).__name__}). `sanad doctor` says more.", 1
    return None


def _settings(error: ValidationError) -> str:
    """Which settings are off. Never their values: one of them may be a key."""
    lines = [f"{'.'.join(map(str, found['loc'])).upper()}: {found['msg']}." for found in error.errors()]
    return "\n".join(["A setting can't be used. Mend it in the environment or in .env:", *lines])
