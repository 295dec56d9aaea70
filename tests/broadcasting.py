"""What the stories of broadcasts share: subscribers with phones, a run that sends, and what became of each.

It subscribes and launches through the acts that the bot and the desk use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import chance
from flows.broadcast import Audience, Frozen
from flows.public import Subscription
from handlers import broadcasts
from handlers.broadcasts import Progress
from storage import subscribers
from storage.unit import Unit
from tests.town import Town

TIPS = Frozen(
    "Tips", {"ar": "نصيحة اليوم: بدّلي كلمة السر.", "en": "Today's tip: change your password."}, Audience("tips")
)
AWARE = replace(TIPS, name="Aware", texts={"ar": "خبر اليوم", "en": "News of the day"}, audience=Audience("awareness"))
HERS = Subscription(("tips", "awareness"), "ar")


async def subscribed(place: Town, channel: str, address: str, subscription: Subscription = HERS) -> int:
    """Somebody who asked for tips and awareness. Returns her number."""

    def act(unit: Unit) -> int:
        facts = subscribers.Facts(address, subscription)
        return subscribers.put(unit, chance.number(), channel, facts, place.now())

    return await place.working.store.write(act)


async def crowd(place: Town, count: int, first: int = 1001, subscription: Subscription = HERS) -> dict[int, Any]:
    """So many phones of Telegram that have written once and are subscribed, by chat."""
    phones = {}
    for chat in range(first, first + count):
        phones[chat] = place.telegram.person(chat, has_written=True)
        await subscribed(place, "telegram", str(chat), subscription)
    return phones


async def launched(place: Town, frozen: Frozen = TIPS, *, after: timedelta | None = None, **more: Any) -> int:
    """A run that begins now (its undo window is over at once), or after a while."""
    world = place.working.world()
    starts = place.now() + (after or timedelta())
    kind = more.pop("kind", "tip")
    return await place.working.store.write(broadcasts.launch, frozen, starts, world, kind=kind, **more)


async def progress(place: Town, run: int) -> Progress:
    found = await place.working.store.read(broadcasts.progress, run, place.working.world())
    assert found is not None
    return found


async def becomes(place: Town, run: int, holds: Callable[[Progress], bool], seconds: float = 15) -> Progress:
    """Wait until a run is as it should be."""
    found = await progress(place, run)
    try:
        async with asyncio.timeout(seconds):
            while not holds(found):
                await asyncio.sleep(0.05)
                found = await progress(place, run)
    except TimeoutError:
        letters = await place.working.store.read(lambda unit: unit.all("SELECT key, state, why, attempts FROM letters"))
        calls = [(call.method, call.status) for call in place.twilio.calls]
        told = f"letters {letters}; log {place.log.getvalue()}; calls {calls}"
        raise AssertionError(f"the run stays {found}; {told}") from None
    return found


async def ends(place: Town, run: int, seconds: float = 15) -> Progress:
    return await becomes(place, run, lambda found: found.ended_at is not None, seconds)


def texts(place: Town, chat: int) -> list[str]:
    """What a chat of Telegram was sent, as the platform took it."""
    calls = (call for call in place.telegram.calls if call.method == "sendMessage" and call.status == 200)
    return [str(call.params["text"]) for call in calls if str(call.params["chat_id"]) == str(chat)]


def noon() -> datetime:
    return datetime.fromisoformat("2026-11-22T09:00:00+00:00")
