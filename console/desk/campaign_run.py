"""The page of a run: how far it is, live, and what may be done with it: take back, hold, end, send again.

It polls a part of itself while something moves, and names no reader: letters in doubt have running numbers only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, cast

from starlette.responses import Response

from console.desk import run_page
from console.desk.guard import Way, refuse
from console.desk.run_page import Wanted
from console.desk.visit import Visit
from handlers import broadcasts, campaign_report, campaign_run
from handlers.campaign_run import Running
from messages import Text, t
from storage.unit import Unit

Fate = Literal["sent", "again"]
HERE: Final = "/desk/campaigns/{campaign}/runs/{run}"
LONGEST: Final = 19
"""Digits of the largest number of a row."""


async def show(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def now(visit: Visit) -> Response:
    """The part of it that moves; beside it whatever else has changed since `seen`."""
    wanted = run_page.wanted(visit)
    running = await _look(visit, wanted)
    if running is None or wanted is None:
        return refuse(visit, 404)
    marks = run_page.marks(running)
    changed = visit.request.query_params.get("seen", "") != marks
    doubts = (
        await visit.read(campaign_run.doubts, wanted.run) if changed and running.progress.counts.get("doubt") else []
    )
    return visit.page("run_part.html", changed=changed, **run_page.values(visit, running, doubts))


async def _page(visit: Visit, status: int = 200, said: Text | None = None) -> Response:
    wanted = run_page.wanted(visit)
    running = await _look(visit, wanted)
    if running is None or wanted is None:
        return visit.page("run_gone.html", 404)
    doubts = await visit.read(campaign_run.doubts, wanted.run) if running.progress.counts.get("doubt") else []
    return visit.page("run.html", status, said=said, **run_page.values(visit, running, doubts))


async def _look(visit: Visit, wanted: Wanted | None) -> Running | None:
    if wanted is None or visit.session.duress:
        return None
    return await visit.read(campaign_run.look, wanted.campaign, wanted.run, visit.world())


# ---------------------------------------------------------------- what may be done with it


async def take_back(visit: Visit) -> Response:
    """Cancel it before its first letter."""
    late = t("It has begun already. It can still be paused or ended.")
    return await _done(visit, campaign_run.take_back, late)


async def pause(visit: Visit) -> Response:
    """Hold it."""
    return await _done(visit, broadcasts.pause, t("It was held or over already."))


async def resume(visit: Visit) -> Response:
    """Let it go on."""
    return await _done(visit, broadcasts.resume, t("It wasn't held any more."))


async def cancel(visit: Visit) -> Response:
    """End it for good."""
    return await _done(visit, broadcasts.cancel, t("It was over already."))


async def retry(visit: Visit) -> Response:
    """Send again what failed and may be sent again."""
    return await _done(visit, broadcasts.retry, t("There is nothing to send again any more."))


async def stop_all(visit: Visit) -> Response:
    """Hold everything that is being sent, lessons as well."""
    return await _done(visit, _stop_all, t("Everything was held already."))


def _stop_all(unit: Unit, run: int, by: int, world: Any) -> bool:
    del run
    return broadcasts.stop_all(unit, by, world)


async def _done(visit: Visit, act: Callable[[Unit, int, int, Any], object], otherwise: Text) -> Response:
    """Do it to the run that is named; `otherwise` is said where there was nothing to do."""
    wanted = run_page.wanted(visit)
    if wanted is None or visit.session.duress or not await visit.read(campaign_run.is_of, wanted.campaign, wanted.run):
        return visit.page("run_gone.html", 404)
    if not await visit.write(act, wanted.run, visit.member.id, visit.world()):
        return await _page(visit, 409, otherwise)
    return visit.go(wanted.address)


async def doubt(visit: Visit) -> Response:
    """A person decides about a letter in doubt."""
    form = await visit.request.form()
    number, fate = str(form.get("number", "")), str(form.get("fate", ""))
    wanted = run_page.wanted(visit)
    if wanted is None or visit.session.duress or not await visit.read(campaign_run.is_of, wanted.campaign, wanted.run):
        return visit.page("run_gone.html", 404)
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST) or fate not in {"sent", "again"}:
        return await _page(visit, 422, t("Choose what became of this letter."))
    reader = await visit.read(campaign_report.subscriber_at, wanted.run, int(number))
    settled = reader is not None and await visit.write(
        broadcasts.settle_doubt, wanted.run, reader, cast("Fate", fate), visit.member.id, visit.world()
    )
    if not settled:
        return await _page(visit, 409, t("What became of this letter is known by now, or its time is over."))
    return visit.go(wanted.address)


WAYS: tuple[Way, ...] = (
    Way(HERE, show, "compose"),
    Way(f"{HERE}/now", now, "compose"),
    Way(f"{HERE}/back", take_back, "approve", ("POST",)),
    Way(f"{HERE}/pause", pause, "publish", ("POST",)),
    Way(f"{HERE}/resume", resume, "publish", ("POST",)),
    Way(f"{HERE}/cancel", cancel, "publish", ("POST",)),
    Way(f"{HERE}/retry", retry, "publish", ("POST",)),
    Way(f"{HERE}/stop-all", stop_all, "publish", ("POST",)),
    Way(f"{HERE}/doubt", doubt, "publish", ("POST",)),
)
"""What this page can do."""
