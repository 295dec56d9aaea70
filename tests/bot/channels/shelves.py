# ruff: noqa: ARG002 - the parameters are those of the contract
"""A shelf with one piece on it, for the tests of the channels: what it remembers and lends is theirs to look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from handlers.channel import ChannelName, Piece

PICTURE = Piece("picture", 9, "light", "image/jpeg", "picture.jpg")


@dataclass
class OneShelf:
    """What a test puts on it; `away` lets the database be gone."""

    lies: Piece | None = PICTURE
    data: bytes = b"\xff\xd8\xff a picture"
    address: str = "https://sanad.example/media/t"
    handles: dict[str, str] = field(default_factory=dict)
    lent: int = 0
    away: bool = False

    async def piece(self, number: int, *, full: bool) -> Piece | None:
        if self.away:
            raise OSError("gone")
        return self.lies

    async def bytes(self, piece: Piece) -> bytes:
        self.lent += 1
        return self.data

    async def handle(self, piece: Piece, channel: ChannelName) -> str:
        return self.handles.get(channel, "")

    async def keep_handle(self, piece: Piece, channel: ChannelName, handle: str) -> None:
        self.handles[channel] = handle

    async def link(self, piece: Piece) -> str:
        return self.address
