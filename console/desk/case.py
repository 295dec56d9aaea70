"""Shows the page of one case, whose content her browser fetches sealed and opens; and the words for what is in it.

It never sees what a case holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from starlette.responses import JSONResponse, PlainTextResponse, Response

from console.desk.guard import Way
from console.desk.visit import Visit
from handlers.words import dictionary
from handlers.work import NotDone, Who, theirs
from handlers.work_words import TRACKS
from messages import Text, raw, t
from storage import audit, staff
from storage.unit import Unit

EVENTS: Final[Mapping[str, Callable[[str], Text]]] = {
    "read": lambda _name: t("opened the case"),
    "read_file": lambda _name: t("opened a file"),
    "take": lambda _name: t("took the case"),
    "contact": lambda _name: t("has been in touch with her"),
    "give_back": lambda _name: t("gave the case back"),
    "assign": lambda name: t("gave a part in the case to {name}", name=raw(name)),
    "hand_over": lambda name: t("handed the case over to {name}", name=raw(name)),
    "share": lambda name: t("handed the key on to {name}", name=raw(name)),
    "off": lambda name: t("took {name} off the case", name=raw(name)),
    "bar": lambda name: t("had the case kept from {name}", name=raw(name)),
    "message_sent": lambda _name: t("a message to her went out"),
    "message_dropped": lambda _name: t("a message to her did not go out"),
    "message_back": lambda _name: t("took a message back"),
    "task_done": lambda _name: t("finished a task"),
    "task_undone": lambda _name: t("took up a task again"),
    "to_be_destroyed": lambda _name: t("the woman wants it destroyed: that is done when it is closed"),
    "agreed:evidence": lambda _name: t("the woman agreed that it be kept as evidence"),
    "took_back:evidence": lambda _name: t("the woman took back that it be kept as evidence"),
    "agreed:contact": lambda _name: t("the woman agreed to be contacted"),
    "took_back:contact": lambda _name: t("the woman took back that she may be contacted"),
}
"""What the log says beside the sealed things. What is told by a sealed thing (a note, a message) is not told twice."""
READS: Final = frozenset(("read", "read_file"))
_SOMEBODY: Final = t("a colleague")


async def page(visit: Visit) -> Response:
    """The page: everything in it but the code comes sealed, and is opened by her browser."""
    code = visit.request.path_params["code"]
    try:
        case = await visit.read(theirs, code, _who(visit), change=False)
    except NotDone as refused:
        return visit.page("case_gone.html", 404, why=refused.why)
    return visit.page("case.html", code=case.code, tracks=TRACKS)


async def words(visit: Visit) -> Response:
    """The words for every code, in her language."""
    return JSONResponse(dictionary(visit.language, visit.world().rules))


class Event(NamedTuple):
    """One entry of the log, as the time line needs it."""

    at: datetime
    staff: str | None
    what: str
    target: str


async def times(visit: Visit) -> Response:
    """What the log says of a case: codes and names, for whoever works on it."""
    code = visit.request.path_params["code"]
    try:
        found = await visit.read(events, code, _who(visit))
    except NotDone as refused:
        return PlainTextResponse(visit.say(refused.why), refused.status)
    return JSONResponse({"events": [_shown(visit, event) for event in found]})


def events(unit: Unit, code: str, who: Who) -> list[Event]:
    """The newest entries of the log about a case that she works on. Raises `NotDone` (404)."""
    case = theirs(unit, code, who, change=False)
    names = {member.id: member.name for member in staff.members(unit)}
    return [
        Event(entry.at, names.get(entry.staff or 0), entry.what, names.get(entry.target or 0, ""))
        for entry in audit.of_case(unit, case.id)
        if entry.what in EVENTS
    ]


def _shown(visit: Visit, event: Event) -> dict[str, Any]:
    return {
        "at": event.at.isoformat(),
        "staff": event.staff,
        "text": visit.say(EVENTS[event.what](event.target or visit.say(_SOMEBODY))),
        "read": event.what in READS,
    }


def _who(visit: Visit) -> Who:
    return Who(visit.member.id, visit.member.role, visit.session.duress)


WAYS: tuple[Way, ...] = (
    Way("/desk/cases/{code}", page, "cases"),
    Way("/desk/cases/{code}/times", times, "cases"),
    Way("/desk/words", words, "cases"),
)
