"""Turns the plain fields of a line of the tips' calendar (days, weeks, hour) into a line of crontab, and back.

It keeps nothing, and a line that these fields can't say is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Final, Literal, cast, get_args

from flows.broadcast import BroadcastRules
from messages import Text, t
from messages.content import TRACKS

Day = Literal["sat", "sun", "mon", "tue", "wed", "thu", "fri"]
DAYS: Final[tuple[Day, ...]] = get_args(Day)
"""As crontab writes them, in the order of Yemen's week."""
Weeks = Literal["every", "odd", "even"]
WEEKS: Final[Mapping[Weeks, str]] = {"every": "*", "odd": "1-7,15-21,29-31", "even": "8-14,22-28"}
"""Which weeks of a month, as its days: crontab asks for both, the day of the month and the day of the week."""
WEEK_WORDS: Final[Mapping[Weeks, Text]] = {
    "every": t("every week"),
    "odd": t("first, third and fifth of the month"),
    "even": t("second and fourth of the month"),
}
_LINE: Final = re.compile(r"0 (\d{1,2}) (\S+) \* ([a-z,]+)")


@dataclass(frozen=True, slots=True)
class Slot:
    """One line in plain fields."""

    part: str
    days: tuple[Day, ...]
    hour: int
    weeks: Weeks = "every"

    @property
    def moments(self) -> str:
        """As a line of crontab."""
        return f"0 {self.hour} {WEEKS[self.weeks]} * {','.join(self.days)}"


SUGGESTED: Final = (
    Slot("digital", ("sun",), 17),
    Slot("psychosocial", ("tue",), 17, "odd"),
    Slot("physical", ("tue",), 17, "even"),
    Slot("legal", ("thu",), 17, "odd"),
    Slot("political", ("thu",), 17, "even"),
)
"""Three tips a week, at an hour when the afternoon's rest is over: every track has its turn within a fortnight."""


class Wrong(Exception):
    """A form that can't be read. `why` says what to choose instead."""

    def __init__(self, why: Text) -> None:
        super().__init__("a form can't be read")
        self.why = why


def slot(form: Mapping[str, str], days: Iterable[str], rules: BroadcastRules) -> Slot:
    """The line that a form describes. Raises `Wrong`."""
    chosen = set(days)
    part, weeks, hour = form.get("part", ""), form.get("weeks", "every"), form.get("hour", "")
    if part not in {"", *TRACKS} or weeks not in WEEKS:
        raise Wrong(t("Choose what comes, and in which weeks, from the lists."))
    if not chosen or not chosen <= set(DAYS):
        raise Wrong(t("Choose one day of the week at least."))
    if hour not in {str(one) for one in hours(rules)}:
        raise Wrong(t("Choose an hour of the list: the others are quiet."))
    return Slot(part, tuple(day for day in DAYS if day in chosen), int(hour), cast("Weeks", weeks))


def hours(rules: BroadcastRules) -> list[int]:
    """Hours at which somebody may be written to on a plain day."""
    return [hour for hour in range(24) if not any(span.holds(time(hour)) for span in rules.quiet)]


def read(part: str, moments: str) -> Slot | None:
    """A line of crontab in plain fields; None where they can't say it."""
    found = _LINE.fullmatch(moments)
    weeks = next((name for name, days in WEEKS.items() if found and days == found[2]), None)
    if found is None or weeks is None or not set(found[3].split(",")) <= set(DAYS):
        return None
    days = set(found[3].split(","))
    return Slot(part, tuple(day for day in DAYS if day in days), int(found[1]), weeks)
