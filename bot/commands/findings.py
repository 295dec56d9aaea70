"""What a check of `sanad doctor` found. It never holds a secret or an address."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, and how to mend it where it is wrong."""

    about: str
    what: str
    ok: bool
    mend: str = ""


def good(about: str, what: str) -> Finding:
    """All is well."""
    return Finding(about, what, ok=True)


def bad(about: str, what: str, mend: str) -> Finding:
    """Something is to be mended, and this is how."""
    return Finding(about, what, ok=False, mend=mend)
