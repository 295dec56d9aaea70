"""Opens the door to the platforms: proves who knocks, understands, hands over, and answers only after the commit.

It never tells a stranger why he was refused, and never writes to the log what anybody wrote.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram import rendering
from bot.channels.telegram.understanding import read as read_telegram
from bot.channels.trouble import told
from bot.channels.understood import NotUnderstood, Understood
from bot.channels.whatsapp.signature import Form, Signature
from bot.channels.whatsapp.status import StatusChange, status_outcome, unmarked
from bot.channels.whatsapp.understanding import read as read_whatsapp
from bot.metrics import Counts
from handlers.channel import ChannelName, Inbound

LARGEST = 1024 * 1024
"""Bytes of the largest body that is read: both platforms send far less."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

Receive = Callable[[Inbound], Awaitable[None]]
Status = Callable[[StatusChange], Awaitable[None]]

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TelegramWebhook:
    """What proves that it is Telegram: the secret we gave it with the address. ValueError where it is empty."""

    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not self.secret:
            raise ValueError("TELEGRAM_WEBHOOK_SECRET is empty: set it to 1-256 characters of A-Z a-z 0-9 _ -")


@dataclass(frozen=True, slots=True)
class WhatsAppWebhook:
    """What proves that it is Twilio: our public address as Twilio calls it, and the account's token."""

    public_url: str
    auth_token: str = field(repr=False)
    now: Callable[[], datetime]


def routes(
    telegram: TelegramWebhook | None, whatsapp: WhatsAppWebhook | None, receive: Receive, status: Status, counts: Counts
) -> list[Route]:
    """The platforms' addresses. `receive` and `status` return after the commit; if they raise, the platform repeats."""
    door = _Door(receive, status, counts)
    found = []
    if telegram is not None:
        found.append(Route("/telegram", _Telegram(door, telegram).update, methods=["POST"]))
    if whatsapp is not None:
        twilio = _Twilio(door, whatsapp)
        found.append(Route("/whatsapp", twilio.message, methods=["POST"]))
        found.append(Route("/whatsapp/status", twilio.status, methods=["POST"]))
    return found


class Refused(Exception):
    """The request is not believed, or not read. `status` is all that is said about it."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.why = why
        self.status = status


@dataclass(frozen=True, slots=True)
class _Door:
    """What every address shares: where messages go, and what is answered."""

    receive: Receive
    status: Status
    counts: Counts

    async def take(self, channel: ChannelName, understood: Understood, answer: Response) -> Response:
        """Hand a delivery over and answer once it is kept."""
        self.counts.update(channel, understood.kind, ignored=understood.inbound is None)
        if understood.inbound is None:
            return answer
        return await self.kept(channel, self.receive(understood.inbound), answer)

    async def kept(self, channel: ChannelName, work: Awaitable[None], answer: Response) -> Response:
        """The answer where the work was committed, else 500: then the platform brings it again."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing of it may get out
            self.counts.failed(channel)
            _log.error("receive_failed", channel=channel, **told(error))
            return Response(status_code=500)
        return answer

    def refuse(self, channel: ChannelName, refused: Refused) -> Response:
        """An empty answer; why stands only in the counters."""
        self.counts.refused(channel, refused.why)
        return Response(status_code=refused.status)


class _Telegram:
    def __init__(self, door: _Door, webhook: TelegramWebhook) -> None:
        self._door = door
        self._secret = webhook.secret.encode()

    async def update(self, request: Request) -> Response:
        """One update; a pressed button's hourglass is stopped by the answer itself."""
        try:
            self._believe(request)
            understood = _understood(await whole_body(request))
        except Refused as refused:
            return self._door.refuse("telegram", refused)
        answer = Response()
        if understood.callback:
            answer = Response(rendering.acknowledging(understood.callback), media_type="application/json")
        return await self._door.take("telegram", understood, answer)

    def _believe(self, request: Request) -> None:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            raise Refused("secret")


class _Twilio:
    def __init__(self, door: _Door, webhook: WhatsAppWebhook) -> None:
        self._door = door
        self._signature = Signature(webhook.public_url, webhook.auth_token)
        self._now = webhook.now

    async def message(self, request: Request) -> Response:
        """One message. The answer is empty TwiML: letters go out by themselves."""
        try:
            form = await self._form(request, "/whatsapp")
        except Refused as refused:
            return self._door.refuse("whatsapp", refused)
        answer = Response("<Response/>", media_type="text/xml")
        return await self._door.take("whatsapp", read_whatsapp(form), answer)

    async def status(self, request: Request) -> Response:
        """How far a letter got; its key came along in the address, which Twilio signs too."""
        try:
            form = await self._form(request, "/whatsapp/status")
        except Refused as refused:
            return self._door.refuse("whatsapp", refused)
        change = status_outcome(form, unmarked(request.query_params.get("letter", "")), self._now())
        self._door.counts.update("whatsapp", f"status_{change.state}" if change else "status", ignored=change is None)
        if change is None:
            return Response()
        return await self._door.kept("whatsapp", self._door.status(change), Response())

    async def _form(self, request: Request, path: str) -> Form:
        query = request.scope["query_string"].decode("latin-1")
        form = self._signature.opened(f"{path}?{query}" if query else path, request.headers, await whole_body(request))
        if form is None:
            raise Refused("signature")
        return form


async def whole_body(request: Request) -> bytes:
    """The whole body, unless it is too large (`Refused`); what is too large is not read to its end."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST:
        raise Refused("size", 413)
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                raise Refused("size", 413)
    except ClientDisconnect:
        raise Refused("cut off", 400) from None
    return bytes(body)


def _understood(body: bytes) -> Understood:
    try:
        return read_telegram(body)
    except NotUnderstood:
        raise Refused("not understood", 400) from None
