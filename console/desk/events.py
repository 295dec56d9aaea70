"""GET /desk/events: tells an open desk that something changed, by server-sent events without a word of content.

It ends with the session, looks at it without keeping it alive, and under duress it is silent.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from starlette.responses import Response, StreamingResponse

from console.desk import guard
from console.desk.guard import Way
from console.desk.visit import Visit, cookie_name
from storage import sessions
from storage.unit import Unit

HEARTBEAT: Final = 15.0
"""Seconds between two signs of life; the session is looked at before each of them."""
AGAIN: Final = 3000
"""Milliseconds after which a browser comes back when the line was lost."""


async def events(visit: Visit) -> Response:
    """The stream of one open desk; whoever has nothing to do with cases doesn't hear that one changed either."""
    if not (visit.may("cases") or visit.may("organise")):
        return guard.refuse(visit, 403)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(visit), media_type="text/event-stream", headers=headers)


async def _events(visit: Visit) -> AsyncIterator[str]:
    endings: set[Callable[[], None]] = getattr(visit.request.app.state, "endings", set())
    with visit.desk.hub.open(visit.member.id, deaf=visit.session.duress) as stream, ending(endings, stream.end):
        yield f"retry: {AGAIN}\n\n"
        while not stream.ended:
            changed = await stream.waits(HEARTBEAT)
            if stream.ended or not await _is_signed_in(visit):
                break
            yield "event: cases\ndata:\n\n" if changed else ":\n\n"


@contextmanager
def ending(endings: set[Callable[[], None]], end: Callable[[], None]) -> Iterator[None]:
    """Have the server end this when it stops: it would wait for it otherwise, and this waits for changes for ever."""
    endings.add(end)
    try:
        yield
    finally:
        endings.discard(end)


async def _is_signed_in(visit: Visit) -> bool:
    token = guard.token_hash(visit.request.cookies.get(cookie_name(visit.desk), ""))
    return await visit.read(_is_alive, token, guard.agent_of(visit.request), visit.world().now)


def _is_alive(unit: Unit, token: bytes, agent: bytes, now: datetime) -> bool:
    return sessions.find(unit, token, agent, now) is not None


WAYS: tuple[Way, ...] = (Way("/desk/events", events, "own"),)
