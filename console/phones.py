"""Says what the preview page needs: phones to follow and type on, the story told around them, and what lies inside.

It holds values only: the phones themselves stand in `bot.channels.preview`, and who fills the rest is `bot.demo`.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from flows.core import Language
from handlers.channel import Inbound
from messages import Text

Happening = Literal["start", "message", "cleared", "erased", "standing", "ladder", "crowd"]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, as the page hears of it."""

    id: str
    """Where to go on after a broken connection (Last-Event-ID)."""
    name: Happening
    data: Mapping[str, object]
    """Ready for JSON."""


class Phones(Protocol):
    """Phones that people type on in the page. Each act returns what the channel understood, to be received as usual."""

    def follow(self, after: str) -> AbstractContextManager[asyncio.Queue[Told]]:
        """Everything after the event of that id, then whatever happens; all from the start if the id isn't known."""

    def say(self, phone: str, words: str, hint: Language) -> Inbound:
        """Words, or a command such as /start. KeyError if there is no such phone."""

    def press(self, phone: str, key: str, message: str, hint: Language) -> Inbound:
        """A button of a message shown on this phone. KeyError if there is no such phone."""

    def share(self, phone: str, data: bytes, mime: str, name: str, hint: Language) -> Inbound:
        """A file, whose kind is taken from its media type. KeyError if there is no such phone."""

    def place(self, phone: str, latitude: float, longitude: float, hint: Language) -> Inbound:
        """A location in degrees (WGS 84). KeyError if there is no such phone."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone as the page shows it."""

    name: str
    """Its address on the preview channel: a-z, 0-9 and hyphens."""
    title: Text
    duty: Text
    """What its holder does in the story."""
    attaches: bool = False
    """Whether it offers photos, voice notes and places."""


@dataclass(frozen=True, slots=True)
class DeskAccount:
    """How a visitor of the demo signs in at the desk as one of its made-up members."""

    name: str
    role: str
    desk_name: str
    passphrase: str
    code: str
    """Of the second factor, now."""
    holds: int
    """Seconds for which the code still holds."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a visitor is told and shown."""

    phones: tuple[Phone, ...]
    guide: tuple[Text, ...]
    """What to try, in order."""
    contact: Text
    """The service's neutral name, as it stands at the top of each phone and on a lock screen."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a running ladder."""

    name: Text
    at: datetime
    """When it is due, or was (UTC)."""
    state: Literal["waiting", "current", "sent", "skipped"]
    """`current` is the step that waits for an answer now."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The newest alarm, as it climbs."""

    level: Literal["critical", "high", "medium", "low"]
    steps: tuple[Step, ...]
    taken_by: Text | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """The check-in that runs, or ran last: when it acts, and never where she goes."""

    state: Literal["armed", "asked", "overdue", "called", "paused", "over"]
    """`called`: a person was called before this, and what came since does not call her back."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it lies in the database. Bytes are shown in hexadecimal digits."""

    table: str
    column: str
    value: bytes | str | int | None


@dataclass(frozen=True, slots=True)
class Inside:
    """The same case from two sides, its alarm, and the check-in that runs."""

    stored: tuple[Cell, ...] = ()
    opened: Mapping[str, object] | None = None
    """The case as JSON, opened with the recovery key; None until there is one."""
    ladder: Ladder | None = None
    watched: Watched | None = None
