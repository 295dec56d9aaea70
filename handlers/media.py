"""Fetches files that people sent: in sealed parts, with the original's SHA-256, then deletes the platform's copy.

No byte of a file is ever written unsealed, on disk or in the database.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from handlers import cases
from handlers.channel import TOO_LARGE, Channel, FetchLater, Handle, Unfetchable
from handlers.clean_copies import Cleaner, without_original
from handlers.draw import World
from handlers.file_kinds import REFUSED, FileKind, kind_of
from handlers.file_letters import tell_why
from storage import cases as stored_cases
from storage import files
from storage.coding import decode
from storage.files import FileNote, Wanted
from storage.seal import PART, FileKey
from storage.store import Store
from storage.unit import Unit

LARGEST = 20 * 1024 * 1024
"""Bytes. Telegram's own limit for downloads (channels)."""
AT_ONCE = 8
"""Files on their way at once."""
_AGAIN = timedelta(seconds=60)
_TRIES = 30
"""Half an hour of tries, well within the life of a platform's link (1 h Telegram, 4 h Twilio)."""


@dataclass(slots=True)
class Fetcher:
    """Fetches what is wanted, from whichever channel it came, several files at once."""

    store: Store
    channels: Mapping[str, Channel]
    world: Callable[[], World]
    failed: Callable[[Exception], None]
    """Told of what broke; the file comes again."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _cleaner: Cleaner = field(init=False)

    def __post_init__(self) -> None:
        self._cleaner = Cleaner(self.store, self.world)

    async def fetch_due(self) -> int:
        """Begin with the files that are due, as far as there are hands. Says with how many."""
        now, hands = self.world().now, AT_ONCE - len(self._tasks)
        due = await self.store.write(files.due, now, now + _AGAIN, hands) if hands else []
        for wanted in due:
            task = asyncio.create_task(self._work(wanted))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(due)

    async def finish(self) -> None:
        """Wait until what is under way is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Leave what is under way; it comes again when its time is over."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, wanted: Wanted) -> None:
        channel = self.channels.get(wanted.channel)
        if channel is None:
            return
        handle = decode(wanted.handle, Handle)
        try:
            if wanted.state == "wanted":
                await self._fetch_or_give_up(wanted, channel, handle)
            if handle.delete:
                await channel.discard(handle)
            await self.store.write(files.end, wanted.id)
        except FetchLater:
            return  # it comes again by itself
        except Exception as error:  # noqa: BLE001 - one file's trouble stops no other
            self.failed(error)

    async def _fetch_or_give_up(self, wanted: Wanted, channel: Channel, handle: Handle) -> None:
        """Fetch, or know that it can't be had. Raises `FetchLater` while there is hope."""
        try:
            await self._fetch(wanted.id, channel, handle)
        except Unfetchable as refusal:
            await self.store.write(give_up, wanted.id, str(refusal), self.world())
        except FetchLater:
            if wanted.tries < _TRIES:
                raise
            await self.store.write(give_up, wanted.id, "gave up", self.world())

    async def _fetch(self, number: int, channel: Channel, handle: Handle) -> None:
        note = await self.store.read(files.note, number)
        if note is None:
            return  # the draft was given up meanwhile
        key, digest, size, count, kind = FileKey(number, note.secret), hashlib.sha256(), 0, 0, FileKind("")
        async for part in in_parts(channel.fetch(handle)):
            kind = kind if count else taken_kind(part)
            size += len(part)
            if size > LARGEST:
                raise Unfetchable(TOO_LARGE)
            digest.update(part)
            sealed = key.seal_part(count, part)
            if not await self.store.write(keep_part, number, count, sealed, self.world()):
                return  # the draft was given up meanwhile
            count += 1
        if count == 0:
            raise Unfetchable("empty")
        sha256 = digest.hexdigest()
        done = msgspec.structs.replace(note, mime=kind.mime, size=size, sha256=sha256, parts=count)
        copied = await self._cleaner.copy(done) if kind.picture else (done, None)
        await self.store.write(arrived, *copied, self.world())


def taken_kind(head: bytes) -> FileKind:
    """What a file is, by its first part. Raises `Unfetchable` for kinds that aren't taken."""
    kind = kind_of(head)
    if kind.refused:
        raise Unfetchable(f"{REFUSED}: {kind.refused}")
    return kind


async def in_parts(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in parts of `PART`, the last one shorter."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        while len(held) >= PART:
            yield bytes(held[:PART])
            del held[:PART]
    if held:
        yield bytes(held)


async def fetch_now(store: Store, channels: Mapping[str, Channel], world: Callable[[], World]) -> None:
    """Fetch what is due, once, and wait for it; what breaks is raised. For where no worker runs."""
    broken: list[Exception] = []
    fetcher = Fetcher(store, channels, world, broken.append)
    await fetcher.fetch_due()
    await fetcher.finish()
    if broken:
        raise broken[0]


def keep_part(unit: Unit, number: int, part: int, body: bytes, world: World) -> bool:
    """Keep a part, while its file is wanted."""
    wanted = files.hold(unit, number, world.now + _AGAIN)
    if wanted:
        files.put_part(unit, number, part, body)
    return wanted


def arrived(unit: Unit, note: FileNote, copy: FileNote | None, world: World) -> None:
    """A file is here whole, and its clean copy if it has one. In a case, their keys are sealed to it and forgotten."""
    known = files.note(unit, note.file)
    if known is None:
        return  # the draft was given up meanwhile, and its file with it
    if copy is not None:
        files.put_note(unit, copy)
    elif note.clean:
        files.note_uncleaned(unit, note.file)
    if known.only_clean and note.clean:
        note = without_original(unit, note, world)
    files.put_note(unit, note)
    _seal_to_its_case(unit, note, world)
    files.to_discard(unit, note.file, world.now)


def _seal_to_its_case(unit: Unit, note: FileNote, world: World) -> None:
    number = files.case_of(unit, note.file)
    case = stored_cases.by_number(unit, number) if number is not None else None
    if case is not None:
        sealing = cases.Sealing(unit, world)
        cases.seal_file(sealing, note, case)
        sealing.end()


def give_up(unit: Unit, number: int, why: str, world: World) -> None:
    """A file can't be had: its case says so, now or later, and she is told kindly, so that she may send it again."""
    note = files.note(unit, number)
    files.drop_copy(unit, number)
    if note is not None:
        lost = msgspec.structs.replace(note, why=why)
        files.put_note(unit, lost)
        _seal_to_its_case(unit, lost, world)
    files.drop_parts(unit, number)
    files.to_discard(unit, number, world.now)
    tell_why(unit, number, why, world)
