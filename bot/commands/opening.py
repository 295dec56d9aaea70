"""Opens one case where a recovery key's file lies: its JSON to stdout, its files to a folder.

It needs no server key, and it writes no name that a sender chose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.commands import recovery_file
from bot.commands.opened import opened_without_keys
from bot.commands.outcome import Problem, remark, result
from bot.commands.recovery_file import RecoveryKey, shown
from bot.settings import Settings
from handlers import clean_copies
from handlers.cases import OpenedCase, read_case
from handlers.file_kinds import REFUSED
from messages.arabic import digits
from storage import cases, files, readers
from storage.cases import SealedCase
from storage.readers import Reader
from storage.seal import FileKey
from storage.store import Store
from storage.unit import Unit
from storage.vault import Unreadable, fingerprint

_CODE = re.compile(r"[A-Z0-9]{6}")
_UNSHOWN = re.compile("[\x7f-\x9f]")
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/rtf": ".rtf",
    "text/plain": ".txt",
}
"""What a file may be called by. Anything else is `.bin`: nothing that a double click would run."""
_SIGNS = (
    (0, b"\xff\xd8\xff", ".jpg"),
    (0, b"\x89PNG\r\n\x1a\n", ".png"),
    (0, b"GIF8", ".gif"),
    (8, b"WEBP", ".webp"),
    (0, b"OggS", ".ogg"),
    (0, b"ID3", ".mp3"),
    (0, b"%PDF-", ".pdf"),
    (4, b"ftypM4A", ".m4a"),
    (4, b"ftyphei", ".heic"),
    (4, b"ftyp3g", ".3gp"),
    (4, b"ftypqt", ".mov"),
    (4, b"ftyp", ".mp4"),
    (0, b"\x1aE\xdf\xa3", ".webm"),
)
"""Where in a file, which bytes, and what it then is, whatever its sender called it."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A case as it lies in the database, and those it is sealed to."""

    case: SealedCase
    readers: list[Reader]


async def show(settings: Settings, words: str, key_file: Path, folder: Path | None) -> None:
    """Print a case as JSON; with a folder, write its files there. Raises `Problem` or `WrongWords`."""
    key = recovery_file.read(key_file)
    if recovery_file.is_open_to_others(key_file):
        remark(f"Others on this machine may read {key_file}. Take that away: chmod 600 {key_file}")
    async with opened_without_keys(settings) as store:
        fetched = await _fetch(store, words)
        opened = _open(fetched, key)
        shown_case = json.dumps(opened.data, ensure_ascii=False, indent=2)
        result(_UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", shown_case))
        _say_missing(opened)
        if folder is not None:
            await _write_files(store, opened, folder)


def code_of(words: str) -> str:
    """A case's code from what was typed: any case, spaces, dashes and digits; empty if it can't be one."""
    letters = "".join(char for char in digits(words).upper() if char.isascii() and char.isalnum())
    return f"{letters[:3]}-{letters[3:]}" if _CODE.fullmatch(letters) else ""


async def _fetch(store: Store, words: str) -> Fetched:
    code = code_of(words)
    found = await store.read(_look_up, code) if code else None
    if found is None:
        raise Problem(
            f"There is no case {code or 'with this code'} in this database. "
            "A code looks like KTR-4MW; check it letter by letter, and DATABASE_URL."
        )
    return found


def _look_up(unit: Unit, code: str) -> Fetched | None:
    case = cases.sealed_case(unit, code)
    return None if case is None else Fetched(case, readers.of_case(unit, case.id))


def _open(fetched: Fetched, key: RecoveryKey) -> OpenedCase:
    """Open a case with a key. The key is known by its public half, so a number that changed does no harm."""
    mine, case = key.public_key, fetched.case
    reader = next((one.id for one in fetched.readers if one.public_key == mine), None)
    if reader is None:
        others = "; ".join(f"{one.kind} {shown(one.public_key)}" for one in fetched.readers) or "nobody"
        raise Problem(
            f"This key does not fit: it is {shown(mine)}, and case {case.code} is sealed to: {others}. "
            "Use the file of one of those."
        )
    try:
        return read_case(case, reader, key.seed)
    except Unreadable as error:
        raise Problem(
            f"This key fits, but case {case.code} was changed since it was sealed: {error} "
            "Use a backup of the database, and find out who changed it."
        ) from error


def _say_missing(opened: OpenedCase) -> None:
    """Say which files belong to the case and are not in it yet, or never will be."""
    notes = {note["file"]: note for note in opened.data["files"]}
    named = {number for item in opened.data["items"] for number in item.get("files", ())}
    for number in sorted(named - notes.keys()):
        remark(f"File {number} has not arrived yet: the server is still fetching it. Open the case again later.")
    for number, note in sorted(notes.items()):
        if not note.get("parts"):
            remark(_why_missing(number, note.get("why", "")))


def _why_missing(number: int, why: str) -> str:
    match why:
        case clean_copies.CLEAN_ONLY:
            return f"File {number} was destroyed by her wish; its clean copy is kept."
        case clean_copies.UNCLEAN:
            return f"File {number} was destroyed by her wish; no clean copy of it could be made."
        case _ if why.startswith(REFUSED):
            return f"File {number} was not taken ({why}): it could harm whoever opens it. She was told."
        case _:
            return f"File {number} never arrived ({why or 'no reason given'}). She was asked to send it again."


async def _write_files(store: Store, opened: OpenedCase, folder: Path) -> None:
    _make(folder)
    broken = []
    for note in opened.data["files"]:
        if not note.get("parts"):
            continue
        parts = await store.read(files.parts, note["file"])
        content = _join(opened.file_keys[note["file"]], note, parts)
        if content is None:
            broken.append(str(note["file"]))
        else:
            _write(folder / f"{called(note, opened)}{extension(content, note.get('mime', ''))}", content)
    if broken:
        raise Problem(
            f"Not as they were received: file {', '.join(broken)}. They were not written. Use a backup of the database."
        )


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _join(key: FileKey, note: Mapping[str, Any], parts: list[bytes]) -> bytes | None:
    """A file's bytes as they were received, by their SHA-256; None if they are not."""
    try:
        content = b"".join(key.open_part(number, part) for number, part in enumerate(parts))
    except Unreadable:
        return None
    return content if fingerprint(content) == note["sha256"] else None


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        if path.read_bytes() == content:
            remark(f"{path} is there already, and the same.")
            return
        raise Problem(f"{path} exists with other content, and is not overwritten. Name an empty folder with --files.")
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)
    remark(f"{path}: {len(content)} bytes, SHA-256 as received")


def called(note: Mapping[str, Any], opened: OpenedCase) -> str:
    """The name of a file of ours: its number, and for a picture and its copy without place and time, which is which."""
    if original := note.get("clean_of"):
        return f"{original}-clean"
    copied = any(other.get("clean_of") == note["file"] for other in opened.data["files"])
    return f"{note['file']}-original" if copied else str(note["file"])


def extension(content: bytes, mime: str) -> str:
    """What a file may be called by: by its first bytes, else by its media type, else `.bin`."""
    for at, sign, found in _SIGNS:
        if content.startswith(sign, at):
            return found
    return _EXTENSIONS.get(mime.partition(";")[0].strip().lower(), ".bin")
