"""Keeps campaigns as they are written and changed, and hands the next message of a recurring one over for sending.

It never approves one (`handlers.campaign_approval` does), and no change leaves an approval standing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from flows import campaign as flow
from flows.broadcast import ENDED
from flows.campaign import Plan
from handlers import broadcasts, triggers
from handlers.campaign_faults import faults, known
from handlers.draw import World
from messages import Text, t
from storage import audit, campaigns, runs
from storage.campaigns import Body, Campaign
from storage.runs import Run
from storage.unit import Unit

GONE = t("This campaign is not here any more. Somebody may have deleted it.")
OVERTAKEN = t("Somebody else changed this campaign meanwhile: nothing of yours was kept. Look at it, then do it again.")
OVER = t("This campaign is over. Make a new one from it instead.")
MOST = 500
"""Campaigns kept at once: enough for years, and no page gets too long."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """It can't be done, and nothing was."""

    why: Text
    status: int = 409


@dataclass(frozen=True, slots=True)
class Desk:
    """All campaigns, and what is on its way."""

    campaigns: tuple[Campaign, ...]
    open: tuple[Run, ...]
    """Runs that have not ended, the next one first."""
    stopped: bool


def listing(unit: Unit) -> Desk:
    """Everything that the list shows."""
    under_way = tuple(run for run in runs.open_ones(unit) if run.campaign is not None)
    return Desk(tuple(campaigns.everything(unit)), under_way, broadcasts.is_stopped(unit))


def create(
    unit: Unit, by: int, world: World, plan: Plan | None = None, authors: frozenset[int] = frozenset()
) -> Done | Refused:
    """Begin a new one. `authors` wrote the words that it begins with."""
    if len(campaigns.everything(unit)) >= MOST:
        return Refused(t("There are {most} campaigns. Delete old ones first.", most=MOST))
    number = world.draw.number()
    body = Body(plan or Plan(), authors=tuple(sorted(authors)))
    campaigns.add(unit, Campaign(number, "draft", body, by, by, world.now, world.now))
    audit.record(unit, world.now, "campaign:made", staff=by, target=number)
    return Done(number)


def copy(unit: Unit, number: int, by: int, world: World) -> Done | Refused:
    """Begin a new one with the words of another, and no days yet."""
    old = campaigns.get(unit, number)
    if old is None:
        return Refused(GONE, 404)
    return create(unit, by, world, replace(old.plan, begins=None, ends=None, day=None), old.authors)


def save(unit: Unit, number: int, version: int, plan: Plan, by: int, world: World) -> Done | Refused:
    """Keep what was written, with whatever is wrong in it. An approval is taken back, and what waits is called off."""
    found = campaigns.get(unit, number)
    if found is None:
        return Refused(GONE, 404)
    if found.version != version:
        return Refused(OVERTAKEN)
    state = flow.moved(found.state, "change")
    if state is None:
        return Refused(OVER)
    if found.state != "draft" and plan == found.plan:
        return Done(number)  # whoever only looked at the form stops nothing that was approved
    changed = taken_back(found, Body(plan, authors=tuple(sorted(found.authors))), by, world.now)
    if not campaigns.put(unit, changed):
        return Refused(OVERTAKEN)
    call_off(unit, number, by, world)
    audit.record(unit, world.now, "campaign:saved", staff=by, target=number)
    return Done(number)


def taken_back(found: Campaign, body: Body, by: int, now: datetime) -> Campaign:
    """The campaign as a draft again."""
    return msgspec.structs.replace(
        found, state="draft", body=body, changed_by=by, changed_at=now, approved_by=None, approved_at=None,
        frozen_hash=None, next_at=None, place=0,
    )  # fmt: skip


def call_off(unit: Unit, number: int, by: int, world: World) -> None:
    """Cancel every run of it that has not ended; of those that have, nothing is sent again."""
    for run in runs.of_campaign(unit, number):
        if run.state not in ENDED:
            broadcasts.cancel(unit, run.id, by, world)
        runs.shut(unit, run.id, world.now)


def ask(unit: Unit, number: int, version: int, by: int, world: World) -> Done | Refused:
    """Ask for a second person, where nothing is wrong with it any more."""
    found = campaigns.get(unit, number)
    if found is None:
        return Refused(GONE, 404)
    if found.version != version:
        return Refused(OVERTAKEN)
    state = flow.moved(found.state, "ask")
    if state is None:
        return Refused(ALREADY)
    wrong = [one for one in faults(found.plan, known(unit, world), world) if not one.fault.may_be_overruled]
    if wrong:
        return Refused(t("Mend what is marked first. Then ask for the second person."), 422)
    if not campaigns.put(unit, msgspec.structs.replace(found, state=state)):
        return Refused(OVERTAKEN)
    audit.record(unit, world.now, "campaign:asked", staff=by, target=number)
    return Done(number)


def delete(unit: Unit, number: int, version: int, by: int, world: World) -> Done | Refused:
    """Forget one of which nothing can go out any more."""
    found = campaigns.get(unit, number)
    if found is None:
        return Refused(GONE, 404)
    if found.state in {"asked", "approved"} or any(run.state not in ENDED for run in runs.of_campaign(unit, number)):
        return Refused(t("Take it back first: what was asked for or approved can't be deleted."))
    if not campaigns.delete(unit, number, version):
        return Refused(OVERTAKEN)
    audit.record(unit, world.now, "campaign:deleted", staff=by, target=number)
    return Done()


# ---------------------------------------------------------------- what recurs


def occur(unit: Unit, world: World) -> int:
    """A duty: hand over what has come due of recurring campaigns, once however many were missed. Says how many."""
    due = campaigns.due(unit, world.now)
    for found in due:
        _occur(unit, found, world)
    for found in campaigns.ended(unit):
        over = msgspec.structs.replace(found, state="over")
        if campaigns.put(unit, over):
            audit.record(unit, world.now, "campaign:over", target=found.id)
    return len(due)


def _occur(unit: Unit, found: Campaign, world: World) -> None:
    """One of them: only what was signed goes out, nothing after its period, and nothing after the next one begins."""
    categories = known(unit, world).categories
    if found.frozen_hash != flow.signed(found.plan, categories):
        if campaigns.put(unit, taken_back(found, found.body, found.changed_by, world.now)):
            audit.record(unit, world.now, "campaign:unsigned", target=found.id)
        return
    ends_at, at = flow.last_moment(found.plan, world.zone), found.next_at
    assert at is not None  # noqa: S101 - it was due
    next_at = next_moment(found.plan, max(at, world.now), world.zone)
    moved = msgspec.structs.replace(found, next_at=next_at, place=found.place + 1)
    if not campaigns.put(unit, moved):
        return
    if ends_at is not None and world.now < ends_at and world.now - at < LATEST:
        frozen = flow.frozen(found.plan, found.place, categories)
        broadcasts.launch(
            unit, frozen, max(at, world.now), world, campaign=found.id, made_by=found.changed_by,
            approved_by=found.approved_by, ends_at=next_at or ends_at, undo=False,
        )  # fmt: skip


def next_moment(plan: Plan, after: datetime, zone: str) -> datetime | None:
    """When a recurring campaign is due after a moment; None once its period is over."""
    last = flow.last_moment(plan, zone)
    found = triggers.next_fire(flow.moments(plan), zone, after)
    return found if found is not None and last is not None and found < last else None


LATEST = timedelta(hours=12)
"""An occurrence that was missed for longer, because nothing ran, is left out: its hour was chosen for a reason."""
ALREADY = t("A second person has been asked already.")
