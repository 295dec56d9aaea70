"""GET /desk: the list of cases, or what somebody without cases may do here.

It shows lines only: to read a case, its own page is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import PlainTextResponse, Response

from console.desk.guard import Way
from console.desk.visit import Visit
from flows.ladder import LEVELS
from flows.terms import OURS
from handlers import board
from handlers.board import Page
from handlers.board_order import STATUSES, WAITS, WHOSE, Waits, Wanted, Whose
from handlers.words import DOORS, STATUS
from handlers.work_words import LEVELS as LEVEL_WORDS
from messages import Text, both, t
from storage.board import Closed

WHOSE_WORDS: Final[Mapping[Whose, Text]] = {
    "all": t("All open"),
    "mine": t("Mine"),
    "waiting": t("Not taken yet"),
    "closed": t("Closed"),
}
WAITS_WORDS: Final[Mapping[Waits, Text]] = {
    "somebody": t("Somebody to take it"),
    "contact": t("Contact with her"),
    "answer": t("An answer to her"),
    "task": t("A task of mine"),
}
_MANY_PAGES = 100_000


class Unusable(Exception):
    """The address asks for something that the list doesn't know."""


async def cases(visit: Visit) -> Response:
    """The list; whoever has no right to cases sees a plain page instead."""
    if not visit.may("cases"):
        return visit.page("list_home.html")
    try:
        wanted = wanted_of(visit.request.query_params)
    except Unusable:
        said = t("The list doesn't know this filter. Go back to the desk and choose again.")
        return PlainTextResponse(visit.say(said) + "\n", 400)
    page = board.EMPTY
    if not visit.session.duress:
        page = await visit.desk.board.page(visit.desk.store, visit.member, wanted, visit.world())
    return visit.page("list.html", **_shown(visit, wanted, page))


def _shown(visit: Visit, wanted: Wanted, page: Page) -> dict[str, Any]:
    places = visit.world().rules.taxonomy.governorates
    names = {code: both(ar=place.ar, en=place.en) for code, place in places.items()} | dict(OURS)
    return {
        "page": page,
        "wanted": wanted,
        "now": visit.world().now,
        "places": names,
        "whose": WHOSE_WORDS,
        "doors": DOORS,
        "levels": LEVEL_WORDS,
        "statuses": STATUS,
        "waits": WAITS_WORDS,
        "open_statuses": [(code, STATUS[code]) for code in STATUSES if code],
        "is_filtered": bool(wanted.level or wanted.status or wanted.waits),
        "address": lambda **changes: address_of(wanted, **changes),
    }


def wanted_of(asked: Mapping[str, str]) -> Wanted:
    """What an address asks for. Raises `Unusable`."""
    given = {name: asked.get(name, "") for name in ("whose", "level", "status", "waits")}
    whose = given["whose"] or "all"
    known = whose in WHOSE and given["level"] in ("", *LEVELS) and given["status"] in STATUSES
    if not known or given["waits"] not in WAITS:
        raise Unusable
    page = _numbers(asked.get("page") or "1", 1)[0]
    if not 1 <= page <= _MANY_PAGES:
        raise Unusable
    before = Closed(*_numbers(asked["before"], 2)) if asked.get("before") else None
    return Wanted(whose, given["level"], given["status"], given["waits"], page, before)  # type: ignore[arg-type]


def _numbers(said: str, count: int) -> list[int]:
    parts = said.split(".")
    if len(parts) != count or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):  # noqa: PLR2004
        raise Unusable
    return [min(int(part), 2**63 - 1) for part in parts]


def address_of(wanted: Wanted, **changes: object) -> str:
    """The list's address with these changes; another filter begins at its first page."""
    given = {"whose": wanted.whose, "level": wanted.level, "status": wanted.status, "waits": wanted.waits} | changes
    if isinstance(before := given.get("before"), Closed):
        given["before"] = f"{before.opened_at}.{before.id}"
    usual = {("whose", "all"), ("page", 1)}
    kept = {name: value for name, value in given.items() if value and (name, value) not in usual}
    return f"/desk?{urlencode(kept)}" if kept else "/desk"


WAYS: tuple[Way, ...] = (Way("/desk", cases, "own"),)
