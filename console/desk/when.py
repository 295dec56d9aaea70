"""Says when something was or will be, seen from now: "3 hours ago", with the whole moment behind it.

It never reads the clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time, format_timedelta
from markupsafe import Markup

from messages.catalog import HOUR, LOCALES, MOMENT
from messages.text import Language

_MOMENT = {"ar": "EEE d MMM، h:mm a", "en": "EEE d MMM, h:mm a"}
_MINUTES, _HOURS = timedelta(hours=1), timedelta(hours=48)


def ago(at: datetime, now: datetime, language: Language, zone: ZoneInfo) -> Markup:
    """A `<time>`: how long ago, or in how long, in her language; the whole moment, in her zone, behind it."""
    whole = format_datetime(at, MOMENT[language], zone, LOCALES[language])
    html = Markup('<time class="time" datetime="{}" title="{}">{}</time>')
    return html.format(at.isoformat(timespec="seconds"), whole, away(at, now, language))


def away(at: datetime, now: datetime, language: Language) -> str:
    """How long ago, or in how long: whole minutes, from one hour on whole hours, from two days on whole days."""
    gone = max(abs(now - at), timedelta(minutes=1))
    sign = -1 if at <= now else 1
    return format_timedelta(
        sign * _whole(gone), _unit(gone), threshold=1e9, add_direction=True, locale=LOCALES[language]
    )


def lasting(span: timedelta, language: Language) -> str:
    """How long something takes, in whole units as `away` has them."""
    span = max(span, timedelta(minutes=1))
    return format_timedelta(_whole(span), _unit(span), threshold=1e9, locale=LOCALES[language])


def lasting_at_least(span: timedelta, language: Language) -> str:
    """The same of a time that is promised: below a minute in seconds, never rounded up."""
    if span >= timedelta(minutes=1):
        return lasting(span, language)
    return format_timedelta(span, "second", threshold=1e9, locale=LOCALES[language])


def spanning(start: datetime, end: datetime, language: Language, zone: ZoneInfo) -> str:
    """From when until when, in her zone: "Sun 22 Nov, 2:00 pm – Mon 23 Nov, 8:00 am"; the day once where it's one."""
    there = start.astimezone(zone), end.astimezone(zone)
    whole = [format_datetime(at, _MOMENT[language], zone, LOCALES[language]) for at in there]
    if there[0].date() == there[1].date():
        whole[1] = format_time(there[1], HOUR, zone, LOCALES[language])
    return " – ".join(whole)


def _unit(span: timedelta) -> Literal["minute", "hour", "day"]:
    return "minute" if span < _MINUTES else "hour" if span < _HOURS else "day"


def _whole(span: timedelta) -> timedelta:
    """Rounded down: 3 hours and 50 minutes are not yet 4 hours."""
    step = timedelta(**{f"{_unit(span)}s": 1})
    return span // step * step
