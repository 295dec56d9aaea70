"""The house holds: flows know only the standard library, messages and each other; clocks and chance have one door."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import ROOT

FLOWS = sorted((ROOT / "flows").rglob("*.py"))
OURS = [
    path
    for name in ("bot", "console", "handlers", "storage", "flows", "messages")
    for path in (ROOT / name).rglob("*.py")
]
NOT_FOR_FLOWS = {"asyncio", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time", "uuid"}


def imported(path: Path) -> Iterator[str]:
    """The top names of every module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_flows_know_nothing_of_the_world(path: Path) -> None:
    allowed = (sys.stdlib_module_names - NOT_FOR_FLOWS) | {"flows", "messages"}
    assert set(imported(path)) <= allowed


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_says_what_it_does(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_nobody_is_called_a_helper() -> None:
    vague = {"utils", "helpers", "manager", "base", "common"}
    assert not [path for path in OURS if path.stem in vague]
