"""Makes a copy of each picture without place, time and camera, and keeps that alone where she wants it so.

It never changes an original: that stays byte for byte as it came, or is destroyed because she wants it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from handlers import picture_cleaner
from handlers.cases import Sealing
from handlers.draw import World
from handlers.file_kinds import kind_of
from handlers.file_letters import tell_her
from messages import t
from storage import cases, files
from storage.files import FileNote
from storage.seal import PART, FileKey
from storage.store import Store
from storage.unit import Unit

MADE: Final = "made"
DAMAGED: Final = "damaged"
TOO_HARD: Final = "too large to clean"
"""Its pixels, the memory or the time it took were too many; or it is of a kind that we can't write anew."""
CLEAN_ONLY: Final = "clean copy only"
UNCLEAN: Final = "could not be cleaned"
"""Why there is no original: destroyed by her wish, beside its clean copy or without one."""
LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a clean copy."""
SECONDS: Final = 40
"""Until the program that cleans is ended, whatever it is doing."""
_PROGRAM: Final = Path(picture_cleaner.__file__)
_UNCLEANED: Final = t(
    "One picture could not be made free of place and time. We have not kept it, as you wished. A screenshot of it "
    "often works: you can send that."
)


async def clean(original: bytes | bytearray, *, light: bool = False) -> bytes | str:
    """The picture without anything beside it, or why there is no such copy. `light`: a small one, for a weak line.

    It is made in a process of its own that has no key of ours: what breaks there, or is broken into, holds nothing.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(_PROGRAM), *([picture_cleaner.LIGHT] if light else [])),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
        )
    except OSError:
        return TOO_HARD
    try:
        async with asyncio.timeout(SECONDS):
            made = await _answered(process, original)
    except TimeoutError:
        return TOO_HARD
    finally:
        await _ended(process)
    if process.returncode == 0 and made is not None and kind_of(made[:PART]).picture:
        return made
    return DAMAGED if process.returncode == picture_cleaner.DAMAGED else TOO_HARD


async def _answered(process: asyncio.subprocess.Process, original: bytes | bytearray) -> bytes | None:
    """What it writes; None, and it is ended, where that is more than a copy may be: our own memory has an end too."""
    assert process.stdin is not None  # noqa: S101 - both were asked for
    assert process.stdout is not None  # noqa: S101 - as above
    feeding = asyncio.create_task(_fed(process.stdin, original))
    try:
        made = bytearray()
        while piece := await process.stdout.read(PART):
            made += piece
            if len(made) > LARGEST:
                return None
        await process.wait()
        return bytes(made)
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """End it, and read away what it still wrote: it does not count as ended before its pipe is empty."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    if process.returncode is None:
        process.kill()
    while await process.stdout.read(PART):
        pass
    await process.wait()


async def _fed(into: asyncio.StreamWriter, original: bytes | bytearray) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        into.write(original)
        await into.drain()
    into.close()


@dataclass(slots=True)
class Cleaner:
    """Makes clean copies one at a time: two pictures are never held open at once."""

    store: Store
    world: Callable[[], World]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def copy(self, note: FileNote) -> tuple[FileNote, FileNote | None]:
        """Make the clean copy of a picture whose parts are here: what is then known of it, and of the copy if any."""
        async with self._turn:
            original = await self._whole(note)
            made = DAMAGED if original is None else await clean(original)
            del original
            if isinstance(made, str):
                return msgspec.structs.replace(note, clean=made), None
            return msgspec.structs.replace(note, clean=MADE), await self._keep(note, made)

    async def _whole(self, note: FileNote) -> bytearray | None:
        key, whole = FileKey(note.file, note.secret), bytearray()
        for number in range(note.parts):
            sealed = await self.store.read(files.part, note.file, number)
            if sealed is None:
                return None  # the draft was given up meanwhile
            whole += key.open_part(number, sealed)
        return whole

    async def _keep(self, original: FileNote, made: bytes) -> FileNote:
        """Keep it like any file: under a key and a number of its own, and under no name, which may tell a day."""
        draw = self.world().draw
        copy = FileNote(draw.number(), original.kind, draw.seed(32), kind_of(made).mime, clean_of=original.file)
        key, places = FileKey(copy.file, copy.secret), range(0, len(made), PART)
        await self.store.write(files.begin_copy, copy)
        for number, start in enumerate(places):
            sealed = key.seal_part(number, made[start : start + PART])
            if not await self.store.write(_keep_part, copy.file, number, sealed):
                break  # the draft was given up meanwhile
        digest = hashlib.sha256(made).hexdigest()
        return msgspec.structs.replace(copy, size=len(made), sha256=digest, parts=len(places))


def _keep_part(unit: Unit, number: int, part: int, body: bytes) -> bool:
    if not files.is_here(unit, number):
        return False
    files.put_part(unit, number, part, body)
    return True


def keep_only(sealing: Sealing, person: int, numbers: tuple[int, ...]) -> None:
    """Destroy the originals of these pictures of hers; their clean copies stay. What isn't a picture stays as it is.

    Of what is still on its way it is noted, and done when it is here.
    """
    unit = sealing.unit
    for number in numbers:
        if files.owner(unit, number) != person:
            continue
        note = files.note(unit, number)
        if note is None:
            _keep_only_in_case(sealing, number)
        elif not note.parts and not note.why:
            files.put_note(unit, msgspec.structs.replace(note, only_clean=True))
        elif note.clean and note.parts:
            files.put_note(unit, without_original(unit, note, sealing.world))


def without_original(unit: Unit, note: FileNote, world: World) -> FileNote:
    """Destroy a picture's original, which no case holds yet: parts and key. What is then to be noted of it."""
    files.drop_parts(unit, note.file)
    why = CLEAN_ONLY if note.clean == MADE else UNCLEAN
    if why == UNCLEAN:
        tell_her(unit, note.file, _UNCLEANED, world)
    return msgspec.structs.replace(note, secret=b"", parts=0, sha256="", size=0, name="", why=why)


def _keep_only_in_case(sealing: Sealing, number: int) -> None:
    """Its key is sealed to a case: the bytes go, and the case says so. Whether it is a picture is known without it."""
    unit, copy = sealing.unit, files.copy_of(sealing.unit, number)
    held = files.case_of(unit, number)
    case = None if held is None else cases.by_number(unit, held)
    if case is None or files.part(unit, number, 0) is None or (copy is None and not files.is_uncleaned(unit, number)):
        return
    files.drop_parts(unit, number)
    why = UNCLEAN if copy is None else CLEAN_ONLY
    sealing.put(case, "file", {"file": number, "secret": "", "parts": 0, "why": why})
    if copy is None:
        tell_her(unit, number, _UNCLEANED, sealing.world)
