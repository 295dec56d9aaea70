"""The telephone as a channel: rings somebody about a page, and finds out whether a call in doubt was made.

It never rings twice for one page by itself, and says nothing: what is said is asked from our webhook, call by call.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import structlog
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from bot.channels.voice.status import fate
from bot.channels.waiting import later
from bot.channels.whatsapp.answers import by_status
from bot.channels.whatsapp.client import API, TwilioHttp
from bot.channels.whatsapp.status import marked
from handlers.channel import (
    ChannelName,
    Delivered,
    FetchLater,
    Handle,
    InDoubt,
    Limits,
    Outcome,
    Outgoing,
    TryLater,
    Undeliverable,
    Unfetchable,
)

RATE = 1.0
"""Calls a second that a Twilio account may begin unless it was raised; more would wait there, out of our hands."""
RING = 30
"""Seconds for which it rings: long enough for a phone in another room, most often too short for a mailbox."""
LONGEST = 120
"""Seconds of the longest call."""

_UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_BROKEN = (aiohttp.ClientError, OSError, TimeoutError, ValueError)
_REFUSED = (TwilioRestException, TwilioServiceException)
_EVENTS = ["initiated", "answered", "completed"]
# As for messages: bring a status again, up to five times, whatever went wrong at our end.
_AGAIN = "#rc=5&rp=all"
_LISTED = 20
_SETTLED = timedelta(seconds=30)
_SKEW = timedelta(seconds=2)
_KNOWN = 256
_NO_ENVIRONMENT = {"SANAD": ""}
_log = structlog.get_logger()


class Voice:
    """The association's number for calls (`sender`, +E.164); `public_url` is where Twilio reaches us."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        public_url: str,
        now: Callable[[], datetime],
        *,
        api_url: str = API,
        rate: float | None = RATE,
    ) -> None:
        self.name: ChannelName = "voice"
        self.limits = Limits(rate=rate, text=0, buttons=0, waits_for_status=True)
        self._sender = sender
        self._base = f"{public_url.rstrip('/')}/voice"
        self._now = now
        self._http = TwilioHttp(api_url)
        self._client = Client(account_sid, auth_token, http_client=self._http, environment=_NO_ENVIRONMENT)
        self._made: dict[str, str] = {}

    async def send(self, letter: Outgoing) -> Outcome:
        """Ring about one page. Anything but a page can't be said here."""
        kind, _, number = letter.key.partition(":")
        if kind != "page":
            return Undeliverable("not a page")
        outcome = await self._ring(letter, f"{self._base}/{number}")
        if isinstance(outcome, Delivered):
            self._remember(outcome.reference, letter.key)
        else:
            _log.warning("voice_refused_call", result=type(outcome).__name__, why=getattr(outcome, "why", ""))
        return outcome

    async def _ring(self, letter: Outgoing, url: str) -> Outcome:
        try:
            created = await self._client.calls.create_async(
                to=letter.address,
                from_=self._sender,
                url=url,
                status_callback=f"{self._base}/status?letter={marked(letter.key)}{_AGAIN}",
                status_callback_event=_EVENTS,
                timeout=RING,
                time_limit=LONGEST,
            )
        except _REFUSED as refused:
            return by_status(refused.status, refused.code or 0, self._now(), letter.attempt)
        except _UNSENT as error:
            return TryLater(later(self._now(), letter.attempt), type(error).__name__)
        except _BROKEN as error:
            return InDoubt(type(error).__name__)
        return Delivered(str(created.sid), final=False)

    async def reconcile(self, letter: Outgoing, since: datetime) -> Outcome:
        """Look whether she was rung since the attempt began, by a call that isn't known to be another page's."""
        try:
            listed = await self._client.calls.list_async(
                to=letter.address, from_=self._sender, limit=_LISTED, page_size=_LISTED
            )
        except (TwilioException, *_BROKEN) as error:
            return InDoubt(type(error).__name__)
        start = (since - _SKEW).replace(microsecond=0)
        found = next((call for call in listed if self._may_be(call, letter.key, start)), None)
        if found is not None:
            self._remember(str(found.sid), letter.key)
            change = fate(str(found.status), str(found.sid))
            return Delivered(str(found.sid), final=False) if change is None else change.outcome
        if self._now() - since < _SETTLED:
            return InDoubt("not listed yet")
        return TryLater(self._now(), "never arrived")

    def _may_be(self, call: Any, key: str, start: datetime) -> bool:
        made = call.date_created
        return bool(made) and made.astimezone(UTC) >= start and self._made.get(str(call.sid), key) == key

    def _remember(self, reference: str, key: str) -> None:
        """Which call was which page's, for as long as that matters."""
        self._made[reference] = key
        while len(self._made) > _KNOWN:
            del self._made[next(iter(self._made))]

    async def fetch(self, handle: Handle) -> AsyncIterator[bytes]:
        """There are no files on the telephone. Raises `Unfetchable`."""
        del handle
        raise Unfetchable("no files here")
        yield b""  # makes it a generator, as the others are

    async def discard(self, handle: Handle) -> None:
        """There are none to delete either. Raises `FetchLater`, never called."""
        del handle
        raise FetchLater("no files here")

    async def erase(self, address: str, messages: Sequence[str]) -> Outcome:
        """Nothing: what was said is said."""
        del address, messages
        return Undeliverable("nothing can be deleted here")

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.close()
