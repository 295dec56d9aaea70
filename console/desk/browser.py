"""What a request tells of the browser behind it, and the cookies that it is given.

It never looks at headers that claim another source: whoever guesses passphrases would write them.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request
from starlette.responses import Response

from console.desk.guard import agent_of, token_hash
from console.desk.visit import Visit, cookie_name
from handlers.entry import Browser

_BROWSERS = (
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_HOUSEHOLD = 64
"""Bits of an IPv6 address that one connection has: the rest it may choose anew for each request."""


def browser_of(visit: Visit, token: str) -> Browser:
    """Who asks to come in, and the token that she is given if she may."""
    agent = visit.request.headers.get("user-agent", "")
    return Browser(source_of(visit.request), agent_of(visit.request), label_of(agent), token_hash(token))


def source_of(request: Request) -> str:
    """Where the connection comes from."""
    host = "" if request.client is None else request.client.host
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, _HOUSEHOLD), strict=False))


def label_of(agent: str) -> str:
    """A browser in a few words, for the list of sessions; empty where it says nothing that we know."""
    found = [next((name for mark, name in names if mark in agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found))


def sign(visit: Visit, answer: Response, token: str) -> Response:
    """Give the session's token to the browser: out of scripts' reach, for this site's own requests alone."""
    name = cookie_name(visit.desk)
    answer.set_cookie(name, token, path="/", secure=visit.desk.secure, httponly=True, samesite="strict")
    return answer


CLEAR = '"cache", "cookies", "storage"'
"""What a browser throws away when she leaves: a shared machine keeps nothing of it."""


def clear(visit: Visit, answer: Response) -> Response:
    """Take the token back, and have the browser forget all that it kept of the desk."""
    answer.headers["Clear-Site-Data"] = CLEAR
    name = cookie_name(visit.desk)
    answer.delete_cookie(name, path="/", secure=visit.desk.secure, httponly=True, samesite="strict")
    return answer
