"""Fetches files that people sent: in sealed parts, with the original's SHA-256, then deletes the platform's copy.

No byte of a file is ever written unsealed, on disk or in the database.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from handlers import cases
from handlers.channel import Channel, FetchLater, Handle, Unfetchable
from handlers.draw import World
from messages import t, to_json
from storage import cases as stored_cases
from storage import files, outbox, people
from storage.coding import decode
from storage.files import FileNote, Wanted
from storage.outbox import Body, Lane
from storage.seal import PART, FileKey
from storage.store import Store
from storage.unit import Unit

LARGEST = 20 * 1024 * 1024
"""Bytes. Telegram's own limit for downloads (channels)."""
_AGAIN = timedelta(seconds=60)
_TRIES = 30
"""Half an hour of tries, well within the life of a platform's link (1 h Telegram, 4 h Twilio)."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches what is wanted, from whichever channel it came."""

    store: Store
    channels: Mapping[str, Channel]
    world: Callable[[], World]

    async def fetch_due(self) -> int:
        """Work through the files that are due. Says how many there were."""
        now = self.world().now
        due = await self.store.write(files.due, now, now + _AGAIN)
        await asyncio.gather(*(self._work(wanted) for wanted in due))
        return len(due)

    async def _work(self, wanted: Wanted) -> None:
        channel = self.channels.get(wanted.channel)
        if channel is None:
            return
        handle = decode(wanted.handle, Handle)
        try:
            if wanted.state == "wanted":
                await self._fetch(wanted.id, channel, handle)
            if handle.delete:
                await channel.discard(handle)
            await self.store.write(files.move, wanted.id, "kept")
        except Unfetchable as refusal:
            await self.store.write(give_up, wanted.id, str(refusal), self.world())
        except FetchLater:
            if wanted.tries >= _TRIES:
                await self.store.write(give_up, wanted.id, "gave_up", self.world())

    async def _fetch(self, number: int, channel: Channel, handle: Handle) -> None:
        note = await self.store.read(files.note, number)
        if note is None:
            return  # the draft was given up meanwhile
        key, digest, size, count = FileKey(number, note.secret), hashlib.sha256(), 0, 0
        async for part in in_parts(channel.fetch(handle)):
            size += len(part)
            if size > LARGEST:
                raise Unfetchable("too_large")
            digest.update(part)
            await self.store.write(files.put_part, number, count, key.seal_part(count, part))
            count += 1
        if count == 0:
            raise Unfetchable("empty")
        done = msgspec.structs.replace(note, size=size, sha256=digest.hexdigest(), parts=count)
        await self.store.write(arrived, done, bool(handle.delete), self.world())


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


def arrived(unit: Unit, note: FileNote, to_discard: bool, world: World) -> None:  # noqa: FBT001 - an act's arguments
    """A file is here whole. In a case, its key is sealed to the case and the server forgets it."""
    files.put_note(unit, note)
    number = files.case_of(unit, note.file)
    case = stored_cases.by_number(unit, number) if number is not None else None
    if case is not None:
        cases.seal_file(unit, note, case, world)
    files.move(unit, note.file, "discard" if to_discard else "kept", world.now)


def give_up(unit: Unit, number: int, why: str, world: World) -> None:
    """A file can't be had: the case says so, and she is told kindly, so that she may send it another way."""
    note = files.note(unit, number)
    case = files.case_of(unit, number)
    found = stored_cases.by_number(unit, case) if case is not None else None
    if note is not None and found is not None:
        cases.seal_file(unit, msgspec.structs.replace(note, why=why), found, world)
    files.move(unit, number, "failed")
    _tell_her(unit, number, why, world)


def _tell_her(unit: Unit, number: int, why: str, world: World) -> None:
    owner = files.owner(unit, number)
    known = people.recall(unit, owner) if owner is not None else None
    if known is None or known[3].quiet:
        return
    channel, address, index, person = known
    words = (
        t("The file was too big to reach us. Could you send a shorter or smaller one? There is no hurry.")
        if why == "too_large"
        else t("One file did not reach us, and that isn't your fault. If you can, please send it once more.")
    )
    content = Body(address, person.language or "ar", to_json(words))
    outbox.add(unit, f"file:{number}", channel, index, Lane.CONVERSATION, content, world.now)
