"""Telegram as a real HTTP server on this machine: the Bot API for one bot, its webhook, and persons with phones.

It never patches the project's code; point the project at `tg.url` (TELEGRAM_API_URL) and at the token.

    async with Telegram(token="123:abc") as tg:
        amal = tg.person(chat_id=1001, first_name="Amal")
        tg.sets_webhook("http://127.0.0.1:8000/telegram", secret="s3cret")   # or the project calls setWebhook, or polls
        await amal.says("/start")
        question = await amal.sees("safe place", within=5)        # unread messages only; now it is read
        await amal.presses("No")                                  # newest message with such an inline button
        await tg.settles()                                        # every update was taken with 2xx (or confirmed)
        amal.expects_nothing_more()

Time: `tg.passes(seconds)` moves its clock: button presses not taken expire after 150 s, other updates after 24 h,
messages can be deleted for 48 h (hers and the bot's, up to 100 in a call; what is older or unknown is skipped), file
links live 1 h, retries come due. `Telegram(clock=…)` shares a clock.
Trouble: `tg.fails("sendMessage", status=500, times=2)`, `(…, hangs=True)`, `(…, retry_after=3)`,
`(…, carried_out=True)` (done, but the answer is lost), `tg.recovers()`, `tg.blocked_by(1001)`,
`tg.deactivated(1001)`, `tg.migrates(-5, -100)`, `tg.repeats_deliveries = 2`, `tg.reorder(2)`, `tg.holds()` and
`tg.releases()`.
A reply keyboard stands in `amal.standing` until the bot removes it, whatever becomes of the message that brought it;
`await amal.presses_standing("label")` writes its words.
Rates: 30 in any second over all, deletions too, 1/s a chat after a burst of 5, 20/min a group (negative id);
`tg.limits = None` lifts them. `tg.calls` logs (method, params, at, status), downloads as "download", a webhook's
refusals as "webhook failed"; `await tg.called("sendMessage", times=2, chat_id=1001)` waits for one;
`tg.unknown_fields` is what Telegram ignores.
Stricter than Telegram: a field of the wrong type is always refused. Not there: the Markdown modes, groups' members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.platforms import contract_telegram as contract
from tests.platforms import telegram_methods, telegram_settings
from tests.platforms.failures import Failure, Failures
from tests.platforms.phones import Clock
from tests.platforms.telegram_checks import FIELDS, Refusal, Upload, typed
from tests.platforms.telegram_delivery import Deliveries
from tests.platforms.telegram_person import Person
from tests.platforms.telegram_rates import Limits, Rates

ACTS = {**telegram_settings.ACTS, **telegram_methods.ACTS}
USUAL = Limits()
SPELLINGS = {method.lower(): method for method in contract.METHODS}


@dataclass(frozen=True, slots=True)
class Stored:
    """A file Telegram keeps."""

    file_id: str
    path: str
    data: bytes
    size: int

    def as_size(self) -> dict[str, Any]:
        """The fields every kind of file has."""
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id[-8:]}", "file_size": self.size}


class Telegram(Deliveries):
    """The platform for one bot. Seconds: `retry_base` before a webhook is tried again, `answer_within` to answer it."""

    def __init__(
        self,
        token: str = "123:abc",
        *,
        clock: Clock | None = None,
        limits: Limits | None = USUAL,
        retry_base: float = 0.05,
        answer_within: float = 60.0,
        port: int = 0,
    ) -> None:
        super().__init__(clock, port, retry_base, answer_within)
        self.token = token
        self.limits = limits
        self.bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Sanad",
            "username": "sanad_test_bot",
        }
        self.persons: dict[int, Person] = {}
        self.files: dict[str, Stored] = {}
        self.links: dict[str, float] = {}
        self.commands: dict[str, dict[str, str]] = {}
        self.names: dict[str, str] = {}
        self.unknown_fields: set[tuple[str, str]] = set()
        self.stays: set[int] = set()
        """Messages that can't be deleted for everyone: a call that names one of them is refused whole."""
        self.next_message = 1
        self._failures = Failures()
        self._migrated: dict[int, int] = {}
        self._queries: dict[str, tuple[float, Person]] = {}
        self._rates = Rates()

    async def start(self) -> None:
        """Open the Bot API and the file downloads on one address."""
        routes = [
            web.get("/file/bot{token}/{path:.+}", self._download),
            web.route("*", "/bot{token:[^/]+}/{method}", self._answer),
        ]
        self.url = await self.open(routes, port=self._port)

    # What tests arrange.

    def person(
        self, chat_id: int, first_name: str = "Amal", language_code: str = "ar", *, has_written: bool = False
    ) -> Person:
        """Someone with a phone. The bot cannot write to her before she has written (or `has_written`)."""
        person = Person(self, chat_id, first_name, language_code, has_written=has_written)
        self.persons[chat_id] = person
        return person

    def fails(
        self,
        method: str | None = None,
        *,
        status: int = 500,
        times: int | None = 1,
        chat_id: int | None = None,
        retry_after: int | None = None,
        hangs: bool = False,
        closes: bool = False,
        carried_out: bool = False,
        description: str | None = None,
    ) -> None:
        """Let the next `times` calls (None: all) of a method (None: any) end in an error, silence or a cut line."""
        to = None if chat_id is None else str(chat_id)
        status = 429 if retry_after is not None else status
        self._failures.add(Failure(method, to, status, times, carried_out, hangs, closes, retry_after, description))

    def recovers(self) -> None:
        """End all failures asked for."""
        self._failures.clear()

    def blocked_by(self, chat_id: int) -> None:
        """She blocked the bot, and the bot was not told."""
        self.persons[chat_id].blocked = True

    def deactivated(self, chat_id: int) -> None:
        """Her account is gone."""
        self.persons[chat_id].deactivated = True

    def migrates(self, chat_id: int, new_chat_id: int) -> None:
        """A group became a supergroup with another id."""
        self._migrated[chat_id] = new_chat_id

    # What its parts ask of it.

    def new_message_id(self) -> int:
        """The next message's number; one sequence for all chats of a bot."""
        self.next_message += 1
        return self.next_message

    def keeps_file(self, data: bytes, folder: str, ending: str, size: int | None = None) -> Stored:
        """Store a file under a fresh file_id."""
        number = len(self.files) + 1
        stored = Stored(f"AgACAgQ-file-{number:08d}", f"{folder}/file_{number}.{ending}", data, size or len(data))
        self.files[stored.file_id] = stored
        return stored

    def opens_query(self, person: Person) -> str:
        """A fresh callback query's id."""
        query = str(4_000_000_000 + len(self._queries))
        self._queries[query] = (self.clock.now(), person)
        return query

    def answers_query(self, query: str) -> Person:
        """Who pressed, if it can still be answered."""
        opened, person = self._queries.get(query, (0.0, None))
        if person is None or self.clock.now() - opened > contract.BUTTON_LIVES:
            raise Refusal(400, contract.TOO_OLD)
        return person

    def reaches(self, chat_id: int | str) -> Person:
        """The person of a chat, or a refusal when the bot cannot write there."""
        if chat_id in self._migrated:
            raise Refusal(400, contract.MIGRATED, migrate_to_chat_id=self._migrated[int(chat_id)])
        person = self.persons.get(int(chat_id)) if isinstance(chat_id, int) else None
        if person is None or not person.has_written:
            raise Refusal(400, contract.NO_CHAT)
        if person.deactivated:
            raise Refusal(403, contract.DEACTIVATED)
        if person.blocked:
            raise Refusal(403, contract.BLOCKED)
        return person

    def spends(self, chat_id: int) -> None:
        """Count a message against the rates, or refuse it with the seconds to wait."""
        if self.limits is not None:
            self._rates.spend(chat_id, self.limits, self.clock.now())

    def counts(self) -> None:
        """Count a call that sends nothing against the bot's rate, or refuse it."""
        if self.limits is not None:
            self._rates.call(self.limits, self.clock.now())

    # HTTP.

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        raw = await _fields_of(request)
        method = SPELLINGS.get(request.match_info["method"].lower(), request.match_info["method"])
        call = self.log(method, raw)
        try:
            body = await self._act(request, method, raw)
        except Refusal as refusal:
            call.status = refusal.status
            headers = {}
            if after := refusal.body.get("parameters", {}).get("retry_after"):
                headers["Retry-After"] = str(after)
            return web.json_response(refusal.body, status=refusal.status, headers=headers)
        call.status = 200
        return web.json_response({"ok": True, "result": body})

    async def _act(self, request: web.Request, method: str, raw: dict[str, Any]) -> Any:
        if request.match_info["token"] != self.token:
            raise Refusal(401, "Unauthorized")
        if method not in ACTS:
            raise Refusal(404, "Not Found: method not found")
        self.unknown_fields |= {(method, name) for name, value in raw.items() if _is_unknown(method, name, value)}
        failure = self._failures.meet(method, str(raw.get("chat_id")))
        if failure is not None and not failure.carried_out:
            await self._fail(request, failure)
        result = await ACTS[method](self, typed(method, raw))
        if failure is not None:
            await self._fail(request, failure)
        return result

    async def _fail(self, request: web.Request, failure: Failure) -> None:
        if failure.hangs:
            await self.hang()
        if (failure.hangs or failure.closes) and request.transport is not None:
            request.transport.abort()
        if failure.retry_after is not None:
            after = failure.retry_after
            raise Refusal(429, f"Too Many Requests: retry after {after}", retry_after=after)
        raise Refusal(failure.status, failure.description or "Internal Server Error")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        call = self.log("download", {"path": path})
        good = request.match_info["token"] == self.token and self.links.get(path, 0) > self.clock.now()
        failure = self._failures.meet("download", None)
        call.status = 200 if good and failure is None else failure.status if failure else 404
        if failure is not None and failure.hangs:
            await self.hang()
        if call.status != 200:
            return web.json_response(
                {"ok": False, "error_code": call.status, "description": "Not Found"}, status=call.status
            )
        stored = next(stored for stored in self.files.values() if stored.path == path)
        return web.Response(body=stored.data, content_type="application/octet-stream")


def _is_unknown(method: str, name: str, value: object) -> bool:
    return name not in FIELDS[method] and not isinstance(value, Upload)


async def _fields_of(request: web.Request) -> dict[str, Any]:
    """Query, form, multipart or JSON: the Bot API takes them all."""
    raw: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return raw | dict(await request.json())
    for name, value in (await request.post()).items():
        raw[name] = Upload(value.filename, value.file.read()) if isinstance(value, web.FileField) else value
    return raw


__all__ = ["Limits", "Person", "Telegram"]
