"""A campaign as it will look, what it meets, a test on one's own phone, and the second person's signature.

What she signs is what she sees: the page carries its hash. Under duress there is no campaign.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from console.desk import campaign_words as words
from console.desk.campaign_edit import Opened, opened
from console.desk.campaigns import HERE, gone, moment, number_of
from console.desk.guard import Way
from console.desk.visit import Visit
from console.desk.when import lasting_at_least
from flows import campaign as flow
from flows.campaign import LANGUAGES
from handlers import campaign_approval, campaign_conflicts, campaign_seen, campaign_test, campaigns
from handlers.campaign_approval import LONGEST, SHORTEST, Signing, may_sign
from handlers.campaign_conflicts import Outlook
from handlers.campaigns import Done, Refused
from handlers.draw import World
from handlers.words import CHANNEL
from messages import Text
from messages.arabic import quote
from storage import runs, staff
from storage.runs import Run
from storage.unit import Unit

_VERSION = 10
_WARNINGS = 1000


@dataclass(frozen=True, slots=True)
class Looked:
    """All that the page shows."""

    opened: Opened
    outlook: Outlook | None
    """None once it is approved: what matters then is how far it has come."""
    runs: tuple[Run, ...]
    names: dict[int, str]
    waits_until: object


def look(unit: Unit, number: int, world: World) -> Looked | None:
    """Look it up; None where it is gone. Counts every subscriber: beside the writer."""
    found = opened(unit, number, world)
    if found is None:
        return None
    fresh = found.campaign.state in {"draft", "asked"}
    met = campaign_conflicts.outlook(unit, number, world) if fresh else None
    names = {member.id: member.name for member in staff.members(unit)}
    until = campaign_approval.undo_until(unit, found.campaign)
    return Looked(found, met, tuple(runs.of_campaign(unit, number)), names, until)


async def show(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def _page(visit: Visit, why: Text | None = None, status: int = 200, tested: str = "") -> Response:
    world = visit.world()
    found = None if visit.session.duress else await visit.read(look, number_of(visit), world)
    if found is None:
        return gone(visit)
    campaign, shelf = found.opened.campaign, found.opened.shelf
    shown = [
        campaign_seen.phones(campaign.plan, place, shelf, visit.desk.rendering, world.now)
        for place in range(len(campaign.plan.messages))
    ]
    signed = flow.signed(campaign.plan, shelf.categories).hex()
    tested = tested or str(visit.request.query_params.get("tested", ""))
    return visit.page(
        "campaign_look.html", status, campaign=campaign, plan=campaign.plan, shelf=shelf, faults=found.opened.faults,
        outlook=found.outlook, runs=found.runs, names=found.names, shown=shown, signed=signed, words=words, why=why,
        quote=quote, may_sign=may_sign(visit.member, campaign), until=found.waits_until, now=world.now, tested=tested,
        moment=lambda at: moment(visit, at), lasting=lambda span: lasting_at_least(span, visit.language),
        shortest=SHORTEST, channels=CHANNEL,
        longest=LONGEST, undo=world.rules.broadcasts.undo, starts=flow.starts(campaign.plan, world.zone),
        overruled=[one for one in found.opened.faults if one.fault.may_be_overruled], zone_name=world.zone,
    )  # fmt: skip


async def test(visit: Visit) -> Response:
    """Send one of its messages to her own phones."""
    form, number = await visit.request.form(), number_of(visit)
    language, place = str(form.get("language", "")), str(form.get("place", ""))
    if visit.session.duress:
        return visit.go(f"{HERE}/{number}/look")
    if language not in LANGUAGES or place not in set("01234"):
        return await _page(visit, campaigns.GONE, 422)
    done = await visit.write(campaign_test.send, number, int(place), language, visit.member.id, visit.world())
    return await _answered(visit, done, "?tested=yes")


async def ask(visit: Visit) -> Response:
    """Ask for a second person."""
    version = _version(await _form(visit))
    if visit.session.duress:
        return visit.go(HERE)
    done = await visit.write(campaigns.ask, number_of(visit), version, visit.member.id, visit.world())
    return await _answered(visit, done)


async def approve(visit: Visit) -> Response:
    """Sign it."""
    form, number, world = await _form(visit), number_of(visit), visit.world()
    if visit.session.duress:
        return visit.go(HERE)
    signing = _signing(form)
    count = await visit.read(campaign_conflicts.estimate, number, world)
    if count is None:
        return gone(visit)
    done = await visit.write(campaign_approval.approve, number, visit.member.id, signing, count, world)
    return await _answered(visit, done)


def _signing(form: dict[str, str]) -> Signing:
    sure = form.get("sure") == "yes"
    shown = form.get("warnings", "")[:_WARNINGS].split() if sure else []
    try:
        signed = bytes.fromhex(form.get("signed", "")[:64])
    except ValueError:
        signed = b""
    return Signing(_version(form), signed, frozenset(shown), form.get("reason", "")[: 2 * LONGEST])


async def back(visit: Visit) -> Response:
    """Take it back whole."""
    version = _version(await _form(visit))
    if visit.session.duress:
        return visit.go(HERE)
    done = await visit.write(campaign_approval.take_back, number_of(visit), version, visit.member.id, visit.world())
    return await _answered(visit, done)


async def _answered(visit: Visit, done: Done | Refused, more: str = "") -> Response:
    if isinstance(done, Refused):
        return await _page(visit, done.why, done.status)
    return visit.go(f"{HERE}/{number_of(visit)}/look{more}")


async def _form(visit: Visit) -> dict[str, str]:
    return {name: words for name, words in (await visit.request.form()).items() if isinstance(words, str)}


def _version(form: dict[str, str]) -> int:
    written = form.get("version", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < _VERSION else 0


WAYS: tuple[Way, ...] = (
    Way("/desk/campaigns/{number}/look", show, "compose"),
    Way("/desk/campaigns/{number}/test", test, "compose", ("POST",)),
    Way("/desk/campaigns/{number}/ask", ask, "compose", ("POST",)),
    Way("/desk/campaigns/{number}/approve", approve, "approve", ("POST",)),
    Way("/desk/campaigns/{number}/back", back, "compose", ("POST",)),
)
"""What this page can do."""
