"""Keeps one small value sealed with the server's keys, so that wrong keys are noticed before they are used.

It never holds anything about a person.
"""

from __future__ import annotations

import base64
import binascii

from storage import marks
from storage.inventory import sealed_by
from storage.unit import Unit
from storage.vault import KeysUnusable, Place, Unreadable

_NAME = "canary"
_SAYS = b"sanad"
_PLACE = Place("marks", "value", _NAME)


def check(unit: Unit) -> bool:
    """Whether there is a canary. Raises `KeysUnusable` where it, or what is sealed already, does not open."""
    kept = marks.get(unit, _NAME)
    try:
        if kept is None:
            _probe(unit)
            return False
        unit.vault.open(_PLACE, base64.b64decode(kept))
    except (Unreadable, binascii.Error):
        raise KeysUnusable(
            "This database was sealed with server keys that are not in SANAD_KEYS. "
            "Put the earlier line back, after a comma, or name the right database in DATABASE_URL."
        ) from None
    return True


def _probe(unit: Unit) -> None:
    """Open one value of each sealed column. Raises `Unreadable`."""
    for one in sealed_by("server"):
        names = ", ".join(one.row)
        sql = f"SELECT {names}, {one.column} FROM {one.table} WHERE {one.column} IS NOT NULL LIMIT 1"  # noqa: S608 - ours
        row = unit.one(sql)
        if row is not None:
            unit.vault.open(Place(one.table, one.column, "/".join(map(str, row[:-1]))), bytes(row[-1]))


def keep(unit: Unit) -> None:
    """Seal a canary with the newest key, in the place of an older one."""
    marks.put(unit, _NAME, base64.b64encode(unit.vault.seal(_PLACE, _SAYS)).decode())
