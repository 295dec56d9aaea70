"""The log's pages: all entries for whoever audits, a case's for those who work on it. Nobody changes anything here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from babel.dates import format_datetime
from markupsafe import Markup
from starlette.responses import PlainTextResponse, Response

from console.desk import log_words
from console.desk.guard import Way
from console.desk.visit import Visit
from handlers import log
from handlers.log import EMPTY, Looked
from handlers.work import NotDone, Who
from messages import Text, raw, t
from messages.arabic import isolate
from messages.catalog import LOCALES
from storage import staff
from storage.audit import Entry

_MOMENT = {"ar": "y-MM-dd HH:mm:ss", "en": "y-MM-dd HH:mm:ss"}
_LARGEST = 2**62


class Unusable(Exception):
    """The address asks for something that is no number of ours."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is shown."""

    seq: int
    at: Markup
    who: Text
    what: Text
    code: str


async def whole(visit: Visit) -> Response:
    """GET /desk/log: everything that was done, newest first; with `who`, what one member did."""
    try:
        before, who = _number(visit, "before"), _number(visit, "who")
    except Unusable:
        return PlainTextResponse(visit.say(t("The log has no such page. Go back and choose again.")) + "\n", 400)
    looked, people = EMPTY, []
    if not visit.session.duress:
        looked = await visit.write(log.whole, visit.member.id, before, who, visit.world())
        people = sorted((one for one in await visit.read(staff.members)), key=lambda one: (not one.active, one.name))
    return visit.page(
        "log.html",
        lines=_lines(visit, looked),
        people=[(str(one.id), one.name) for one in people],
        who="" if who is None else str(who),
        older=_older(looked, who),
        first=before is None,
    )


async def of_case(visit: Visit) -> Response:
    """GET /desk/cases/{code}/log: who read, wrote, exported and changed what in a case that she works on."""
    code = visit.request.path_params["code"]
    who = Who(visit.member.id, visit.member.role, visit.session.duress)
    try:
        before = _number(visit, "before")
        looked = await visit.write(log.of_case, code, who, before, visit.world())
    except NotDone as refused:
        return visit.page("case_gone.html", 404, why=refused.why)
    except Unusable:
        return PlainTextResponse(visit.say(t("The log has no such page. Go back and choose again.")) + "\n", 400)
    return visit.page(
        "log_case.html", lines=_lines(visit, looked), code=code, older=_older(looked, None), first=before is None
    )


def _number(visit: Visit, name: str) -> int | None:
    """A number of an address; None where it is not given. Raises `Unusable`."""
    words = visit.request.query_params.get(name, "")
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and int(words[:20]) <= _LARGEST and len(words) <= 20):  # noqa: PLR2004
        raise Unusable
    return int(words)


def _older(looked: Looked, who: int | None) -> str:
    """The query of the page behind this one; empty at the end."""
    if looked.older is None:
        return ""
    return urlencode({"before": looked.older} | ({} if who is None else {"who": who}))


def _lines(visit: Visit, looked: Looked) -> list[Line]:
    return [_line(visit, looked, entry) for entry in looked.entries]


def _line(visit: Visit, looked: Looked, entry: Entry) -> Line:
    who = log_words.PROGRAM if entry.staff is None else raw(looked.names.get(entry.staff, "?"))
    about = looked.names.get(entry.target or 0, "?")
    code = looked.codes.get(entry.case or 0, "")
    return Line(entry.seq, _when(visit, entry.at), who, log_words.said(entry.what, isolate(about)), code)


def _when(visit: Visit, at: datetime) -> Markup:
    shown = format_datetime(at, _MOMENT[visit.language], visit.desk.zone, LOCALES[visit.language])
    return Markup('<time class="number" dir="ltr" datetime="{}">{}</time>').format(at.isoformat(), shown)


WAYS: tuple[Way, ...] = (
    Way("/desk/log", whole, "audit"),
    Way("/desk/cases/{code}/log", of_case, "cases"),
)
