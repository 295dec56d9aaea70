"""Says what stands against a campaign in the world: who would get it, WhatsApp's rules, the hour, who is on call.

What blocks has to be mended; what only warns is confirmed by the second person. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flows import campaign as flow
from flows.broadcast import is_quiet
from flows.campaign import Plan
from flows.rota import meets
from handlers import broadcasts
from handlers.broadcasts import Estimate
from handlers.campaign_faults import Known, known
from handlers.campaigns import next_moment
from handlers.draw import World
from handlers.rota import able_shifts
from messages import Text, raw, t, tn
from messages.text import Language
from storage import campaigns, runs
from storage.unit import Unit

AFTER: Final = timedelta(hours=24)
"""So long after it begins a broadcast may bring reports: somebody has to be on call."""
BESIDE: Final = timedelta(hours=24)
"""Another one that begins so near to it is told."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One of them. `code` says which, for the approver's confirmation."""

    code: str
    why: Text
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a campaign meets: how much it is, when it begins, what stands against it."""

    estimate: Estimate
    """Of one message; all of its messages have the same readers."""
    begins: datetime | None
    conflicts: tuple[Conflict, ...]

    @property
    def blocked(self) -> bool:
        """Whether it may not be approved."""
        return any(one.blocks for one in self.conflicts)

    @property
    def warnings(self) -> frozenset[str]:
        """What has to be confirmed."""
        return frozenset(one.code for one in self.conflicts if not one.blocks)


def estimate(unit: Unit, number: int, world: World) -> Estimate | None:
    """For how many a campaign is as it stands; None where it is gone. Reads every subscriber: beside the writer."""
    found = campaigns.get(unit, number)
    if found is None:
        return None
    plan, categories = found.plan, known(unit, world).categories
    dear = [flow.frozen(plan, place, categories).category for place in range(len(plan.messages))]
    category = "marketing" if "marketing" in dear else "utility"
    return broadcasts.estimate(unit, plan.audience, world, category=category, per_minute=plan.per_minute)


def outlook(unit: Unit, number: int, world: World) -> Outlook | None:
    """All that a campaign meets; None where it is gone. To be read beside the writer."""
    found, count = campaigns.get(unit, number), estimate(unit, number, world)
    if found is None or count is None:
        return None
    return of_plan(unit, found.plan, number, known(unit, world), count, world)


def of_plan(unit: Unit, plan: Plan, number: int, shelf: Known, found: Estimate, world: World) -> Outlook:
    """The same for what was read and counted already."""
    begins = begins_at(plan, world)
    listed = [
        *_period(plan, begins, world),
        *_readers(found),
        *_whatsapp(plan, found, shelf, begins, world),
        *_media(plan, shelf),
    ]
    if begins is not None:
        listed += [*_hour(begins, world), *_on_call(unit, begins, world), *_beside(unit, number, begins)]
    if broadcasts.is_stopped(unit):
        listed.append(Conflict("stopped", t("Everything that is sent to many is stopped. It waits until that ends.")))
    return Outlook(found, begins, tuple(listed))


def begins_at(plan: Plan, world: World) -> datetime | None:
    """When its first message would go out, were it approved now: not before the undo window is over."""
    soonest = world.now + world.rules.broadcasts.undo
    if plan.how == "once":
        times = flow.starts(plan, world.zone)
        return max(times[0], soonest) if times else None
    first = flow.first_moment(plan, world.zone)
    if first is None or plan.hour is None or (plan.how == "weekly" and not plan.weekdays):
        return None
    return next_moment(plan, max(first - timedelta(seconds=1), soonest), world.zone)


def _period(plan: Plan, begins: datetime | None, world: World) -> Iterator[Conflict]:
    last = flow.last_moment(plan, world.zone)
    if last is None or begins is None or world.now >= last or begins >= last:
        yield Conflict("period", t("Its period is over, or it has no hour left in it. Choose later days."), blocks=True)
    elif plan.how == "once" and flow.starts(plan, world.zone)[0] < world.now:
        yield Conflict("past", t("The hour that was chosen is over: it would go out as soon as it is approved."))


def _readers(found: Estimate) -> Iterator[Conflict]:
    if found.total == 0:
        yield Conflict("nobody", t("Nobody would get it: no subscriber fits what was chosen."), blocks=True)


def _whatsapp(plan: Plan, found: Estimate, shelf: Known, begins: datetime | None, world: World) -> Iterator[Conflict]:
    for place, message in enumerate(plan.messages):
        for language in plan.languages:
            template = shelf.templates.get(message.sids.get(language, ""))
            if template is not None and template.state == "paused":
                yield Conflict(f"paused-{language}-{place}", _paused(template.name), blocks=True)
    for language, count in _unreached(plan, found).items():
        yield Conflict(f"window-{language}", _window(language, count))
    if found.days > 1:
        last = flow.last_moment(plan, world.zone)
        fits = begins is not None and last is not None and begins + timedelta(days=found.days - 1) < last
        yield Conflict("tier", _tier(found.days), blocks=not fits)


def _unreached(plan: Plan, found: Estimate) -> dict[Language, int]:
    """By language: how many wrote to us too long ago, where a message has no template for them."""
    lacking = [language for language in plan.languages if not all(one.sids.get(language) for one in plan.messages)]
    counts = {language: sum(part.outside for part in found.parts if part.language == language) for language in lacking}
    return {language: count for language, count in counts.items() if count}


def _media(plan: Plan, shelf: Known) -> Iterator[Conflict]:
    for place, message in enumerate(plan.messages):
        medium = shelf.media.get(message.media)
        if medium is not None and not medium.usable:
            yield Conflict(f"consent-{place}", _consent(medium.facts.name), blocks=True)


def _hour(begins: datetime, world: World) -> Iterator[Conflict]:
    rules = world.rules.broadcasts
    there = begins.astimezone(ZoneInfo(world.zone))
    if is_quiet(there, rules):
        yield Conflict("quiet", t("Nobody is written to at that hour. It begins when the quiet hours are over."))
    if any(first <= there.date() <= last for first, last in rules.ramadans):
        yield Conflict("ramadan", t("It falls into Ramadan. Look at hour and words once more."))


def _on_call(unit: Unit, begins: datetime, world: World) -> Iterator[Conflict]:
    """Whoever is on call has to bear what a broadcast brings."""
    span = begins, begins + AFTER
    there = {shift.staff_id for shift in able_shifts(unit, *span) if meets(shift.span, span)}
    fewest = world.rules.broadcasts.fewest_on_call
    if len(there) < fewest:
        yield Conflict("on_call", _thin(len(there), fewest))


def _beside(unit: Unit, number: int, begins: datetime) -> Iterator[Conflict]:
    for run in runs.open_ones(unit):
        if run.campaign not in {None, number} and abs(run.starts_at - begins) < BESIDE:
            yield Conflict(f"beside-{run.campaign}", _other(run.frozen.name))


def _paused(name: str) -> Text:
    return t("The template {name} is paused. Choose another, or wait until WhatsApp allows it again.", name=raw(name))


def _window(language: Language, count: int) -> Text:
    if language == "ar":
        return tn(
            "{count} Arabic reader on WhatsApp wrote to us too long ago, and gets nothing: she needs a template.",
            "{count} Arabic readers on WhatsApp wrote to us too long ago, and get nothing: they need a template.",
            count,
        )
    return tn(
        "{count} English reader on WhatsApp wrote to us too long ago, and gets nothing: she needs a template.",
        "{count} English readers on WhatsApp wrote to us too long ago, and get nothing: they need a template.",
        count,
    )


def _tier(days: int) -> Text:
    return tn(
        "WhatsApp lets us write to so many in a day that it takes {count} day.",
        "WhatsApp lets us write to so few in a day that it takes {count} days.",
        days,
    )


def _consent(name: str) -> Text:
    return t("Those who can be recognised in {name} have not agreed, or took it back. Choose another.", name=raw(name))


def _thin(there: int, fewest: int) -> Text:
    return t("In the day after it begins {there} people are on call; {fewest} should be.", there=there, fewest=fewest)


def _other(name: str) -> Text:
    return t("{name} goes out within a day of it.", name=raw(name))
