"""The rota's pages: the week, what is arranged on it, a calendar's link. It asks and renders; acts are in `handlers`.

Under duress the rota is empty, and nothing that is sent to it is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import assert_never, cast, get_args

from starlette.responses import PlainTextResponse, Response

from console.desk import rota_form as form
from console.desk.guard import Way
from console.desk.rota_form import Wrong
from console.desk.rota_page import HERE, address, back, page, stays, week_of
from console.desk.visit import Visit
from handlers import feed, rota, rota_asks
from handlers.rota import Done, Doubtful, Outcome, Refused
from handlers.rota_asks import Answer


async def week(visit: Visit) -> Response:
    """A week of the rota."""
    try:
        first = week_of(visit, visit.request.query_params.get("week", ""))
    except Wrong as wrong:
        return await page(visit, week_of(visit, ""), wrong.why, 400)
    return await page(visit, first)


# ---------------------------------------------------------------- what is arranged


async def add(visit: Visit) -> Response:
    """Put a shift on the rota."""
    given = await form.read(visit.request)
    try:
        wanted = form.wanted(given, visit.member.id, visit.desk.zone.key)
    except Wrong as wrong:
        return await page(visit, back(visit, given), wrong.why, 422, filled=given)
    if visit.session.duress:
        return _return(visit, given)
    outcome = await visit.write(rota.add, visit.member, wanted, visit.world(), sure=form.is_sure(given))
    return await _answered(visit, given, outcome)


async def remove(visit: Visit) -> Response:
    """Take a shift off the rota, or what is left of it."""
    given = await form.read(visit.request)
    if visit.session.duress:
        return _return(visit, given)
    try:
        number = form.number(given, "shift")
    except Wrong as wrong:
        return await page(visit, back(visit, given), wrong.why, 404)
    outcome = await visit.write(rota.remove, visit.member, number, visit.world(), sure=form.is_sure(given))
    return await _answered(visit, given, outcome)


async def ask(visit: Visit) -> Response:
    """Ask a colleague to take a shift, whole or in part."""
    given = await form.read(visit.request)
    if visit.session.duress:
        return _return(visit, given)
    try:
        asking = form.asking(given, visit.desk.zone)
    except Wrong as wrong:
        return await page(visit, back(visit, given), wrong.why, 422)
    outcome = await visit.write(rota_asks.ask, visit.member, asking, visit.world(), sure=form.is_sure(given))
    return await _answered(visit, given, outcome)


async def answer(visit: Visit) -> Response:
    """Answer a request, or take one's own back."""
    given = await form.read(visit.request)
    if visit.session.duress:
        return _return(visit, given)
    said = given.get("answer", "")
    try:
        number = form.number(given, "request")
    except Wrong as wrong:
        return await page(visit, back(visit, given), wrong.why, 404)
    outcome: Outcome = rota.gone()
    if said in get_args(Answer):
        outcome = await visit.write(rota_asks.answer, visit.member.id, number, cast("Answer", said), visit.world())
    return await _answered(visit, given, outcome)


async def _answered(visit: Visit, given: Mapping[str, str], outcome: Outcome) -> Response:
    match outcome:
        case Done():
            return _return(visit, given)
        case Refused(why, status):
            return await page(visit, back(visit, given), why, status)
        case Doubtful(doubts):
            kept = {name: words for name, words in given.items() if name not in {"token", "sure"}}
            path = visit.request.url.path
            asked = visit.page("rota_sure.html", doubts=doubts, kept=kept, path=path, back=address(visit, given))
            return stays(visit, asked, back(visit, given))
        case _:
            assert_never(outcome)


def _return(visit: Visit, given: Mapping[str, str]) -> Response:
    return visit.go(address(visit, given))


# ---------------------------------------------------------------- her calendar


async def link(visit: Visit) -> Response:
    """Make a link for her calendar, shown this once, or take it away."""
    given = await form.read(visit.request)
    first = back(visit, given)
    if given.get("act") == "revoke":
        if not visit.session.duress:
            await visit.write(feed.revoke, visit.member.id, visit.world())
        return _return(visit, given)
    token = visit.desk.token()
    if not visit.session.duress:
        await visit.write(feed.renew, visit.member.id, token, visit.world())
    return await page(visit, first, link=f"{visit.desk.address}{HERE}/feed/{token}.ics")


async def calendar(visit: Visit) -> Response:
    """Her times on call, for a calendar that knows the link; whatever else, there is nothing here."""
    token = visit.request.path_params["token"]
    shown = await visit.read(feed.shown, token, visit.world()) if len(token) < 100 else None  # noqa: PLR2004
    if shown is None:
        return PlainTextResponse("Not Found", 404)
    tag = f'"{hashlib.sha256(shown).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in visit.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(shown, media_type="text/calendar; charset=utf-8", headers=headers)


WAYS: tuple[Way, ...] = (
    Way("/desk/rota", week, "rota"),
    Way("/desk/rota/add", add, "rota", ("POST",)),
    Way("/desk/rota/remove", remove, "rota", ("POST",)),
    Way("/desk/rota/ask", ask, "rota", ("POST",)),
    Way("/desk/rota/answer", answer, "rota", ("POST",)),
    Way("/desk/rota/feed", link, "rota", ("POST",)),
    Way("/desk/rota/feed/{token}.ics", calendar, "anyone"),
)
