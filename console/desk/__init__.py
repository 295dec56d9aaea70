"""The case desk: pages for those who work here, at /desk. It renders and asks; acts are in `handlers`."""

from __future__ import annotations

from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from console.desk import (
    account,
    box,
    campaign_courses,
    campaign_edit,
    campaign_media,
    campaign_preview,
    campaign_report,
    campaign_run,
    campaign_templates,
    campaigns,
    case,
    cases,
    drills,
    entry,
    events,
    factor,
    guard,
    leaders,
    load,
    log,
    people,
    polls,
    rota,
    stories,
    tips_calendar,
    voice,
    welcome,
    work,
)
from console.desk.guard import Way
from console.desk.visit import Desk

WAYS: tuple[Way, ...] = (
    *entry.WAYS,
    *welcome.WAYS,
    *factor.WAYS,
    *account.WAYS,
    *people.WAYS,
    *cases.WAYS,
    *events.WAYS,
    *load.WAYS,
    *log.WAYS,
    *work.WAYS,
    *case.WAYS,
    *rota.WAYS,
    *drills.WAYS,
    *voice.WAYS,
    *campaign_courses.WAYS,
    *campaigns.WAYS,
    *campaign_media.WAYS,
    *tips_calendar.WAYS,
    *campaign_templates.WAYS,
    *campaign_run.WAYS,
    *campaign_report.WAYS,
    *polls.WAYS,
    *stories.WAYS,
    *box.WAYS,
    *leaders.WAYS,
    *campaign_edit.WAYS,
    *campaign_preview.WAYS,
)
"""Every address of the desk with the right that it needs: the index of these pages."""


def routes(desk: Desk) -> list[BaseRoute]:
    """The desk's routes, /desk and below."""
    desk.store.listen(desk.hub.woken)
    files = StaticFiles(directory=Path(__file__).parent.parent / "static")
    # Only what is the same for everybody is compressed: a page with a secret in it would give it away by its size.
    static = Mount("/desk/static", guard.Marked(GZipMiddleware(files)))
    return [*guard.routes(desk, WAYS), static]
