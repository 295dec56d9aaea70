"""The second factor's pages: its set-up with a picture for the authenticator, and the code at the door.

Whose factor it is comes from the session alone: no request says for whom.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import segno
from starlette.responses import Response

from console.desk.browser import browser_of, sign
from console.desk.entry import home
from console.desk.guard import Way
from console.desk.posted import waiting
from console.desk.visit import Visit
from handlers import entry_account, entry_factor
from handlers.entry import Wrong
from handlers.entry_factor import NotNow, Offer, SetUp
from handlers.entry_pace import Wait
from messages import Text, t


async def ask(visit: Visit) -> Response:
    """Ask for a code, where one is still to come."""
    if visit.session.confirmed:
        return visit.go(home(visit.member.role))
    if not await visit.read(entry_factor.must_prove, visit.session):
        return visit.go("/desk/account/second")
    return visit.page("second.html", why=None)


async def answer(visit: Visit) -> Response:
    """A code: the session is whole from now on, under a new token."""
    if visit.session.confirmed:
        return visit.go(home(visit.member.role))
    token, code = visit.desk.token(), str((await visit.request.form()).get("code", ""))
    came = await visit.write(entry_factor.confirm, visit.session, code, browser_of(visit, token), visit.world())
    if came is None:
        return sign(visit, visit.go(home(visit.member.role)), token)
    return visit.page("second.html", _status(came), why=_why(came))


async def offer(visit: Visit) -> Response:
    """Show a secret to set the factor up with."""
    if await _is_half(visit):
        return visit.go("/desk/second")
    offered = await visit.read(entry_factor.offer, visit.session, visit.world())
    return await _set_up(visit, offered)


async def set_up(visit: Visit) -> Response:
    """Keep the factor once its code was shown to work; then the recovery codes, this once."""
    form = {name: str(value) for name, value in (await visit.request.form()).items()}
    sealed, token = _sealed(form.get("offer", "")), visit.desk.token()
    browser = browser_of(visit, token)
    code, present = form.get("code", ""), form.get("present", "")
    came = await visit.write(entry_factor.set_up, visit.session, sealed, code, present, browser, visit.world())
    match came:
        case SetUp():
            fresh = replace(visit, renewed=token)
            return sign(
                visit, fresh.page("second_codes.html", codes=came.codes, further=home(visit.member.role)), token
            )
        case NotNow():
            return visit.go("/desk/account/second")
        case Wait() | Wrong():
            offered = await visit.read(entry_factor.read_offer, visit.session, sealed)
            return await _set_up(visit, offered, came) if offered else visit.go("/desk/account/second")


async def _is_half(visit: Visit) -> bool:
    """Whether she has a factor that this session has not shown yet: it must, before another takes its place."""
    return not visit.session.confirmed and await visit.read(entry_factor.must_prove, visit.session)


async def _set_up(visit: Visit, offered: Offer, came: Wait | Wrong | None = None) -> Response:
    account = await visit.read(entry_account.look, visit.session, visit.world())
    secret = base64.b32encode(offered.secret).decode()
    values: dict[str, Any] = {
        "offer": base64.b64encode(offered.sealed).decode(),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": _picture(secret, "" if account is None else account.name),
        "proving": await visit.read(entry_factor.must_prove, visit.session),
        "why": None if came is None else _why(came),
    }
    return visit.page("account_second.html", 200 if came is None else _status(came), **values)


def _picture(secret: str, name: str) -> str:
    """The secret as a picture for an authenticator. What that shows says nothing of the desk: it may be seen."""
    said = f"otpauth://totp/{quote('Agenda')}:{quote(name)}?secret={secret}&issuer={quote('Agenda')}"
    return str(segno.make(said, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))


def _sealed(words: str) -> bytes:
    try:
        return base64.b64decode(words, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _status(came: Wait | Wrong) -> int:
    return 429 if isinstance(came, Wait) else 403


def _why(came: Wait | Wrong) -> Text:
    if isinstance(came, Wait):
        return waiting(came)
    return t("This code is not the right one. Each code counts once, so please wait for the next one to appear.")


WAYS: tuple[Way, ...] = (
    Way("/desk/second", ask, "half"),
    Way("/desk/second", answer, "half", ("POST",)),
    Way("/desk/account/second", offer, "half"),
    Way("/desk/account/second", set_up, "half", ("POST",)),
)
