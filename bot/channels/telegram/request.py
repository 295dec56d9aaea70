"""Carries requests to Telegram over aiohttp: for python-telegram-bot's `Bot`, and raw for the letters.

It never logs: an address here holds the bot's token, and a body a person's words.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

# Seconds.
_CONNECT = 5.0
_READ = 15.0
_UPLOAD = 60.0
_JSON = {"Content-Type": "application/json"}


class AiohttpRequest(BaseRequest):
    """One pool of connections to Telegram. Opened at first use, inside the running loop; `shutdown` closes it.

    python-telegram-bot's own pool over httpx gets slower the more is under way; this one doesn't.
    """

    __slots__ = ("_connections", "_opened")

    def __init__(self, connections: int = 64) -> None:
        self._connections = connections
        self._opened: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return _READ

    @property
    def session(self) -> aiohttp.ClientSession:
        """The pool."""
        if self._opened is None or self._opened.closed:
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=_timeout(_READ),
            )
        return self._opened

    async def initialize(self) -> None:
        """Nothing yet: the pool opens at first use."""

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def exchange(self, url: str, body: bytes, read: float = _READ) -> tuple[int, bytes]:
        """POST JSON; the status and the body of the answer. `read`: seconds without a byte before giving up.

        Raises aiohttp.ClientError, OSError or TimeoutError.
        """
        async with self.session.post(url, data=body, headers=_JSON, timeout=_timeout(read)) as answer:
            return answer.status, await answer.read()

    async def upload(self, url: str, form: aiohttp.FormData) -> tuple[int, bytes]:
        """POST a form with a file in it; answers and raises as `exchange` does."""
        async with self.session.post(url, data=form, timeout=_timeout(_UPLOAD)) as answer:
            return answer.status, await answer.read()

    @asynccontextmanager
    async def download(self, url: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """GET a file; the answer is read in pieces. Raises as `exchange` does."""
        async with self.session.get(url) as answer:
            yield answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """One request of `telegram.Bot`, never with files. Raises TimedOut or NetworkError, without address."""
        read = read_timeout if isinstance(read_timeout, int | float) else _READ
        form = request_data.json_parameters if request_data else None
        try:
            async with self.session.request(method, url, data=form, timeout=_timeout(read)) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read the answer; unlike the original, never write a broken one to the log. Raises TelegramError."""
        try:
            return msgspec.json.decode(payload, type=dict[str, Any])
        except ValueError:
            raise TelegramError("Invalid server response") from None


def _timeout(read: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=None, sock_connect=_CONNECT, sock_read=read)
