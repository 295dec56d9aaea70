"""Keeps one small value sealed with the server's keys, so that wrong keys are noticed before they are used.

It never holds anything about a person.
"""

from __future__ import annotations

import base64
import binascii

from storage import marks
from storage.unit import Unit
from storage.vault import KeysUnusable, Place, Unreadable

_NAME = "canary"
_SAYS = b"sanad"
_PLACE = Place("marks", "value", _NAME)


def check(unit: Unit) -> bool:
    """Whether there is a canary. Raises `KeysUnusable` where it does not open with these keys."""
    kept = marks.get(unit, _NAME)
    if kept is None:
        return False
    try:
        opens = unit.vault.open(_PLACE, base64.b64decode(kept)) == _SAYS
    except (Unreadable, binascii.Error):
        opens = False
    if not opens:
        raise KeysUnusable(
            "This database was sealed with server keys that are not in SANAD_KEYS. "
            "Put the earlier line back, after a comma, or name the right database in DATABASE_URL."
        )
    return True


def keep(unit: Unit) -> None:
    """Seal a canary with the newest key, in the place of an older one."""
    marks.put(unit, _NAME, base64.b64encode(unit.vault.seal(_PLACE, _SAYS)).decode())
