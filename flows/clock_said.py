"""Says a moment back to her: its hour in Yemen's time, its day where it isn't today, and how far away it is.

It never leaves the half of the day to be guessed, and reads no words: `flows.clock_words` does, and reads these too.
"""

from datetime import datetime, timedelta
from typing import Final

from flows.dates import YEMEN
from messages import Text, both, t, tn

DAY_NAMES: Final = (
    both(ar="الاثنين", en="Monday"),
    both(ar="الثلاثاء", en="Tuesday"),
    both(ar="الأربعاء", en="Wednesday"),
    both(ar="الخميس", en="Thursday"),
    both(ar="الجمعة", en="Friday"),
    both(ar="السبت", en="Saturday"),
    both(ar="الأحد", en="Sunday"),
)
NOON, AFTERNOON = 12, 15
"""Hours from which on Arabic says «ظهرًا» and «مساءً»."""
SMALL_HOURS: Final = range(1, 4)
TODAY, TOMORROW = t("today"), t("tomorrow")
HOURS_A_DAY, MINUTES_AN_HOUR = 24, 60


def hour_of(at: datetime) -> Text:
    """«6:00 مساءً», 18:00. English says "am" and "pm" where a clock of 24 hours could be taken for one of 12."""
    here = at.astimezone(YEMEN)
    hour, minute = here.hour, f"{here.minute:02}"
    day, night = "ظهرًا" if hour < AFTERNOON else "مساءً", "فجرًا" if hour in SMALL_HOURS else "صباحًا"
    part = day if hour >= NOON else night
    english = f"{hour:02}:{minute}" + (" am" if 0 < hour < NOON else " pm" if hour == NOON else "")
    return both(ar=f"{(hour - 1) % 12 + 1}:{minute} {part}", en=english.removeprefix("0") if hour > 0 else english)


def short(at: datetime, now: datetime) -> Text:
    """For a button: the hour and its day."""
    days = _days(at, now)
    if days in {0, 1}:
        return t("{day} {hour}", day=TOMORROW if days else TODAY, hour=hour_of(at))
    return t("{day} {hour}", day=DAY_NAMES[at.astimezone(YEMEN).weekday()], hour=hour_of(at))


def dated(at: datetime, now: datetime) -> Text:
    """The hour, with its day unless that is today: «الساعة 8:00 صباحًا غدًا الخميس»."""
    name = DAY_NAMES[at.astimezone(YEMEN).weekday()]
    match _days(at, now):
        case 0:
            return t("at {hour}", hour=hour_of(at))
        case 1:
            return t("at {hour} tomorrow, {name}", hour=hour_of(at), name=name)
        case _:
            return t("at {hour} on {name}", hour=hour_of(at), name=name)


def both_ways(at: datetime, now: datetime) -> Text:
    """The clock and the span: «الساعة 6:00 مساءً، بعد ساعتين و10 دقائق»."""
    return t("{clock}, in {span}", clock=dated(at, now), span=lasting(at - now))


def lasting(span: timedelta) -> Text:
    """Days, hours and minutes, to the nearest minute; at least one minute."""
    minutes = max(1, round(span / timedelta(minutes=1)))
    hours, minutes = divmod(minutes, MINUTES_AN_HOUR)
    days, hours = divmod(hours, HOURS_A_DAY)
    parts = [
        part
        for count, part in (
            (days, tn("1 day", "{count} days", days)),
            (hours, tn("1 h", "{count} h", hours)),
            (minutes, tn("1 min", "{count} min", minutes)),
        )
        if count
    ]
    said = parts[0]
    for part in parts[1:]:
        said = t("{much} {more}", much=said, more=part)
    return said


def _days(at: datetime, now: datetime) -> int:
    return (at.astimezone(YEMEN).date() - now.astimezone(YEMEN).date()).days
