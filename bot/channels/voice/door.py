"""Answers Twilio during a call: who picked up, which keys were pressed, how the call ended.

It believes nothing that Twilio has not signed, and nothing is said or done before the right PIN.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.trouble import told
from bot.channels.voice import speech
from bot.channels.voice.status import call_status
from bot.channels.whatsapp.signature import Form, Signature
from bot.channels.whatsapp.status import unmarked
from bot.metrics import Counts
from bot.webhooks import Refused, whole_body
from handlers import voice
from handlers.draw import World
from handlers.voice import KEYS, TRIES, Ringing
from handlers.voice_words import Said
from messages.arabic import digits
from storage.store import Store

_log = structlog.get_logger()
_KEY_TRIES = 2
_MACHINES = ("machine", "fax")
_NUMBER = re.compile(r"[0-9a-z]{1,13}")


@dataclass(frozen=True, slots=True)
class VoiceWebhook:
    """Our public address as Twilio calls it, and the account's token, which proves that it is Twilio."""

    public_url: str
    auth_token: str = field(repr=False)


def routes(webhook: VoiceWebhook, store: Store, world: Callable[[], World], counts: Counts) -> list[Route]:
    """Where Twilio asks what to say, brings keys and tells how a call went."""
    base = webhook.public_url.rstrip("/")
    door = _Door(Signature(base, webhook.auth_token), store, world, counts, base)
    steps: tuple[tuple[str, _Step], ...] = (
        ("/voice/status", door.status),
        ("/voice/{page}", door.picked_up),
        ("/voice/{page}/pin/{attempt:int}", door.pin),
        ("/voice/{page}/key/{attempt:int}", door.key),
    )
    return [Route(path, door.guarded(step), methods=["POST"]) for path, step in steps]


class _Step(Protocol):
    """What answers one request that is proven to be Twilio's: TwiML, or nothing to say."""

    def __call__(self, request: Request, form: Form, /) -> Awaitable[str]:
        """Answer it."""


@dataclass(frozen=True, slots=True)
class _Door:
    signature: Signature
    store: Store
    world: Callable[[], World]
    counts: Counts
    base: str

    def guarded(self, step: _Step) -> Callable[[Request], Awaitable[Response]]:
        """A step that strangers never get to; what breaks in it ends the call, and nothing of it gets out."""

        async def answer(request: Request) -> Response:
            try:
                form = await self._form(request)
            except Refused as refused:
                self.counts.refused("voice", refused.why)
                return Response(status_code=refused.status)
            self.counts.update("voice", "call")
            try:
                said = await step(request, form)
            except Exception as error:  # noqa: BLE001 - as for messages: it is logged without content
                self.counts.failed("voice")
                _log.error("call_failed", **told(error))
                return Response(status_code=500)
            return Response(said, media_type="text/xml")

        return answer

    async def _form(self, request: Request) -> Form:
        path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
        form = self.signature.opened(f"{path}?{query}" if query else path, request.headers, await whole_body(request))
        if form is None:
            raise Refused("signature")
        return form

    # ------------------------------------------------------------ the steps of a call

    async def picked_up(self, request: Request, form: Form) -> str:
        """Somebody is there, or something: one neutral sentence, and the question for her PIN."""
        if form.get("AnsweredBy", "").startswith(_MACHINES):
            return speech.silence()
        found = await self._ringing(request)
        if found is None:
            return speech.ending("nothing", "ar")
        await self.store.write(voice.picked_up, found.page, form.get("CallSid", ""), self.world())
        return _refusal(found) or self._asks_pin("ask", request, 1, found)

    async def pin(self, request: Request, form: Form) -> str:
        """What may be her PIN. The hash is slow, so it is made beside the database's transaction."""
        found, attempt = await self._ringing(request), int(request.path_params["attempt"])
        if found is None or found.pin is None:
            return speech.ending("nothing", "ar")
        if refusal := _refusal(found):
            return refusal
        if await asyncio.to_thread(voice.is_right, form.get("Digits", ""), found.pin):
            await self.store.write(voice.typed_right, found.page, self.world())
            return self._asks_choice("choose", request, 1, found)
        await self.store.write(voice.typed_wrong, found.page, self.world())
        if attempt >= TRIES:
            return speech.ending("goodbye", found.language)
        return self._asks_pin("again", request, attempt + 1, found)

    async def key(self, request: Request, form: Form) -> str:
        """4 or 5. Only Twilio knows this address, and only after the right PIN in this call."""
        found, attempt = await self._ringing(request), int(request.path_params["attempt"])
        if found is None:
            return speech.ending("nothing", "ar")
        pressed = digits(form.get("Digits", ""))
        if pressed in KEYS:
            said = await self.store.write(voice.press, found.page.id, pressed, self.world())
            return speech.ending(said, found.language)
        if attempt >= _KEY_TRIES:
            return speech.ending("goodbye", found.language)
        return self._asks_choice("choose_again", request, attempt + 1, found)

    async def status(self, request: Request, form: Form) -> str:
        """How far a call got; the letter's key came along in the address, which Twilio signs too."""
        key, change = unmarked(request.query_params.get("letter", "")), call_status(form)
        if change is not None:
            how = change.reference, change.rank, change.outcome
            await self.store.write(voice.status, key, *how, self.world(), over=change.is_over)
        return speech.nothing_to_say()

    async def _ringing(self, request: Request) -> Ringing | None:
        number = _NUMBER.fullmatch(request.path_params["page"])
        return None if number is None else await self.store.read(voice.ringing, int(number[0], 36), self.world())

    def _asks_pin(self, what: Said, request: Request, attempt: int, found: Ringing) -> str:
        action = f"{self.base}/voice/{request.path_params['page']}/pin/{attempt}"
        return speech.asking(what, what, action, found.language)

    def _asks_choice(self, what: Said, request: Request, attempt: int, found: Ringing) -> str:
        action = f"{self.base}/voice/{request.path_params['page']}/key/{attempt}"
        return speech.asking(what, "choose_again", action, found.language, keys=1)


def _refusal(found: Ringing) -> str | None:
    """Why she isn't asked for her PIN, or not again."""
    if not found.wanted or found.pin is None:
        return speech.ending("nothing", found.language)
    return speech.ending("shut", found.language) if found.shut else None
