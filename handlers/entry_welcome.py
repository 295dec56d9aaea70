"""Welcomes a member who opened her one-time link: her desk name, login and key, and a session for the second factor.

It never learns her passphrase or her private half: her browser made them, and sends what they are known by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from handlers import entry
from handlers.draw import World
from handlers.entry import LOGIN, SALT, WRAPPED, Browser
from messages.arabic import normalise, strip_controls
from storage import audit, cases, links, logins, sessions
from storage.seal import seal_to
from storage.unit import Unit
from storage.vault import Place

PUBLIC = 1216
"""Bytes of a public key: ML-KEM-768, then X25519."""
SHORTEST, LONGEST = 3, 30
"""Letters and digits of a desk name."""

NotSo = Literal["link", "name", "taken", "login", "key"]
"""Why she can't come in like this: the link is not good · the name is none · is another's · the rest is malformed."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What her browser sends."""

    name: str
    salt: bytes
    login: bytes = field(repr=False)
    public: bytes
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Welcomed:
    """She is in, but for the second factor."""

    staff: int
    reader: int


def check(chosen: Chosen) -> NotSo | None:
    """What is wrong with it by itself; None where nothing is."""
    if not is_name(chosen.name):
        return "name"
    if (len(chosen.salt), len(chosen.login), len(chosen.wrapped)) != (SALT, LOGIN, WRAPPED):
        return "login"
    return None if _seals(chosen.public) else "key"


def is_name(words: str) -> bool:
    """Whether it can be a desk name: 3-30 letters and digits of any script, and not one letter repeated."""
    plain = words == strip_controls(words) and all(char.isalnum() or _joins(char) for char in words)
    return plain and SHORTEST <= len(words) <= LONGEST and len(normalise(words)) >= SHORTEST - 1


def _joins(char: str) -> bool:
    """Harakat belong to the letter below them."""
    return "\u064b" <= char <= "\u0652"


def _seals(public: bytes) -> bool:
    """Whether cases can be sealed to a key: one that can't be would stop every new case."""
    try:
        return len(public) == PUBLIC and bool(seal_to(public, Place("readers", "public_key", "0"), b""))
    except ValueError:
        return False


def welcome(unit: Unit, link: bytes, chosen: Chosen, browser: Browser, world: World) -> Welcomed | NotSo:
    """Use the link up and let her in. What she had before (login, factor, sessions) is gone; her old key reads no more.

    Raises `Taken` at the commit where somebody took the name at the same moment.
    """
    staff = links.invited(unit, link, world.now)
    if staff is None:
        return "link"
    named = logins.by_name(unit, chosen.name)
    if named is not None and named.staff != staff:
        return "taken"
    if not links.use_invitation(unit, link, world.now):
        return "link"
    reader = world.draw.number()
    sessions.end_all(unit, staff)
    logins.put(unit, staff, chosen.name, chosen.salt, entry.hashed(chosen.login), chosen.wrapped, world.now)
    cases.add_reader(unit, reader, "staff", chosen.public, world.now, staff)
    entry.begin(unit, staff, browser, world, confirmed=False, duress=False)
    audit.record(unit, world.now, "welcomed", staff=staff)
    return Welcomed(staff, reader)
