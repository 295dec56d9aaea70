"""WhatsApp as a channel: sends letters by Twilio, and finds out what became of one that may or may not have left.

It never sends a letter again by itself: Twilio takes every POST for a new message.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import structlog
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from bot.channels.waiting import later
from bot.channels.whatsapp import media
from bot.channels.whatsapp.answers import by_code, by_status
from bot.channels.whatsapp.client import API, TwilioHttp
from bot.channels.whatsapp.rendering import BODY_UNITS, Part, is_open, parts
from bot.channels.whatsapp.status import marked
from bot.channels.whatsapp.templates import Templates
from bot.channels.whatsapp.understanding import PREFIX
from handlers.channel import (
    ChannelName,
    Delivered,
    Handle,
    Held,
    InDoubt,
    Limits,
    Outcome,
    Outgoing,
    Piece,
    Shelf,
    TryLater,
    Undeliverable,
)

RATE = 80.0
"""Letters a second that a sender may send unless Twilio raised it."""

# Nothing reached Twilio: the connection never stood.
_UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
# Anything else that breaks may break after Twilio took the message (ValueError: an answer that can't be read).
_BROKEN = (aiohttp.ClientError, OSError, TimeoutError, ValueError)
_REFUSED = (TwilioRestException, TwilioServiceException)
# Twilio's connection override: bring a status again, up to five times, whatever went wrong at our end.
_AGAIN = "#rc=5&rp=all"
# What Twilio lists of one person; how long it may take until a message is listed; how far its clock may be behind.
_LISTED = 50
_SETTLED = timedelta(seconds=30)
_SKEW = timedelta(seconds=2)
_FAILED = frozenset({"failed", "undelivered", "canceled"})
# The SDK must not look at the environment for a region or an edge; an empty mapping would make it.
_NO_ENVIRONMENT = {"SANAD": ""}
_log = structlog.get_logger()


class WhatsApp:
    """The association's number on WhatsApp.

    `sender` is its number (+E.164), `public_url` the address under which Twilio reaches us, `now` reads the clock,
    `rate` is in letters a second, None where there is none to keep.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        public_url: str,
        now: Callable[[], datetime],
        *,
        api_url: str = API,
        templates: Templates | None = None,
        rate: float | None = RATE,
        http: TwilioHttp | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self.name: ChannelName = "whatsapp"
        self.limits = Limits(rate=rate, text=BODY_UNITS, buttons=10, waits_for_status=True)
        self._now = now
        self._sender = PREFIX + sender.removeprefix(PREFIX)
        self._status_url = f"{public_url.rstrip('/')}/whatsapp/status?letter="
        self._templates = templates or Templates()
        self._api_url = api_url
        self._auth = (account_sid, auth_token)
        self._http = http or TwilioHttp(api_url)
        self._client = Client(account_sid, auth_token, http_client=self._http, environment=_NO_ENVIRONMENT)
        self._shelf = shelf
        self._begun: dict[str, int] = {}

    async def send(self, letter: Outgoing) -> Outcome:
        """Send one letter, in parts where it is long; a repeated attempt goes on at the part that failed."""
        try:
            piece, link = await self._carried(letter)
        except OSError as error:
            return TryLater(later(self._now(), letter.attempt), type(error).__name__)
        if letter.media and piece is None:
            return Undeliverable("withdrawn")
        rendered = parts(letter, self._templates, self._now(), piece, link)
        if not rendered:
            return Held("outside window")
        result: Outcome = Held("empty")
        begun = min(self._begun.get(letter.key, 0), len(rendered) - 1)
        for place in range(begun, len(rendered)):
            result = await self._post(letter, rendered[place], last=place == len(rendered) - 1)
            if not isinstance(result, Delivered):
                break
            self._begun[letter.key] = place + 1
        if not isinstance(result, TryLater | InDoubt):
            self._begun.pop(letter.key, None)
        return result

    async def reconcile(self, letter: Outgoing, since: datetime) -> Outcome:
        """Look whether the letter is among what Twilio lists for this person since the attempt began (`since`)."""
        try:
            listed = await self._listed(letter.address, since - _SKEW)
        except (TwilioException, *_BROKEN) as error:
            return InDoubt(type(error).__name__)
        piece = await self._shelf.piece(letter.media, full=letter.full) if letter.media and self._shelf else None
        rendered = parts(letter, self._templates, since, piece, "-")
        found = [next((seen for seen in listed if part.is_seen_in(seen.body or "")), None) for part in rendered]
        if last := (found[-1] if found else None):
            self._begun.pop(letter.key, None)
            return self._fate(last, letter)
        if begun := len([seen for seen in found if seen]):
            self._begun[letter.key] = begun
        if self._now() - since < _SETTLED:
            return InDoubt("not listed yet")
        return TryLater(self._now(), "never arrived")

    def fetch(self, handle: Handle) -> AsyncIterator[bytes]:
        """The file's bytes in pieces. Raises `Unfetchable` or `FetchLater`."""
        return media.fetch(self._http, self._api_url, self._auth, handle)

    async def discard(self, handle: Handle) -> None:
        """Delete Twilio's copy and empty its message. Raises `FetchLater`."""
        await media.discard(self._client, handle)

    async def erase(self, address: str, messages: Sequence[str]) -> Outcome:  # noqa: ARG002 - the contract's
        """Nothing: WhatsApp lets nobody delete what has arrived on a phone. She is told so, and how she can."""
        return Undeliverable("nothing can be deleted here")

    async def check(self) -> bool:
        """Whether Twilio takes our credentials. Raises aiohttp.ClientError, OSError or TimeoutError where it's away."""
        try:
            await self._client.messages.list_async(limit=1, page_size=1)
        except TwilioException as refused:
            status = getattr(refused.args[-1], "status_code", 0) if refused.args else 0
            if status in {401, 403, 404}:
                return False
            raise ConnectionError(f"Twilio answered {status}") from None
        return True

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.close()

    async def _post(self, letter: Outgoing, part: Part, *, last: bool) -> Outcome:
        """One message. Only the last part reports its status: a letter is there when its end is."""
        fields = _fields(part)
        if last:
            fields["status_callback"] = self._status_url + marked(letter.key) + _AGAIN
        work = self._client.messages.create_async(to=PREFIX + letter.address, from_=self._sender, **fields)
        result = await self._outcome(work, letter.attempt)
        if not isinstance(result, Delivered):
            _log.warning("whatsapp_refused_letter", result=type(result).__name__, why=getattr(result, "why", ""))
        return result

    async def _outcome(self, work: Coroutine[Any, Any, Any], attempt: int) -> Outcome:
        try:
            created = await work
        except _REFUSED as refused:
            return by_status(refused.status, refused.code or 0, self._now(), attempt)
        except _UNSENT as error:
            return TryLater(later(self._now(), attempt), type(error).__name__)
        except _BROKEN as error:
            return InDoubt(type(error).__name__)
        return Delivered(str(created.sid), final=False)

    async def _listed(self, address: str, since: datetime) -> list[Any]:
        """Messages from us to this person made since then, newest first. Not by `DateSent`: a queued one has none."""
        listed = await self._client.messages.list_async(
            to=PREFIX + address, from_=self._sender, limit=_LISTED, page_size=_LISTED
        )
        start = since.replace(microsecond=0)
        return [seen for seen in listed if seen.date_created and seen.date_created.astimezone(UTC) >= start]

    async def _carried(self, letter: Outgoing) -> tuple[Piece | None, str]:
        """What goes with the letter, and an address to fetch it from. Raises OSError."""
        piece = await self._shelf.piece(letter.media, full=letter.full) if letter.media and self._shelf else None
        if piece is None or self._shelf is None or not is_open(letter.heard_at, self._now()):
            return piece, ""
        return piece, await self._shelf.link(piece)

    def _fate(self, seen: Any, letter: Outgoing) -> Outcome:
        if seen.status in _FAILED:
            return by_code(seen.error_code or 0, self._now(), letter.attempt)
        return Delivered(str(seen.sid), final=False)


def _fields(part: Part) -> dict[str, Any]:
    if part.sid:
        return {"content_sid": part.sid, "content_variables": part.variables}
    words = {"body": part.body} if part.body else {}
    return {**words, "media_url": [part.link]} if part.link else words
