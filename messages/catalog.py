"""Renders a text in the reader's language: looks the sentence up, chooses its plural form, fills its blanks.

It never reads braces in what fills a blank, and it never fails for want of a translation: English stands in.
"""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import assert_never
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.pofile import read_po

from messages.arabic import isolate, lead, quote, strip_controls
from messages.text import BLANK, Blank, Language, Text

FOLDER = Path(__file__).parent
LOCALES = {"ar": Locale("ar", "YE"), "en": Locale("en", "GB")}
FORMS = {"ar": ("zero", "one", "two", "few", "many", "other"), "en": ("one", "other")}
"""CLDR's names in the order of `msgstr[…]`. Babel's own Arabic header swaps the last two (its issue 816)."""
DAY = {"ar": "EEEE، d MMMM y", "en": "EEEE, d MMMM y"}
MOMENT = {"ar": "EEEE، d MMMM y، h:mm a", "en": "EEEE, d MMMM y, h:mm a"}
HOUR = "h:mm a"

Form = tuple[str, ...]
"""A sentence cut at its blanks: words, name, words, name, words."""


def render(text: Text, language: Language, zone: str = "Asia/Aden") -> str:
    """The words as they are shown. `zone`: the reader's IANA zone, for every moment in the text."""
    words = _words(text, language, zone)
    return lead(words) if language == "ar" else words


def path(language: Language) -> Path:
    """Where a language's catalog lies."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def plural_form(language: Language, count: int) -> int:
    """Which `msgstr[…]` a count takes, by CLDR: in Arabic 3-10 few, 11-99 many, 100-102 other, of each hundred."""
    return FORMS[language].index(str(LOCALES[language].plural_form(count)))


@lru_cache(maxsize=2)
def sentences(language: Language) -> dict[str, tuple[Form, ...]]:
    """Every translated sentence by its English. Read from the .po itself, so nothing compiled can be stale."""
    with path(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    sentences = {}
    for message in catalog:
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and all(strings) and not message.fuzzy:
            key = message.id if isinstance(message.id, str) else message.id[0] + "\0" + message.id[1]
            sentences[key] = tuple(_cut(string) for string in strings)
    return sentences


@lru_cache(maxsize=4096)
def _cut(sentence: str) -> Form:
    return tuple(BLANK.split(sentence))


def _words(text: Text, language: Language, zone: str) -> str:
    match text.kind:
        case "said":
            return _said(text, language, zone)
        case "both":
            return str(text.blanks[0][1]) if language == "ar" else text.id
        case "joined":
            return text.id.join(_blank(part, language, zone) for _, part in text.blanks)
        case "raw":
            return quote(text.id)
        case "isolated":
            return isolate(text.id) if language == "ar" else strip_controls(text.id)
        case "clock":
            return _hour(text.blanks[0][1], language, zone)
        case _:
            assert_never(text.kind)


def _said(text: Text, language: Language, zone: str) -> str:
    form = _form(text, language)
    if len(form) == 1:
        return form[0]
    blanks = {name: _blank(blank, language, zone) for name, blank in text.blanks}
    return "".join(blanks[part] if place % 2 else part for place, part in enumerate(form))


def _form(text: Text, language: Language) -> Form:
    if text.plural is None or text.count is None:
        forms = sentences(language).get(text.id)
        return forms[0] if forms else _cut(text.id)
    forms = sentences(language).get(f"{text.id}\0{text.plural}")
    if forms:
        return forms[plural_form(language, text.count)]
    return _cut(text.id if plural_form("en", text.count) == 0 else text.plural)


def _blank(blank: Blank, language: Language, zone: str) -> str:
    match blank:
        case str():
            return strip_controls(blank)
        case Text():
            return _words(blank, language, zone)
        case datetime():
            return format_datetime(blank, MOMENT[language], ZoneInfo(zone), LOCALES[language])
        case date():
            return format_date(blank, DAY[language], LOCALES[language])
        case int():
            return isolate(f"{blank:,}") if blank < 0 and language == "ar" else f"{blank:,}"
        case _:
            assert_never(blank)


def _hour(at: Blank, language: Language, zone: str) -> str:
    if not isinstance(at, datetime):
        raise TypeError("a clock shows a datetime")
    return format_time(at.astimezone(ZoneInfo(zone)), HOUR, ZoneInfo(zone), LOCALES[language])
