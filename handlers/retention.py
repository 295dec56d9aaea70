"""Destroys what has been kept for its time: drafts first, then ids, letters and logs, by the mechanism's retention.

It never touches a case: cases have their own rule and their own hand.
"""

from __future__ import annotations

from datetime import timedelta

from flows.ways import files_of
from handlers.draw import World
from storage import audit, chats, files, inbox, outbox, people, reminders, swaps
from storage.unit import Unit, millis


def sweep_drafts(unit: Unit, world: World) -> int:
    """Destroy drafts whose time of silence is over, with their files. Says how many."""
    silent = people.silent_talks(unit, world.now)
    for number, talk in silent:
        files.destroy(unit, files_of(talk))
        people.destroy_talk(unit, number, lapsed=True)
    files.drop(unit, files.orphans(unit, world.now - world.rules.retention.kept_draft * 2))
    return len(silent)


_A_DAY = timedelta(days=1)


def sweep_log(unit: Unit, world: World) -> int:
    """Remove what has been in the log for its time, at most once a day, since each removal is an entry itself."""
    oldest, before = audit.oldest(unit), world.now - world.rules.retention.access_log
    return 0 if oldest is None or oldest > before - _A_DAY else audit.trim(unit, before, world.now)


def sweep_records(unit: Unit, world: World) -> int:
    """Forget ids of deliveries, letters and the alarms' log after their time. Says how many rows went."""
    keep = world.rules.retention
    log = "DELETE FROM alarm_log WHERE at < :before"
    return (
        inbox.expire(unit, world.now - keep.seen_updates)
        + outbox.expire(unit, world.now - keep.undelivered_letters)
        + reminders.sweep(unit, world.now)
        + chats.expire(unit, world.now)
        + swaps.expire(unit, world.now - keep.access_log)
        + unit.count(log, {"before": millis(world.now - keep.alarm_log)})
    )
