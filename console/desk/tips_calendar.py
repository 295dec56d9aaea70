"""The calendar of tips: which comes when, added by plain fields, paused, removed; and which tips nobody has looked at.

It sends nothing: `handlers.tip_calendar` does when an hour comes. Under duress it is empty, and nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.responses import Response

from console.desk import tips_form
from console.desk.campaign_words import TRACK
from console.desk.guard import Way, refuse
from console.desk.rota_page import ZONES
from console.desk.run_page import arrived, moment
from console.desk.run_words import RUNS
from console.desk.tips_form import DAYS, SUGGESTED, WEEK_WORDS, Day, Slot, Wrong, hours, read
from console.desk.visit import Visit
from handlers import campaign_run, tip_calendar
from handlers.broadcasts import Progress
from handlers.draw import World
from messages import Text, clock, t
from messages.content import Tip
from messages.text import join
from storage.calendar import Entry
from storage.unit import Unit

HERE: Final = "/desk/campaigns/calendar"
_LONGEST: Final = 19
_SPOKEN: Final = ZoneInfo("Asia/Aden")
"""The zone in which `render` says an hour."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown."""

    entry: Entry
    what: Text
    when: Text | None
    """In words; None where the line is of a kind that only crontab can say."""
    tip: Tip | None
    """What comes next on it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """All of it."""

    lines: tuple[Line, ...] = ()
    sent: tuple[Progress, ...] = ()
    stale: tuple[Tip, ...] = ()


async def show(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def add(visit: Visit) -> Response:
    """One more line."""
    form = await visit.request.form()
    given = {name: words for name, words in form.items() if isinstance(words, str)}
    days = [one for one in form.getlist("days") if isinstance(one, str)]
    try:
        slot, zone = tips_form.slot(given, days, visit.world().rules.broadcasts), _zone(given.get("zone", ""))
    except Wrong as wrong:
        return await _page(visit, 422, wrong.why, given, days)
    if visit.session.duress:
        return visit.go(HERE)
    if not await visit.write(_add, [slot], zone, visit.member.id, visit.world()):
        said = t("This line stands already, or the calendar is full.")
        return await _page(visit, 409, said, given, days)
    return visit.go(HERE)


async def suggested(visit: Visit) -> Response:
    """The lines that we propose, as far as they don't stand already."""
    if visit.session.duress:
        return visit.go(HERE)
    if not await visit.write(_add, SUGGESTED, visit.desk.zone.key, visit.member.id, visit.world()):
        return await _page(visit, 409, t("The suggested lines stand already, or the calendar is full."))
    return visit.go(HERE)


def _add(unit: Unit, slots: Iterable[Slot], zone: str, by: int, world: World) -> int:
    """Add those that don't stand already. Says how many."""
    known = {(one.part, one.moments, one.zone) for one in tip_calendar.everything(unit)}
    fresh = [one for one in slots if (one.part, one.moments, zone) not in known]
    return sum(tip_calendar.add(unit, one.part, one.moments, by, world, zone=zone) is not None for one in fresh)


async def pause(visit: Visit) -> Response:
    """Let a line rest."""
    return await _done(visit, tip_calendar.pause)


async def resume(visit: Visit) -> Response:
    """Let it go on."""
    return await _done(visit, tip_calendar.resume)


async def remove(visit: Visit) -> Response:
    """Take it out."""
    return await _done(visit, tip_calendar.remove)


async def _done(visit: Visit, act: Callable[[Unit, int, int | None, World], bool]) -> Response:
    number = visit.request.path_params["number"]
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST and int(number) < 1 << 63):
        return refuse(visit, 404)
    if visit.session.duress:
        return visit.go(HERE)
    if not await visit.write(act, int(number), visit.member.id, visit.world()):
        return await _page(visit, 409, t("Somebody has changed the calendar meanwhile. Look at it, then do it again."))
    return visit.go(HERE)


def _zone(name: str) -> str:
    """A zone that there is. Raises `Wrong`."""
    try:
        return ZoneInfo(name.strip()).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(t("There is no such time zone. Choose one of the list, such as Asia/Aden.")) from None


# ---------------------------------------------------------------- how it is shown


async def _page(
    visit: Visit,
    status: int = 200,
    said: Text | None = None,
    given: Mapping[str, str] | None = None,
    days: Iterable[str] = (),
) -> Response:
    shown = Shown() if visit.session.duress else await visit.read(_look, visit.world())
    filled = {"part": "digital", "hour": "17", "weeks": "every", "zone": visit.desk.zone.key} | dict(given or {})
    values: dict[str, Any] = {"shown": shown, "said": said, "filled": filled, "chosen": set(days)}
    values |= {"tracks": TRACK, "days": DAY, "weeks": WEEK_WORDS, "zones": ZONES}
    values |= {"hours": [(hour, _hour(hour)) for hour in hours(visit.world().rules.broadcasts)]}
    values |= {"states": RUNS, "arrived": arrived, "moment": lambda at: moment(visit, at)}
    values |= {"title_of": lambda run: visit.say(_title(run, visit.world()))}
    return visit.page("tips_calendar.html", status, **values)


def _look(unit: Unit, world: World) -> Shown:
    content = world.rules.content
    today = world.now.astimezone(ZoneInfo(world.zone)).date()
    return Shown(
        tuple(_line(one, world) for one in tip_calendar.everything(unit)),
        tuple(campaign_run.of_calendar(unit, world)),
        tuple(tip for tip in content.tips.values() if tip_calendar.is_stale(tip, today, world)),
    )


def _line(entry: Entry, world: World) -> Line:
    slot, found = read(entry.part, entry.moments), tip_calendar.next_tip(entry, world)
    what = TRACK[entry.part] if entry.part in TRACK else t("All tracks in turn")  # type: ignore[index]
    return Line(entry, what, None if slot is None else _when(slot), found[0] if found else None)


def _when(slot: Slot) -> Text:
    days = join(*(DAY[day] for day in slot.days), between=" · ")
    return join(days, WEEK_WORDS[slot.weeks], _hour(slot.hour), between=" · ")


def _hour(hour: int) -> Text:
    """An hour of the day, however it is written in her language."""
    return clock(datetime(2000, 1, 1, hour, tzinfo=_SPOKEN))


def _title(run: Progress, world: World) -> Text:
    tip = world.rules.content.tips.get(run.name)
    return t("A tip") if tip is None else tip.title


_WORDS: Final = (t("Saturday"), t("Sunday"), t("Monday"), t("Tuesday"), t("Wednesday"), t("Thursday"), t("Friday"))
DAY: Final[Mapping[Day, Text]] = dict(zip(DAYS, _WORDS, strict=True))
WAYS: tuple[Way, ...] = (
    Way(HERE, show, "compose"),
    Way(HERE, add, "publish", ("POST",)),
    Way(f"{HERE}/suggested", suggested, "publish", ("POST",)),
    Way(f"{HERE}/{{number}}/pause", pause, "publish", ("POST",)),
    Way(f"{HERE}/{{number}}/resume", resume, "publish", ("POST",)),
    Way(f"{HERE}/{{number}}/remove", remove, "publish", ("POST",)),
)
"""What this page can do."""
