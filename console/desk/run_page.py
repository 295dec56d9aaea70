"""Draws the page of a run: which run, how often it asks again, what is said of it, in which numbers. It never acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from babel.dates import format_datetime

from console.desk import plots
from console.desk.campaign_words import LANGUAGE, LEADER, TOPIC, TRACK
from console.desk.run_words import HALTED, ORDER, RUNS, STATES, reasons
from console.desk.visit import Visit
from flows.broadcast import ENDED, Audience
from flows.pushed import WAYS
from handlers.campaign_run import Doubt, Running
from handlers.words import CHANNEL
from messages import Text, t
from messages.arabic import quote
from messages.catalog import LOCALES, MOMENT

_LIVE: Final = 2
"""Seconds between two looks while something moves."""
_CALM: Final = 20
"""Seconds between two looks while it is held, or its hour is far."""
_NEAR: Final = timedelta(minutes=30)
_ARRIVED: Final = ("read", "delivered", "sent")
_LARGEST: Final = 2**63
_LONGEST: Final = 19


@dataclass(frozen=True, slots=True)
class Wanted:
    """The run that an address names."""

    campaign: int
    run: int

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"/desk/campaigns/{self.campaign}/runs/{self.run}"


def wanted(visit: Visit) -> Wanted | None:
    """The run of the address; None for what is no number of ours."""
    numbers = [visit.request.path_params[name] for name in ("campaign", "run")]
    if not all(one.isascii() and one.isdigit() and len(one) <= _LONGEST and int(one) < _LARGEST for one in numbers):
        return None
    return Wanted(*map(int, numbers))


def values(visit: Visit, running: Running, doubts: Sequence[Doubt]) -> dict[str, Any]:
    """What the page's templates show."""
    progress, now = running.progress, visit.world().now
    here = Wanted(running.campaign, progress.run).address
    return {
        "run_at": here,
        "back": f"/desk/campaigns/{running.campaign}" if running.campaign else "/desk/campaigns/calendar",
        "title": title(visit, running),
        "audience": audience(running.frozen.audience),
        "running": running,
        "progress": progress,
        "every": every(running, now),
        "marks": marks(running),
        "news": news(running),
        "state": RUNS[progress.state],
        "halted": HALTED.get(progress.why),
        "countdown": countdown(running, now),
        "pieces": plots.stacked(progress.counts, ORDER),
        "states": STATES,
        "order": [state for state in ORDER if progress.counts.get(state)],
        "reasons": reasons(progress.reasons),
        "channels": CHANNEL,
        "doubts": doubts,
        "may_again": progress.state != "cancelled" and progress.ends_at > now,
        "ended": progress.state in ENDED,
        "beside": False,
        "ways": [WAYS[way] for way in running.frozen.buttons],
        "quote": quote,
        "moment": lambda at: moment(visit, at),
    }


def title(visit: Visit, running: Running) -> str:
    """What the run is called: a campaign's name, or the title of a tip."""
    tip = visit.world().rules.content.tips.get(running.progress.name) if running.progress.kind == "tip" else None
    return quote(running.progress.name) if tip is None else visit.say(tip.title)


def audience(wanted: Audience) -> list[Text]:
    """For whom it was, in words."""
    found = [LEADER[one] for one in LEADER if one in wanted.leaders]
    if not found and wanted.topic:
        found.append(TOPIC[wanted.topic])
    found += [TRACK[one] for one in TRACK if one in wanted.tracks]
    found += [LANGUAGE[one] for one in wanted.languages]
    return found + [CHANNEL[one] for one in CHANNEL if one in wanted.channels]


def every(running: Running, now: datetime) -> int:
    """Seconds until the page asks again; 0 where nothing moves any more."""
    progress = running.progress
    if progress.state in ENDED:
        return 0
    if progress.state == "paused" or (progress.state == "waiting" and running.opens_at - now > _NEAR):
        return _CALM
    return _LIVE


def marks(running: Running) -> str:
    """What of it the parts hang on that don't move with every letter."""
    progress = running.progress
    known = (progress.state, progress.why, running.stopped, running.is_before, running.retriable, _tenths(running))
    return ".".join(str(one) for one in (*known, progress.counts.get("doubt", 0)))


def _tenths(running: Running) -> int:
    """How many tenths of it have left, or won't."""
    progress = running.progress
    return 10 * (progress.total - progress.left) // progress.total if progress.total else 0


def news(running: Running) -> Text:
    """What a screen reader is told, and only when it changes."""
    if running.stopped:
        return t("Everything that is being sent is held.")
    match running.progress.state:
        case "sending":
            return t("{percent} per cent is done.", percent=10 * _tenths(running))
        case state:
            return RUNS[state]


def countdown(running: Running, now: datetime) -> str:
    """Minutes and seconds until the first letter may leave; empty where that isn't near."""
    left = running.opens_at - now
    if not running.is_before or not timedelta() < left <= _NEAR:
        return ""
    minutes, seconds = divmod(int(left.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def arrived(counts: Any) -> int:
    """How many letters left for good, as far as anybody knows."""
    return sum(counts.get(state, 0) for state in _ARRIVED)


def moment(visit: Visit, at: datetime) -> str:
    """A whole moment, in her language and the desk's zone."""
    return format_datetime(at, MOMENT[visit.language], visit.desk.zone, LOCALES[visit.language])
