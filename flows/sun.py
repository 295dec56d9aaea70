"""Computes the times of the five prayers from the sun's place, by the method of Umm al-Qura, to the minute.

It never asks anyone: the formulas are those of the Astronomical Almanac (low precision, within two minutes until 2050).
In Ramadan that method puts the last prayer half an hour later; this leaves it, as many printed tables in Yemen do.
"""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

FAJR, HORIZON = 18.5, 0.833
"""Degrees of the sun below the horizon."""
ISHA: Final = timedelta(minutes=90)
"""After sunset."""
_EPOCH: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)


def prayers(day: date, latitude: float, longitude: float) -> Mapping[str, datetime]:
    """When each prayer begins at a place between the polar circles, in UTC, rounded to the minute. Degrees, WGS 84."""
    noon = _noon(day, longitude)
    shadow = _declination(noon)
    asr = math.degrees(math.atan(1 / (1 + math.tan(math.radians(abs(latitude - shadow))))))
    sunset = noon + _from_noon(latitude, shadow, -HORIZON)
    begins = {
        "fajr": noon - _from_noon(latitude, shadow, -FAJR),
        "sunrise": noon - _from_noon(latitude, shadow, -HORIZON),
        "dhuhr": noon,
        "asr": noon + _from_noon(latitude, shadow, asr),
        "maghrib": sunset,
        "isha": sunset + ISHA,
    }
    return {name: _to_the_minute(at) for name, at in begins.items()}


def _noon(day: date, longitude: float) -> datetime:
    """When the sun stands highest."""
    middle = datetime.combine(day, time(12), UTC) - timedelta(hours=longitude / 15)
    return middle - timedelta(hours=_equation_of_time(middle))


def _anomaly(at: datetime) -> tuple[float, float, float]:
    """The sun's mean longitude, its ecliptic longitude and the obliquity, in radians."""
    days = (at - _EPOCH) / timedelta(days=1)
    mean = (280.459 + 0.98564736 * days) % 360
    turned = math.radians((357.529 + 0.98560028 * days) % 360)
    ecliptic = mean + 1.915 * math.sin(turned) + 0.020 * math.sin(2 * turned)
    return math.radians(mean), math.radians(ecliptic), math.radians(23.439 - 0.00000036 * days)


def _declination(at: datetime) -> float:
    """Degrees of the sun north of the equator."""
    _, ecliptic, tilt = _anomaly(at)
    return math.degrees(math.asin(math.sin(tilt) * math.sin(ecliptic)))


def _equation_of_time(at: datetime) -> float:
    """Hours by which a sundial is ahead of the clock."""
    mean, ecliptic, tilt = _anomaly(at)
    ascension = math.atan2(math.cos(tilt) * math.sin(ecliptic), math.cos(ecliptic))
    return (math.degrees(mean - ascension) + 180) % 360 / 15 - 12


def _from_noon(latitude: float, declination: float, height: float) -> timedelta:
    """How long before or after noon the sun stands at a height in degrees."""
    place, sun = math.radians(latitude), math.radians(declination)
    cosine = (math.sin(math.radians(height)) - math.sin(place) * math.sin(sun)) / (math.cos(place) * math.cos(sun))
    return timedelta(hours=math.degrees(math.acos(max(-1.0, min(1.0, cosine)))) / 15)


def _to_the_minute(at: datetime) -> datetime:
    return (at + timedelta(seconds=30)).replace(second=0, microsecond=0)
