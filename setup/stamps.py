"""Remembers what was done, by the content of the files it was done from. It never looks at times of files."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
_STAMPS = VENV / ".sanad"


def print_of(files: Iterable[Path], *also: str) -> str:
    """Say in 64 hexadecimal digits what these files hold; names count too, and so does `also`."""
    digest = hashlib.sha256("\0".join(also).encode())
    for file in sorted(files):
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_done(name: str, content: str) -> bool:
    """Whether the step `name` was last finished with this content."""
    stamp = _STAMPS / name
    return stamp.is_file() and stamp.read_text() == content


def was_done(name: str) -> bool:
    """Whether the step `name` was ever finished, with whatever content."""
    return (_STAMPS / name).is_file()


def set_done(name: str, content: str) -> None:
    """Remember that the step `name` is finished with this content."""
    _STAMPS.mkdir(parents=True, exist_ok=True)
    (_STAMPS / name).write_text(content)
