"""GET /desk/load: for those who organise: what waits, who has how much, how long it takes, where nobody is.

It shows numbers, names of colleagues and codes, never anything of what is in a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import PlainTextResponse, Response

from console.desk.guard import Way
from console.desk.visit import Visit
from console.desk.when import lasting, spanning
from flows.ladder import LEVELS
from handlers import load
from handlers.load import SPANS, WHAT, Load, What
from handlers.words import CHANNEL
from handlers.work_words import LEVELS as LEVEL_WORDS
from messages import Text, t

WHAT_WORDS: Final[Mapping[What, Text]] = {
    "taken": t("until somebody took it"),
    "contacted": t("until somebody was in touch with her"),
    "closed": t("until it was closed"),
}


async def show(visit: Visit) -> Response:
    """The coordinators' page."""
    found = Load()
    if not visit.session.duress:
        found = await visit.read(load.load_of, visit.desk.board.facets, visit.world())
    return visit.page(
        "load.html",
        load=found,
        levels=LEVEL_WORDS,
        order=LEVELS,
        what=WHAT_WORDS,
        whats=WHAT,
        spans=SPANS,
        channels=CHANNEL,
        lasting=lambda span: lasting(span, visit.language),
        span=lambda start, end: spanning(start, end, visit.language, visit.desk.zone),
    )


async def codes(visit: Visit) -> Response:
    """The codes of the cases that a colleague's keys open."""
    said = visit.request.path_params["staff"]
    found = None
    if said.isascii() and said.isdigit() and len(said) < 20 and not visit.session.duress:  # noqa: PLR2004 - 62 bits
        found = await visit.write(load.codes_of, visit.member.id, int(said), visit.world())
    if found is None:
        return PlainTextResponse(visit.say(t("There is nobody of this number.")) + "\n", 404)
    member, listed = found
    return visit.page("load_codes.html", name=member.name, codes=listed, most=load.MOST_CODES)


WAYS: tuple[Way, ...] = (Way("/desk/load", show, "organise"), Way("/desk/load/{staff}", codes, "organise"))
