"""The case desk: pages for those who work here, at /desk. It renders and asks; acts are in `handlers`."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from console.desk import guard
from console.desk.guard import Way
from console.desk.visit import Desk

WAYS: tuple[Way, ...] = ()
"""Every address of the desk with the right that it needs: the index of these pages."""


def routes(desk: Desk) -> list[BaseRoute]:
    """The desk's routes, /desk and below."""
    static = Mount("/desk/static", guard.Marked(StaticFiles(directory=Path(__file__).parent.parent / "static")))
    return [*guard.routes(desk, WAYS), static]
