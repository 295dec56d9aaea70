"""Serves the preview page on this machine alone: four phones, what runs by itself, and one case from two sides.

It never decides what is answered: what people do on the phones goes to `receive`, as from any other channel.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from console import explained
from console.loopback import LoopbackOnly
from console.phones import Cell, DeskAccount, Inside, Ladder, Phones, Step, Story, Told, Watched
from console.preview_words import LANGUAGES, ROLES, WORDS
from flows.core import Language
from handlers.channel import Inbound
from messages.catalog import render

HERE = Path(__file__).parent
LONGEST_WORDS = 4096
"""Characters: Telegram's limit for a message."""
LARGEST_FILE = 20 * 1024 * 1024
"""Bytes: what Telegram lets a bot fetch."""
LARGEST_JSON = 64 * 1024
FORM_AROUND_FILE = 4096
"""Bytes that a form adds to the file in it."""
HEARTBEAT = 15.0
"""Seconds between comments on a silent stream, so that a dead connection is noticed."""
FARTHEST_NORTH, FARTHEST_EAST = 90, 180
"""Degrees."""

Receive = Callable[[Inbound], Awaitable[object]]
Look = Callable[[], Awaitable[Inside]]
Accounts = Callable[[], Awaitable[Sequence[DeskAccount]]]


@dataclass(frozen=True, slots=True)
class Preview:
    """The page's endpoints. `receive` is told what people do, `look` says what lies inside."""

    phones: Phones
    receive: Receive
    look: Look
    story: Story
    accounts: Accounts
    heartbeat: float

    async def page(self, request: Request) -> Response:
        """The page itself, in Arabic unless English is asked for."""
        language = _language(request)
        return HTMLResponse(
            TEMPLATES.get_template("preview.html").render(
                words={name: render(text, language) for name, text in WORDS.items()},
                languages={code: render(text, language) for code, text in LANGUAGES.items()},
                language=language,
                contact=render(self.story.contact, language),
                phones=[
                    {"is": phone, "title": render(phone.title, language), "duty": render(phone.duty, language)}
                    for phone in self.story.phones
                ],
                guide=[render(line, language) for line in self.story.guide],
            )
        )

    async def events(self, request: Request) -> Response:
        """What happens on the phones, as server-sent events; goes on after Last-Event-ID."""
        return StreamingResponse(self._stream(request.headers.get("last-event-id", "")), media_type="text/event-stream")

    async def _stream(self, after: str) -> AsyncIterator[str]:
        with self.phones.follow(after) as queue:
            while True:
                try:
                    async with asyncio.timeout(self.heartbeat):
                        told = await queue.get()
                    yield _event(told)
                except TimeoutError:
                    yield ": still here\n\n"

    async def inside(self, request: Request) -> Response:
        """What lies in the database beside what the key holder reads, the alarm, and the check-in that runs."""
        inside = await self.look()
        language = _language(request)
        shown = {
            "stored": [_cell(cell) for cell in inside.stored],
            "opened": inside.opened,
            "ladder": inside.ladder and _ladder(inside.ladder, language),
            "watched": inside.watched and _watched(inside.watched, language),
        }
        return Response(json.dumps(shown), media_type="application/json")

    async def desk(self, request: Request) -> Response:
        """How to sign in at the desk as each of the made-up members."""
        language = _language(request)
        found = [asdict(one) | {"role": render(ROLES[one.role], language)} for one in await self.accounts()]
        return Response(json.dumps(found), media_type="application/json")

    async def say(self, request: Request) -> Response:
        """Words written on a phone: {text}."""
        match await _json(request):
            case {"text": str(text)} if text.strip() and len(text) <= LONGEST_WORDS:
                return await self._act(request, lambda phone, hint: self.phones.say(phone, text, hint))
            case _:
                raise HTTPException(400)

    async def press(self, request: Request) -> Response:
        """A button pressed under a message: {key, message}."""
        match await _json(request):
            case {"key": str(key), "message": str(message)}:
                return await self._act(request, lambda phone, hint: self.phones.press(phone, key, message, hint))
            case _:
                raise HTTPException(400)

    async def place(self, request: Request) -> Response:
        """A place shared: {lat, lon} in degrees."""
        match await _json(request):
            case {"lat": int() | float() as lat, "lon": int() | float() as lon} if (
                abs(lat) <= FARTHEST_NORTH and abs(lon) <= FARTHEST_EAST
            ):
                return await self._act(request, lambda phone, hint: self.phones.place(phone, lat, lon, hint))
            case _:
                raise HTTPException(400)

    async def file(self, request: Request) -> Response:
        """A file sent: a form whose field `file` holds it."""
        async with request.form(max_files=1, max_fields=1) as form:
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise HTTPException(400)
            data, mime, name = await upload.read(), upload.content_type or "", upload.filename or ""
        return await self._act(request, lambda phone, hint: self.phones.share(phone, data, mime, name, hint))

    async def _act(self, request: Request, act: Callable[[str, Language], Inbound]) -> Response:
        try:
            inbound = act(request.path_params["phone"], _language(request))
        except KeyError:
            raise HTTPException(404) from None
        await self.receive(inbound)
        return Response(status_code=204)


def _language(request: Request) -> Language:
    return "en" if request.query_params.get("lang") == "en" else "ar"


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        raise HTTPException(400) from None


def _event(told: Told) -> str:
    return f"id: {told.id}\nevent: {told.name}\ndata: {json.dumps(told.data)}\n\n"


def _cell(cell: Cell) -> dict[str, object]:
    place = {"table": cell.table, "column": cell.column}
    if isinstance(cell.value, bytes):
        return {**place, "hex": cell.value.hex(), "size": len(cell.value)}
    return {**place, "plain": cell.value}


def _ladder(ladder: Ladder, language: Language) -> dict[str, object]:
    return {
        "level": ladder.level,
        "steps": _steps(ladder.steps, language),
        "taken_by": ladder.taken_by and render(ladder.taken_by, language),
    }


def _watched(watched: Watched, language: Language) -> dict[str, object]:
    return {"state": watched.state, "steps": _steps(watched.steps, language)}


def _steps(steps: Sequence[Step], language: Language) -> list[dict[str, str]]:
    return [{"name": render(step.name, language), "at": step.at.isoformat(), "state": step.state} for step in steps]


async def _nobody() -> Sequence[DeskAccount]:
    return ()


TEMPLATES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)


def routes(
    phones: Phones,
    receive: Receive,
    look: Look,
    story: Story,
    accounts: Accounts = _nobody,
    *,
    heartbeat: float = HEARTBEAT,
) -> list[BaseRoute]:
    """The preview page's routes, /preview and below. `heartbeat`: seconds."""
    preview = Preview(phones, receive, look, story, accounts, heartbeat)
    guard = [Middleware(LoopbackOnly)]
    largest = LARGEST_FILE + FORM_AROUND_FILE
    return [
        Route("/preview", preview.page, middleware=guard),
        Route("/preview/events", preview.events, middleware=guard),
        Route("/preview/inside", preview.inside, middleware=guard),
        Route("/preview/desk", preview.desk, middleware=guard),
        Route("/preview/explained", explained.page, middleware=guard),
        Route("/preview/{phone}/say", preview.say, methods=["POST"], middleware=guard, max_body_size=LARGEST_JSON),
        Route("/preview/{phone}/press", preview.press, methods=["POST"], middleware=guard, max_body_size=LARGEST_JSON),
        Route("/preview/{phone}/place", preview.place, methods=["POST"], middleware=guard, max_body_size=LARGEST_JSON),
        Route("/preview/{phone}/file", preview.file, methods=["POST"], middleware=guard, max_body_size=largest),
        Mount("/preview/static", StaticFiles(directory=HERE / "static", check_dir=False), middleware=guard),
    ]
