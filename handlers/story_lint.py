"""Judges words for the public that are read here (stories, polls): as `campaign_lint` does, and no place that is near.

It never corrects a word: it says what stands there and why it may not.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.rules import Mechanism
from handlers.campaign_lint import lint
from handlers.draw import World
from messages import Text, raw, t
from messages.arabic import tokens
from messages.matching import Phrases, has
from messages.text import Language
from storage import staff
from storage.unit import Unit

LANGUAGES: tuple[Language, ...] = ("ar", "en")


def names(unit: Unit, world: World) -> tuple[str, ...]:
    """Names of persons that nothing for the public may hold: those listed, and the team's own."""
    return (*world.rules.broadcasts.names, *(member.name for member in staff.members(unit) if member.active))


def faults(
    words: tuple[str, str],
    known: tuple[str, ...],
    world: World,
    *,
    consented: bool = False,
    leaders: bool = False,
    first: bool = True,
) -> list[Text]:
    """All that is wrong with words in Arabic and English; empty if nothing is.

    `known`: names of persons. `consented`: whoever is named in it has agreed. `leaders`: it speaks to several.
    `first`: a message begins with it.
    """
    found: dict[Text, None] = {}
    for language, said in zip(LANGUAGES, words, strict=True):
        judged = lint(said, language, known, feminine=not leaders, pushed=first)
        found |= dict.fromkeys(fault.said for fault in judged if not (consented and fault.code == "name"))
        if not consented:
            found |= dict.fromkeys(_places(said, world.rules))
    return list(found)


def _places(words: str, rules: Mechanism) -> Iterator[Text]:
    known = {
        name: place.ar
        for place in rules.taxonomy.districts.values()
        if not place.ambiguous
        for name in (place.ar, place.en, *place.also)
    }
    for place in dict.fromkeys(known[name] for name in has(tokens(words), Phrases.compile(known))):
        yield t("“{found}”: this place is smaller than a governorate, and could lead to somebody.", found=raw(place))
