"""Counts what is held of a person's reports: sealed things, files, and members of the team who could open each.

It never opens anything, and leaves out what her chat must not know of.
"""

from __future__ import annotations

from typing import NamedTuple

from storage.unit import Unit


class Row(NamedTuple):
    """What lies here of one report. Times in milliseconds."""

    case: int
    code: str
    opened_at: int
    closed_at: int | None
    facets: bytes
    items: int
    files: int
    readers: int
    """Members, not keys: who changed hers is counted once."""


_OF_PERSON = """
    SELECT id, code, opened_at, closed_at, facets,
        (SELECT COUNT(*) FROM case_items WHERE case_id = cases.id),
        (SELECT COUNT(*) FROM files WHERE case_id = cases.id AND clean_of IS NULL),
        (SELECT COUNT(DISTINCT readers.staff_id) FROM case_keys JOIN readers ON readers.id = reader_id
            JOIN staff ON staff.id = readers.staff_id WHERE case_id = cases.id AND active = 1)
    FROM cases WHERE person_id = :person AND hidden = 0 ORDER BY opened_at, code
"""


def of_person(unit: Unit, person: int) -> list[Row]:
    """Her reports, the oldest first."""
    rows = unit.all(_OF_PERSON, {"person": person})
    return [
        Row(case, code, opened, closed, bytes(sealed), *counts) for case, code, opened, closed, sealed, *counts in rows
    ]
