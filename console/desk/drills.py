"""Where a coordinator begins a drill, stops it, and reads how the last ones went.

It never shows a drill to whoever may not organise, and under duress there are none and none is begun.
"""

from __future__ import annotations

from starlette.responses import Response

from console.desk.guard import Way
from console.desk.visit import Visit
from flows.ladder import Level
from handlers import drills
from handlers.drill_letters import minutes
from handlers.drills import LEVELS, TOLD, Begun
from messages import Text, t
from storage.unit import Taken

_DRAWS = 5


async def show(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def begin(visit: Visit) -> Response:
    """Begin a drill at the level that was chosen."""
    level = str((await visit.request.form()).get("level", ""))
    if level not in LEVELS:
        return await _page(visit, t("Choose one of the levels."), 422)
    if visit.session.duress:
        return visit.go("/desk/rota/drill")
    begun = await _begin(visit, level)
    return visit.go("/desk/rota/drill") if isinstance(begun, Begun) else await _page(visit, begun.why, 409)


async def _begin(visit: Visit, level: Level) -> Begun | drills.Refused:
    for attempt in range(_DRAWS):
        try:
            return await visit.write(drills.begin, level, visit.world(), visit.member.id)
        except Taken:  # its code was another case's already
            if attempt == _DRAWS - 1:
                raise
    raise AssertionError


async def stop(visit: Visit) -> Response:
    """End the drill that is running."""
    if not visit.session.duress:
        await visit.write(drills.stop, visit.world(), visit.member.id)
    return visit.go("/desk/rota/drill")


async def _page(visit: Visit, wrong: Text | None = None, status: int = 200) -> Response:
    found = [] if visit.session.duress else await visit.read(drills.reports)
    return visit.page("drills.html", status, reports=found, levels=_LEVELS, told=TOLD, minutes=minutes, wrong=wrong)


_LEVELS: dict[Level, Text] = {
    "critical": t("critical: everybody within minutes"),
    "high": t("high: within the hour"),
    "medium": t("medium: in working hours"),
}
"""The levels at which somebody is woken, as they are offered."""
WAYS: tuple[Way, ...] = (
    Way("/desk/rota/drill", show, "organise"),
    Way("/desk/rota/drill", begin, "organise", ("POST",)),
    Way("/desk/rota/drill/stop", stop, "organise", ("POST",)),
)
"""What this page can do."""
