"""Reads a run's recipients for its report: rows without anybody in them, and sums. It changes nothing.

Whoever calls gets subscribers' numbers only to put rows in an order of their own: they are shown to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flows.broadcast import RecipientState
from messages.text import Language
from storage import subscribers
from storage.unit import Unit, millis, moment


class Row(NamedTuple):
    """What became of one letter."""

    subscriber: int
    channel: str
    state: RecipientState
    why: str
    sent_at: datetime | None
    tapped: bool


def rows(unit: Unit, run: int) -> list[Row]:
    """All recipients of a run, in no order."""
    sql = "SELECT subscriber_id, channel, state, COALESCE(why, ''), sent_at, tapped FROM recipients WHERE run_id = :run"
    return [
        Row(number, channel, state, why, None if sent is None else moment(sent), bool(tapped))
        for number, channel, state, why, sent, tapped in unit.all(sql, {"run": run})
    ]


def numbers(unit: Unit, run: int) -> list[int]:
    """The subscribers of a run, in no order."""
    return [number for (number,) in unit.all("SELECT subscriber_id FROM recipients WHERE run_id = :run", {"run": run})]


def in_doubt(unit: Unit, run: int) -> list[tuple[int, str, datetime | None]]:
    """Of whom nobody knows whether the letter arrived: subscriber, channel, and when it left."""
    sql = "SELECT subscriber_id, channel, sent_at FROM recipients WHERE run_id = :run AND state = 'doubt'"
    return [
        (number, channel, None if at is None else moment(at)) for number, channel, at in unit.all(sql, {"run": run})
    ]


def left_by(unit: Unit, run: int, step: int) -> list[tuple[datetime, int]]:
    """How many letters left in each step of so many milliseconds that had any."""
    sql = """SELECT piece, COUNT(*) FROM (SELECT sent_at / :step AS piece FROM recipients
        WHERE run_id = :run AND sent_at IS NOT NULL) AS pieces GROUP BY piece ORDER BY piece"""
    return [(moment(int(at) * step), int(count)) for at, count in unit.all(sql, {"run": run, "step": step})]


def span(unit: Unit, run: int) -> tuple[datetime, datetime] | None:
    """When the first and the last of its letters left; None where none has."""
    row = unit.one("SELECT MIN(sent_at), MAX(sent_at) FROM recipients WHERE run_id = :run", {"run": run})
    return None if row is None or row[0] is None else (moment(row[0]), moment(row[1]))


def languages(unit: Unit, run: int) -> Mapping[int, Language]:
    """The language of each recipient who is still subscribed."""
    found = ((number, subscribers.get(unit, number)) for number in numbers(unit, run))
    return {number: one.facts.subscription.language for number, one in found if one is not None}


def newest(unit: Unit, kind: str, most: int) -> list[int]:
    """Numbers of the runs of a kind that began last, the newest first."""
    sql = "SELECT id FROM runs WHERE kind = :kind ORDER BY starts_at DESC, id LIMIT :most"
    return [number for (number,) in unit.all(sql, {"kind": kind, "most": most})]


def opened(unit: Unit, since: datetime, until: datetime) -> int:
    """How many cases were opened in a span; drills are none. A sum that may not be shown as it is."""
    sql = "SELECT COUNT(*) FROM cases WHERE opened_at >= :since AND opened_at < :until AND drill = 0"
    row = unit.one(sql, {"since": millis(since), "until": millis(until)})
    return int(row[0]) if row else 0
