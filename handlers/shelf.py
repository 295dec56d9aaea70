"""Hands channels what goes with a letter: the bytes, the platform's own id of them, or an address to fetch them from.

It never gives out what lost its consent, and an address of it says nothing and ends after some hours.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar, cast

from handlers.channel import ChannelName, Piece
from handlers.draw import World
from storage import media
from storage.media import Size
from storage.store import Store

T = TypeVar("T")
OPEN_FOR: Final = timedelta(hours=6)
"""Twilio may queue a message for four hours before it fetches what goes with it (channels)."""
ENDINGS: Final = {
    "image/jpeg": "jpg", "image/png": "png", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a",
    "video/mp4": "mp4",
}  # fmt: skip
"""By type: how a file of it ends. What is not here is not taken into the library."""


class ShelfAway(OSError):
    """The database did not answer just now: the letter is tried later."""


@dataclass(frozen=True, slots=True)
class Library:
    """The shelf that the program's channels take from. `address`: where the world reaches us.

    Every method raises `ShelfAway` where the database does not answer.
    """

    store: Store
    world: Callable[[], World]
    address: str

    async def piece(self, number: int, *, full: bool) -> Piece | None:
        """See `handlers.channel.Shelf`."""
        found = await _surely(self.store.read(media.get, number))
        if found is None or not found.usable:
            return None
        size = found.size(full=full)
        mime = found.facts.versions[size].mime
        return Piece(found.kind, number, size, mime, f"{found.kind}.{ENDINGS[mime]}")

    async def bytes(self, piece: Piece) -> bytes:
        """See `handlers.channel.Shelf`."""
        return await _surely(self.store.read(media.data, piece.number, cast("Size", piece.size)))

    async def handle(self, piece: Piece, channel: ChannelName) -> str:
        """See `handlers.channel.Shelf`."""
        return await _surely(self.store.read(media.handle, piece.number, cast("Size", piece.size), channel))

    async def keep_handle(self, piece: Piece, channel: ChannelName, handle: str) -> None:
        """See `handlers.channel.Shelf`."""
        size = cast("Size", piece.size)
        await _surely(self.store.write(media.keep_handle, piece.number, size, channel, handle))

    async def link(self, piece: Piece) -> str:
        """See `handlers.channel.Shelf`."""
        world = self.world()
        token = urlsafe_b64encode(world.draw.seed(24)).decode()
        where = hashed(token), piece.number, cast("Size", piece.size)
        await _surely(self.store.write(media.open_link, *where, world.now + OPEN_FOR, world.now))
        return f"{self.address}/media/{token}"


async def _surely(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except Exception as error:  # noqa: BLE001 - whatever breaks in a database, the letter waits
        raise ShelfAway(type(error).__name__) from None


def hashed(token: str) -> bytes:
    """What is kept of a link's token."""
    return hashlib.sha256(b"sanad media\x00" + token.encode()).digest()
