"""Speaks: marks every sentence a person will see, and carries it as a value until it's rendered in her language.

It never sends, stores or decides anything, and it never reads anything but its own catalogs.
"""

from messages.stored import from_json, to_json
from messages.text import Blank, Language, Text, both, clock, isolated, join, raw, t, tn

__all__ = [
    "Blank",
    "Language",
    "Text",
    "both",
    "clock",
    "from_json",
    "isolated",
    "join",
    "raw",
    "t",
    "tn",
    "to_json",
]
