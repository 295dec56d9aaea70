"""Twilio's REST API as HTTP: who may ask, what is answered, and the host that serves media.

It never decides what becomes of a message; twilio_outgoing does.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.platforms import contract_twilio as contract
from tests.platforms.failures import Failures
from tests.platforms.twilio_calls import Calls
from tests.platforms.twilio_checks import Refusal
from tests.platforms.twilio_records import VERSION, Media, Record

Fields = dict[str, list[str]]
Act = Callable[[web.Request, Fields], Any]
ACCOUNT = f"/{VERSION}/Accounts/{{account}}"
MESSAGE = ACCOUNT + "/Messages/{sid:(?:SM|MM)[0-9a-f]{32}}"
MEDIA = MESSAGE + "/Media/{media:ME[0-9a-f]{32}}{json:(?:\\.json)?}"


class Rest(Calls):
    """The REST API of one account."""

    def __init__(self, *, account_sid: str, auth_token: str, sender: str, **more: Any) -> None:
        super().__init__(account_sid=account_sid, auth_token=auth_token, sender=sender, **more)
        self.media_url = ""
        self.media_needs_auth = True
        self.leaked_credentials = 0
        self.voice_calls: list[dict[str, str]] = []
        self._failures = Failures()
        self._links: dict[str, tuple[float, Media]] = {}

    async def start(self) -> None:
        """Open the REST API, and the media's host under another name and port."""
        one = MESSAGE + ".json"
        routes = [
            web.post(ACCOUNT + "/Messages.json", self._as("CreateMessage", self._create)),
            web.get(ACCOUNT + "/Messages.json", self._as("ListMessages", self._list)),
            web.get(one, self._as("FetchMessage", self._fetch)),
            web.post(one, self._as("UpdateMessage", self._update)),
            web.delete(one, self._as("DeleteMessage", self._delete)),
            web.get(MESSAGE + "/Media.json", self._as("ListMedia", self._list_media)),
            web.get(MEDIA, self._as("FetchMedia", self._fetch_media)),
            web.delete(MEDIA, self._as("DeleteMedia", self._drop_media)),
            web.post(ACCOUNT + "/Calls.json", self._as("CreateCall", self._ring)),
            web.get(ACCOUNT + "/Calls.json", self._as("ListCalls", self._list_calls)),
        ]
        self.url = await self.open(routes, port=self._port)
        self.media_url = await self.open([web.get("/media/{key}", self._serve_media)], host="localhost")

    def _as(self, method: str, act: Act) -> Any:
        async def answer(request: web.Request) -> web.StreamResponse:
            params = await _fields_of(request)
            call = self.log(method, {name: values[0] for name, values in params.items()} | dict(request.match_info))
            try:
                response = await self._act(request, method, params, act)
            except Refusal as refusal:
                response = web.json_response(refusal.body, status=refusal.status)
            call.status = response.status
            response.headers["Twilio-Concurrent-Requests"] = "1"
            return response

        return answer

    async def _act(
        self,
        request: web.Request,
        method: str,
        params: Fields,
        act: Act,
    ) -> web.Response:
        self._admit(request, method)
        failure = self._failures.meet(method, params.get("To", [None])[0])
        if failure is None or failure.carried_out:
            result = act(request, params)
            if failure is None:
                return result if isinstance(result, web.Response) else web.json_response(*result[:1], status=result[1])
        if failure.hangs:
            await self.hang()
        if (failure.hangs or failure.closes) and request.transport is not None:
            request.transport.abort()
        raise Refusal(failure.code or 20500, status=failure.status)

    def _admit(self, request: web.Request, method: str) -> None:
        expected = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        open_media = method == "FetchMedia" and not self.media_needs_auth
        if request.headers.get("Authorization") != f"Basic {expected}" and not open_media:
            raise Refusal(20003)
        if request.match_info["account"] != self.account_sid:
            raise Refusal(20404, request.path)

    def _create(self, _: web.Request, params: Fields) -> tuple[Any, int]:
        return self.creates(params).view(self.account_sid), 201

    def _list(self, request: web.Request, _: Fields) -> tuple[Any, int]:
        query = request.query
        found = [one for one in reversed(self.records.values()) if _matches(one, dict(query))]
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        shown = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size

        def uri(number: int) -> str:
            return f"{request.path}?{urlencode({**query, 'PageSize': size, 'Page': number})}"

        body = {
            "messages": [one.view(self.account_sid) for one in shown],
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(shown) - 1, 0),
            "uri": uri(page),
            "first_page_uri": uri(0),
            "next_page_uri": uri(page + 1) if more else None,
            "previous_page_uri": uri(page - 1) if page else None,
        }
        return body, 200

    def _record(self, request: web.Request) -> Record:
        record = self.records.get(request.match_info["sid"])
        if record is None:
            raise Refusal(20404, request.path)
        return record

    def _fetch(self, request: web.Request, _: Fields) -> tuple[Any, int]:
        return self._record(request).view(self.account_sid), 200

    def _update(self, request: web.Request, params: Fields) -> tuple[Any, int]:
        record = self._record(request)
        if params.get("Body") != [""]:
            raise Refusal(20001, "Body")
        if record.status in contract.UNFINISHED:
            raise Refusal(20009)
        record.body = ""
        return record.view(self.account_sid), 200

    def _delete(self, request: web.Request, _: Fields) -> web.Response:
        record = self._record(request)
        if record.status in contract.UNFINISHED:
            raise Refusal(20009)
        del self.records[record.sid]
        return web.Response(status=204)

    def _files(self, request: web.Request) -> list[Media]:
        return [one for one in self.media.values() if one.message == request.match_info["sid"]]

    def _file(self, request: web.Request) -> Media:
        found = next((one for one in self._files(request) if one.sid == request.match_info["media"]), None)
        if found is None:
            raise Refusal(20404, request.path)
        return found

    def _list_media(self, request: web.Request, _: Fields) -> tuple[Any, int]:
        files = [one.view(self.account_sid) for one in self._files(request)]
        return {"media_list": files, "page": 0, "page_size": 50, "uri": request.path, "next_page_uri": None}, 200

    def _fetch_media(self, request: web.Request, _: Fields) -> Any:
        media = self._file(request)
        if request.match_info["json"]:
            return media.view(self.account_sid), 200
        key = f"{len(self._links):08x}"
        self._links[key] = (self.clock.now() + contract.MEDIA_LINK_LIVES, media)
        return web.Response(status=307, headers={"Location": f"{self.media_url}/media/{key}"})

    def _drop_media(self, request: web.Request, _: Fields) -> web.Response:
        del self.media[self._file(request).sid]
        return web.Response(status=204)

    async def _serve_media(self, request: web.Request) -> web.Response:
        self.leaked_credentials += "Authorization" in request.headers
        until, media = self._links.get(request.match_info["key"], (0.0, None))
        if media is None or self.clock.now() > until:
            return web.Response(status=403)
        return web.Response(body=media.data, content_type=media.content_type)

    def _ring(self, _: web.Request, params: Fields) -> tuple[Any, int]:
        fields = {name: values[0] for name, values in params.items()}
        if not contract.E164.fullmatch(fields.get("To", "")):
            raise Refusal(21211, fields.get("To", ""))
        if not fields.get("Url") and not fields.get("Twiml") and not fields.get("ApplicationSid"):
            raise Refusal(21205)
        self.voice_calls.append(fields)
        return self.rings(params).view(self.account_sid) | {"status": "queued"}, 201

    def _list_calls(self, request: web.Request, _: Fields) -> tuple[Any, int]:
        found = [call.view(self.account_sid) for call in self.listed(dict(request.query))]
        return {"calls": found, "page": 0, "page_size": 50, "uri": request.path, "next_page_uri": None}, 200


async def _fields_of(request: web.Request) -> Fields:
    form = await request.post()
    return {name: [str(value) for value in form.getall(name)] for name in form}


def _matches(record: Record, query: dict[str, str]) -> bool:
    day = datetime.fromtimestamp(record.created, UTC).date()
    return (
        query.get("To", record.to) == record.to
        and query.get("From", record.sender) == record.sender
        and ("DateSent" not in query or day == _day(query["DateSent"]))
        and ("DateSent<" not in query or day <= _day(query["DateSent<"]))
        and ("DateSent>" not in query or day >= _day(query["DateSent>"]))
    )


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()
