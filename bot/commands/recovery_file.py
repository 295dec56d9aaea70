"""Writes and reads the file in which a recovery key's private half lies: one JSON object that a person can read.

It never writes over a file, and it keeps no copy.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.commands.outcome import WrongWords
from storage.seal import SEED, public_key
from storage.vault import shown

_KIND = "Sanad recovery key"
_VERSION = 1
__all__ = ["RecoveryKey", "is_open_to_others", "read", "refuse_existing", "shown", "withdraw", "write"]
_NOTE = "Private. Whoever has this file can read every case sealed to it. Keep it offline; nobody has another copy."


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """A recovery pair, by its private half; `reader` is its number in the database."""

    reader: int
    seed: bytes

    @property
    def public_key(self) -> bytes:
        """The public half."""
        return public_key(self.seed)


def refuse_existing(path: Path) -> None:
    """Raise `WrongWords` where there is something already, before anything is done."""
    if path.exists() or path.is_symlink():
        raise WrongWords(f"{path} exists, and a key is never overwritten. Name another file with --out.")


def withdraw(path: Path) -> None:
    """Take back a private half that nothing will be sealed to: it would only mislead."""
    path.unlink(missing_ok=True)


def write(path: Path, key: RecoveryKey, now: datetime) -> None:
    """Write the private half to a new file, the owner's alone, and see it on disk. Raises `WrongWords`, `OSError`."""
    content = {
        "kind": _KIND,
        "version": _VERSION,
        "note": _NOTE,
        "made_at": now.isoformat(timespec="seconds"),
        "reader": key.reader,
        "fingerprint": shown(key.public_key),
        "seed": base64.b64encode(key.seed).decode(),
    }
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        refuse_existing(path)
        raise
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def read(path: Path) -> RecoveryKey:
    """Read a private half. Raises `WrongWords` for a file that is none, or is damaged."""
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise WrongWords(
            f"The key file {path} can't be read: {error.strerror}. Check the path and its rights."
        ) from None
    except ValueError:
        raise _broken(path, "it is no JSON") from None
    if not isinstance(content, dict) or content.get("kind") != _KIND:
        raise _broken(path, f"it does not call itself a “{_KIND}”")
    if content.get("version") != _VERSION:
        raise WrongWords(f"The key file {path} is of a format that this release does not know. Use a newer release.")
    return _key(path, content)


def is_open_to_others(path: Path) -> bool:
    """Whether somebody else on this machine may read the file."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _key(path: Path, content: dict[str, object]) -> RecoveryKey:
    try:
        seed = base64.b64decode(str(content.get("seed")), validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    reader = content.get("reader")
    if len(seed) != SEED or not isinstance(reader, int):
        raise _broken(path, "its seed or its number is damaged")
    key = RecoveryKey(reader, seed)
    if content.get("fingerprint") != shown(key.public_key):
        raise _broken(path, "its fingerprint does not fit its seed")
    return key


def _broken(path: Path, why: str) -> WrongWords:
    return WrongWords(f"{path} is no recovery key as `sanad keys recovery` writes it: {why}. Use an undamaged copy.")
