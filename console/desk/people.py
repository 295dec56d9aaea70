"""The team's page for coordinators: who works here, how each is reached, inviting, inviting anew, disabling.

It shows no address in full and nobody's cases; a link is shown once, and only its hash is kept.
"""

from __future__ import annotations

from typing import assert_never, cast

from starlette.responses import Response

from console.desk import when
from console.desk.account import channel
from console.desk.guard import Way
from console.desk.posted import waiting
from console.desk.visit import Visit
from flows.core import Language
from flows.roles import ROLES
from handlers import colleagues, entry_pace, members
from handlers.entry_pace import Wait
from handlers.members import LONGEST_NAME, Fit, Newcomer, Unfit
from messages import Text, t
from messages.arabic import isolate, quote
from storage.unit import Taken

_FIELDS = ("name", "role", "language", "telegram", "whatsapp")
_LONGEST_NUMBER = 19


async def people(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def _page(
    visit: Visit, status: int = 200, *, why: Text | None = None, given: dict[str, str] | None = None, link: str = "",
    invited: str = "",
) -> Response:  # fmt: skip
    now = visit.world().now
    shown = [] if visit.session.duress else await visit.read(colleagues.colleagues, now)
    return visit.page(
        "people.html",
        status,
        colleagues=shown,
        quote=quote,
        roles=[(role, role_name(role)) for role in ROLES],
        role_name=role_name,
        channel=channel,
        given=dict.fromkeys(_FIELDS, "") | (given or {}),
        why=why,
        link=link,
        invited=invited,
        ago=lambda at: when.ago(at, now, visit.language, visit.desk.zone),
    )


async def invite(visit: Visit) -> Response:
    """Add somebody, and show her link this once."""
    form = await visit.request.form()
    given = {name: str(form.get(name, "")) for name in _FIELDS}
    language = cast("Language", given["language"])
    wanted = Newcomer(given["name"], given["role"], language, given["telegram"], given["whatsapp"])
    if visit.session.duress:
        said = waiting(Wait(int(entry_pace.LONGEST.total_seconds())))
        return await _page(visit, 429, why=said, given=given)
    new = members.fit(wanted)
    token = visit.desk.token()
    unfit = new if isinstance(new, Unfit) else await _add(visit, new, token)
    if unfit is not None:
        return await _page(visit, 422, why=why_not(unfit), given=given)
    return await _page(visit, link=_link(visit, token), invited=wanted.name)


async def _add(visit: Visit, new: Fit, token: str) -> Unfit | None:
    world = visit.world()
    hashed = members.link_hash(token)
    try:
        return await visit.write(members.add, world.draw.number(), new, hashed, world, visit.member.id)
    except Taken:
        return Unfit("same address")


async def invite_again(visit: Visit) -> Response:
    """Make somebody a new link, and show it this once."""
    token = visit.desk.token()
    member = None
    if not visit.session.duress:
        hashed = members.link_hash(token)
        member = await visit.write(members.invite_again, _number(visit), hashed, visit.world(), visit.member.id)
    if member is None:
        return visit.page("people_gone.html", 404)
    return await _page(visit, link=_link(visit, token), invited=member.name)


async def disable(visit: Visit) -> Response:
    """Close the desk to somebody, and page her no more."""
    member = None
    if not visit.session.duress:
        member = await visit.write(members.disable, _number(visit), visit.world(), visit.member.id)
    return visit.page("people_gone.html", 404) if member is None else visit.go("/desk/people")


async def dealt_with(visit: Visit) -> Response:
    """A quiet alarm is over."""
    if visit.session.duress or not await visit.write(
        colleagues.dealt_with, _number(visit), visit.world(), visit.member.id
    ):
        return visit.page("people_gone.html", 404)
    return visit.go("/desk/people")


def _link(visit: Visit, token: str) -> str:
    return f"{visit.desk.address}/desk/welcome/{token}"


def _number(visit: Visit) -> int:
    """The member whom the address names; 0, whom there is not, where it names nobody."""
    words = visit.request.path_params["number"]
    return int(words) if words.isdecimal() and len(words) < _LONGEST_NUMBER + 1 and int(words) < 1 << 63 else 0


# ---------------------------------------------------------------- words


def why_not(unfit: Unfit) -> Text:
    """Why somebody can't be added like this."""
    match unfit.why:
        case "name":
            return t("A name has letters, {most} characters at most.", most=LONGEST_NAME)
        case "role":
            return t("Choose what she does here.")
        case "language":
            return t("Choose the language she is written to in.")
        case "telegram":
            return t(
                "A Telegram chat id is a number, such as {example}: not a name with @, and not a group.",
                example="123456789",
            )
        case "whatsapp" | "voice":
            return t(
                "A WhatsApp number begins with + and the country's code, such as {example}.",
                example=isolate("+967770000001"),
            )
        case "no way":
            return t("Whoever is woken needs a way to reach her: Telegram or WhatsApp, best both.")
        case "same name":
            return t("There is a {name} already. Add something that tells the two apart.", name=unfit.whose)
        case "same address":
            return t("This Telegram or WhatsApp address is another member's already.")
        case _:
            assert_never(unfit.why)


def role_name(role: str) -> Text:
    """A role as it is called."""
    return _ROLES[role] if role in _ROLES else t("Another role")


_ROLES: dict[str, Text] = {
    "focal_point": t("Focal point"),
    "case_worker": t("Case worker"),
    "coordinator": t("Coordinator"),
    "national_desk": t("National desk"),
    "campaigner": t("Campaigner"),
    "content_editor": t("Content editor"),
    "key_holder": t("Key holder"),
    "auditor": t("Auditor"),
    "partner_viewer": t("Partner (numbers only)"),
    "body_government": t("Government body"),
    "body_cso": t("Civil society organisation"),
    "community_leader": t("Community leader"),
}

WAYS: tuple[Way, ...] = (
    Way("/desk/people", people, "organise"),
    Way("/desk/people", invite, "organise", ("POST",)),
    Way("/desk/people/{number}/invite", invite_again, "organise", ("POST",)),
    Way("/desk/people/{number}/disable", disable, "organise", ("POST",)),
    Way("/desk/people/{number}/dealt-with", dealt_with, "organise", ("POST",)),
)
