"""One request at the desk: who asks, in which language, and how she is answered.

It decides nothing about cases; what a visitor may do is decided by `console.desk.guard` before a page is asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console.desk.hub import Hub
from console.desk.when import ago
from flows.core import Language
from flows.roles import Right, may
from handlers.board import Board
from handlers.campaign_seen import Rendering, as_words
from handlers.draw import World
from messages import Text
from messages import t as sentence
from messages import tn as counted_sentence
from messages.catalog import render
from storage.sessions import Session
from storage.staff import Member
from storage.store import Store
from storage.unit import Unit

P = ParamSpec("P")
T = TypeVar("T")
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page works with."""

    store: Store
    world: Callable[[], World]
    token: Callable[[], str]
    """A fresh unguessable string."""
    address: str
    """Where the world reaches us, without a slash at the end: what the browser's Origin must be."""
    zone: ZoneInfo
    bot: Mapping[str, str] = field(default_factory=dict)
    """How the bot is found, by channel: a Telegram link, a WhatsApp number."""
    rendering: Rendering = as_words
    """How each channel would show a letter, for previews."""
    board: Board = field(default_factory=Board)
    hub: Hub = field(default_factory=Hub)

    @property
    def secure(self) -> bool:
        """Whether we are reached by https, so that cookies go by https alone."""
        return self.address.startswith("https://")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request by one visitor. `member` and `session` are None only where a way is open to anyone."""

    request: Request
    desk: Desk
    language: Language
    found: Member | None = None
    signed: Session | None = None
    renewed: str = ""
    """The session's next token, where this very answer gives it to her: what the page's forms must bring back."""

    @property
    def member(self) -> Member:
        """Who is signed in."""
        assert self.found is not None  # noqa: S101 - the guard let nobody else through
        return self.found

    @property
    def session(self) -> Session:
        """Her session."""
        assert self.signed is not None  # noqa: S101 - as above
        return self.signed

    def may(self, right: Right) -> bool:
        """Whether she has a right."""
        return self.found is not None and may(self.found.role, right)

    async def write(self, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act in one transaction."""
        return await self.desk.store.write(act, *args, **kwargs)

    async def read(self, act: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do an act that only reads."""
        return await self.desk.store.read(act, *args, **kwargs)

    def world(self) -> World:
        """The moment, the rules and chance."""
        return self.desk.world()

    def say(self, text: Text) -> str:
        """Words in her language."""
        return render(text, self.language)

    def ago(self, at: datetime) -> Markup:
        """When something was or will be, seen from now, as a `<time>` in her language."""
        return ago(at, self.world().now, self.language, self.desk.zone)

    def page(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """A page, or a part of one, from `templates/desk/`. In it, `t(…)`, `tn(…)` and `say(text)` speak."""
        shown = TEMPLATES.get_template(f"desk/{template}").render(self._words() | values)
        return HTMLResponse(shown, status)

    def _words(self) -> dict[str, Any]:
        # Under other names than `t` and `tn`: here nothing is marked, the templates' own sentences are.
        def said(english: str, /, **blanks: Any) -> str:
            return self.say(sentence(english, **blanks))

        def counted(one: str, many: str, /, count: int, **blanks: Any) -> str:
            return self.say(counted_sentence(one, many, count, **blanks))

        return {
            "t": said,
            "tn": counted,
            "say": self.say,
            "visit": self,
            "language": self.language,
            "direction": "rtl" if self.language == "ar" else "ltr",
            "member": self.found,
            "may": self.may,
            "zone": self.desk.zone,
            "ago": self.ago,
            "csrf": Markup('<input type="hidden" name="token" value="{}">').format(self.csrf) if self.signed else "",
        }

    @property
    def csrf(self) -> str:
        """What every form and every fetch of this session must bring back; another site can't know it."""
        cookie = self.renewed or self.request.cookies.get(cookie_name(self.desk), "")
        return sha256(b"sanad form\x00" + cookie.encode()).hexdigest()

    def go(self, path: str) -> Response:
        """Send her to another page of the desk, after something was done."""
        if self.request.headers.get("hx-request"):
            return Response(status_code=204, headers={"HX-Location": path})
        return RedirectResponse(path, 303)


Endpoint = Callable[[Visit], Awaitable[Response]]


def cookie_name(desk: Desk) -> str:
    """By https the name itself forbids that another host or path sets it (RFC 6265bis, __Host-)."""
    return "__Host-desk" if desk.secure else "desk"
