"""Takes pictures, voices and videos into the library for the public, cleaned of what they tell beside; withdraws them.

It never takes one in which somebody can be recognised without her consent on record, and never trusts a file's name.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from handlers.clean_copies import clean
from handlers.draw import World
from handlers.file_kinds import kind_of
from handlers.shelf import ENDINGS
from messages.arabic import strip_controls
from storage import audit, media
from storage.media import PART, Facts, Kind, Medium, Size, Version
from storage.unit import Unit

MOST: Final = {"picture": 5 * 1024 * 1024, "voice": 1024 * 1024, "video": 16 * 1024 * 1024}
"""Bytes that WhatsApp carries of each kind (a voice: about 90 seconds and some more)."""
LIGHT: Final = {"picture": 150_000, "voice": 1024 * 1024, "video": 3 * 1024 * 1024}
"""Bytes of a light version at most: what a weak line bears (training.md 5.1)."""
LARGEST: Final = 24 * 1024 * 1024
"""Bytes of an upload: a video in both sizes, and a form around it. A phone's picture may be larger."""
LONGEST_NAME: Final = 60
LONGEST_WORDS: Final = 500
_PLACES: Final = re.compile(rb"\xa9xyz|loci|com\.apple\.quicktime\.location|GPSLatitude|<x:xmpmeta")
"""Where a video or voice tells of a place, or holds notes that may: boxes of ISO media files, ID3 and XMP."""
NotTaken = Literal[
    "empty", "kind", "damaged", "too large", "light too large", "light kind", "place", "name", "shows", "consent",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """An upload as it came: the file itself, and a light version where she made one."""

    name: str
    file: bytes
    light: bytes = b""
    people: bool = False
    consent: str = ""
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """An upload that may be kept: cleaned, in its sizes."""

    kind: Kind
    facts: Facts
    data: dict[Size, bytes]


async def prepare(offered: Offered) -> Ready | NotTaken:
    """See what it is, clean it, and make the light version of a picture. Takes a second or two for a large picture."""
    name, shows, consent = (_line(words) for words in (offered.name, offered.shows, offered.consent))
    if not name or len(name) > LONGEST_NAME:
        return "name"
    if not shows:
        return "shows"
    if offered.people and not consent:
        return "consent"
    sizes = await _sizes(offered)
    if isinstance(sizes, str):
        return sizes
    kind, data = sizes
    versions = {size: _version(whole) for size, whole in data.items()}
    return Ready(kind, Facts(name, versions, offered.people, consent if offered.people else "", shows), data)


def keep(unit: Unit, ready: Ready, by: int, world: World) -> int:
    """Keep it in the library, and note who did. Returns its number."""
    number = world.draw.number()
    consented = world.now if ready.facts.people else None
    medium = Medium(number, ready.kind, ready.facts, by, world.now, consented, None)
    media.add(unit, medium, ready.data)
    audit.record(unit, world.now, "media_added", staff=by, target=number)
    return number


def withdraw(unit: Unit, number: int, by: int, now: datetime) -> bool:
    """It is sent to nobody from now on: its bytes are destroyed. Says whether it was there until now."""
    gone = media.withdraw(unit, number, now)
    if gone:
        audit.record(unit, now, "media_withdrawn", staff=by, target=number)
        unit.wakes.add("broadcasts")
    return gone


async def _sizes(offered: Offered) -> tuple[Kind, dict[Size, bytes]] | NotTaken:
    if not offered.file:
        return "empty"
    mime = kind_of(offered.file[:PART]).mime
    match mime.partition("/")[0]:
        case "image":
            return await _picture(offered)
        case "audio" if mime in ENDINGS:
            return _recorded("voice", offered, mime)
        case "video" if mime in ENDINGS:
            return _recorded("video", offered, mime)
        case _:
            return "kind"


async def _picture(offered: Offered) -> tuple[Kind, dict[Size, bytes]] | NotTaken:
    full = await clean(offered.file)
    light = await clean(offered.light or offered.file, light=True)
    if isinstance(full, str) or isinstance(light, str):
        return "damaged"
    if len(full) > MOST["picture"]:
        return "too large"
    return "picture", {"full": full, "light": light}


def _recorded(
    kind: Literal["voice", "video"], offered: Offered, mime: str
) -> tuple[Kind, dict[Size, bytes]] | NotTaken:
    """A recording goes as it is: what tells of a place is refused, since nothing here could take it out."""
    light = offered.light
    if light and kind_of(light[:PART]).mime != mime:
        return "light kind"
    if _PLACES.search(offered.file) or _PLACES.search(light):
        return "place"
    if len(offered.file) > MOST[kind]:
        return "too large"
    if not light and len(offered.file) > LIGHT[kind]:
        return "light too large"
    if len(light) > LIGHT[kind]:
        return "light too large"
    return kind, {"full": offered.file, "light": light} if light else {"light": offered.file}


def _version(whole: bytes) -> Version:
    return Version(kind_of(whole[:PART]).mime, len(whole), hashlib.sha256(whole).hexdigest())


def _line(words: str) -> str:
    return " ".join(strip_controls(words).split())[:LONGEST_WORDS]
