"""A unit of work: what one act reads and writes in one transaction, whichever database is below.

It decides nothing and knows no table; SQL stands beside the tables, in the subset that both databases share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from storage.vault import Vault

Row = tuple[Any, ...]
Values = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY = timedelta(days=1) // _MILLISECOND


class Taken(Exception):
    """A unique value stands there already (a code, a key). Draw another, or know that it was done before."""


class Execute(Protocol):
    """How a database's driver runs one statement: with the spelled SQL and its values, giving a cursor."""

    def __call__(self, sql: Any, values: Any, /) -> Any:
        """Run it."""


class Unit:
    """One transaction. `vault` seals what routing needs; `wakes` names the duties to be woken after the commit."""

    __slots__ = ("_execute", "_spelling", "vault", "wakes")

    def __init__(self, execute: Execute, vault: Vault, spelling: Spelling) -> None:
        self._execute = execute
        self._spelling = spelling
        self.vault = vault
        self.wakes: set[str] = set()

    def all(self, sql: str, values: Values | None = None) -> list[Row]:
        """Every row that the statement gives. Blanks are written `:name`."""
        return self._execute(self._spelling(sql), values or {}).fetchall()  # type: ignore[no-any-return]

    def one(self, sql: str, values: Values | None = None) -> Row | None:
        """The first row, or None."""
        rows = self.all(sql, values)
        return rows[0] if rows else None

    def do(self, sql: str, values: Values | None = None) -> None:
        """Run a statement whose outcome does not matter."""
        self._execute(self._spelling(sql), values or {})

    def count(self, sql: str, values: Values | None = None) -> int:
        """Run an INSERT, UPDATE or DELETE and say how many rows it touched."""
        return len(self.all(sql + " RETURNING 1", values))

    def many(self, sql: str, rows: Sequence[Values]) -> None:
        """Run a statement for each row."""
        spelled = self._spelling(sql)
        for values in rows:
            self._execute(spelled, values)


class Spelling(Protocol):
    """How a database writes the blanks of a statement."""

    def __call__(self, sql: str, /) -> str:
        """The statement as this database wants it."""


def millis(moment: datetime) -> int:
    """A moment as it is stored: milliseconds since 1970, UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def day(moment: datetime) -> int:
    """The day of a moment (UTC) as it is stored: where the moment itself would stand beside others of the same act."""
    return millis(moment) // _DAY * _DAY


def moment(stored: int) -> datetime:
    """A stored moment, in UTC."""
    return _EPOCH + timedelta(milliseconds=stored)
