"""Keeps each delivery's own id, so that a repeat is known and does nothing.

Ids are kept as a set with an expiry, never compared: Telegram's turn random after an idle week (channels).
"""

from __future__ import annotations

from datetime import datetime

from storage.unit import Unit, millis


def is_new(unit: Unit, channel: str, key: str, now: datetime) -> bool:
    """Keep a delivery's id. False where it was kept before."""
    sql = "INSERT INTO inbox (channel, key, received_at) VALUES (:channel, :key, :now) ON CONFLICT DO NOTHING"
    return unit.count(sql, {"channel": channel, "key": key, "now": millis(now)}) == 1


def expire(unit: Unit, before: datetime) -> int:
    """Forget ids received before a moment. Says how many."""
    return unit.count("DELETE FROM inbox WHERE received_at < :before", {"before": millis(before)})
