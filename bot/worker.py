"""The list of duties that run beside the messages, and how often. Each may be missed or repeated without harm.

It never owns an alarm or a letter: those are rows with their own moment, and a duty only asks which are due.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import chance
from bot.channels.trouble import told
from bot.wiring import Sanad
from handlers import (
    alarms,
    box,
    broadcast_work,
    campaigns,
    check_ins,
    course_openers,
    destroying,
    drills,
    entry_sweep,
    leader_desk,
    polls,
    reminders,
    replies,
    retained,
    retention,
    rota_check,
    silences,
    tip_calendar,
    wiping,
)
from handlers.broadcast_work import Broadcaster
from handlers.delivery import Dispatcher
from handlers.media import Fetcher
from handlers.wiper import Wiper

_log = structlog.get_logger()
_AT_MOST = 1.0
"""Seconds between two looks at the timers, though nothing woke us."""


@asynccontextmanager
async def at_work(sanad: Sanad, holder: str) -> AsyncIterator[None]:
    """Run every duty until the end of the block; then let what is on its way arrive."""
    dispatchers = {
        name: Dispatcher(sanad.store, channel, sanad.world, chance.monotonic, holder, sanad.counts.sent)
        for name, channel in sanad.channels.items()
    }
    reserve = {name: dispatcher.reserve for name, dispatcher in dispatchers.items()}
    fetcher = Fetcher(sanad.store, sanad.channels, sanad.world, _file_failed)
    wiper = Wiper(sanad.store, sanad.channels, sanad.world, _wipe_failed, reserve)
    if sanad.settings.is_embedded:
        await sanad.store.write(wiping.take_over, sanad.world())
    broadcaster = Broadcaster(sanad.store, tuple(dispatchers), sanad.world, chance.monotonic, holder)
    tasks = [
        asyncio.create_task(_kept_up(broadcaster.run)),
        *(asyncio.create_task(_kept_up(dispatcher.run)) for dispatcher in dispatchers.values()),
        asyncio.create_task(_whenever(sanad, "alarms", partial(_fire_alarms, sanad))),
        asyncio.create_task(_whenever(sanad, "check_ins", partial(_fire_check_ins, sanad))),
        asyncio.create_task(_whenever(sanad, "lessons", partial(_tell_of_lessons, sanad))),
        asyncio.create_task(_whenever(sanad, "silences", partial(_call_for_the_silent, sanad))),
        asyncio.create_task(_whenever(sanad, "files", fetcher.fetch_due)),
        asyncio.create_task(_whenever(sanad, "wipes", wiper.erase_due)),
    ]
    scheduler = _scheduler(sanad)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await fetcher.stop()
        await wiper.stop()
        await broadcaster.stop()
        for dispatcher in dispatchers.values():
            await dispatcher.drain()


async def _kept_up(duty: Callable[[], Awaitable[None]]) -> None:
    """Run a duty for ever; what breaks it is counted in the log without content, and it begins again."""
    while True:
        try:
            await duty()
        except Exception as error:  # noqa: BLE001 - a duty that ends is worse than any error
            _log.error("duty_failed", **told(error))
            await asyncio.sleep(_AT_MOST)


async def _whenever(sanad: Sanad, woken: str, duty: Callable[[], Awaitable[int]]) -> None:
    """Do a duty whenever a commit wakes it, and every second; again at once while there was something to do."""
    news = asyncio.Event()
    sanad.store.listen(lambda names: news.set() if woken in names else None)
    while True:
        news.clear()
        with contextlib.suppress(TimeoutError):
            try:
                if await duty():
                    continue
            except Exception as error:  # noqa: BLE001 - see _kept_up
                _log.error("duty_failed", duty=woken, **told(error))
            async with asyncio.timeout(_AT_MOST):  # wait_for may swallow a cancellation (3.11)
                await news.wait()


def _file_failed(error: Exception) -> None:
    _log.error("file_failed", **told(error))


def _wipe_failed(error: Exception) -> None:
    _log.error("wipe_failed", **told(error))


async def _fire_alarms(sanad: Sanad) -> int:
    """Let every alarm act that is due; one that breaks is tried again and stops no other."""

    def failed(case: int, error: Exception) -> None:
        del case  # a case's number is nobody's business in a log
        sanad.counts.alarm_failed()
        _log.error("alarm_failed", **told(error))

    return await alarms.fire_due(sanad.store, sanad.world, sanad.counts.alarm_fired, failed)


async def _fire_check_ins(sanad: Sanad) -> int:
    """Let every check-in act that is due; one that breaks is tried again and stops no other."""

    def failed(number: int, error: Exception) -> None:
        del number  # a check-in's number is nobody's business in a log
        sanad.counts.check_in_failed()
        _log.error("check_in_failed", **told(error))

    return await check_ins.fire_due(sanad.store, sanad.world, sanad.counts.check_in_fired, failed)


async def _tell_of_lessons(sanad: Sanad) -> int:
    """Tell everyone whose lesson is due; one that breaks is tried again and stops no other."""

    def failed(error: Exception) -> None:
        _log.error("lesson_failed", **told(error))

    return await course_openers.send_due(sanad.store, sanad.world, failed)


async def _call_for_the_silent(sanad: Sanad) -> int:
    """Call the team for everyone who wrote words of danger and fell silent, where she agreed to that."""

    def failed(error: Exception) -> None:
        _log.error("silence_failed", **told(error))

    return await silences.fire_due(sanad.store, sanad.world, failed)


def _scheduler(sanad: Sanad) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    for act, seconds in DUTIES:
        scheduler.add_job(_do, "interval", seconds=seconds, args=(sanad, act))
    scheduler.add_job(_scrub, "interval", seconds=1800, args=(sanad,))
    return scheduler


async def _scrub(sanad: Sanad) -> None:
    """Once a night, after something was destroyed: leave no trace of it in the database's own files."""
    try:
        await destroying.scrub_at_night(sanad.store, sanad.world())
    except Exception as error:  # noqa: BLE001 - see _kept_up
        _log.error("duty_failed", duty="scrub", **told(error))


async def _do(sanad: Sanad, act: Callable[..., Any]) -> None:
    try:
        await sanad.store.write(act, sanad.world())
    except Exception as error:  # noqa: BLE001 - see _kept_up
        _log.error("duty_failed", duty=act.__name__, **told(error))


DUTIES: tuple[tuple[Callable[..., Any], int], ...] = (
    (alarms.overdue, 30),
    (check_ins.overdue, 30),
    (check_ins.sweep, 600),
    (course_openers.sweep, 3600),
    (retention.sweep_drafts, 20),
    (replies.send_due, 20),
    (reminders.remind, 30),
    (rota_check.check, 300),
    (retention.sweep_records, 3600),
    (wiping.sweep, 600),
    (retention.sweep_log, 3600),
    (retained.sweep, 300),
    (drills.sweep, 3600),
    (entry_sweep.sweep_entry, 600),
    (destroying.sweep, 900),
    (campaigns.occur, 20),
    (broadcast_work.sweep, 60),
    (tip_calendar.send_due, 15),
    (polls.sweep, 300),
    (box.sweep, 3600),
    (leader_desk.sweep, 3600),
)
"""What is done every so many seconds. I1's checker is every 30 s (escalation)."""
