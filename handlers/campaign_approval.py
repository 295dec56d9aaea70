"""Lets a second person sign a campaign, and whoever may sign take it back; what is signed is handed over for sending.

It never lets anybody sign what she wrote or changed herself, or anything other than what she saw.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

import msgspec

from flows import campaign as flow
from flows.broadcast import ENDED
from flows.campaign import Plan
from flows.roles import may
from handlers import broadcasts
from handlers.broadcasts import Estimate
from handlers.campaign_conflicts import begins_at, of_plan
from handlers.campaign_faults import Known, Wrong, faults, known
from handlers.campaigns import GONE, OVERTAKEN, Done, Refused, call_off, next_moment, taken_back
from handlers.draw import World
from messages import Text, t
from messages.arabic import strip_controls
from storage import audit, campaigns, runs, staff
from storage.campaigns import Body, Campaign
from storage.staff import Member
from storage.unit import Unit

SHORTEST: Final = 10
LONGEST: Final = 300
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Signing:
    """What the second person sends: what she saw, what she confirms."""

    version: int
    signed: bytes
    """`flows.campaign.signed` of what she saw."""
    warnings: frozenset[str] = frozenset()
    """Codes of the conflicts that she was shown and takes upon herself."""
    reason: str = ""
    """Why what looks like names is none."""


def may_sign(member: Member, found: Campaign) -> bool:
    """Whether she is a second person to it: she has not written a word of it."""
    return member.active and may(member.role, "approve") and member.id not in found.authors


def approve(unit: Unit, number: int, by: int, signing: Signing, found_out: Estimate, world: World) -> Done | Refused:
    """Approve it: everything is looked at once more, then its messages are handed over; nothing leaves at once.

    `found_out`: for how many it is, counted just before beside the writer: it takes too long to do here.
    """
    found, member = campaigns.get(unit, number), staff.member(unit, by)
    if found is None or member is None:
        return Refused(GONE, 404)
    if not may_sign(member, found):
        return Refused(NOT_HERS, 403)
    state = flow.moved(found.state, "approve")
    if state is None:
        return Refused(NOT_ASKED)
    shelf = known(unit, world)
    signed = flow.signed(found.plan, shelf.categories)
    if found.version != signing.version or not hmac.compare_digest(signed, signing.signed):
        return Refused(OVERTAKEN)
    wrong = faults(found.plan, shelf, world)
    reason = strip_controls(signing.reason).strip()[:LONGEST] if wrong else ""
    why = _unmended(wrong, reason) or _met(unit, found, shelf, signing, found_out, world)
    if why is not None:
        return Refused(why, 422)
    body = Body(found.plan, reason, found.body.authors)
    approved = msgspec.structs.replace(
        found, state=state, body=body, approved_by=by, approved_at=world.now, frozen_hash=signed,
        next_at=_next_at(found.plan, world), place=_handed_over(found.plan),
    )  # fmt: skip
    return _keep(unit, approved, shelf, world)


def _keep(unit: Unit, approved: Campaign, shelf: Known, world: World) -> Done | Refused:
    """Keep the approval, note it, and hand the messages over: all of it or nothing."""
    if not campaigns.put(unit, approved):
        return Refused(OVERTAKEN)
    by = approved.approved_by
    if approved.body.overruled:
        audit.record(unit, world.now, "campaign:overruled", staff=by, target=approved.id)
    audit.record(unit, world.now, "campaign:approved", staff=by, target=approved.id)
    _launch(unit, approved, shelf, world)
    return Done(approved.id)


def _unmended(wrong: tuple[Wrong, ...], reason: str) -> Text | None:
    if any(not one.fault.may_be_overruled for one in wrong):
        return t("Something in it is to be mended first. Give it back to whoever wrote it.")
    if wrong and len(reason) < SHORTEST:
        return t("Words in it could be names. Write why they are none, in a sentence; it is kept.")
    return None


def _met(unit: Unit, found: Campaign, shelf: Known, signing: Signing, found_out: Estimate, world: World) -> Text | None:
    met = of_plan(unit, found.plan, found.id, shelf, found_out, world)
    if met.blocked:
        return t("Something stands against it that has to be mended first. It is marked below.")
    if not met.warnings <= signing.warnings:
        return t("Read what is to be considered, and confirm that it shall go out all the same.")
    return None


def _handed_over(plan: Plan) -> int:
    """How many of its messages are handed over at once: all of what goes out once, the first of what recurs."""
    return len(plan.messages) if plan.how == "once" else 1


def _next_at(plan: Plan, world: World) -> datetime | None:
    """When the second occurrence of what recurs is due."""
    first = begins_at(plan, world)
    return None if plan.how == "once" or first is None else next_moment(plan, first, world.zone)


def _launch(unit: Unit, found: Campaign, shelf: Known, world: World) -> None:
    """Hand its messages over, in their order: each ends where the next begins, so that none overtakes another."""
    plan, soonest = found.plan, world.now + world.rules.broadcasts.undo
    first, last = begins_at(plan, world), flow.last_moment(plan, world.zone)
    assert first is not None  # noqa: S101 - else its period was over, which blocks
    assert last is not None  # noqa: S101 - as above
    times = [max(at, soonest) for at in flow.starts(plan, world.zone)] or [first]
    ends = [max(later, at + LEAST) for at, later in pairwise(times)]
    for place, (starts_at, ends_at) in enumerate(zip(times, [*ends, found.next_at or last], strict=True)):
        broadcasts.launch(
            unit, flow.frozen(plan, place, shelf.categories), starts_at, world, campaign=found.id,
            made_by=found.changed_by, approved_by=found.approved_by, ends_at=ends_at,
        )  # fmt: skip


def take_back(unit: Unit, number: int, version: int, by: int, world: World) -> Done | Refused:
    """Take it back whole: what was asked for or approved is a draft again, and nothing more of it goes out."""
    found, member = campaigns.get(unit, number), staff.member(unit, by)
    if found is None or member is None:
        return Refused(GONE, 404)
    if not (may(member.role, "approve") or (found.state == "asked" and may(member.role, "compose"))):
        return Refused(NOT_HERS, 403)
    if found.version != version:
        return Refused(OVERTAKEN)
    if flow.moved(found.state, "back") is None:
        return Refused(t("There is nothing to take back."))
    back = taken_back(found, Body(found.plan, authors=found.body.authors), found.changed_by, world.now)
    if not campaigns.put(unit, back):
        return Refused(OVERTAKEN)
    call_off(unit, number, by, world)
    audit.record(unit, world.now, "campaign:back", staff=by, target=number)
    return Done(number)


def undo_until(unit: Unit, found: Campaign) -> datetime | None:
    """Until when nothing of it has left: the start of its first run, while that waits."""
    waiting = [run.starts_at for run in runs.of_campaign(unit, found.id) if run.state not in ENDED]
    return min(waiting, default=None)


LEAST: Final = timedelta(minutes=1)
NOT_HERS: Final = t("This needs a second person: somebody who may approve, and neither wrote nor changed it.")
NOT_ASKED: Final = t("Nobody has asked for an approval of it, or it has been given already.")
