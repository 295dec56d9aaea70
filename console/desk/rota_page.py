"""Draws the rota's page: which week, in which words, with what she filled in. It never acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from babel.dates import format_date
from starlette.responses import Response

from console.desk import rota_form as form
from console.desk.rota_form import Wrong
from console.desk.visit import Visit
from handlers import rota, rota_week
from handlers.rota import MOST_WEEKS
from messages import Text, t
from messages.catalog import DAY, LOCALES

HERE = "/desk/rota"
ZONES: Final = (
    *("Asia/Aden", "Asia/Riyadh", "Asia/Dubai", "Asia/Amman", "Africa/Cairo", "Africa/Djibouti", "Europe/Istanbul"),
    *("Europe/Berlin", "Europe/Amsterdam", "Europe/London", "America/New_York"),
)
"""Zones that are offered by name; any other can be written."""
_FIELDS: Final = ("who", "instead", "level", "starts", "ends", "zone", "weeks")


async def page(visit: Visit, first: date, said: Text | None = None, status: int = 200, **more: Any) -> Response:
    """The rota's page for the week from a Saturday on; `said` is what was wrong with what she sent."""
    world = visit.world()
    shown = rota_week.empty_week(first, world)
    if not visit.session.duress:
        shown = await visit.read(rota_week.week, visit.member, first, world)
    around = {"before": first - timedelta(days=7), "after": first + timedelta(days=7)}
    values: dict[str, Any] = {
        "week": shown,
        "said": said,
        "zones": ZONES,
        "most_weeks": MOST_WEEKS,
        "link": "",
        "levels": rota.LEVELS,
    }
    filled = more.pop("filled", {})
    values |= {"filled": {name: filled.get(name, "") for name in _FIELDS}, "adding": bool(filled)}
    values |= {"times": partial(rota_week.times, zone=world.zone)} | _days(visit)
    return stays(visit, visit.page("rota.html", status, **(values | around | more)), first)


def stays(visit: Visit, answer: Response, first: date) -> Response:
    """What answers a form stands at the rota's own address, so that it can be loaded again."""
    if visit.request.method == "POST":
        answer.headers["HX-Push-Url"] = f"{HERE}?week={first.isoformat()}"
    return answer


def _days(visit: Visit) -> dict[str, Any]:
    """How days are written: whole, short for a column, and in a line."""

    def written(shape: str) -> Callable[[date], str]:
        return lambda day: format_date(day, shape, LOCALES[visit.language])

    comma = "\u060c" if visit.language == "ar" else ","
    return {
        "day_long": written(DAY[visit.language]),
        "day_short": written("EEEE d/M"),
        "day_plain": written(f"EEEE{comma} d MMMM"),
    }


def week_of(visit: Visit, words: str) -> date:
    """The Saturday of a week that is named by one of its days; without one, of this week. Raises `Wrong`."""
    today = visit.world().now.astimezone(visit.desk.zone).date()
    try:
        day = date.fromisoformat(words) if words else today
    except ValueError:
        raise Wrong(t("This is no day. Choose a week below.")) from None
    if day.year not in form.YEARS:
        raise Wrong(t("This is no day. Choose a week below."))
    return rota_week.saturday(day)


def address(visit: Visit, given: Mapping[str, str]) -> str:
    """The rota's own address, at the week that she came from."""
    return f"{HERE}?week={back(visit, given).isoformat()}"


def back(visit: Visit, given: Mapping[str, str]) -> date:
    """The week that she came from."""
    try:
        return week_of(visit, given.get("week", ""))
    except Wrong:
        return week_of(visit, "")
