"""Brings a file from Twilio and deletes it there. It sends our credentials to no host but the API's own."""

from collections.abc import AsyncIterator, Awaitable
from urllib.parse import urljoin, urlsplit

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from bot.channels.whatsapp.client import TwilioHttp, basic
from handlers.channel import FetchLater, Handle, Unfetchable

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest file that is taken."""

_PIECE = 64 * 1024
_HOPS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_FOUND = 404


async def fetch(http: TwilioHttp, api_url: str, auth: tuple[str, str], handle: Handle) -> AsyncIterator[bytes]:
    """The file's bytes in pieces. Raises `Unfetchable` (too large, gone, foreign address) or `FetchLater`."""
    if _origin(handle.where) != _origin(api_url):
        raise Unfetchable("not an address of the API")
    url, headers = handle.where, {"Authorization": basic(auth)}
    try:
        for _ in range(_HOPS):
            async with http.pool.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status not in _REDIRECTS:
                    _check(answer)
                    async for piece in _pieces(answer):
                        yield piece
                    return
                # The link that follows is signed for itself: it gets no credentials, whoever's it is.
                url, headers = _next(url, answer.headers.get("Location", ""), api_url), {}
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise FetchLater("the connection broke") from None
    raise Unfetchable("redirected too often")


async def discard(client: Client, handle: Handle) -> None:
    """Delete Twilio's copy, then empty the message that brought it. Raises `FetchLater`; done twice it does no harm."""
    message, _, media = handle.delete.partition("/")
    if not media:
        return
    try:
        await _gone_is_good(client.messages(message).media(media).delete_async())
        await _gone_is_good(client.messages(message).update_async(body=""))
    except (TwilioException, aiohttp.ClientError, OSError, TimeoutError, ValueError):
        raise FetchLater("Twilio still keeps it") from None


async def _gone_is_good(work: Awaitable[object]) -> None:
    try:
        await work
    except TwilioRestException as refused:
        if refused.status != _NOT_FOUND:
            raise


async def _pieces(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    taken = 0
    async for piece in answer.content.iter_chunked(_PIECE):
        taken += len(piece)
        if taken > LARGEST:
            raise Unfetchable("too large")
        yield piece


def _check(answer: aiohttp.ClientResponse) -> None:
    match answer.status:
        case 200:
            return
        case 400 | 403 | 404 | 410:
            raise Unfetchable("gone")
        case status:
            raise FetchLater(f"status {status}")


def _next(url: str, location: str, api_url: str) -> str:
    """Where a redirect leads. Raises `Unfetchable` where that is no web address, or less private than the API."""
    target = urljoin(url, location)
    scheme = urlsplit(target).scheme
    if not location or scheme not in {"https", urlsplit(api_url).scheme}:
        raise Unfetchable("redirected elsewhere")
    return target


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
