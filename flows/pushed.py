"""Names the buttons that stand under a message that we sent by ourselves, and reads their keys when one is pressed.

A key holds the run that brought it, for counting taps, and the way it opens; nothing of who pressed it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from messages import Text, t

WAYS: Final[Mapping[str, Text]] = {
    "lesson": t("Open today's lesson"),
    "subscribe": t("Choose what I receive"),
    "course": t("A short course"),
    "poll": t("Answer a question"),
    "stories": t("Read a story"),
    "initiatives": t("See the initiatives"),
    "asking": t("Ask a question"),
    "menu": t("Show the menu"),
    "unsubscribe": t("Send me no more"),
}
"""By way: the label of its button. Where there are no buttons the label is written instead (`flows.hearing`)."""
KEY: Final = re.compile(r"p:([0-9a-z]{0,13}):([a-z_]{1,16}):?([0-9a-z]{0,13})")

_NUMBERS: Final = 1 << 63
"""Above every number of a row: a forged key may spell one that no database takes."""


@dataclass(frozen=True, slots=True)
class Push:
    """A pressed button of a message that came unasked: its run (0 for none), its way, and what the way is about."""

    run: int
    way: str
    about: int = 0


def key(way: str, run: int = 0, about: int = 0) -> str:
    """The key of a button. At most 47 bytes."""
    return f"p:{base36(run)}:{way}" + (f":{base36(about)}" if about else "")


def read(pressed: str) -> Push | None:
    """What a key names; None for any other button, and for a forged one."""
    found = KEY.fullmatch(pressed)
    if found is None or found[2] not in WAYS:
        return None
    run, about = int(found[1] or "0", 36), int(found[3] or "0", 36)
    return Push(run, found[2], about) if max(run, about) < _NUMBERS else None


def base36(number: int) -> str:
    """A number in few letters, as it stands in keys; empty for 0."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits
