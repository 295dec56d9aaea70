"""Everything that is done to a case from its page: reads what is asked, hands it to an act, and answers in JSON.

It decides nothing and opens nothing. What is not done is told in a sentence, and then nothing of it was kept.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from starlette.responses import JSONResponse, PlainTextResponse, Response

from console.desk.guard import Way
from console.desk.visit import Endpoint, Visit
from handlers import replies, work, work_end, work_items, work_people, work_take, work_view
from handlers.work import Done, NotDone, Who, unusable
from handlers.work_words import DRAW_AGAIN
from messages import Text
from storage.unit import Taken

Act = Callable[..., Done]
_NUMBERS = 1 << 62
_DIGITS = 19


def _who(visit: Visit) -> Who:
    return Who(visit.member.id, visit.member.role, visit.session.duress)


def _number(written: str) -> int:
    """A number in an address. Raises `NotDone` (404)."""
    if not (written.isascii() and written.isdecimal() and len(written) <= _DIGITS and int(written) < _NUMBERS):
        raise work.not_here()
    return int(written)


async def _asked(visit: Visit, kind: type[Any]) -> Any:
    """The JSON object that came, strictly of its kind. Raises `NotDone` for anything else, however deep."""
    if _is_form(visit) and kind is work_take.Nothing:
        return kind()
    try:
        return msgspec.json.decode(await visit.request.body() or b"{}", type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        raise unusable() from None


def _is_form(visit: Visit) -> bool:
    kind = visit.request.headers.get("content-type", "")
    return kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))


def _plain(value: Any, visit: Visit) -> Any:
    """What JSON can carry: sentences in her language, bytes as base64, moments as ISO 8601."""
    match value:
        case Text():
            return visit.say(value)
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return value.isoformat()
        case dict() | Mapping():
            return {key: _plain(one, visit) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one, visit) for one in value]
        case _:
            return value


def _refused(visit: Visit, error: NotDone) -> Response:
    if _is_form(visit):
        return PlainTextResponse(visit.say(error.why) + "\n", error.status)
    said = {"why": error.why, "code": error.code} | error.more
    return JSONResponse(_plain(said, visit), error.status)


def _guarded(endpoint: Callable[[Visit], Awaitable[Response]]) -> Endpoint:
    """An endpoint that tells in a sentence what was not done."""

    async def answer(visit: Visit) -> Response:
        try:
            return await endpoint(visit)
        except NotDone as error:
            return _refused(visit, error)
        except Taken:
            return _refused(visit, NotDone(409, "number", DRAW_AGAIN))

    return answer


def _does(act: Act, kind: type[Any]) -> Endpoint:
    """An endpoint that does an act; a number in the address goes with it."""

    async def endpoint(visit: Visit) -> Response:
        place = visit.request.path_params
        more = {"number": _number(place["number"])} if "number" in place else {}
        asked = await _asked(visit, kind)
        done = await visit.write(act, place["code"], _who(visit), asked, visit.world(), **more)
        if _is_form(visit):
            return visit.go(str(done.values.get("next") or f"/desk/cases/{place['code']}"))
        return JSONResponse({"done": True} | _plain(done.values, visit))

    return _guarded(endpoint)


async def _sealed(visit: Visit) -> Response:
    code, have = visit.request.path_params["code"], _number(visit.request.query_params.get("have", "0"))
    found = await visit.write(work_view.look, code, _who(visit), visit.world(), have)
    return JSONResponse(_plain(found, visit))


async def _part(visit: Visit) -> Response:
    place = visit.request.path_params
    file, part = _number(place["number"]), _number(place["part"])
    if part >= 1 << 31:
        raise work.not_here()
    body = await visit.write(work.read_part, place["code"], _who(visit), file, part, visit.world())
    return Response(body, media_type="application/octet-stream")


async def _colleagues(visit: Visit) -> Response:
    found = await visit.read(work_people.colleagues, visit.request.path_params["code"], _who(visit))
    return JSONResponse(_plain(found, visit))


async def _ready(visit: Visit) -> Response:
    found = await visit.read(replies.ready, visit.request.path_params["code"], _who(visit))
    return JSONResponse(_plain(found, visit))


_CASE = "/desk/cases/{code}"


def _post(path: str, act: Act, kind: type[Any]) -> Way:
    return Way(_CASE + path, _does(act, kind), "cases", ("POST",))


WAYS: tuple[Way, ...] = (
    Way(f"{_CASE}/sealed", _guarded(_sealed), "cases"),
    Way(f"{_CASE}/files/{{number}}/{{part}}", _guarded(_part), "cases"),
    Way(f"{_CASE}/colleagues", _guarded(_colleagues), "cases"),
    Way(f"{_CASE}/messages/ready", _guarded(_ready), "cases"),
    _post("/take", work_take.take, work_take.Nothing),
    _post("/contact", work_take.contact, work_take.Nothing),
    _post("/give-back", work_take.give_back, work_take.Nothing),
    _post("/items", work_items.add, work_items.Sealed),
    _post("/tracks", work_items.change_track, work_items.TrackChange),
    _post("/tasks", work_items.add_task, work_items.NewTask),
    _post("/tasks/{number}", work_items.change_task, work_items.TaskChange),
    _post("/people", work_people.give, work_people.NewPart),
    _post("/people/{number}/off", work_people.take_off, work_people.Off),
    _post("/hand-over", work_people.hand_over, work_people.Over),
    _post("/shares", work_people.share, work_people.Shares),
    _post("/urgency", work_end.change_level, work_end.NewLevel),
    _post("/close", work_end.close, work_end.Ending),
    _post("/reopen", work_end.reopen, work_end.Beginning),
    _post("/messages/preview", replies.preview, replies.Draft),
    _post("/messages", replies.write, replies.Message),
    _post("/messages/{number}/back", replies.take_back, work_take.Nothing),
)
"""What can be done to a case, and what the page of a case asks for. Words to it: `handlers.work_words`."""
