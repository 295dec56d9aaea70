"""Reads broadcasts.toml and checks that somebody can be written to at some hour of every day.

It never sends: `handlers.broadcasts` does, by these rules.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from bot.mechanism.file import Node
from flows.broadcast import BroadcastRules, Quiet, is_quiet

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPANS = ("undo", "tip_stays", "stale", "nudge_after", "recipients_kept", "questions_kept")
_COUNTS = ("per_minute", "fewest_on_call", "smallest", "lesson_nudges", "quiz", "pass_mark")
_TIERS = frozenset({250, 2000, 10000, 100000, 1000000})
_WHOLE = 100


def read_broadcasts(file: Node) -> BroadcastRules:
    """Return the checked rules."""
    lists = ("quiet", "friday", "ramadan", "ramadans", "lesson_days", "names", "whatsapp")
    file.only("version", *_SPANS, *_COUNTS, *lists)
    values: dict[str, Any] = {name: file[name].duration() for name in _SPANS}
    values |= {name: file[name].count() for name in _COUNTS}
    values |= {name: tuple(_span(node) for node in file[name]) for name in ("quiet", "friday", "ramadan")}
    if values["pass_mark"] > _WHOLE:
        raise file["pass_mark"].wrong("More than all can't be right.", "Write per cent, 1 to 100.")
    whatsapp = file["whatsapp"].only("portfolio", "utility", "marketing")
    portfolio = whatsapp["portfolio"].count()
    if portfolio not in _TIERS:
        raise whatsapp["portfolio"].wrong("WhatsApp has no such tier.", "Use 250, 2000, 10000, 100000 or 1000000.")
    rules = BroadcastRules(
        ramadans=tuple(_days(node) for node in file["ramadans"]),
        lesson_days=frozenset(_DAYS.index(node.choice(_DAYS)) for node in file["lesson_days"]),
        names=tuple(file["names"].texts()),
        portfolio=portfolio,
        cost={name: _cents(whatsapp[name]) for name in ("utility", "marketing")},
        **values,
    )
    _sees_daylight(file, rules)
    return rules


def _span(node: Node) -> Quiet:
    try:
        begins, ends = (time.fromisoformat(part.text()) for part in node)
    except (TypeError, ValueError):
        raise node.wrong("This is no span of the day.", 'Write two times, as ["20:30", "07:30"].') from None
    return Quiet(begins, ends)


def _days(node: Node) -> tuple[date, date]:
    said = node.value
    if not (isinstance(said, list) and len(said) == 2 and all(type(day) is date for day in said)):  # noqa: PLR2004
        raise node.wrong("This is no span of days.", "Write two days, as [2027-02-08, 2027-03-09].")
    first, last = said
    if not first <= last:
        raise node.wrong("It ends before it begins.", "Write the first day, then the last.")
    return first, last


def _cents(node: Node) -> int:
    if not isinstance(node.value, int | float) or isinstance(node.value, bool) or node.value < 0:
        raise node.wrong("This is no price.", "Write US cents for one letter, as 0.8.")
    return round(node.value * 100)


def _sees_daylight(file: Node, rules: BroadcastRules) -> None:
    """Refuse rules by which a day has no hour left: letters would wait for ever."""
    days = {"quiet": date(2026, 6, 1), "friday": date(2026, 6, 5)}
    if rules.ramadans:
        first = rules.ramadans[0][0]
        days["ramadan"] = first + timedelta(days=(4 - first.weekday()) % 7)  # a Friday of Ramadan: the strictest
    for name, day in days.items():
        hours = [datetime.combine(day, time(hour)) for hour in range(24)]
        if all(is_quiet(at, rules) for at in hours):
            raise file[name].wrong("No hour of the day is left in which anybody may be written to.", "Shorten a span.")
