"""The form in which a campaign is written: saving keeps a draft whatever is wrong, and shows each fault at its field.

It asks and renders; acts are in `handlers.campaigns`. Under duress there is no campaign.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from console.desk import campaign_words as words
from console.desk.campaign_form import plan_of, with_another, without
from console.desk.campaigns import HERE, gone, number_of
from console.desk.guard import Way
from console.desk.visit import Visit
from flows.campaign import BUTTONS, LAST_DAY, MESSAGES, Plan
from flows.pushed import WAYS as PUSHED
from handlers import campaigns
from handlers.campaign_faults import FASTEST, NAME, Known, Wrong, faults, known
from handlers.campaigns import GONE, Refused
from handlers.draw import World
from messages import Text, both
from messages.arabic import quote
from storage import campaigns as stored
from storage.campaigns import Campaign
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Opened:
    """A campaign with what it is held against."""

    campaign: Campaign
    shelf: Known
    faults: tuple[Wrong, ...]


def opened(unit: Unit, number: int, world: World) -> Opened | None:
    """Look it up; None where it is gone."""
    found = stored.get(unit, number)
    if found is None:
        return None
    shelf = known(unit, world)
    return Opened(found, shelf, faults(found.plan, shelf, world))


async def show(visit: Visit) -> Response:
    """The form."""
    found = None if visit.session.duress else await visit.read(opened, number_of(visit), visit.world())
    if found is None:
        return gone(visit)
    # A form that nobody has filled yet isn't told what is missing in it.
    return _page(visit, found, found.campaign.plan, found.faults if found.campaign.version > 1 else ())


async def save(visit: Visit) -> Response:
    """Keep what was written; then go on to wherever her button leads."""
    number, world = number_of(visit), visit.world()
    form = await visit.request.form()
    if visit.session.duress:
        return visit.go(HERE)
    act, plan = str(form.get("act", "")), _changed(plan_of(form, world.rules.taxonomy), str(form.get("act", "")))
    version = str(form.get("version", ""))
    known_version = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0  # noqa: PLR2004
    done = await visit.write(campaigns.save, number, known_version, plan, visit.member.id, world)
    if isinstance(done, Refused):
        return await _refused(visit, number, plan, done)
    if act == "look":
        return visit.go(f"{HERE}/{number}/look")
    return visit.go(f"{HERE}/{number}?saved={'more' if act == 'more' else 'yes'}")


def _changed(plan: Plan, act: str) -> Plan:
    """With a message more or less, where her button said so."""
    if act == "more":
        return with_another(plan)
    place = act.removeprefix("less-")
    return without(plan, int(place)) if place != act and place in set("01234") else plan


async def _refused(visit: Visit, number: int, plan: Plan, refused: Refused) -> Response:
    """What she wrote stays on the page, so that she can copy it."""
    found = await visit.read(opened, number, visit.world())
    if found is None:
        return gone(visit, refused.why if refused.status != 404 else GONE)  # noqa: PLR2004 - HTTP's own
    return _page(visit, found, plan, faults(plan, found.shelf, visit.world()), refused)


def _page(
    visit: Visit, found: Opened, plan: Plan, wrong: tuple[Wrong, ...], refused: Refused | None = None
) -> Response:
    by_field: dict[str, list[Text]] = {}
    for one in wrong:
        by_field.setdefault(one.field, []).append(one.fault.said)
    taxonomy = visit.world().rules.taxonomy
    places = {code: both(ar=place.label["ar"], en=place.label["en"]) for code, place in taxonomy.governorates.items()}
    return visit.page(
        "campaign_edit.html", 200 if refused is None else refused.status, campaign=found.campaign, plan=plan,
        wrong=by_field, media=[one for one in found.shelf.media.values() if one.usable], words=words, quote=quote,
        templates=sorted(found.shelf.templates.values(), key=lambda one: one.name), ways=PUSHED, places=places,
        why=None if refused is None else refused.why, most_messages=MESSAGES, most_buttons=BUTTONS,
        last_day=LAST_DAY, fastest=FASTEST, longest_name=NAME, saved=visit.request.query_params.get("saved", ""),
    )  # fmt: skip


WAYS: tuple[Way, ...] = (
    Way("/desk/campaigns/{number}", show, "compose"),
    Way("/desk/campaigns/{number}", save, "compose", ("POST",)),
)
"""What this page can do."""
