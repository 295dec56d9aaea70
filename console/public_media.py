"""GET /media/{token}: gives the platforms a picture, voice or video of a campaign, for some hours.

It never says what it is about or for whom: whoever lacks the token finds nothing, and every answer looks the same.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.draw import World
from handlers.shelf import hashed
from storage import media
from storage.store import Store
from storage.unit import Unit

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_TOKEN = 32
"""Characters of a token."""


def route(store: Store, world: Callable[[], World]) -> Route:
    """Where Twilio fetches what goes with a message (MediaUrl)."""

    async def fetched(request: Request) -> Response:
        token = request.path_params["token"]
        found = await store.read(_look, token, world()) if len(token) == _TOKEN else None
        if found is None:
            return Response(status_code=404, headers=HEADERS)
        mime, data = found
        return Response(data, media_type=mime, headers=HEADERS)

    return Route("/media/{token}", fetched)


def _look(unit: Unit, token: str, world: World) -> tuple[str, bytes] | None:
    found = media.by_link(unit, hashed(token), world.now)
    if found is None:
        return None
    medium, size = found
    return medium.facts.versions[size].mime, media.data(unit, medium.id, size)
