"""Fetches updates by asking, where there is no public address: hands each over, and only then lets Telegram forget it.

It never moves on past an update that was not kept, save one that fails again and again while others are kept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
import msgspec
import structlog

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.shapes import Envelope
from bot.channels.telegram.understanding import read
from bot.channels.trouble import told
from bot.channels.understood import NotUnderstood, Understood
from bot.channels.waiting import seconds
from bot.metrics import Counts
from handlers.channel import Inbound

Result = TypeVar("Result")
Receive = Callable[[Inbound], Awaitable[None]]

# Seconds that Telegram holds the question open while nothing comes.
_WAIT = 25
# So often an update may fail while others of its batch are kept; then it is what breaks, not the storage.
_PATIENCE = 5
_log = structlog.get_logger()


class _Batch(msgspec.Struct):
    result: list[msgspec.Raw] = []
    description: str = ""


class _Refused(Exception):
    """Telegram did not give updates; the message is the status."""


@dataclass(slots=True)
class _Place:
    """How far we are: the next update to ask for, and how often which one failed."""

    offset: int = 0
    failures: dict[int, int] = field(default_factory=dict)


async def poll(
    telegram: Telegram,
    receive: Receive,
    stopping: asyncio.Event,
    counts: Counts,
    pause: Callable[[int], float] = seconds,
) -> None:
    """Fetch and hand over until `stopping` is set. `receive` returns once the message is committed.

    Messages of one person are handed over in order, those of different persons side by side. What `receive` raises is
    logged without content, and Telegram is asked for the same updates again after `pause(failures in a row)` seconds.
    """
    place, failed = _Place(), 0
    while not stopping.is_set():
        try:
            batch = await _unless(stopping, _ask(telegram, place.offset))
            kept = batch is None or await _hand_over(telegram, batch, place, receive, counts)
        except (aiohttp.ClientError, OSError, ValueError, _Refused) as error:
            _log.warning("telegram_polling_failed", error=type(error).__name__)
            kept = False
        failed = 0 if kept else failed + 1
        if failed:
            await _unless(stopping, asyncio.sleep(pause(failed)))


async def _ask(telegram: Telegram, offset: int) -> list[msgspec.Raw]:
    status, body = await telegram.updates(offset, _WAIT)
    answer = msgspec.json.decode(body, type=_Batch)
    match status:
        case 200:
            return answer.result
        case 409 if "webhook" in answer.description:
            _log.error("telegram_webhook_is_set", mend="set TELEGRAM_MODE=webhook, or delete the webhook")
        case 409:
            _log.error("telegram_polled_elsewhere", mend="stop the other process that polls with this token")
        case 401 | 404:
            _log.error("telegram_token_refused", mend="set TELEGRAM_BOT_TOKEN to the token from BotFather")
        case _:
            pass
    raise _Refused(str(status))


async def _hand_over(
    telegram: Telegram, batch: list[msgspec.Raw], place: _Place, receive: Receive, counts: Counts
) -> bool:
    """Whether the whole batch was kept; if so the place moves on."""
    numbers = [msgspec.json.decode(raw, type=Envelope).update_id for raw in batch]
    lines: dict[str, list[tuple[int, Inbound]]] = {}
    for number, raw in zip(numbers, batch, strict=True):
        understood = _read(raw)
        if understood.callback:
            telegram.acknowledge(understood.callback)
        counts.update("telegram", understood.kind, ignored=understood.inbound is None)
        if understood.inbound is not None:
            lines.setdefault(understood.inbound.address, []).append((number, understood.inbound))
    stuck = await asyncio.gather(*(_one_by_one(line, receive, place, counts) for line in lines.values()))
    broken = {number for number in stuck if number is not None}
    if any(number is None for number in stuck):
        for number in broken:
            place.failures[number] = place.failures.get(number, 0) + 1
    if not broken:
        # An empty answer has confirmed all before it. From then on ask for whatever there is: after a silent week
        # Telegram numbers from a random place, maybe below ours, and asking from ours would drop what is new.
        place.offset, place.failures = max(numbers, default=-1) + 1, {}
    return not broken


async def _one_by_one(line: list[tuple[int, Inbound]], receive: Receive, place: _Place, counts: Counts) -> int | None:
    """Hand over one person's messages; the number of the first that was not kept, None where all were."""
    for number, inbound in line:
        if place.failures.get(number, 0) >= _PATIENCE:
            _log.error("telegram_update_given_up")
            continue
        try:
            await receive(inbound)
        except Exception as error:  # noqa: BLE001 - whatever it is, the loop lives on and asks again
            counts.failed("telegram")
            _log.error("receive_failed", channel="telegram", **told(error))
            return number
    return None


def _read(raw: msgspec.Raw) -> Understood:
    try:
        return read(bytes(raw))
    except NotUnderstood:
        return Understood("not_understood")


async def _unless(stopping: asyncio.Event, work: Coroutine[Any, Any, Result]) -> Result | None:
    """What the work yields, or None where stopping came first; the work is then ended."""
    working, stop = asyncio.ensure_future(work), asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((working, stop), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stop):
            task.cancel()
        await asyncio.gather(working, stop, return_exceptions=True)
