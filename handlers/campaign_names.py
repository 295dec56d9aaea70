"""Finds what could be a person's name: names that are listed, the team's own, and whatever stands behind an honorific.

It knows no grammar, so it errs towards a false alarm; a second person may say that it is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from messages.arabic import normalise, tokens
from messages.wording import HARAKAT

_JOINED: Final = ("", "و", "ف", "ب", "ل", "ك", "ول", "وب", "وك", "فل", "فب", "يا", "ويا")
"""And, so, by, for, like, o: written onto a name. Never the article: «الأمل» is hope, not Amal."""
_SHORTEST = 3
_EXACT: Final = {"علي": frozenset({"علي", "علی"})}
"""By their normalised form, names that a common word becomes as well: only spelled just so are they meant."""
_ARABIC_HONORIFICS: Final = frozenset(
    tokens(
        "الأستاذ الأستاذة أستاذ أستاذة الشيخ شيخ الشيخة السيد السيدة الدكتور الدكتورة دكتور دكتورة الحاج الحاجة"
        " المهندس المهندسة العقيد العميد اللواء القاضي المحامي المحامية الأخت الأخ الناشطة الصحفية الصحفي"
    )
)
_NO_NAMES: Final = frozenset(
    tokens(
        "التي الذي اللذي اللتي الذين اللواتي في من على عن الى إلى مع أو أن إن ثم لا ما لم لن قد هو هي هذا هذه ذلك تلك"
        " كل كان كانت بعد قبل عند لدى حين كما حتى غير بين القبلي القبيلة المحلي المحلية المسؤولة المسؤول المختص المختصة"
        " الكبرى الكبير الصغرى الفاضلة الفاضل الكريم الكريمة المشرفة المشرف"
    )
)
_INITIAL = re.compile(r"(?<![\w.])[أد]\.\s?/?\s?([^\W\d_]{3,})")
_ENGLISH = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sheikh|Shaikh|Sheikha|Sister|Brother|Hajj|Hajja|Colonel|General|Judge|Activist)"
    r"(?:\.\s*|\s+)[A-Z][a-z'’-]+"
)


def names_in(words: str, names: Iterable[str]) -> Iterator[str]:
    """Every word that could be somebody's name, as it stands there, once each."""
    met = [*_listed(words, tuple(names)), *_behind_honorifics(words)]
    yield from dict.fromkeys(met)


def _listed(words: str, names: tuple[str, ...]) -> Iterator[str]:
    wanted = _index(names)
    spelled = re.findall(r"[^\W_]+(?:[’'][^\W_]+)*", HARAKAT.sub("", words))
    plain = [normalise(_POSSESSIVE.sub("", _plain(word))) for word in spelled]
    for place, word in enumerate(plain):
        for joined in _JOINED:
            head = word.removeprefix(joined) if word.startswith(joined) else ""
            for rest in wanted.get(head, ()):
                if tuple(plain[place + 1 : place + 1 + len(rest)]) == rest and _is_meant(head, spelled[place], joined):
                    yield " ".join(spelled[place : place + 1 + len(rest)])


def _is_meant(head: str, spelled: str, joined: str) -> bool:
    exact = _EXACT.get(head)
    return exact is None or spelled.removeprefix(joined) in exact


@lru_cache(maxsize=8)
def _index(names: tuple[str, ...]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """First word of every name, and of every part of one: the words that follow."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        spelled = tuple(tokens(name))
        for way in {spelled, *((part,) for part in spelled if _is_part(part)), *_parted(spelled)}:
            if way:
                found.setdefault(way[0], set()).add(way[1:])
    return {head: tuple(sorted(rests)) for head, rests in found.items()}


def _is_part(word: str) -> bool:
    """Whether a part of a whole name is looked for by itself: «عبد» and «بنت» are parts of many."""
    return len(word) >= _SHORTEST and word not in {"عبد", "ابو", "بنت", "الله", "ابن"}


def _parted(spelled: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """«عبدالله» is written «عبد الله» as well."""
    if len(spelled) == 1 and spelled[0].startswith("عبد") and len(spelled[0]) > len("عبد") + 1:
        yield "عبد", spelled[0].removeprefix("عبد")


def _behind_honorifics(words: str) -> Iterator[str]:
    yield from (found[0] for found in _ENGLISH.finditer(words))
    yield from (found[0] for found in _INITIAL.finditer(words) if normalise(found[1]) not in _NO_NAMES)
    for title, follower in _PAIR.findall(HARAKAT.sub("", words)):
        word, follows = normalise(title), normalise(follower)
        titled = word in _ARABIC_HONORIFICS or word[1:] in _ARABIC_HONORIFICS
        if titled and len(follows) >= _SHORTEST and follows not in _NO_NAMES and not follows.isdecimal():
            yield f"{title} {follower}"


def _plain(word: str) -> str:
    """Without accents: Fátima is Fatima."""
    return "".join(char for char in unicodedata.normalize("NFD", word[:_LONGEST]) if not unicodedata.combining(char))


_POSSESSIVE = re.compile(r"(?i)['’]s$")
_LONGEST = 100
"""Characters of a word: no name is longer."""
_PAIR = re.compile(r"(?<![^\W_])([^\W_]+)(?=(?:[ \t]+|[ \t]*\n[ \t]*)([^\W_]+))")
