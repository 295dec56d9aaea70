"""Puts the association's codes on buttons and into summaries, in the order in which they are offered.

It never adds a code: what is offered is decided by the mechanism's files.
"""

from collections.abc import Collection, Mapping
from typing import Final

from flows.core import Given
from flows.memo import FromRules
from flows.rules import LONGEST_LABEL, Mechanism, Term
from messages import Text, both, join, raw, t

OURS: Final[Mapping[str, Text]] = {"outside": t("Outside Yemen"), "unknown": t("I don't know")}
TICK: Final = both(ar="✓", en="✓")
LONGEST_SHOWN: Final = 200
"""Characters of her own words in a summary: she knows what she wrote."""


def name_of(code: str, given: Given) -> Text:
    """A code's full name, for the summary; the code itself where the mechanism knows it no more."""
    if code in OURS:
        return OURS[code]
    try:
        label = given.rules.taxonomy.label(code)
    except KeyError:
        return raw(code)
    return both(ar=label["ar"], en=label["en"])


def summed(names: Collection[Text], words: str) -> Text:
    """Names and her own words on one line; the words cut short."""
    quoted = raw(words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}…")
    return join(*names, *([quoted] if words.strip() else []), between=" · ")


def ticked(label: Text) -> Text:
    """A label with a tick before it, where both fit on a button. The letter says as well what is chosen."""
    if label.kind == "both":
        return both(ar=_ticked(str(label.blanks[0][1])), en=_ticked(label.id))
    return join(TICK, label, between=" ")


def _ticked(label: str) -> str:
    return label if len(label) > LONGEST_LABEL - 2 else f"✓ {label}"


def _button(term: Term) -> Text:
    return both(ar=term.short["ar"], en=term.short["en"])


def _buttons(terms: Mapping[str, Term], codes: Collection[str]) -> dict[str, Text]:
    return {code: _button(terms[code]) for code in codes}


def _kinds(rules: Mechanism) -> dict[str, dict[str, Text]]:
    terms: dict[str, Term] = {**rules.taxonomy.signs, **rules.taxonomy.threats}
    return {door: _buttons(terms, codes) for door, codes in rules.taxonomy.door_kinds.items()}


def _governorates(rules: Mechanism) -> dict[str, Text]:
    terms = rules.taxonomy.governorates
    with_districts = [code for code in terms if rules.taxonomy.districts_of(code)]
    return _buttons(terms, [*with_districts, *(code for code in terms if code not in with_districts)]) | {
        "outside": OURS["outside"]
    }


def _districts(rules: Mechanism) -> dict[str, dict[str, Text]]:
    found = {code: rules.taxonomy.districts_of(code) for code in rules.taxonomy.governorates}
    return {code: _buttons(rules.taxonomy.districts, codes) for code, codes in found.items() if codes}


DOORS: Final = FromRules(lambda rules: _buttons(rules.taxonomy.doors, rules.taxonomy.doors))
ABOUT_DOORS: Final = FromRules(
    lambda rules: {code: both(ar=door.about_ar, en=door.about_en) for code, door in rules.taxonomy.doors.items()}
)
KINDS: Final = FromRules(_kinds)
"""By door."""
PERPETRATORS: Final = FromRules(lambda rules: _buttons(rules.taxonomy.perpetrators, rules.taxonomy.who))
WISHES: Final = FromRules(lambda rules: _buttons(rules.taxonomy.needs, rules.taxonomy.wish))
GOVERNORATES: Final = FromRules(_governorates)
"""Those whose districts we know come first, and "outside" last."""
DISTRICTS: Final = FromRules(_districts)
"""By governorate."""
