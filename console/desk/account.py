"""A member's own account: her phones, her sessions, her passphrase, the one for when she is forced.

Every act is about whoever is signed in; a number in a request only ever picks among what is hers.
"""

from __future__ import annotations

import msgspec
from starlette.responses import JSONResponse, Response

from console.desk import when
from console.desk.browser import browser_of, clear, sign, source_of
from console.desk.guard import Way
from console.desk.posted import LoginKey, Salt, WrappedKey, malformed, posted, refused, too_often
from console.desk.visit import Visit
from handlers import colleagues, entry_account, entry_links
from handlers.entry import Wrong
from handlers.entry_account import Change
from handlers.entry_pace import Wait
from messages import Text, t
from messages.arabic import quote
from storage import reaches, readers
from storage.vault import shown

_LARGEST_NUMBER = 1 << 63


class ChangesPassphrase(msgspec.Struct, rename="camel"):
    """What her browser made of the old passphrase and of the new one."""

    login: LoginKey
    new_salt: Salt
    new_login: LoginKey
    new_wrapped: WrappedKey


class SetsDuress(msgspec.Struct, rename="camel"):
    """What her browser made of her passphrase and of the one for duress, and what that one unwraps."""

    login: LoginKey
    duress_login: LoginKey
    decoy: WrappedKey


async def account(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def _page(visit: Visit, code: str = "") -> Response:
    found = await visit.read(entry_account.look, visit.session, visit.world())
    if found is None:
        return visit.page("account_gone.html", 404)
    proven = await visit.read(reaches.proven)
    ways = colleagues.ways_of(found.member, proven)
    mine = await visit.read(readers.of_staff, visit.member.id)
    return visit.page(
        "account.html",
        key="" if mine is None else shown(mine.public_key),
        name=quote(found.name),
        account=found,
        ways=ways,
        code=code,
        bot=visit.desk.bot,
        ago=_ago(visit),
        channel=channel,
    )


def _ago(visit: Visit) -> object:
    now = visit.world().now
    return lambda at: when.ago(at, now, visit.language, visit.desk.zone)


def channel(name: str) -> Text:
    """A channel as it is called."""
    match name:
        case "telegram":
            return t("Telegram")
        case "whatsapp":
            return t("WhatsApp")
        case "voice":
            return t("Calls")
        case _:
            return t("Trial phone")


# ---------------------------------------------------------------- sessions


async def end_session(visit: Visit) -> Response:
    """End one of her sessions; one that is not hers is as if there were none."""
    words = visit.request.path_params["number"]
    number = int(words) if words.isdecimal() and len(words) < len(str(_LARGEST_NUMBER)) else 0
    if not await visit.write(entry_account.end_session, visit.session, number, visit.world()):
        return visit.page("account_gone.html", 404)
    own = number == visit.session.id
    return clear(visit, visit.go("/desk/enter")) if own else visit.go("/desk/account")


async def end_others(visit: Visit) -> Response:
    """End all her sessions but this one."""
    await visit.write(entry_account.end_others, visit.session, visit.world())
    return visit.go("/desk/account")


# ---------------------------------------------------------------- passphrases


async def change_passphrase(visit: Visit) -> Response:
    """Take a new passphrase; every session of hers ends, and this one goes on under a new token."""
    asked = await posted(visit, ChangesPassphrase)
    if asked is None:
        return malformed(visit)
    change = Change(asked.login, asked.new_salt, asked.new_login, asked.new_wrapped)
    token = visit.desk.token()
    browser = browser_of(visit, token)
    came = await visit.write(entry_account.change_passphrase, visit.session, change, browser, visit.world())
    if came is not None:
        return _not_changed(visit, came)
    return sign(visit, JSONResponse({"next": "/desk/account"}), token)


async def set_duress(visit: Visit) -> Response:
    """Take a passphrase for when she is forced."""
    asked = await posted(visit, SetsDuress)
    if asked is None:
        return malformed(visit)
    source = source_of(visit.request)
    came = await visit.write(
        entry_account.set_duress, visit.session, asked.login, asked.duress_login, asked.decoy, source, visit.world()
    )
    if came == "same":
        return refused(visit, 409, t("This is your usual passphrase. Choose another for when you are forced."))
    return JSONResponse({"next": "/desk/account"}) if came is None else _not_changed(visit, came)


async def remove_duress(visit: Visit) -> Response:
    """Take it away."""
    await visit.write(entry_account.remove_duress, visit.session, visit.world())
    return visit.go("/desk/account")


def _not_changed(visit: Visit, came: Wait | Wrong) -> Response:
    if isinstance(came, Wait):
        return too_often(visit, came)
    return refused(visit, 403, t("Your present passphrase doesn't fit, so nothing was changed."))


# ---------------------------------------------------------------- phones


async def link(visit: Visit) -> Response:
    """Show a code to send from a phone."""
    code = await visit.write(entry_links.make_code, visit.session, visit.world())
    return await _page(visit, code)


async def unlink(visit: Visit) -> Response:
    """Forget her phone on a channel."""
    name = str((await visit.request.form()).get("channel", ""))
    await visit.write(entry_links.unlink, visit.session, name, visit.world())
    return visit.go("/desk/account")


WAYS: tuple[Way, ...] = (
    Way("/desk/account", account, "own"),
    Way("/desk/account/sessions/{number}/end", end_session, "own", ("POST",)),
    Way("/desk/account/sessions/end", end_others, "own", ("POST",)),
    Way("/desk/account/passphrase", change_passphrase, "own", ("POST",)),
    Way("/desk/account/duress", set_duress, "own", ("POST",)),
    Way("/desk/account/duress/remove", remove_duress, "own", ("POST",)),
    Way("/desk/account/link", link, "own", ("POST",)),
    Way("/desk/account/unlink", unlink, "own", ("POST",)),
)
