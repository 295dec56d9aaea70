"""The weather that the cover tells: what is usual in each city in each month, a little different every day.

It never asks anyone, and means nothing but to look ordinary: the same day always has the same weather.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2s
from typing import Final

from flows.dates import YEMEN
from flows.sun import prayers
from messages import Text, t

CLEAR, CLOUDS, DUST = t("clear sky"), t("a few clouds"), t("wind with some dust")
THUNDER, HUMID, HAZE = t("thunderstorms possible in the afternoon"), t("humid"), t("light haze in the morning")
DRY: Final = (CLEAR, CLEAR, CLEAR, CLOUDS, DUST)
RAINS: Final = (CLOUDS, THUNDER, CLEAR, CLOUDS)
COAST: Final = (HUMID, HUMID, CLEAR, HAZE, CLOUDS)


@dataclass(frozen=True, slots=True)
class City:
    """A city: its place in degrees, and what is usual there, January first, in degrees Celsius.

    Rounded from what climate tables give; only likely, as a forecast is.
    """

    name: Text
    latitude: float
    longitude: float
    highs: tuple[int, ...]
    lows: tuple[int, ...]
    rains: tuple[int, ...] = ()
    """Months in which it may rain."""
    coast: bool = False


CITIES: Final[Mapping[str, City]] = {
    "marib": City(
        t("Marib"), 15.46, 45.32,
        (25, 27, 30, 33, 36, 39, 39, 38, 36, 32, 28, 26), (10, 12, 15, 18, 21, 23, 25, 24, 21, 17, 13, 11), (4, 8),
    ),
    "sanaa": City(
        t("Sana'a"), 15.37, 44.19,
        (22, 24, 26, 26, 27, 29, 28, 27, 27, 25, 23, 22), (4, 6, 9, 11, 12, 13, 15, 14, 12, 8, 5, 4), (3, 4, 5, 7, 8),
    ),
    "aden": City(
        t("Aden"), 12.79, 45.02,
        (28, 29, 30, 32, 34, 37, 37, 36, 36, 33, 31, 29), (23, 23, 24, 26, 28, 30, 29, 29, 29, 26, 24, 23), coast=True,
    ),
    "taiz": City(
        t("Taiz"), 13.58, 44.02,
        (25, 27, 29, 30, 32, 33, 32, 31, 31, 29, 27, 25), (12, 13, 15, 17, 18, 20, 20, 19, 18, 16, 13, 12),
        (3, 4, 5, 7, 8, 9, 10),
    ),
    "hodeidah": City(
        t("Hodeidah"), 14.80, 42.95,
        (29, 30, 32, 34, 36, 38, 38, 37, 37, 35, 33, 30), (21, 22, 24, 26, 28, 29, 30, 30, 29, 27, 24, 22), coast=True,
    ),
    "ibb": City(
        t("Ibb"), 13.97, 44.18,
        (22, 24, 25, 26, 27, 28, 27, 26, 26, 25, 23, 22), (8, 9, 11, 13, 14, 15, 16, 15, 14, 11, 9, 8),
        (3, 4, 5, 6, 7, 8, 9, 10),
    ),
    "mukalla": City(
        t("Mukalla"), 14.54, 49.13,
        (27, 27, 29, 31, 33, 34, 33, 32, 32, 31, 29, 28), (20, 20, 22, 24, 26, 28, 27, 26, 26, 24, 22, 21), coast=True,
    ),
    "seiyun": City(
        t("Seiyun"), 15.94, 48.79,
        (28, 30, 33, 36, 39, 41, 41, 40, 38, 35, 31, 29), (11, 12, 16, 19, 22, 25, 26, 25, 22, 17, 13, 11),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weather:
    """One day in one city, degrees Celsius."""

    sky: Text
    high: int
    low: int


def weather(city: City, day: date) -> Weather:
    """The weather of a day, as likely as any."""
    drawn = blake2s(f"{city.latitude}{day:%Y%m%d}".encode(), digest_size=4).digest()
    month = day.month - 1
    skies = RAINS if day.month in city.rains else COAST if city.coast else DRY
    sky, warmer, cooler = skies[drawn[0] % len(skies)], drawn[1] % 4 - 2, drawn[2] % 3 - 1
    return Weather(sky, city.highs[month] + warmer, city.lows[month] + cooler)


def on_day(city: City, today: date, ahead: int) -> Text:
    """Today's weather, tomorrow's, or that of the day after."""
    found = weather(city, today + timedelta(days=ahead))
    told: dict[str, Text | int] = {"city": city.name, "sky": found.sky, "high": found.high, "low": found.low}
    match ahead:
        case 0:
            return t("{city} today: {sky}, {high}° by day and {low}° at night.", **told)
        case 1:
            return t("{city} tomorrow: {sky}, {high}° by day and {low}° at night.", **told)
        case _:
            return t("{city} the day after tomorrow: {sky}, {high}° by day and {low}° at night.", **told)


def sunlight(city: City, today: date) -> Text:
    """When the sun rises and sets."""
    times = prayers(today, city.latitude, city.longitude)
    rises, sets = (f"{times[name].astimezone(YEMEN):%I:%M}".lstrip("0") for name in ("sunrise", "maghrib"))
    return t("{city}: the sun rises at {rises} and sets at {sets}.", city=city.name, rises=rises, sets=sets)
