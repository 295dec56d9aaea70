"""The prayer times that the cover tells, computed for the day and the city (`flows.sun`).

They are right: somebody may pray by them.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from flows.cover_weather import City
from flows.dates import YEMEN
from flows.sun import prayers
from messages import Text, t

NAMES: Final[Mapping[str, Text]] = {
    "fajr": t("Fajr"),
    "dhuhr": t("Dhuhr"),
    "asr": t("Asr"),
    "maghrib": t("Maghrib"),
    "isha": t("Isha"),
}


def of_day(city: City, today: date, ahead: int) -> Text:
    """The five times of today or of tomorrow."""
    times = prayers(today + timedelta(days=ahead), city.latitude, city.longitude)
    told = {name: _hour(times[name]) for name in NAMES}
    if ahead:
        return t(
            "Prayer times tomorrow, {city}:\nFajr {fajr}\nDhuhr {dhuhr}\nAsr {asr}\nMaghrib {maghrib}\nIsha {isha}",
            city=city.name,
            **told,
        )
    return t(
        "Prayer times today, {city}:\nFajr {fajr}\nDhuhr {dhuhr}\nAsr {asr}\nMaghrib {maghrib}\nIsha {isha}",
        city=city.name,
        **told,
    )


def coming(city: City, now: datetime) -> Text:
    """The next prayer, and when."""
    today = now.astimezone(YEMEN).date()
    times = [
        (name, prayers(today + timedelta(days=ahead), city.latitude, city.longitude)[name])
        for ahead in (0, 1)
        for name in NAMES
    ]
    name, at = next((name, at) for name, at in times if at > now)
    return t("Next prayer in {city}: {name} at {time}.", city=city.name, name=NAMES[name], time=_hour(at))


def _hour(at: datetime) -> str:
    """On the clock of 12 hours, as it is written on the wall of a mosque."""
    return f"{at.astimezone(YEMEN):%I:%M}".lstrip("0")
