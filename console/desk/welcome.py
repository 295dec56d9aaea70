"""The page behind a one-time link: there she chooses her desk name and passphrase, and her browser makes her key.

It tells nothing of a link that is not good: unknown, used, past its time or no link at all look the same.
"""

from __future__ import annotations

import re
from typing import assert_never

import msgspec
from starlette.responses import JSONResponse, Response

from console.desk.browser import browser_of, sign
from console.desk.guard import Way
from console.desk.posted import LoginKey, Salt, WrappedKey, malformed, posted, refused
from console.desk.visit import Visit
from handlers import entry_welcome, members
from handlers.entry_welcome import Chosen, NotSo, Welcomed
from messages import Text, t
from storage import links
from storage.unit import Taken

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Chooses(msgspec.Struct):
    """What her browser made of her name and passphrase."""

    name: str
    salt: Salt
    login: LoginKey
    public: bytes
    wrapped: WrappedKey


async def welcome(visit: Visit) -> Response:
    """The page of a link."""
    link = _link(visit)
    staff = None if link is None else await visit.read(links.invited, link, visit.world().now)
    if staff is None:
        return visit.page("welcome_gone.html", 410)
    return visit.page("welcome.html", staff=staff, path=visit.request.url.path)


async def choose(visit: Visit) -> Response:
    """Use the link up, and let her in as far as the second factor."""
    link, asked = _link(visit), await posted(visit, Chooses)
    if link is None:
        return refused(visit, 410, _why("link"))
    if asked is None:
        return malformed(visit)
    chosen = Chosen(asked.name.strip(), asked.salt, asked.login, asked.public, asked.wrapped)
    token = visit.desk.token()
    came = entry_welcome.check(chosen) or await _welcomed(visit, link, chosen, token)
    if isinstance(came, Welcomed):
        numbers = {"staff": str(came.staff), "reader": str(came.reader)}
        return sign(visit, JSONResponse(numbers | {"next": "/desk/account/second"}), token)
    return refused(visit, {"link": 410, "taken": 409}.get(came, 400), _why(came))


async def _welcomed(visit: Visit, link: bytes, chosen: Chosen, token: str) -> Welcomed | NotSo:
    browser = browser_of(visit, token)
    try:
        return await visit.write(entry_welcome.welcome, link, chosen, browser, visit.world())
    except Taken:
        return "taken"


def _link(visit: Visit) -> bytes | None:
    """The hash of the address's link; None where it is no link by its form."""
    token = visit.request.path_params["token"]
    return members.link_hash(token) if _TOKEN.fullmatch(token) else None


def _why(what: NotSo) -> Text:
    match what:
        case "link":
            return t("This link is not good any more. Ask your coordinator for a new one.")
        case "name":
            return t("A desk name has 3 to 30 letters or digits, without spaces.")
        case "taken":
            return t("Somebody has this desk name already. Choose another, please.")
        case "login" | "key":
            return t("This did not arrive whole. Load the page again, and try once more.")
        case _:
            assert_never(what)


WAYS: tuple[Way, ...] = (
    Way("/desk/welcome/{token}", welcome, "anyone"),
    Way("/desk/welcome/{token}", choose, "anyone", ("POST",)),
)
