"""Looks up what a member needs to read her cases again with a new key: what lies sealed to the recovery key.

It opens nothing; re-sealing happens where the recovery key is, never here.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Lost:
    """One epoch of a case that she may read and can't, as it is sealed to a recovery key (`reader`, `public_key`)."""

    case: int
    epoch: int
    reader: int
    public_key: bytes
    sealed: bytes


_WANTED = """
    SELECT case_keys.case_id, case_keys.epoch, readers.id, readers.public_key, case_keys.seed
    FROM case_keys JOIN readers ON readers.id = case_keys.reader_id
    WHERE readers.kind = 'recovery'
      AND case_keys.case_id IN (
        SELECT case_id FROM assignments WHERE staff_id = :staff AND until IS NULL
        UNION
        SELECT held.case_id FROM case_keys AS held JOIN readers AS hers ON hers.id = held.reader_id
        WHERE hers.staff_id = :staff)
      AND NOT EXISTS (SELECT 1 FROM exclusions WHERE exclusions.case_id = case_keys.case_id AND staff_id = :staff)
      AND NOT EXISTS (
        SELECT 1 FROM case_keys AS held JOIN readers AS hers ON hers.id = held.reader_id
        WHERE hers.staff_id = :staff AND hers.removed_at IS NULL
          AND held.case_id = case_keys.case_id AND held.epoch = case_keys.epoch)
      AND (case_keys.epoch IN (
        SELECT held.epoch FROM case_keys AS held JOIN readers AS hers ON hers.id = held.reader_id
        WHERE hers.staff_id = :staff AND held.case_id = case_keys.case_id)
        OR case_keys.case_id IN (SELECT case_id FROM assignments WHERE staff_id = :staff AND until IS NULL))
    ORDER BY case_keys.case_id, case_keys.epoch, readers.id
"""


def wanted(unit: Unit, staff: int) -> list[Lost]:
    """What a member's present key doesn't open of the cases that are hers.

    All of those she works on, and of others what an earlier key of hers opens; never a case that she must not see, or
    was taken off.
    """
    rows = unit.all(_WANTED, {"staff": staff})
    return [Lost(case, epoch, reader, bytes(key), bytes(sealed)) for case, epoch, reader, key, sealed in rows]


def forget_lost(unit: Unit, staff: int, case: int, epoch: int) -> None:
    """Destroy what her earlier keys could open: she lost them, and somebody else may have found one."""
    sql = """DELETE FROM case_keys WHERE case_id = :case AND epoch = :epoch
        AND reader_id IN (SELECT id FROM readers WHERE staff_id = :staff AND removed_at IS NOT NULL)"""
    unit.do(sql, {"staff": staff, "case": case, "epoch": epoch})
