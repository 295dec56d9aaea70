"""Holds what is to be said as a value: which sentence, with what in its blanks; the language is chosen at delivery.

It never looks a sentence up: that's `messages.catalog`.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

Language = Literal["ar", "en"]
Kind = Literal["said", "both", "joined", "raw", "isolated", "clock"]
BLANK = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """Words to be rendered later, in the language of whoever reads them. Make it with `t` and its neighbours.

    What `id` holds depends on `kind`: the English sentence (said, both), what stands between (joined), the words
    themselves (raw, isolated), nothing (clock).
    """

    id: str
    blanks: "tuple[tuple[str, Blank], ...]" = ()
    plural: str | None = None
    count: int | None = None
    kind: Kind = "said"

    def __repr__(self) -> str:
        """Show the sentence and the names of its blanks, never what fills them: those may be a person's words."""
        if self.kind != "said":
            return f"<Text {self.kind}>"
        names = ", ".join(name for name, _ in self.blanks)
        return f"<Text {self.id!r} ({names})>" if names else f"<Text {self.id!r}>"


Blank = str | int | date | datetime | Text


def t(english: str, /, **blanks: Blank) -> Text:
    """Mark a sentence. Each `{name}` in it is filled by the blank of that name.

    A `str` is put in as it is (less its bidi controls), an `int` with Western digits (a year or a code is a `str`),
    a date with its weekday, a datetime in the reader's zone. TypeError if names differ; ValueError for a naive time.
    """
    _fits(english, blanks.keys())
    return Text(english, _filled(blanks))


def tn(one: str, many: str, /, count: int, **blanks: Blank) -> Text:
    """Mark a counted sentence; `{count}` is filled by itself. Arabic chooses among its six forms."""
    _fits(many, {*blanks, "count"})
    if not _names(one) <= _names(many):
        raise TypeError("the singular has a blank that the plural lacks")
    return Text(one, _filled({**blanks, "count": count}), many, count)


def both(ar: str, en: str) -> Text:
    """Words that come in both languages from data (the taxonomy, the mechanism) instead of the catalogs."""
    return Text(en, (("ar", ar),), kind="both")


def join(*texts: Text, between: str = "\n\n") -> Text:
    """Several texts as one, in this order: a letter made of paragraphs, or lines, with a line break between."""
    width = len(str(len(texts)))
    return Text(between, tuple((f"{place:0{width}}", text) for place, text in enumerate(texts)), kind="joined")


def raw(words: str) -> Text:
    """A person's own words, shown as they are: isolated, so that nothing in them can turn the words around them."""
    return Text(words, kind="raw")


def isolated(latin: str) -> Text:
    """A phone number, or other left-to-right data, which Arabic around it would otherwise show backwards."""
    return Text(latin, kind="isolated")


def clock(at: datetime) -> Text:
    """Only the time of day of a moment, in the reader's zone. ValueError for a naive time."""
    return Text("", _filled({"at": at}), kind="clock")


def _filled(blanks: dict[str, Blank]) -> tuple[tuple[str, Blank], ...]:
    """Sort by name, so that equal texts are equal however they were written."""
    if any(isinstance(blank, datetime) and blank.tzinfo is None for blank in blanks.values()):
        raise ValueError("a datetime in a text needs its time zone")
    return tuple(sorted(blanks.items(), key=lambda item: item[0]))


def _fits(english: str, given: AbstractSet[str]) -> None:
    if _names(english) != given:
        raise TypeError(f"{english!r} has the blanks {sorted(_names(english))}, was given {sorted(given)}")


@lru_cache(maxsize=4096)
def _names(english: str) -> frozenset[str]:
    return frozenset(BLANK.findall(english))
