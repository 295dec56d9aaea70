"""What tests of the desk share: a database for stories about pages, of which one kind will do."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of a fresh SQLite database with our tables."""
    shutil.copy(sqlite_template, tmp_path / "sanad.db")
    return f"sqlite:///{tmp_path / 'sanad.db'}"
