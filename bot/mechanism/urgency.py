"""Reads urgency.toml and checks that its rules speak of questions and codes that exist, and keep her safe.

It never judges an answer: flows.triage does.
"""

from collections.abc import Iterable, Mapping
from typing import Final, cast

from bot.mechanism.file import Node
from flows.help_script import NEEDS_OF, TRACKS
from flows.rules import LEVELS, UNKNOWN, Condition, Level, Taxonomy, UrgencyRule, UrgencyRules

SAFETY: Final[Mapping[str, Level]] = {"unsafe": "critical", "cannot_talk": "critical", UNKNOWN: "high"}
"""What an answer to the danger question must lead to at least, whatever else is changed."""


def answer_codes(taxonomy: Taxonomy) -> Mapping[str, frozenset[str]]:
    """Return the codes that each question can be answered with; `unknown` is a skipped question."""
    codes: dict[str, Iterable[str]] = {
        "sos": ("sos",),
        "danger": ("safe", "unsafe", "cannot_talk", "unconfirmed"),
        "today": ("yes", "no"),
        "door": taxonomy.doors,
        "kind": (*taxonomy.threats, *taxonomy.signs),
        "recent": ("yes", "no"),
        "where": (*taxonomy.governorates, "outside"),
        "when": ("today", "yesterday", "this_week", "older"),
        "again": ("once", "repeated", "growing"),
        "who": taxonomy.perpetrators,
        "wish": taxonomy.needs,
        "never": ("call_family", "contact_police", "publish", "call_me", "visit_me"),
        "reach": ("here", "call", "message", "do_not"),
        "hours": ("any", "morning", "afternoon", "evening", "night"),
        # Of who asks for help (flows/help_script.py):
        "need": (*TRACKS, *NEEDS_OF, "unsure"),
        "company": ("alone", "trusted", "others"),
        "person": ("write", "call", "later"),
        "whom": ("me", "other"),
        "knows": ("yes", "no"),
        "adult": ("yes", "no"),
        "soon": ("today", "this_week", "later"),
    }
    return {question: frozenset((*listed, UNKNOWN)) for question, listed in codes.items()}


def read_urgency(file: Node, taxonomy: Taxonomy) -> UrgencyRules:
    """Return the checked rules, in the file's order."""
    file.only("version", "floor", "rule")
    codes = answer_codes(taxonomy)
    rules = tuple(_rule(node, codes) for node in file["rule"])
    for answer, least in SAFETY.items():
        met = [rule.level for rule in rules if len(rule.all_of) == 1 and _meets(rule.all_of[0], answer)]
        if not any(LEVELS.index(level) <= LEVELS.index(least) for level in met):
            raise file["rule"].wrong(
                f"No rule makes danger = {answer} at least {least}.",
                f'Add a [[rule]] with level = "{least}", question = "danger", any_of = ["{answer}"].',
            )
    return UrgencyRules(cast("Level", file["floor"].choice(LEVELS, "the levels")), rules)


def _meets(condition: Condition, answer: str) -> bool:
    return condition.question == "danger" and answer in condition.any_of


def _rule(node: Node, codes: Mapping[str, frozenset[str]]) -> UrgencyRule:
    level = cast("Level", node["level"].choice(LEVELS, "the levels"))
    if several := node.only("level", "question", "any_of", "all_of").get("all_of"):
        if single := node.get("question") or node.get("any_of"):
            raise single.wrong("This rule has `all_of` as well.", "Put it into one of the pairs of `all_of`.")
        conditions = tuple(_condition(part.only("question", "any_of"), codes) for part in several)
    else:
        conditions = (_condition(node, codes),)
    if not conditions:
        raise node.wrong("This rule has no condition, so it would always hold.", "Name a question and its codes.")
    return UrgencyRule(level, conditions)


def _condition(node: Node, codes: Mapping[str, frozenset[str]]) -> Condition:
    question = node["question"].choice(codes, "the questions of a report or of who asks for help")
    any_of = node["any_of"].choices(codes[question], f"the answers to `{question}`")
    if not any_of:
        raise node["any_of"].wrong("This list is empty, so the rule never holds.", "Name a code, or remove the rule.")
    return Condition(question, frozenset(any_of))
