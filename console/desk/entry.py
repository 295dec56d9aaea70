"""The door of the desk: signing in with the passphrase's login key, unlocking, leaving, and the language of the pages.

It never sees a passphrase: her browser derives from it what is sent here.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
from starlette.responses import JSONResponse, RedirectResponse, Response

from console.desk import guard
from console.desk.browser import browser_of, clear, sign, source_of
from console.desk.guard import Way
from console.desk.posted import LoginKey, Name, key_of, malformed, posted, refused, too_often
from console.desk.visit import Visit
from flows.roles import may
from handlers import entry
from handlers.entry import Wrong
from handlers.entry_pace import Wait
from messages import Text, t

_YEAR = 365 * 24 * 3600


class WhoAsks(msgspec.Struct):
    """A name, to learn its salt."""

    name: Name


class SignsIn(msgspec.Struct):
    """A name, and the login key that her passphrase became."""

    name: Name
    login: LoginKey


class Unlocks(msgspec.Struct):
    """The login key alone: whose it is, the session says."""

    login: LoginKey


def not_together() -> Text:
    """One sentence for every kind of wrong, so that it tells nothing of which names there are."""
    return t("The name and the passphrase don't belong together. Look at both, and at the keyboard's language.")


def home(role: str) -> str:
    """Where a member begins."""
    if may(role, "cases"):
        return "/desk"
    if may(role, "audit"):
        return "/desk/log"
    if may(role, "compose"):
        return "/desk/campaigns"
    return "/desk/questions" if may(role, "answer") else "/desk/account"


async def enter(visit: Visit) -> Response:
    """The door; whoever is in is sent on."""
    if visit.signed is not None and visit.signed.confirmed:
        return visit.go(home(visit.member.role))
    return visit.page("enter.html")


async def salt(visit: Visit) -> Response:
    """The salt of a name."""
    asked = await posted(visit, WhoAsks)
    if asked is None:
        return malformed(visit)
    return JSONResponse({"salt": msgspec.to_builtins(await visit.read(entry.salt_of, asked.name))})


async def sign_in(visit: Visit) -> Response:
    """A name and a login key: half a session, and what unwraps her key."""
    asked = await posted(visit, SignsIn)
    if asked is None:
        return malformed(visit)
    token = visit.desk.token()
    came = await visit.write(entry.sign_in, asked.name, asked.login, browser_of(visit, token), visit.world())
    match came:
        case Wait():
            return too_often(visit, came)
        case Wrong():
            return refused(visit, 401, not_together())
        case _:
            further = "/desk/second" if came.ready else "/desk/account/second"
            return sign(visit, JSONResponse(key_of(came) | {"next": further}), token)


async def to_unlock(visit: Visit) -> Response:
    """What her browser needs to ask for the passphrase again."""
    found = await visit.read(entry.to_unlock, visit.session)
    if found is None:
        return Response(status_code=401)
    return JSONResponse(key_of(found) | {"salt": msgspec.to_builtins(found.salt)})


async def unlock(visit: Visit) -> Response:
    """A passphrase that did not open what the browser has: wrong, or another of hers."""
    asked = await posted(visit, Unlocks)
    if asked is None:
        return malformed(visit)
    source = source_of(visit.request)
    came = await visit.write(entry.unlock, visit.session, asked.login, source, visit.world())
    match came:
        case Wait():
            return too_often(visit, came)
        case Wrong():
            return refused(visit, 401, t("This passphrase doesn't fit. Look at the keyboard's language and try again."))
        case _:
            return JSONResponse(key_of(came) | {"next": home(visit.member.role)})


async def leave(visit: Visit) -> Response:
    """End the session; the browser forgets all that it has of the desk."""
    await visit.write(entry.leave, visit.session, visit.world())
    return clear(visit, RedirectResponse("/desk/enter", 303))


async def language(visit: Visit) -> Response:
    """Show the pages in the other language from now on."""
    if visit.signed is not None and not await guard.brings_token(visit):
        return guard.refuse(visit, 403)
    form = await visit.request.form()
    answer = visit.go(_back(str(form.get("back", ""))))
    chosen = "en" if form.get("language") == "en" else "ar"
    answer.set_cookie("language", chosen, _YEAR, path="/", secure=visit.desk.secure, httponly=True, samesite="strict")
    return answer


def _back(path: str) -> str:
    """The page that she came from, if it is one of ours."""
    parts = urlsplit(path) if path.isascii() and path.isprintable() and "\\" not in path else urlsplit("")
    ours = not parts.scheme and not parts.netloc and (parts.path == "/desk" or parts.path.startswith("/desk/"))
    return path if ours else "/desk"


WAYS: tuple[Way, ...] = (
    Way("/desk/enter", enter, "anyone"),
    Way("/desk/enter", sign_in, "anyone", ("POST",)),
    Way("/desk/enter/salt", salt, "anyone", ("POST",)),
    Way("/desk/unlock", to_unlock, "own"),
    Way("/desk/unlock", unlock, "own", ("POST",)),
    Way("/desk/leave", leave, "half", ("POST",)),
    Way("/desk/language", language, "anyone", ("POST",)),
)
