"""Reads matrix.toml and checks that each threat has exactly one family, and each family exactly one lead.

It never tells anybody anything: staff do, with her consent.
"""

from collections.abc import Iterable, Mapping

from bot.mechanism.file import Node
from flows.rules import Family, Matrix, Taxonomy, Term


def read_matrix(file: Node, taxonomy: Taxonomy) -> Matrix:
    """Return the checked matrix."""
    parties = (*taxonomy.responders, *taxonomy.circles)
    bodies = {
        who: node.choices(parties, "taxonomy.toml [responders] and [circles]")
        for who, node in file.only("version", "families", "bodies")["bodies"].only(*taxonomy.perpetrators).items()
    }
    families = {name: _family(name, node, taxonomy) for name, node in file["families"].items()}
    _each_once(file["families"], "threats", taxonomy.threats)
    _each_once(file["families"], "doors", taxonomy.doors)
    for name, family in families.items():
        for who in family.by:
            _not_among(file["families"][name], bodies.get(who, ()), f"may belong to the perpetrator ({who})")
    return Matrix(families, bodies)


def _family(name: str, node: Node, taxonomy: Taxonomy) -> Family:
    node.only("doors", "threats", "by", "lead", "support", "inform", "excluded", "closed")
    responders = taxonomy.responders
    lead, closed = node["lead"].choice(responders, "taxonomy.toml [responders]"), node.get("closed")
    support, inform = (node[key].choices(responders, "taxonomy.toml [responders]") for key in ("support", "inform"))
    excluded = node["excluded"].choices((*responders, *taxonomy.circles), "taxonomy.toml [responders] and [circles]")
    _not_among(node, excluded, "is excluded")
    _once(node, lead, support)
    return Family(
        name=name,
        doors=_optional(node, "doors", taxonomy.doors),
        threats=_optional(node, "threats", taxonomy.threats),
        by=_optional(node, "by", taxonomy.perpetrators),
        lead=lead,
        support=support,
        inform=inform,
        excluded=excluded,
        closed=closed.flag() if closed else False,
    )


def _optional(node: Node, key: str, among: Mapping[str, Term]) -> tuple[str, ...]:
    found = node.get(key)
    return found.choices(among, "taxonomy.toml") if found else ()


def _once(family: Node, lead: str, support: tuple[str, ...]) -> None:
    """Refuse a party that stands in two places of a family."""
    for entry in (*family["support"], *family["inform"]):
        among = "inform" in entry.at
        if entry.value == lead or (among and entry.value in support):
            raise entry.wrong(f"`{entry.value}` stands twice in this family.", "Leave it in the first place only.")


def _not_among(family: Node, barred: Iterable[str], why: str) -> None:
    """Refuse a responsible party that must not be one."""
    for entry in (family["lead"], *family["support"], *family["inform"]):
        if entry.value in barred:
            raise entry.wrong(f"`{entry.value}` {why}, and is responsible here.", "Choose another party.")


def _each_once(families: Node, key: str, among: Mapping[str, Term]) -> None:
    """Refuse a code that belongs to no family, or to two."""
    seen: dict[str, str] = {}
    for name, family in families.items():
        for entry in family.get(key) or ():
            code = entry.text()
            if code in seen:
                raise entry.wrong(f"`{code}` belongs to `{seen[code]}` already.", "Leave it in one family.")
            seen[code] = name
    for code in among:
        if code not in seen:
            raise families.wrong(f"`{code}` belongs to no family.", f"Add it to the `{key}` of one of them.")
