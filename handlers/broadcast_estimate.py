"""Estimates a broadcast before it is approved: to how many, how long it takes, how many days, and what it costs.

It never lists anybody, and it changes nothing: it is read beside the writer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from flows.broadcast import WINDOW, Audience
from handlers.draw import World
from messages.text import Language
from storage import people, subscribers, tier
from storage.unit import Unit

PACE: Final = {"telegram": 28 * 60, "whatsapp": 80 * 60}
"""Letters a minute that a channel takes from us (channels); where it is not named, more than any campaign sends."""
_DAY: Final = timedelta(hours=24)
_CENT: Final = 100
"""Prices are hundredths of a US cent."""


@dataclass(frozen=True, slots=True)
class Part:
    """Those of one channel and language. `outside` can be sent a template only (WhatsApp's 24-hour window)."""

    channel: str
    language: Language
    count: int
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a broadcast would be, if it were sent now."""

    total: int
    parts: tuple[Part, ...]
    """Only those with anybody in them, by channel and language."""
    outside: int
    """How many can only be sent a template."""
    minutes: int
    """How long it takes at its pace, hours and spacing apart."""
    days: int
    """Over how many days WhatsApp's tier spreads it; 1 where it fits today."""
    cents: int
    """US cents that the templates cost."""


def estimate(
    unit: Unit, audience: Audience, world: World, *, category: str = "utility", per_minute: int = 0
) -> Estimate:
    """What it would be: reads every subscriber once (100,000 in some 2 s, beside the writer)."""
    since = world.now - WINDOW
    inside = people.heard_since(unit, "whatsapp", since)
    counts: Counter[tuple[str, Language, bool]] = Counter()
    after, last = -1, None
    while after != last:
        last = after
        for one in subscribers.after(unit, after, 1000):
            after = one.id
            subscription = one.facts.subscription
            if audience.has(subscription, one.channel, one.facts.leader):
                key = people.who(one.channel, one.facts.address)
                outside = one.channel == "whatsapp" and inside.isdisjoint(unit.vault.indexes(key))
                counts[one.channel, subscription.language, outside] += 1
    return _estimate(unit, counts, world, category, per_minute)


def _estimate(
    unit: Unit, counts: Counter[tuple[str, Language, bool]], world: World, category: str, per_minute: int
) -> Estimate:
    rules = world.rules.broadcasts
    parts = tuple(
        Part(channel, language, counts[channel, language, False] + counts[channel, language, True],
             counts[channel, language, True])
        for channel, language in sorted({(channel, language) for channel, language, _ in counts})
    )  # fmt: skip
    total, outside = counts.total(), sum(part.outside for part in parts)
    by_channel = Counter[str]()
    for part in parts:
        by_channel[part.channel] += part.count
    pace = per_minute or rules.per_minute
    slowest = max((count / min(pace, PACE.get(channel, pace)) for channel, count in by_channel.items()), default=0.0)
    minutes = ceil(max(slowest, total / pace))
    cents = ceil(outside * rules.cost.get(category, 0) / _CENT)
    return Estimate(total, parts, outside, minutes, _days(unit, outside, world.now, rules.portfolio), cents)


def _days(unit: Unit, outside: int, now: datetime, most: int) -> int:
    """Those that fit today beside what was sent already; then a tier each day."""
    today = max(0, most - tier.by_template(unit, now - _DAY))
    return 1 + ceil(max(0, outside - today) / most)
