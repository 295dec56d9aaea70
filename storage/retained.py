"""Finds what has been kept for its time: closed cases, chats that still point to one, people who went silent.

It destroys nothing, and it opens nothing but the facets of the cases it names.
"""

from __future__ import annotations

from datetime import datetime

from storage import cases
from storage.unit import Unit, millis

_QUIET_SINCE = """
    FROM cases WHERE status = 'closed' AND drill = 0 AND closed_at <= :before
        AND COALESCE(heard_at, 0) <= :before AND COALESCE(answered_at, 0) <= :before
        AND NOT EXISTS (SELECT 1 FROM tasks WHERE case_id = cases.id AND done_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM check_ins WHERE case_id = cases.id AND state IN ('armed', 'asked', 'paused'))
"""
"""Closed, with nothing done about it since: neither heard from her, nor written to her, nor anything left to do.

A check-in that comes again has its plan in a case that may have been closed: it is not done with either.
"""
REVIEW = "retention:review"
"""The log's entry for a case that is to be looked at again."""


def closed_before(unit: Unit, before: datetime, after: int, most: int) -> list[int]:
    """Numbers of cases that were closed and silent before a moment, behind the number `after`."""
    sql = f"SELECT id {_QUIET_SINCE} AND id > :after ORDER BY id LIMIT :most"
    return [number for (number,) in unit.all(sql, {"before": millis(before), "after": after, "most": most})]


def documented_before(unit: Unit, before: datetime) -> list[int]:
    """Cases that are kept as evidence, closed before a moment and not looked at again since that moment either."""
    sql = f"""SELECT id, facets {_QUIET_SINCE} AND NOT EXISTS
        (SELECT 1 FROM audit WHERE case_id = cases.id AND what = :review AND at > :before) ORDER BY id"""  # noqa: S608 - our own words
    rows = unit.all(sql, {"before": millis(before), "review": REVIEW})
    return [number for number, facets in rows if cases.facets_of(unit, number, bytes(facets)).documented]


def linked_before(unit: Unit, before: datetime, most: int) -> list[tuple[int, str, int]]:
    """Of those, what still says whose it is: number, code, and the person's number.

    Not what is kept as evidence: that is hers to see and to take back, which only she can whose it is known to be.
    """
    sql = f"""SELECT id, code, person_id, facets {_QUIET_SINCE} AND person_id IS NOT NULL AND id > :after
        ORDER BY id LIMIT :most"""
    found: list[tuple[int, str, int]] = []
    after = 0
    while rows := unit.all(sql, {"before": millis(before), "most": most, "after": after}):
        for number, code, person, facets in rows:
            if not cases.facets_of(unit, number, bytes(facets)).documented:
                found.append((number, code, person))
        after = rows[-1][0]
        if len(found) >= most:
            break
    return found


def unlink(unit: Unit, case: int) -> None:
    """From now on nothing says whose case it is, nor who sent its files."""
    unit.do("UPDATE cases SET person_id = NULL WHERE id = :case", {"case": case})
    unit.do("UPDATE files SET person_id = NULL WHERE case_id = :case", {"case": case})


def silent_people(unit: Unit, before: datetime, most: int) -> list[int]:
    """People who last wrote before a moment and have neither a case nor a check-in with us, nor another chat that has.

    Her words may lie with the chat that is silent, and a check-in of the other asks her there too.
    """
    sql = """SELECT person_id FROM talks WHERE heard_at <= :before
            AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.person_id = talks.person_id)
            AND NOT EXISTS (SELECT 1 FROM check_ins WHERE check_ins.person_id = talks.person_id)
            AND NOT EXISTS (SELECT 1 FROM other_chats WHERE other_chats.person_id = talks.person_id AND (
                EXISTS (SELECT 1 FROM talks AS theirs WHERE theirs.person_id = other_id AND theirs.heard_at > :before)
                OR EXISTS (SELECT 1 FROM cases WHERE cases.person_id = other_id)
                OR EXISTS (SELECT 1 FROM check_ins WHERE check_ins.person_id = other_id)))
        ORDER BY heard_at LIMIT :most"""
    return [number for (number,) in unit.all(sql, {"before": millis(before), "most": most})]
