"""Brings a file that she sent by Telegram. It never keeps it, and never asks for more than Telegram gives a bot."""

from collections.abc import AsyncIterator

import aiohttp
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.understanding import LARGEST
from handlers.channel import FetchLater, Handle, Unfetchable

_PIECE = 64 * 1024


async def fetch(bot: Bot, request: AiohttpRequest, handle: Handle) -> AsyncIterator[bytes]:
    """The file's bytes in pieces. Raises `Unfetchable` (too large, expired) or `FetchLater`."""
    url = await _address(bot, handle)
    taken = 0
    try:
        async with request.download(url) as answer:
            _check(answer.status)
            async for piece in answer.content.iter_chunked(_PIECE):
                taken += len(piece)
                if taken > LARGEST:
                    raise Unfetchable("too large")
                yield piece
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise FetchLater("the connection broke") from None


async def _address(bot: Bot, handle: Handle) -> str:
    """A fresh link, valid for an hour at least."""
    if (handle.size or 0) > LARGEST:
        raise Unfetchable("too large")
    try:
        file = await bot.get_file(handle.where)
    except (BadRequest, Forbidden) as refused:
        raise Unfetchable("too large" if "too big" in str(refused).lower() else "expired") from None
    except TelegramError:
        raise FetchLater("Telegram did not say where it is") from None
    if not file.file_path:
        raise Unfetchable("expired")
    return file.file_path


def _check(status: int) -> None:
    match status:
        case 200:
            return
        case 400 | 403 | 404 | 410:
            raise Unfetchable("expired")
        case _:
            raise FetchLater(f"status {status}")
