"""Sends a letter that has a picture, voice or video with it: by Telegram's own id of it, or with its bytes once.

It never decides who gets it, and keeps nothing: the shelf remembers Telegram's id.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import msgspec

from bot.channels.telegram import rendering
from bot.channels.text import units
from handlers.channel import Outgoing, Piece, Shelf

CAPTION_UNITS: Final = 1024
"""UTF-16 units of the longest words below a picture (Bot API, caption)."""
METHODS: Final = {"picture": ("sendPhoto", "photo"), "voice": ("sendVoice", "voice"), "video": ("sendVideo", "video")}
_REFUSED: Final = 400
_DONE: Final = 200

Exchange = Callable[[str, bytes | aiohttp.FormData], Awaitable[tuple[int, bytes]]]
"""One call: method and body in; status and body of the answer out."""


class _File(msgspec.Struct):
    file_id: str


class _Message(msgspec.Struct):
    photo: list[_File] = []
    voice: _File | None = None
    video: _File | None = None


class _Answer(msgspec.Struct):
    result: _Message | bool | None = None


def captions(letter: Outgoing) -> bool:
    """Whether the letter's words fit below its picture; else they are a message of their own after it."""
    return units(letter.text) <= CAPTION_UNITS


async def send(letter: Outgoing, piece: Piece, shelf: Shelf, call: Exchange) -> tuple[int, bytes]:
    """Send the piece, with the letter's words and buttons where they fit. Raises what `call` raises.

    A known id that Telegram does not know (any more) is forgotten, and the bytes go once more.
    """
    method, field = METHODS[piece.kind]
    given = {"chat_id": letter.address, **(rendering.captioned(letter) if captions(letter) else {})}
    if known := await shelf.handle(piece, "telegram"):
        status, answer = await call(method, rendering.encoded({**given, field: known}))
        if status != _REFUSED or b"file" not in answer.lower():
            return status, answer
        await shelf.keep_handle(piece, "telegram", "")
    status, answer = await call(method, await _form(given, field, piece, shelf))
    if status == _DONE and (handle := _handle(answer, field)):
        with contextlib.suppress(OSError):  # it has arrived: to send it again for want of a note would be worse
            await shelf.keep_handle(piece, "telegram", handle)
    return status, answer


async def _form(given: dict[str, Any], field: str, piece: Piece, shelf: Shelf) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in given.items():
        form.add_field(name, value if isinstance(value, str) else rendering.encoded(value).decode())
    form.add_field(field, await shelf.bytes(piece), filename=piece.name, content_type=piece.mime)
    return form


def _handle(answer: bytes, field: str) -> str:
    """Telegram's id of what it just took; of a picture the largest size's."""
    try:
        message = msgspec.json.decode(answer, type=_Answer).result
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    if not isinstance(message, _Message):
        return ""
    found = message.photo[-1] if field == "photo" and message.photo else getattr(message, field, None)
    return found.file_id if isinstance(found, _File) else ""
