"""Stands at the desk's door: each way in is in a table with the right that it needs, and nobody passes without.

It fails closed: no session, another browser, another site, a role without the right: refused, and nothing is told.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Literal
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.desk.visit import Desk, Endpoint, Visit, cookie_name
from flows.core import Language
from flows.roles import Right, may
from messages import t
from storage import sessions, staff
from storage.sessions import Session
from storage.staff import Member
from storage.unit import Unit, millis

_log = structlog.get_logger()
Needs = Right | Literal["anyone", "half"]
"""anyone: no session · half: a session whose second factor is still to come · else a right."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "connect-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), clipboard-read=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
LARGEST = 4 * 1024 * 1024
"""Bytes of a request: a case's shares for all readers fit in it many times."""
_LOOPBACK = frozenset({"localhost", "::1"})
"""This machine by its other names: the demo is opened by any of them."""
_FRESH = 60_000
"""Milliseconds for which a session counts as used without writing it down again."""


@dataclass(frozen=True, slots=True)
class Way:
    """One address at the desk: what answers there, and the right that it needs."""

    path: str
    endpoint: Endpoint
    needs: Needs
    methods: tuple[str, ...] = ("GET",)
    largest: int = LARGEST
    """Bytes of a request."""


def routes(desk: Desk, ways: Iterable[Way]) -> list[Route]:
    """The guarded routes of a table of ways. What is uploaded stays in memory: no disk sees it before it is cleaned."""
    guarded = list(ways)
    MultiPartParser.spool_max_size = max(way.largest for way in guarded)
    return [_route(desk, way) for way in guarded]


def _route(desk: Desk, way: Way) -> Route:
    async def guarded(request: Request) -> Response:
        try:
            answer = await _answer(desk, way, request)
        except HTTPException:
            raise  # the framework's own refusals, such as a body that is too large
        except Exception as error:  # noqa: BLE001 - whatever broke, nothing of it may get out: it may hold her words
            answer = _broken(desk, way, request, error)
        finally:
            await request.close()
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    return Route(way.path, guarded, methods=list(way.methods), max_body_size=way.largest)


async def _answer(desk: Desk, way: Way, request: Request) -> Response:
    language = _language(request)
    changes = request.method not in {"GET", "HEAD"}
    if changes and not _is_ours(desk, request):
        return refuse(Visit(request, desk, language), 403)
    visit = await _visit(desk, request, language)
    if way.needs == "anyone":
        return await way.endpoint(visit)
    if visit.signed is None or not (visit.signed.confirmed or way.needs == "half"):
        return _to_the_door(request)
    if changes and not await brings_token(visit):
        return refuse(visit, 403)
    if way.needs != "half" and not may(visit.member.role, way.needs):
        return refuse(visit, 403)
    return await way.endpoint(visit)


async def _visit(desk: Desk, request: Request, language: Language) -> Visit:
    token = request.cookies.get(cookie_name(desk), "")
    if not token:
        return Visit(request, desk, language)
    now = desk.world().now
    found = await desk.store.read(_find, token, agent_of(request), now)
    if found is None:
        return Visit(request, desk, language)
    member, session = found
    if by_hand(request) and millis(now) - millis(session.seen_at) > _FRESH:
        await desk.store.write(sessions.touch, session.id, now)
    chosen = request.cookies.get("language") or member.language
    return Visit(request, desk, "en" if chosen == "en" else "ar", member, session)


def by_hand(request: Request) -> bool:
    """Whether she did something, rather than the page for itself: what it does unasked keeps no session alive."""
    return "x-desk-live" not in request.headers and request.headers.get("accept") != "text/event-stream"


def _find(unit: Unit, token: str, agent: bytes, now: object) -> tuple[Member, Session] | None:
    session = sessions.find(unit, token_hash(token), agent, now)  # type: ignore[arg-type]
    member = None if session is None else staff.member(unit, session.staff)
    return None if session is None or member is None or not member.active else (member, session)


def token_hash(token: str) -> bytes:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).digest()


def agent_of(request: Request) -> bytes:
    """What a session is bound to of the browser: another one that brings the same cookie is not let in."""
    return hashlib.sha256(request.headers.get("user-agent", "").encode()).digest()


def _is_ours(desk: Desk, request: Request) -> bool:
    """Whether a change comes from our own page. A browser always says where from; what says nothing is refused."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if origin is not None:
        return _origin(origin) == _origin(desk.address) and site in {None, "same-origin"}
    return site == "same-origin"


def _origin(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "", "", None
    host = parts.hostname or ""
    return parts.scheme, "127.0.0.1" if host in _LOOPBACK else host, port


async def brings_token(visit: Visit) -> bool:
    """Whether a change brings what only a page of this session knows."""
    given = visit.request.headers.get("x-desk-token", "")
    kind = visit.request.headers.get("content-type", "")
    if not given and kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        given = str((await visit.request.form()).get("token", ""))
    return hmac.compare_digest(given.encode(), visit.csrf.encode())


def _language(request: Request) -> Language:
    return "en" if request.cookies.get("language") == "en" else "ar"


def _broken(desk: Desk, way: Way, request: Request, error: Exception) -> Response:
    """A sentence for her, and for the log what kind of error it was, and where."""
    place = extract_tb(error.__traceback__)[-1]
    at = f"{Path(place.filename).name}:{place.lineno}"
    _log.error("desk_failed", way=way.path, error=type(error).__name__, at=at)
    said = t("Something went wrong on our side. What you did last may not be kept: go back to the desk and look.")
    return PlainTextResponse(Visit(request, desk, _language(request)).say(said) + "\n", 500)


def _to_the_door(request: Request) -> Response:
    """Whoever is not signed in goes to the door; a fetch is told so by its status."""
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": "/desk/enter"})
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/desk/enter", 303)
    return PlainTextResponse("", 401)


def refuse(visit: Visit, status: int) -> Response:
    """The one sentence for whatever may not be done from here."""
    said = t("This isn't possible from here. Go back to the desk and try again.")
    return PlainTextResponse(visit.say(said) + "\n", status)


def paths(ways: Sequence[Way]) -> list[tuple[str, str]]:
    """Every method and path of a table, for the matrix of roles."""
    return [(method, way.path) for way in ways for method in way.methods]


class Marked:
    """ASGI middleware for the desk's own code and fonts: the same strict headers.

    The browser keeps them, and asks each time whether they changed.
    `keeper.js` alone may compile WebAssembly (Argon2id): it runs in a worker without a page, whose policy is its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and mark its answer."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS | {"Cache-Control": "public, no-cache"})
                if scope["path"].endswith("/keeper.js"):
                    headers["Content-Security-Policy"] = WORKER_POLICY
            await send(message)

        await self._app(scope, receive, send_marked)


WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
