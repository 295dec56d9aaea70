"""Reads check_ins.toml and checks that no check-in can pass without a question before its alarm.

It never fires one: `flows.watch` does, with the times it began with.
"""

from datetime import timedelta
from typing import Any

from bot.mechanism.file import Node
from flows.watching import CheckInRules

_SPANS = ("least_grace", "most_grace", "soonest", "latest", "late", "keep", "mass_window", "mass_hold")
_COUNTS = ("extensions", "wrong_words", "mass_number")


def read_check_ins(file: Node) -> CheckInRules:
    """Return the checked times of check-ins."""
    file.only("version", "reminders", "asks", *_SPANS, *_COUNTS)
    spans = {name: file[name].duration() for name in _SPANS}
    values: dict[str, Any] = spans | {name: file[name].count() for name in _COUNTS}
    reminders, asks = _spans(file["reminders"]), _spans(file["asks"])
    if reminders != sorted(reminders, reverse=True) or timedelta(0) in reminders:
        raise file["reminders"].wrong("Reminders come before it, the earliest first.", 'As ["15 min", "5 min"].')
    if not asks or asks[0] or asks != sorted(asks):
        raise file["asks"].wrong("She is asked at the moment itself first.", 'Begin with "0 min", then later ones.')
    if not timedelta(0) < spans["least_grace"] <= spans["most_grace"]:
        raise file["least_grace"].wrong("Her grace could be nothing.", "Let it be longer than 0, and below most_grace.")
    if not spans["soonest"] < spans["latest"]:
        raise file["soonest"].wrong("No check-in could be set.", "Let `soonest` be shorter than `latest`.")
    return CheckInRules(reminders=tuple(reminders), asks=tuple(asks), **values)


def _spans(node: Node) -> list[timedelta]:
    return [one.duration() for one in node]
