"""Counts to how many people Content templates were sent: WhatsApp's tier lets a number through in 24 hours.

It counts broadcasts only: a page or a lesson's opener to the few who get one is not among them.
"""

from __future__ import annotations

from datetime import datetime

from storage.unit import Unit, millis, moment


def by_template(unit: Unit, since: datetime) -> int:
    """To how many different people a Content template was sent since then, or is on its way."""
    sql = """SELECT COUNT(*) FROM (
        SELECT subscriber_id FROM recipients WHERE template = 1 AND sent_at > :since
        UNION SELECT subscriber_id FROM recipients WHERE state = 'queued' AND template = 1) AS people"""
    row = unit.one(sql, {"since": millis(since)})
    return int(row[0]) if row else 0


def first_by_template(unit: Unit, since: datetime) -> datetime | None:
    """When the first of those was sent it."""
    row = unit.one(
        "SELECT MIN(sent_at) FROM recipients WHERE template = 1 AND sent_at > :since", {"since": millis(since)}
    )
    return None if row is None or row[0] is None else moment(row[0])


def had_template(unit: Unit, subscriber: int, since: datetime) -> bool:
    """Whether she is one of those already: another one to her counts for nothing."""
    sql = """SELECT 1 FROM recipients WHERE subscriber_id = :subscriber AND template = 1
        AND (state = 'queued' OR sent_at > :since) LIMIT 1"""
    return unit.one(sql, {"subscriber": subscriber, "since": millis(since)}) is not None
