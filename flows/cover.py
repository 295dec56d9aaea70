"""What the chat shows while it is hidden: weather, recipes and prayer times, to whoever writes whatever.

It never refuses, never says that it did not understand, never repeats itself within ten messages, and knows nothing of
the talk: whatever is sent gets the next ordinary thing. Nobody is addressed as a woman or a man.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flows.core import Event, Said, Shared
from flows.cover_prayers import coming, of_day
from flows.cover_recipes import RECIPES
from flows.cover_weather import CITIES, on_day, sunlight
from flows.dates import YEMEN
from messages import Text, t
from messages.arabic import number, tokens

COVERS: Final[Mapping[str, Text]] = {
    "weather": t("Weather forecast"),
    "recipes": t("Recipes"),
    "prayers": t("Prayer times"),
}
"""By code, as she chooses; the first is shown unless she chooses."""
REMEMBERED: Final = 10
"""So many lines are never said again at once."""
HOME: Final = "marib"
MENU: Final = t("Hello!\n1. Tomorrow's weather\n2. A recipe\n3. Prayer times")
WELCOME: Final = t("Always welcome.")


def _words(*words: str) -> frozenset[str]:
    return frozenset(token for word in words for token in tokens(word))


def _plain(said: list[str]) -> frozenset[str]:
    """The words, and each without the letter that joins it to the one before (و, ف, ب, ل)."""
    return frozenset((*said, *(word[1:] for word in said if word[0] in "وفبل")))


ASKS: Final[Mapping[str, frozenset[str]]] = {
    "weather": _words(
        "طقس", "الطقس", "جو", "الجو", "حرارة", "الحرارة", "مطر", "المطر", "برد", "حر", "شمس", "الشمس",
        "weather",         "rain", "forecast", "sun", "hot", "cold",
    ),
    "recipes": _words(
        "وصفة", "وصفه", "وصفات", "الوصفات", "أكلة", "اكلات", "أكل", "طبخ", "طبخة", "نطبخ", "الغداء", "للغداء",
        "عشاء", "فطور",
        "سلتة", "فحسة", "شفوت", "عصيد", "مندي", "سحاوق", "زربيان",
        "recipe", "recipes", "food", "cook", "lunch", "dinner",
    ),
    "prayers": _words(
        "صلاة", "الصلاة", "صلوات", "أذان", "الأذان", "فجر", "الفجر", "ظهر", "الظهر", "عصر", "العصر", "مغرب", "المغرب",
        "عشا", "العشا", "prayer", "prayers", "adhan", "fajr", "isha",
    ),
    "tomorrow": _words("بكرة", "بكره", "بكرا", "غدا", "غدوة", "tomorrow"),
    "greeting": _words(
        "سلام", "السلام", "مرحبا", "اهلا", "هلا", "صباح", "مساء", "start", "hello", "hi", "hey", "salam",
    ),
    "thanks": _words("شكرا", "تسلم", "تسلمي", "مشكور", "مشكورة", "thanks", "thank"),
}  # fmt: skip
PLACES: Final[Mapping[str, frozenset[str]]] = {
    "marib": _words("مأرب", "مارب", "marib", "mareb"),
    "sanaa": _words("صنعاء", "صنعا", "sanaa"),
    "aden": _words("عدن", "aden"),
    "taiz": _words("تعز", "taiz"),
    "hodeidah": _words("الحديدة", "حديدة", "hodeidah", "hudaydah"),
    "ibb": _words("إب", "ibb"),
    "mukalla": _words("المكلا", "مكلا", "mukalla"),
    "seiyun": _words("سيئون", "سيون", "seiyun"),
}
NUMBERED: Final[Mapping[int, str]] = {0: "w.{}.0", 1: "w.{}.1", 2: "r", 3: "p.{}.0"}
KNOWN: Final = frozenset[str]().union(*ASKS.values(), *PLACES.values())
"""Words that anybody might write to the cover: none of them is a word of her own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the cover, by what it is, so that it isn't said again."""

    line: str
    text: Text


def first(cover: str, now: datetime) -> Shown:
    """The line with which the chat hides."""
    return _next(_of_kind(_chosen(cover), HOME), (), now)


def answer(cover: str, event: Event, shown: tuple[str, ...], now: datetime) -> Shown:
    """What an ordinary service would answer; `shown` holds the lines so far, the latest last."""
    words = event.words if isinstance(event, Said) else event.caption if isinstance(event, Shared) else ""
    said = _plain(tokens(words))
    asked = [kind for kind, known in ASKS.items() if said & known]
    place = next((place for place, known in PLACES.items() if said & known), "")
    return _next(_fitting(_chosen(cover), asked, place, number(words), shown), shown, now)


def _chosen(cover: str) -> str:
    return cover if cover in COVERS else next(iter(COVERS))


def _fitting(cover: str, asked: list[str], place: str, chosen: int | None, shown: tuple[str, ...]) -> Iterator[str]:
    """Lines that would do, the best first; there are always more of them than are remembered."""
    if numbered := NUMBERED.get(-1 if chosen is None else chosen, ""):
        yield numbered.format(place or HOME)
    if "thanks" in asked:
        yield "thanks"
    if "greeting" in asked and len(asked) == 1:
        yield "menu"
    kind = next((kind for kind in ("prayers", "recipes", "weather") if kind in asked), "")
    if numbered:
        kind = {"w": "weather", "r": "recipes", "p": "prayers"}[numbered[0]]
    if not kind and (place or "tomorrow" in asked):
        kind = "prayers" if shown and shown[-1][:1] in {"p", "n"} else "weather"
    if "tomorrow" in asked and kind != "recipes":
        yield f"{'p' if kind == 'prayers' else 'w'}.{place or HOME}.1"
    yield from _of_kind(kind or cover, place or HOME)
    for other in COVERS:
        yield from _of_kind(other, HOME)


def _of_kind(kind: str, place: str) -> Iterator[str]:
    match kind:
        case "recipes":
            yield from (f"r.{name}" for name in RECIPES)
        case "prayers":
            yield from (f"p.{place}.0", f"n.{place}", f"p.{place}.1")
            yield from (f"p.{other}.0" for other in CITIES if other != place)
        case _:
            yield from (f"w.{place}.0", f"w.{place}.1", f"w.{place}.2", f"s.{place}")
            yield from (f"w.{other}.0" for other in CITIES if other != place)


def _next(fitting: Iterable[str], shown: tuple[str, ...], now: datetime) -> Shown:
    late = shown[-REMEMBERED:]
    line = next(line for line in fitting if line != "r" and line not in late)
    return Shown(line, _said(line, now))


def _said(line: str, now: datetime) -> Text:
    today: date = now.astimezone(YEMEN).date()
    kind, place, ahead = (*line.split("."), "", "")[:3]
    match kind:
        case "menu":
            return MENU
        case "thanks":
            return WELCOME
        case "r":
            return RECIPES[place]
        case "p":
            return of_day(CITIES[place], today, int(ahead))
        case "n":
            return coming(CITIES[place], now)
        case "s":
            return sunlight(CITIES[place], today)
        case _:
            return on_day(CITIES[place], today, int(ahead))
