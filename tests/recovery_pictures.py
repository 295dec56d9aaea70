"""Draws what the holder of a share sees, for RECOVERY.md: `python -m tests.recovery_pictures` runs a made-up recovery.

Each picture is what the commands really print, on a database that is thrown away; the shares in it open nothing.
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from bot.commands import share_page
from bot.settings import ROOT, Settings
from storage.vault import write_key
from tests.bot.commands.conftest import KEY, Sanad
from tests.bot.commands.test_recover import _story

FOLDER = ROOT / "docs" / "recovery"
_WIDTH = 92
_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def draw() -> None:
    """Draw all pictures anew."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name in Settings.model_fields:
            patch.delenv(name.upper(), raising=False)
        patch.chdir(folder)
        patch.setenv("SANAD_KEYS", write_key(KEY))
        patch.setenv("COLUMNS", str(_WIDTH))
        _tell(Sanad(Path(folder), patch))


def _tell(sanad: Sanad) -> None:
    sanad.works("keys", "recovery", "--out", "shares", "--shares", "2/3")
    sanad.with_store(lambda store: store.write(_story))
    _picture("share", (sanad.folder / "shares" / "share-1.txt").read_text(encoding="utf-8"), 68)
    _run(sanad, "export", ["recover", "export", "--who", "هدى", "--out", "request.json"])
    first, second, _ = (" ".join(share.words) for share in share_page.read(sanad.folder / "shares"))
    wrong = first.replace(first.split()[6], first.split()[6][:-1] + "qq", 1)
    says = f"{wrong}\n{first}\n{second}\ny\n"
    _run(sanad, "seal", ["recover", "seal", "request.json", "--out", "answer.json"], says)
    _run(sanad, "import", ["recover", "import", "answer.json"])


def _run(sanad: Sanad, name: str, words: list[str], says: str = "") -> None:
    called = sanad(*words, says=says)
    assert called.exit_code == 0, called.output
    _picture(name, f"$ sanad {' '.join(words)}\n{called.output}", _WIDTH)


def _picture(name: str, text: str, width: int) -> None:
    console = Console(record=True, width=width, file=io.StringIO(), highlight=False)
    console.print(Text(text))
    drawn = console.export_svg(title="Sanad", unique_id=name)
    # The pictures ask nobody for a font.
    (FOLDER / f"{name}.svg").write_text(_FONTS.sub("", drawn), encoding="utf-8")


if __name__ == "__main__":
    draw()
