"""`python -m benchmarks [ROW…] [--quick]`: measures, prints the table, and writes benchmarks/results.json.

It exits with 0 whatever was reached: a number is a fact, not a failure.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.rows import ROWS, Bench
from benchmarks.story import tell
from benchmarks.table import Row, show, write
from bot import mechanism
from bot.settings import ROOT

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Measure the rows that are named, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.partition("\n")[0] if __doc__ else ""
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one or more of: {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="fewer of everything: under two minutes")
    given = parser.parse_args()
    if unknown := [name for name in given.rows if name not in ROWS]:
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(ROWS)}")
    console = Console()
    found = _measure(given.rows or list(ROWS), console, quick=given.quick)
    show(found, console)
    write(found, RESULTS, quick=given.quick)
    console.print(f"Written to {RESULTS.relative_to(ROOT)}.")


def _measure(names: list[str], console: Console, *, quick: bool) -> list[Row]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    found: list[Row] = []
    with Progress(*columns, console=console) as progress:
        bench = Bench(tell(mechanism.load(ROOT / "mechanism")), quick, lambda what, of: _teller(progress, what, of))
        for name in names:
            found += ROWS[name](bench)
    return found


def _teller(progress: Progress, what: str, of: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    task = progress.add_task(what, total=of)
    return lambda done: progress.update(task, completed=done)


if __name__ == "__main__":
    main()
