"""The README is true: what it names exists, and what there is to set or to call is in it."""

import importlib
import re

import pytest

from bot.__main__ import app
from bot.settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = "bot|console|handlers|storage|flows|messages"
NAMES = sorted(set(re.findall(rf"`((?:{PACKAGES})(?:\.\w+)+)", README)))
FILES = sorted(set(re.findall(rf"`((?:{PACKAGES}|mechanism|tests|setup)/[\w./]+)`", README)))


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for part in parts[split:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def test_it_names_the_path_of_a_message() -> None:
    assert len(NAMES) > 15


@pytest.mark.parametrize("name", NAMES)
def test_what_it_names_exists(name: str) -> None:
    assert exists(name)


@pytest.mark.parametrize("path", FILES)
def test_the_files_it_points_to_are_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_is_in_it(setting: str) -> None:
    assert f"`{setting.upper()}`" in README


@pytest.mark.parametrize("command", sorted(group.name for group in app.registered_groups if group.name))
def test_every_group_of_commands_is_in_it(command: str) -> None:
    assert f"sanad {command} " in README
