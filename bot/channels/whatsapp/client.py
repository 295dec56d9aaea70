"""Carries the Twilio SDK's requests over one pool of connections, with a time-out, to the address in the settings.

It never logs: the SDK's own client writes addresses and bodies to the log.
"""

import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response

API = "https://api.twilio.com"

# Seconds.
_CONNECT = 5.0
_TOTAL = 15.0

# Whoever else uses the SDK's clients shall not write addresses to the log either.
_NOISY = ("twilio.async_http_client", "twilio.http_client")


class TwilioHttp(AsyncTwilioHttpClient):
    """The SDK's way to the network. The SDK's own drops the time-out it is given, and then waits for ever.

    `patience`: seconds for a whole request.
    """

    def __init__(self, api_url: str = API, connections: int = 64, patience: float = _TOTAL) -> None:
        super().__init__(pool_connections=False, timeout=patience)
        self._patience = patience
        self._connections = connections
        self._opened: aiohttp.ClientSession | None = None
        self._base = urlsplit(api_url) if api_url.rstrip("/") != API else None
        for name in _NOISY:
            logging.getLogger(name).setLevel(logging.WARNING)

    @property
    def pool(self) -> aiohttp.ClientSession:
        """The pool of connections, opened at first use inside the running loop."""
        if self._opened is None or self._opened.closed:
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._patience, sock_connect=_CONNECT),
            )
        return self._opened

    async def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
        allow_redirects: bool = False,  # noqa: FBT001, FBT002
    ) -> Response:
        """One request of the SDK. Raises aiohttp.ClientError, OSError or TimeoutError."""
        sent = dict(headers or {})
        if auth is not None:
            sent["Authorization"] = basic(auth)
        async with self.pool.request(
            method.upper(),
            self._moved(url),
            params=_text(params),
            data=_text(data),
            headers=sent,
            allow_redirects=allow_redirects,
            timeout=aiohttp.ClientTimeout(total=timeout or self._patience, sock_connect=_CONNECT),
        ) as answer:
            return Response(answer.status, await answer.text(errors="replace"), answer.headers)

    async def close(self) -> None:
        """Give the connections back."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    def _moved(self, url: str) -> str:
        """The address at the API that the settings name; every product's own host becomes that one."""
        if self._base is None:
            return url
        return urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))


def basic(auth: tuple[str, str]) -> str:
    """The Authorization header of Basic auth."""
    return aiohttp.encode_basic_auth(*auth)


def _text(values: dict[str, Any] | None) -> list[tuple[str, str]] | None:
    """Fields as they are written; one with several values (a call's status events) comes several times."""
    if values is None:
        return None
    several = ((name, value if isinstance(value, list) else [value]) for name, value in values.items())
    return [(name, str(one)) for name, ones in several for one in ones]
