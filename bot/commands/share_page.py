"""Writes each paper share as a page to be printed, in Arabic and English, and reads a folder of such pages.

A page is the share: whoever has enough of them has the key. The key itself is never written.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.commands import shares
from bot.commands.outcome import WrongWords
from bot.commands.recovery_file import shown
from bot.commands.shares import WORDS, PaperShare
from messages import Text, t
from messages.catalog import render
from storage.seal import public_key

_COLUMNS = 3
_ROWS = WORDS // _COLUMNS
_RULE = "-" * 64


def page(share: PaperShare, count: int, fingerprint: str, made_at: datetime) -> str:
    """What is printed: which share it is, its words, and what to do with it. 64 characters wide."""
    rows = [
        "".join(f"{place:>3}. {share.words[place - 1]:<16}" for place in range(row, WORDS + 1, _ROWS)).rstrip()
        for row in range(1, _ROWS + 1)
    ]
    head = [
        f"SANAD  share {share.number} of {count}  set: {share.group}",
        f"key {fingerprint}",
        f"made {made_at:%Y-%m-%d}",
    ]
    said = [_marked(line) for text in _said(share, count) for line in (*_wrapped(render(text, "ar")), "")]
    english = [line for text in _said(share, count) for line in (*_wrapped(render(text, "en")), "")]
    return "\n".join([*head, _RULE, *rows, _RULE, "", *said, _RULE, "", *english])


def _said(share: PaperShare, count: int) -> tuple[Text, ...]:
    return (
        t(
            "This is share {number} of {count} of the association's recovery key. {needed} of them together open every "
            "case; one alone opens nothing.",
            number=share.number,
            count=count,
            needed=share.needed,
        ),
        t(
            "Print this page, or copy its words by hand, and keep the paper where only you find it. Take no photo of "
            "it, and send it to nobody."
        ),
        t(
            "You will be asked for it when a colleague has lost her passphrase. First hear from herself, by voice, the "
            "fingerprint of her new key. Then type the words yourself, on the computer without a network."
        ),
        t("If the paper is lost, or somebody has seen it, tell the other holders at once: then a new set is made."),
    )


def _marked(line: str) -> str:
    """An Arabic line whose ends stay at its ends, also where a printer takes the page for a left-to-right one."""
    return f"\u200f{line}\u200f" if line else ""


def _wrapped(words: str) -> list[str]:
    """Lines of at most 64 characters, broken between words."""
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + 1 + len(word) > len(_RULE):
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def refuse_existing(folder: Path) -> None:
    """Raise `WrongWords` where there is something already."""
    if folder.exists() or folder.is_symlink():
        raise WrongWords(f"{folder} exists, and shares never mix with something else. Name a new folder with --out.")


def write(folder: Path, made: Sequence[PaperShare], seed: bytes, now: datetime) -> list[Path]:
    """Write a page for each share into a new folder, the owner's alone, and read them again. Raises `OSError`."""
    refuse_existing(folder)
    folder.mkdir(mode=0o700)
    try:
        paths = [folder / f"share-{share.number}.txt" for share in made]
        for path, share in zip(paths, made, strict=True):
            _write(path, page(share, len(made), shown(public_key(seed)), now) + "\n")
        _read_again(folder, seed)
    except BaseException:
        withdraw(folder)
        raise
    return paths


def _read_again(folder: Path, seed: bytes) -> None:
    if shares.join(read(folder)) != seed:
        raise OSError(0, "what was written can't be read again", str(folder))


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def withdraw(folder: Path) -> None:
    """Take shares back of a key that nothing will be sealed to."""
    shutil.rmtree(folder, ignore_errors=True)


def read(folder: Path) -> list[PaperShare]:
    """The shares in a folder's text files, each looked at. Raises `WrongWords`, naming the file."""
    paths = sorted(path for path in folder.glob("*.txt") if path.is_file()) if folder.is_dir() else []
    if not paths:
        raise WrongWords(f"There is no share in {folder}. It must be a folder of text files, one share in each.")
    given: list[PaperShare] = []
    for path in paths:
        try:
            share = shares.read(path.read_text(encoding="utf-8"))
            shares.fits_in(share, given)
        except UnicodeDecodeError:
            raise WrongWords(f"{path} is no text file.") from None
        except WrongWords as error:
            raise WrongWords(f"{path}: {error}") from None
        given.append(share)
    return given
