"""Lets through only what comes from this machine's own browser, and marks every answer so that it loads nothing else.

It never looks at what a request carries beyond its address and headers.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""A proxy on this machine would make the whole world look local."""
REFUSED = "This page answers only the browser of the machine it runs on, at 127.0.0.1 or localhost.\n"


class LoopbackOnly:
    """ASGI middleware: 403 for any other client address, Host or Origin, and strict headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on one request."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        allowed = _is_near(scope) and _is_same_site(Headers(scope=scope), navigates=scope["method"] in {"GET", "HEAD"})
        answer = self._app if allowed else PlainTextResponse(REFUSED, 403)
        await answer(scope, receive, send_marked)


def _is_near(scope: Scope) -> bool:
    """A name that leads here by DNS (rebinding) is refused by its Host; a proxy by what it adds."""
    headers = Headers(scope=scope)
    client = scope.get("client")
    return (
        client is not None
        and _is_loopback(client[0])
        and _is_loopback(_hostname(headers.get("host", "")))
        and not any(name in headers for name in FORWARDED)
    )


def _hostname(host: str) -> str:
    """The name without its port; empty for what is no host at all."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _is_same_site(headers: Headers, *, navigates: bool) -> bool:
    """Another site may link to the page, but not write to it or read its data. Programs send neither header."""
    site = headers.get("sec-fetch-site", "none")
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{headers['host']}":
        return False
    return site in {"none", "same-origin"} or (navigates and headers.get("sec-fetch-mode") == "navigate")
