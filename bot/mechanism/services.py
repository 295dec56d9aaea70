"""Reads services.toml, the directory, and checks that every entry names what exists and fits where it is shown.

It never decides what is offered: flows.services does, and an entry without a date of verification it never offers.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from bot.mechanism.file import Node
from flows.rules import LONGEST_ABOUT, LONGEST_LABEL, Taxonomy
from flows.services import EVERYWHERE, Service
from flows.taxonomy import GROUPS

LONGEST_NEXT: Final = 120
"""Characters of what happens next: with the line about it, for each of a handful, they fit one letter."""
COSTS: Final = ("free", "part", "paid")
LANGUAGES: Final = ("ar", "en")


def read_services(file: Node, taxonomy: Taxonomy) -> dict[str, Service]:
    """Return the checked entries by their codes, in the file's order."""
    file.only("version", "verify_every", "services")
    every = _span(file["verify_every"])
    listed = file.get("services")
    return {code: _service(code, node, taxonomy, every) for code, node in listed.items()} if listed else {}


def _service(code: str, node: Node, taxonomy: Taxonomy, every: timedelta) -> Service:
    node.only(
        *("needs", "governorates", "body", "ar", "en", "short_ar", "short_en", "about_ar", "about_en", "next_ar"),
        *("next_en", "languages", "cost", "hours_ar", "hours_en", "women_staff", "verified", "verify_every"),
    )
    if any(code in getattr(taxonomy, group) for group in GROUPS):
        raise node.wrong(f"`{code}` is a code of taxonomy.toml already.", "Give the entry another code.")
    women, languages, cost = node.get("women_staff"), node.get("languages"), node.get("cost")
    verified, own = node.get("verified"), node.get("verify_every")
    service = Service(
        code=code,
        ar=node["ar"].text(),
        en=node["en"].text(),
        short_ar=_text(node, "short_ar", LONGEST_LABEL),
        short_en=_text(node, "short_en", LONGEST_LABEL),
        needs=_several(node["needs"], taxonomy.needs, "taxonomy.toml [needs]"),
        governorates=_governorates(node["governorates"], taxonomy),
        body=node["body"].choice(taxonomy.responders, "taxonomy.toml [responders]"),
        about_ar=node["about_ar"].text(LONGEST_ABOUT),
        about_en=node["about_en"].text(LONGEST_ABOUT),
        next_ar=_text(node, "next_ar", LONGEST_NEXT),
        next_en=_text(node, "next_en", LONGEST_NEXT),
        languages=languages.choices(LANGUAGES, "the languages") if languages else (),
        cost=cost.choice(COSTS, "the kinds of cost") if cost else "",
        hours_ar=_text(node, "hours_ar", LONGEST_ABOUT),
        hours_en=_text(node, "hours_en", LONGEST_ABOUT),
        women_staff=women.flag() if women else None,
        verified=_day(verified) if verified else None,
        verify_every=_span(own) if own else every,
    )
    _fits(node, service)
    return service


def _text(node: Node, key: str, longest: int) -> str:
    found = node.get(key)
    return found.text(longest) if found else ""


def _several(node: Node, among: Collection[str], listed: str) -> tuple[str, ...]:
    found = node.choices(among, listed)
    if not found:
        raise node.wrong(f"{node.name} is empty, so the entry would never be offered.", f"Name a code of {listed}.")
    return found


def _governorates(node: Node, taxonomy: Taxonomy) -> tuple[str, ...]:
    found = _several(node, (*taxonomy.governorates, EVERYWHERE), "taxonomy.toml [governorates]")
    if EVERYWHERE in found and len(found) > 1:
        raise node.wrong(f"`{EVERYWHERE}` stands beside other places.", "Leave it alone, or remove it.")
    return found


def _span(node: Node) -> timedelta:
    span = node.duration()
    if span < timedelta(days=1):
        raise node.wrong("An entry holds for a day at least.", 'Write it as "90 days".')
    return span


def _day(node: Node) -> date:
    if isinstance(node.value, date) and not isinstance(node.value, datetime):
        return node.value
    try:
        return date.fromisoformat(node.text())
    except ValueError:
        raise node.wrong(f"{node.value!r} is no day.", "Write it as 2026-11-22.") from None


def _fits(node: Node, service: Service) -> None:
    """Refuse a name that is too long for its button."""
    for language, words in service.short.items():
        if len(words) > LONGEST_LABEL:
            node[language].text(LONGEST_LABEL)
