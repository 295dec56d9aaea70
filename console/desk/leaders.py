"""The leaders' channel at the desk: codes to invite by, and what a leader with an account here may read.

A leader sees what was sent to leaders, and pledges; nothing of any case, and nobody else who is one.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from console.desk.guard import Way
from console.desk.polls import STATES, standing
from console.desk.visit import Visit
from flows.public import LEADERS
from handlers import leader_desk
from messages import Text, t

KINDS: Final[dict[str, Text]] = {
    "community": t("Community leader"),
    "religious": t("Religious leader"),
    "tribal": t("Tribal leader"),
}


async def leaders(visit: Visit) -> Response:
    """What was sent to leaders, and pledges."""
    world, hidden = visit.world(), visit.session.duress
    sent = [] if hidden else await visit.read(leader_desk.messages, world)
    pledges = [] if hidden else await visit.read(leader_desk.pledges, world)
    shown = [(one, standing(one.poll, world.now)) for one in pledges]
    return visit.page("leaders.html", messages=sent, pledges=shown, states=STATES)


async def codes(visit: Visit) -> Response:
    """Codes that nobody has used, and a form for a new one."""
    return await _codes(visit)


async def _codes(visit: Visit, code: str = "", kind: str = "") -> Response:
    waiting = [] if visit.session.duress else await visit.read(leader_desk.waiting, visit.world())
    days = leader_desk.GOOD_FOR.days
    return visit.page("leader_codes.html", waiting=waiting, kinds=KINDS, code=code, kind=kind, days=days)


async def invite(visit: Visit) -> Response:
    """Make a code, and show it this once."""
    form = await visit.request.form()
    kind = str(form.get("kind", ""))
    if visit.session.duress or kind not in LEADERS:
        return visit.go("/desk/leaders/codes")
    code = await visit.write(leader_desk.make_code, kind, visit.member.id, visit.world())
    return visit.go("/desk/leaders/codes") if code is None else await _codes(visit, code, kind)


async def void(visit: Visit) -> Response:
    """No code that was given out is good any more."""
    if not visit.session.duress:
        await visit.write(leader_desk.void, visit.member.id, visit.world())
    return visit.go("/desk/leaders/codes")


WAYS: tuple[Way, ...] = (
    Way("/desk/leaders", leaders, "leaders"),
    Way("/desk/leaders/codes", codes, "publish"),
    Way("/desk/leaders/codes", invite, "publish", ("POST",)),
    Way("/desk/leaders/codes/void", void, "publish", ("POST",)),
)
