"""Reads taxonomy.toml and the outlines of the governorates, and checks that what is offered fits on a button.

It never judges whether a name is right: people do.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar, cast

from bot.mechanism.file import MechanismError, Node, read_text
from flows.places import parse_shapes
from flows.rules import (
    LEVELS,
    LONGEST_ABOUT,
    LONGEST_LABEL,
    Door,
    Level,
    Need,
    Place,
    Responder,
    Shape,
    Taxonomy,
    Term,
    Threat,
)

MOST_KINDS: Final = 8
"""Kinds behind a door: a list of ten rows holds them with "done" and "I'd rather not say"."""
MOST_OFFERED: Final = 9
"""Codes of `who` and `wish`: a list of ten rows holds them with "I'd rather not say"."""
T = TypeVar("T", bound=Term)


def read_taxonomy(file: Node) -> Taxonomy:
    """Return the checked taxonomy."""
    file.only(
        *("version", "who", "wish", "doors", "signs", "threats", "perpetrators", "governorates", "districts"),
        *("place_kinds", "needs", "responders", "circles"),
    )
    signs, threats = _terms(file["signs"], _term), _terms(file["threats"], _threat)
    for code in signs.keys() & threats.keys():
        raise file["signs"][code].wrong(f"`{code}` is a threat as well.", "Give one of the two another code.")
    perpetrators, needs = _terms(file["perpetrators"], _term), _terms(file["needs"], _need)
    governorates = _terms(file["governorates"], _governorate)
    return Taxonomy(
        doors=_terms(file["doors"], lambda code, node: _door(code, node, {**threats, **signs})),
        signs=signs,
        threats=threats,
        perpetrators=perpetrators,
        governorates=governorates,
        districts=_terms(file["districts"], lambda code, node: _district(code, node, governorates)),
        place_kinds=_terms(file["place_kinds"], _term),
        needs=needs,
        responders=_terms(file["responders"], _responder),
        circles=_terms(file["circles"], _term),
        who=_offered(file["who"], perpetrators, "[perpetrators]", MOST_OFFERED),
        wish=_offered(file["wish"], needs, "[needs]", MOST_OFFERED),
    )


def _terms(table: Node, make: Callable[[str, Node], T]) -> Mapping[str, T]:
    return {code: make(code, node) for code, node in table.items()}


def _names(code: str, node: Node, *more: str) -> dict[str, str]:
    node.only("ar", "en", "short_ar", "short_en", *more)
    short = {key: given.text(LONGEST_LABEL) for key in ("short_ar", "short_en") if (given := node.get(key))}
    return {"code": code, "ar": node["ar"].text(), "en": node["en"].text(), **short}


def _term(code: str, node: Node) -> Term:
    return Term(**_names(code, node))


def _threat(code: str, node: Node) -> Threat:
    domain, urgency = node["domain"].text(), cast("Level", node["urgency"].choice(LEVELS, "the levels"))
    return Threat(**_names(code, node, "domain", "urgency"), domain=domain, urgency=urgency)


def _need(code: str, node: Node) -> Need:
    need = Need(**_names(code, node, "track"), track=node["track"].text())
    _fits(node, need)  # every need may stand on a button of who asks for help
    return need


def _responder(code: str, node: Node) -> Responder:
    return Responder(**_names(code, node, "kind"), kind=node["kind"].text())


def _door(code: str, node: Node, kinds: Mapping[str, Term]) -> Door:
    door = Door(
        **_names(code, node, "about_ar", "about_en", "kinds"),
        about_ar=node["about_ar"].text(LONGEST_ABOUT),
        about_en=node["about_en"].text(LONGEST_ABOUT),
        kinds=_offered(node["kinds"], kinds, "taxonomy.toml [threats] and [signs]", MOST_KINDS),
    )
    _fits(node, door)
    return door


def _governorate(code: str, node: Node) -> Place:
    return _place(code, node, _names(code, node, "pcode", "iso", "also", "ambiguous"), iso=node["iso"].text())


def _district(code: str, node: Node, governorates: Mapping[str, Place]) -> Place:
    names = _names(code, node, "pcode", "governorate", "also", "ambiguous")
    inside = node["governorate"].choice(governorates, "taxonomy.toml [governorates]")
    return _place(code, node, names, governorate=inside)


def _place(code: str, node: Node, names: Mapping[str, str], **where: str) -> Place:
    also, ambiguous = node.get("also"), node.get("ambiguous")
    place = Place(
        **{**names, "code": code, **where},
        pcode=node["pcode"].text(),
        also=also.texts() if also else (),
        ambiguous=ambiguous.flag() if ambiguous else False,
    )
    _fits(node, place)
    return place


def _fits(node: Node, term: Term) -> None:
    """Refuse a term that stands on a button and is too long for it."""
    for language, words in term.short.items():
        if len(words) > LONGEST_LABEL:
            node[language].text(LONGEST_LABEL)


def _offered(node: Node, terms: Mapping[str, Term], listed: str, most: int) -> tuple[str, ...]:
    codes = node.choices(terms, listed)
    if len(codes) > most:
        raise node.wrong(f"{node.name} offers {len(codes)} choices.", f"Keep the {most} most decisive.")
    for code, entry in zip(codes, node, strict=True):
        for language, words in terms[code].short.items():
            if len(words) > LONGEST_LABEL:
                raise entry.wrong(
                    f"`{code}` is offered here, and its name has {len(words)} characters of {LONGEST_LABEL}.",
                    f"Give it a short_{language} in {listed}.",
                )
    return codes


def read_shapes(path: Path, taxonomy: Taxonomy) -> tuple[tuple[Shape, ...], str]:
    """Return the outlines, exactly one for each governorate, and the file's version."""
    source = read_text(path)
    try:
        data = json.loads(source)
        shapes, version = parse_shapes(data), str(data["version"])
    except json.JSONDecodeError as error:
        raise MechanismError(path, error.lineno, "This isn't JSON.", "Restore the file as it was delivered.") from None
    except (KeyError, TypeError, ValueError) as error:
        raise MechanismError(
            path, 1, f"This isn't the GeoJSON we read ({error!r}).", "Restore the file as it was delivered."
        ) from None
    for code in {shape.code for shape in shapes} ^ taxonomy.governorates.keys():
        line = next((n for n, text in enumerate(source.splitlines(), 1) if f'"{code}"' in text), 1)
        raise MechanismError(
            path, line, f"`{code}` is only in one of this file and taxonomy.toml.", "Each governorate has one outline."
        )
    return shapes, version
