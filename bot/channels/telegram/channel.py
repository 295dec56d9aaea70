"""Telegram as a channel: sends letters through python-telegram-bot's `Bot` and a pool of our own.

It decides nothing about who is written to, and keeps no rate: that's the dispatcher's, by `limits.rate`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import aiohttp
import structlog
from telegram import Bot

from bot.channels.telegram import carrying, files, rendering
from bot.channels.telegram.answers import erased, outcome
from bot.channels.telegram.chores import Chores
from bot.channels.telegram.kinds import ALLOWED
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.waiting import later
from handlers.channel import ChannelName, Delivered, Handle, Limits, Outcome, Outgoing, Shelf, TryLater, Undeliverable

API = "https://api.telegram.org"
RATE = 28.0
"""Letters a second: Telegram allows about 30, and answers 429 to a burst above it."""

ERASES = timedelta(hours=48)
"""For how long Telegram lets a bot delete messages of a chat with one person, hers too."""

_BUTTONS = 100
# Seconds that closing waits for what nobody waits for.
_CLOSING = 2.0
_log = structlog.get_logger()

Work = Callable[[], Awaitable[tuple[int, bytes]]]
"""A call still to be made: status and body of the answer."""


class Telegram:
    """The bot's account on Telegram.

    `now` reads the clock. `rate` is in letters a second, None where Telegram lifted the limit. `bot` is there for what
    is not a letter (get_me, get_webhook_info, delete_message…); letters go past it, raw, because building a `Message`
    object from each answer costs several times what the rest does.
    """

    def __init__(
        self,
        token: str,
        now: Callable[[], datetime],
        *,
        api_url: str = API,
        rate: float | None = RATE,
        request: AiohttpRequest | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self.name: ChannelName = "telegram"
        self.limits = Limits(rate=rate, text=rendering.TEXT_UNITS, buttons=_BUTTONS, erases=ERASES)
        self._now = now
        self._request = request or AiohttpRequest()
        self._shelf = shelf
        root = api_url.rstrip("/")
        self._methods = f"{root}/bot{token}/"
        self.bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._chores = Chores()
        self._begun: dict[str, list[str]] = {}

    async def send(self, letter: Outgoing) -> Outcome:
        """Send one letter, in parts where it is long; a repeated attempt goes on at the part that failed.

        The reference of a letter in parts holds the id of each, the last one last.
        """
        result: Outcome = Undeliverable("empty")
        arrived = self._begun.pop(letter.key, [])
        try:
            parts = await self._parts(letter)
        except OSError as error:
            return TryLater(later(self._now(), letter.attempt), type(error).__name__)
        for work in parts[len(arrived) :]:
            result = await self._outcome(work, letter.attempt)
            if not isinstance(result, Delivered):
                break
            arrived.append(result.reference)
            result = Delivered(" ".join(arrived))
        if isinstance(result, TryLater) and arrived:
            self._begun[letter.key] = arrived
        if isinstance(result, Delivered) and letter.clears.isdecimal():
            self._chores.start(self._quietly("editMessageReplyMarkup", rendering.cleared(letter)))
        return result

    async def reconcile(self, letter: Outgoing, since: datetime) -> Outcome:  # noqa: ARG002 - the contract's
        """Telegram can't be asked what it sent, and two of a letter do no harm there: send it again."""
        return TryLater(self._now(), "not to be known")

    def fetch(self, handle: Handle) -> AsyncIterator[bytes]:
        """The file's bytes in pieces. Raises `Unfetchable` or `FetchLater`."""
        return files.fetch(self.bot, self._request, handle)

    async def discard(self, handle: Handle) -> None:
        """Nothing: Telegram lets no bot delete its copy of a file, only the message in the chat."""

    async def erase(self, address: str, messages: Sequence[str]) -> Outcome:
        """Delete up to a hundred messages. One that Telegram won't delete, being too old, keeps no other.

        It refuses a whole call for one message; then halves are tried, down to the one that stays.
        """
        numbers = [int(one) for one in messages if one.isdecimal()]
        if not numbers:
            return Delivered("")
        result = await self._delete(rendering.erasing(address, numbers))
        if not isinstance(result, Undeliverable) or result.gone:
            return result
        half = len(messages) // 2
        for part in (messages[:half], messages[half:]) if half else ():
            result = await self.erase(address, part)
            if not isinstance(result, Delivered):
                return result
        return Delivered("")

    def acknowledge(self, callback: str) -> None:
        """Stop the button's hourglass, without waiting. Only while polling: a webhook's own answer carries it."""
        self._chores.start(self._quietly("answerCallbackQuery", rendering.acknowledged(callback)))

    async def updates(self, offset: int, wait: int) -> tuple[int, bytes]:
        """Ask for updates from `offset` on, waiting `wait` seconds for the first: status and body of the answer."""
        return await self.call("getUpdates", rendering.wanted(offset, wait, ALLOWED), read=wait + 10.0)

    async def listen(self, public_url: str, secret: str) -> None:
        """Have Telegram bring updates to `public_url`/telegram. Raises telegram.error.TelegramError."""
        await self.bot.set_webhook(f"{public_url.rstrip('/')}/telegram", secret_token=secret, allowed_updates=ALLOWED)

    async def call(self, method: str, body: bytes | aiohttp.FormData, read: float = 15.0) -> tuple[int, bytes]:
        """One raw call: status and body of the answer. Raises aiohttp.ClientError, OSError or TimeoutError."""
        if isinstance(body, aiohttp.FormData):
            return await self._request.upload(self._methods + method, body)
        return await self._request.exchange(self._methods + method, body, read)

    async def close(self) -> None:
        """Finish what nobody waits for, and give the connections back."""
        await self._chores.close(_CLOSING)
        await self._request.shutdown()

    async def _parts(self, letter: Outgoing) -> list[Work]:
        """The calls that carry the letter, in order, each still to be made; none where what goes with it is gone."""
        said = [partial(self.call, "sendMessage", body) for body in rendering.messages(letter)]
        if not letter.media:
            return [*said]
        piece = None if self._shelf is None else await self._shelf.piece(letter.media, full=letter.full)
        if piece is None or self._shelf is None:
            return []
        shown = partial(carrying.send, letter, piece, self._shelf, self.call)
        return [shown] if carrying.captions(letter) else [shown, *said]

    async def _outcome(self, work: Work, attempt: int) -> Outcome:
        try:
            status, answer = await work()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return TryLater(later(self._now(), attempt), type(error).__name__)
        result = outcome(status, answer, self._now(), attempt)
        if not isinstance(result, Delivered):
            _log.warning("telegram_refused_letter", status=status, result=type(result).__name__)
        return result

    async def _delete(self, body: bytes) -> Outcome:
        try:
            status, answer = await self.call("deleteMessages", body)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return TryLater(later(self._now(), 1), type(error).__name__)
        return erased(status, answer, self._now())

    async def _quietly(self, method: str, body: bytes) -> None:
        """Call and forget: "message is not modified" or "query is too old" hurts nobody."""
        try:
            await self.call(method, body)
        except (aiohttp.ClientError, OSError, TimeoutError):
            _log.info("telegram_chore_failed", method=method)
