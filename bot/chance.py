"""The one door to the clock and to randomness; everything else is told the time and handed its numbers.

It decides nothing: whoever needs an instant or a number takes it from here and passes it on.
"""

from __future__ import annotations

import os
import secrets
import time
from datetime import UTC, datetime

_FIRST = "ABCDEFGHJKMNPQRSTUVWXYZ"
_REST = "23456789" + _FIRST


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never goes back; only differences mean something."""
    return time.monotonic()


def random_bytes(count: int) -> bytes:
    """`count` bytes from the operating system's generator."""
    return os.urandom(count)


def number() -> int:
    """A positive 62-bit number for a row: it says nothing of how many there are, nor since when."""
    return int.from_bytes(os.urandom(8)) >> 2 or 1


def case_code() -> str:
    """A case's code as she sees it: `[A-Z][2-9A-Z]{2}-[2-9A-Z]{3}` without 0 1 O I L (design, contracts).

    It begins with a letter so that it never turns round in Arabic text.
    """
    return f"{page_code()}-{_drawn(_REST, _REST, _REST)}"


def page_code() -> str:
    """A page's fresh code: `[A-Z][2-9A-Z]{2}`."""
    return _drawn(_FIRST, _REST, _REST)


def _drawn(*alphabets: str) -> str:
    """One letter of each, from one number so long that no letter is likelier than another by more than 2^-48."""
    number, letters = int.from_bytes(os.urandom(8)), []
    for alphabet in alphabets:
        number, place = divmod(number, len(alphabet))
        letters.append(alphabet[place])
    return "".join(letters)


def token() -> str:
    """An unguessable string of 43 characters for a one-time link (256 bits)."""
    return secrets.token_urlsafe(32)
