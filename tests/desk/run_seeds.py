"""Runs of campaigns as their page finds them: kept through the storage's own doors, in whatever state a story wants.

It never sends: stories about the real way, from the undo window to the last letter, launch theirs with the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot import chance
from flows.broadcast import ENDED, Audience, Frozen
from flows.public import Subscription
from handlers.draw import World
from storage import recipients, runs, subscribers
from storage.recipients import Change, Listed
from storage.runs import Run
from storage.subscribers import Facts
from storage.unit import Unit
from tests.town import Town

FROZEN = Frozen(
    "أسبوع كلمات السر",
    {"ar": "كلمة سر لكل حساب. اختاري ثلاث كلمات لا يجمعها شيء.", "en": "One password for each account."},
    Audience("awareness"),
    buttons=("subscribe", "menu"),
)


def subscribe(unit: Unit, channel: str, address: str, now: datetime, subscription: Subscription) -> int:
    """One more subscriber, through the list's own door."""
    return subscribers.put(unit, chance.number(), channel, Facts(address, subscription), now)


@dataclass(slots=True)
class Seeds:
    """Makes runs in a town."""

    place: Town
    count: int = field(default=0)

    @property
    def world(self) -> World:
        return self.place.working.world()

    async def writes(self, act: Any, *args: Any, **kwargs: Any) -> Any:
        return await self.place.working.store.write(act, *args, **kwargs)

    async def subscriber(self, channel: str = "telegram", language: Any = "ar", **more: Any) -> int:
        """A subscriber who may be written to whenever it is."""
        self.count += 1
        address = f"{7000 + self.count}" if channel == "telegram" else f"+96777{7000 + self.count:07}"
        subscription = Subscription(("tips", "awareness"), language, **more)
        number: int = await self.writes(subscribe, channel, address, self.place.now(), subscription)
        return number

    async def run(self, state: Any = "sending", campaign: int | None = 5, **more: Any) -> int:
        """A run without recipients, begun half an hour ago."""
        now = self.place.now()
        kept: dict[str, Any] = {"kind": "campaign", "frozen": FROZEN, "starts_at": now - timedelta(minutes=30)}
        kept |= {"ends_at": now + timedelta(days=3), "planned_to": None, "made_at": now - timedelta(hours=1)}
        kept |= {"made_by": None, "approved_by": None} | more
        number = chance.number()
        await self.writes(runs.add, Run(number, campaign, state=state, **kept))
        if state in ENDED:
            await self.writes(runs.move, number, state, ended_at=now)
        return number

    async def listed(self, run: int, state: Any = "pending", channel: str = "telegram", **more: Any) -> int:
        """One recipient of it, in a state. `minutes` ago it left, `why`, `tapped`, `language` Who waits, waits long."""
        now, minutes = self.place.now(), more.pop("minutes", 5)
        why, tapped, language = more.pop("why", ""), more.pop("tapped", False), more.pop("language", "ar")
        number = await self.subscriber(channel, language)
        await self.writes(recipients.add, run, [Listed(number, channel, now + timedelta(days=1))])
        if state != "pending":
            left = None if state in {"skipped", "unsubscribed", "cancelled"} else now - timedelta(minutes=minutes)
            await self.writes(recipients.change, [Change(run, number, state, why, left)])
        if tapped:
            await self.writes(recipients.tap, run, number)
        return number

    async def many(self, run: int, count: int, state: Any, **more: Any) -> None:
        for _ in range(count):
            await self.listed(run, state, **more)


async def half_sent(seeds: Seeds, state: Any = "sending", **more: Any) -> int:
    """A run in the middle, with everything in it that a run may meet. It is held until all of it is there."""
    run = await seeds.run("paused", **more)
    await seeds.many(run, 12, "delivered")
    await seeds.many(run, 4, "read", channel="whatsapp", minutes=20, tapped=True)
    await seeds.many(run, 9, "pending")
    for why in ("63016", "63024", "63041", "403"):
        await seeds.listed(run, "failed", "telegram" if why == "403" else "whatsapp", why=why)
    await seeds.listed(run, "failed", "whatsapp", why="63018")
    for why in ("hidden", "hours", "spacing", "window"):
        await seeds.listed(run, "skipped", why=why)
    await seeds.many(run, 2, "doubt", channel="whatsapp", minutes=3)
    await seeds.listed(run, "unsubscribed", why="403")
    await seeds.writes(runs.move, run, state, ended_at=seeds.place.now() if state in ENDED else None)
    return run
