"""Prints what was measured and writes it down. It never rounds a goal into reach."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

_SHOWN = ("python-telegram-bot", "aiogram", "cryptography", "msgspec", "psycopg", "uvloop")


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One number beside its goal. `better` says which way is better: the ratio to the goal is at least 1 if reached."""

    what: str
    measured: float
    unit: str
    goal: float | None = None
    better: str = "less"
    peer: str = ""
    note: str = ""
    runs: tuple[float, ...] = ()
    at: str = ""
    """When it was measured (ISO 8601, UTC); a row may be older than its neighbours."""
    quick: bool = False

    @property
    def reach(self) -> float | None:
        """How much of the goal was reached; 1 or more where it was."""
        if self.goal is None:
            return None
        if self.better == "more":
            return self.measured / self.goal
        return self.goal / self.measured if self.measured else (1.0 if self.goal >= 0 else 0.0)


def show(rows: Sequence[Row], console: Console) -> None:
    """Print the table."""
    table = Table(title="Sanad beside its peers", show_lines=False)
    for column in ("what", "goal", "measured", "peer", "reached", "note"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(row.what, _goal(row), f"{_said(row.measured)} {row.unit}", row.peer, _reached(row), row.note)
    console.print(table)


def write(rows: Sequence[Row], path: Path, *, quick: bool) -> None:
    """Write the results with the machine, the versions and the moment. A row measured earlier stays until it's anew."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    stamped = [msgspec.structs.replace(row, at=at, quick=quick) for row in rows]
    kept = {row.what: row for row in [*_earlier(path), *stamped]}
    data = {
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "processor": platform.machine()},
        "versions": {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
        | {name: version(name) for name in _SHOWN},
        "rows": list(kept.values()),
    }
    path.write_bytes(msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n")


def _earlier(path: Path) -> list[Row]:
    if not path.exists():
        return []
    return msgspec.convert(msgspec.json.decode(path.read_bytes())["rows"], list[Row])


def _goal(row: Row) -> str:
    if row.goal is None:
        return "-"
    return f"{'≥' if row.better == 'more' else '≤'} {_said(row.goal)} {row.unit}"


def _reached(row: Row) -> str:
    if row.reach is None:
        return "-"
    if row.reach >= 1:
        return "[green]reached[/green]"
    return f"[red]{row.reach:.0%} of it[/red]"


def _said(number: float) -> str:
    if number == int(number) or abs(number) >= 1000:
        return f"{number:,.0f}"
    return f"{number:.3g}"
