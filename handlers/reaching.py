"""Looks up how the woman of a case is reached, and what she wishes about that.

It never decides whether she may be written to: `flows.hours` does.
"""

from __future__ import annotations

from dataclasses import dataclass

from flows.core import Person
from flows.hours import Wishes
from storage import people
from storage.cases import Case
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Her:
    """How she is written to."""

    channel: str
    address: str
    index: bytes
    person: Person


def her(unit: Unit, case: Case) -> Her | None:
    """Whose case it is; None where there is no way left to her."""
    found = None if case.person is None else people.recall(unit, case.person)
    return None if found is None else Her(*found)


def _hidden(person: Person, case: Case) -> bool:
    """Whether the chat shows its cover, or was opened by another way than her word and shows nothing as old as this."""
    return person.locked or (person.shown_from is not None and case.opened_at < person.shown_from)


def wishes(unit: Unit, case: Case) -> Wishes:
    """What is known of how and when she may be reached about a case."""
    known = her(unit, case)
    facets = case.facets
    wrote = None if known is None else people.last_wrote(unit, case.person or 0)
    left = known is not None and known.person.left
    return Wishes(
        reach="do_not" if facets.uncontacted else facets.reach,
        hours=facets.hours,
        urgent=facets.level in {"critical", "high"},
        quiet=known is not None and known.person.quiet,
        withdrawn=facets.withdrawn,
        gone=known is None,
        locked=known is not None and _hidden(known.person, case),
        silent=facets.silent,
        heard_at=None if left else wrote,
        hid_at=wrote if left else None,
    )
