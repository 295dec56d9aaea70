"""Decides how urgent a report is, from the codes of its answers and the mechanism's rules.

It never looks at words, and nothing here lowers an urgency but a person with a reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from flows.rules import LEVELS, UNKNOWN, Level, Mechanism, Taxonomy, UrgencyRule, highest


class Reason(NamedTuple):
    """An answer that set the level. Codes only. The question is "statement" when she raised it herself."""

    question: str
    code: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """A level, the answers that set it, and the version of the mechanism that said so.

    `lowered_because` holds the words of the person who lowered it, else it is empty; never in logs, so not in repr.
    """

    level: Level
    because: tuple[Reason, ...]
    version: str
    lowered_because: str = field(default="", repr=False)


Answers = Mapping[str, frozenset[str]]


def triage(answers: Answers, rules: Mechanism) -> Urgency:
    """Return the highest level that any rule gives. A question that is missing has not been asked yet: it says nothing.

    A skipped question must be there as the code "unknown". A kind of threat that this mechanism doesn't know (it was
    answered under another version) counts as unknown.
    """
    known = {**answers, "kind": _known(answers.get("kind", frozenset()), rules.taxonomy)}
    fired = [*_by_rules(known, rules.urgency.rules), *_by_threat(known["kind"], rules.taxonomy)]
    level = highest([level for level, _ in fired], rules.urgency.floor)
    because = {reason for at, reasons in fired if at == level for reason in reasons}
    return Urgency(level, tuple(sorted(because)), rules.version)


def raise_to(urgency: Urgency, level: Level) -> Urgency:
    """Return the urgency with her own statement counted in: it can raise, never lower."""
    if highest([level], urgency.level) == urgency.level:
        return urgency
    return replace(urgency, level=level, because=(*urgency.because, Reason("statement", level)), lowered_because="")


def lower(urgency: Urgency, level: Level, reason: str) -> Urgency:
    """Return the urgency as a person lowered it. Raises ValueError without a reason, or when it would not be lower."""
    if not reason.strip():
        raise ValueError("An urgency is lowered only with a reason: say why.")
    if LEVELS.index(level) <= LEVELS.index(urgency.level):
        raise ValueError(f"{level} is not lower than {urgency.level}: use raise_to to raise it.")
    return replace(urgency, level=level, lowered_because=reason.strip())


def _known(kinds: frozenset[str], taxonomy: Taxonomy) -> frozenset[str]:
    return frozenset(code if code in taxonomy.threats or code in taxonomy.signs else UNKNOWN for code in kinds)


def _by_rules(answers: Answers, rules: Iterable[UrgencyRule]) -> Iterable[tuple[Level, set[Reason]]]:
    for rule in rules:
        hits = [(c.question, answers.get(c.question, frozenset()) & c.any_of) for c in rule.all_of]
        if all(codes for _, codes in hits):
            yield rule.level, {Reason(question, code) for question, codes in hits for code in codes}


def _by_threat(kinds: frozenset[str], taxonomy: Taxonomy) -> Iterable[tuple[Level, set[Reason]]]:
    for code in kinds & taxonomy.threats.keys():
        yield taxonomy.threats[code].urgency, {Reason("kind", code)}
