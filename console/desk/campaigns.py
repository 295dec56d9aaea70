"""The list of campaigns: what goes out next, what is being written, who is waited for; and the button that stops all.

It asks and renders; acts are in `handlers`. Under duress it is empty, and nothing that is sent to it is done.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from babel.dates import format_datetime
from starlette.responses import Response

from console.desk import campaign_words as words
from console.desk.guard import Way
from console.desk.visit import Visit
from flows.broadcast import RunState
from handlers import broadcasts, campaigns
from handlers.campaigns import Desk, Refused
from messages import Text, t
from messages.arabic import quote
from messages.catalog import LOCALES, MOMENT
from storage import campaigns as stored
from storage import staff
from storage.campaigns import Campaign
from storage.unit import Unit

HERE: Final = "/desk/campaigns"
_DIGITS: Final = 19
_NEXT: Final = 20
_ORDER: Final[tuple[RunState, ...]] = ("sending", "paused", "waiting", "planning")


def number_of(visit: Visit, name: str = "number") -> int:
    """The number in the address; 0 where none of ours could stand there."""
    written = str(visit.request.path_params.get(name, ""))
    if not (written.isascii() and written.isdigit() and len(written) <= _DIGITS):
        return 0
    number = int(written)
    return number if number < 1 << 63 else 0


def gone(visit: Visit, why: Text = campaigns.GONE, status: int = 404) -> Response:
    """Nothing is here."""
    return visit.page("campaign_gone.html", status, why=why)


def moment(visit: Visit, at: datetime) -> str:
    """A moment as the desk's clock has it."""
    return format_datetime(at, MOMENT[visit.language], visit.desk.zone, LOCALES[visit.language])


async def show(visit: Visit) -> Response:
    """The list."""
    return await _page(visit)


async def _page(visit: Visit, why: Text | None = None, status: int = 200) -> Response:
    duress = visit.session.duress
    found, people = (Desk((), (), stopped=False), {}) if duress else await visit.read(_listing)
    runs = sorted(found.open, key=lambda run: (_ORDER.index(run.state), run.starts_at))
    groups = {state: [one for one in found.campaigns if one.state == state] for state in words.STATES}
    return visit.page(
        "campaigns.html", status, groups=groups, runs=runs[:_NEXT], stopped=found.stopped, people=people, why=why,
        words=words, quote=quote, moment=lambda at: moment(visit, at),
    )  # fmt: skip


def _listing(unit: Unit) -> tuple[Desk, dict[int, str]]:
    return campaigns.listing(unit), {member.id: member.name for member in staff.members(unit)}


async def new(visit: Visit) -> Response:
    """Begin a new one, and go to its form."""
    if visit.session.duress:
        return visit.go(HERE)
    done = await visit.write(campaigns.create, visit.member.id, visit.world())
    if isinstance(done, Refused):
        return await _page(visit, done.why, done.status)
    return visit.go(f"{HERE}/{done.number}")


async def copy(visit: Visit) -> Response:
    """Begin a new one from another."""
    if visit.session.duress:
        return visit.go(HERE)
    done = await visit.write(campaigns.copy, number_of(visit), visit.member.id, visit.world())
    if isinstance(done, Refused):
        return await _page(visit, done.why, done.status)
    return visit.go(f"{HERE}/{done.number}")


async def delete(visit: Visit) -> Response:
    """Delete one of which nothing goes out."""
    if visit.session.duress:
        return visit.go(HERE)
    number = number_of(visit)
    found = await visit.read(_get, number)
    if found is None:
        return gone(visit)
    done = await visit.write(campaigns.delete, number, found.version, visit.member.id, visit.world())
    return await _page(visit, done.why, done.status) if isinstance(done, Refused) else visit.go(HERE)


def _get(unit: Unit, number: int) -> Campaign | None:
    return stored.get(unit, number)


async def stop(visit: Visit) -> Response:
    """Stop everything that is being sent to many, at once."""
    if not visit.session.duress:
        await visit.write(broadcasts.stop_all, visit.member.id, visit.world())
    return visit.go(HERE)


async def allow(visit: Visit) -> Response:
    """Let it go on; another than who stopped it decides that."""
    if visit.session.duress:
        return visit.go(HERE)
    if not await visit.write(broadcasts.allow_again, visit.member.id, visit.world()):
        return await _page(visit, t("You stopped it yourself: somebody else has to allow it again."), 409)
    return visit.go(HERE)


WAYS: tuple[Way, ...] = (
    Way("/desk/campaigns", show, "compose"),
    Way("/desk/campaigns", new, "compose", ("POST",)),
    Way("/desk/campaigns/stop", stop, "publish", ("POST",)),
    Way("/desk/campaigns/allow", allow, "approve", ("POST",)),
    Way("/desk/campaigns/{number}/copy", copy, "compose", ("POST",)),
    Way("/desk/campaigns/{number}/delete", delete, "compose", ("POST",)),
)
"""What this page can do."""
