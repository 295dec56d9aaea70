"""Lets members in at the desk: the passphrase's login key, then a session that waits for the second factor.

It never sees a passphrase, and what it answers is the same for a name that nobody has and for a wrong passphrase.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

from handlers import entry_alarm
from handlers import entry_pace as pace
from handlers.draw import World
from handlers.entry_pace import Door, Wait
from storage import audit, logins, readers, sessions, staff
from storage.logins import Login
from storage.sessions import Session
from storage.unit import Unit

SALT = 16
"""Bytes of Argon2id's salt."""
LOGIN = 32
"""Bytes of a login key: the first half of what Argon2id makes."""
WRAPPED = 12 + 32 + 16
"""Bytes of a wrapped private half: nonce, seed, tag."""
_NOBODY = bytes(32)
"""What a login key is compared with where there is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Browser:
    """What asks to come in, and the hash of the token that it will be given if it may."""

    source: str
    """Where the connection comes from."""
    agent: bytes
    """What a session is bound to of it."""
    label: str
    """What it calls itself, in a few words."""
    token: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """The passphrase was right: what her browser needs to unwrap her key."""

    staff: int
    reader: int
    wrapped: bytes
    salt: bytes
    ready: bool
    """Whether the second factor is set up."""
    duress: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """It was not right; it is not said what of it."""


def salt_of(unit: Unit, name: str) -> bytes:
    """The salt to derive with. A name that nobody has gets one as well, always the same, that only we could make."""
    found = logins.by_name(unit, name)
    made_up = unit.vault.indexes(f"made-up salt:{logins.name_of(name)}")[-1][:SALT]
    return made_up if found is None else found.salt


def sign_in(unit: Unit, name: str, login: bytes, browser: Browser, world: World) -> Opened | Wrong | Wait:
    """Begin a session that still needs the second factor. Under duress it is one of an empty desk."""
    door = pace.knock(unit, logins.name_of(name), browser.source, world.now)
    if isinstance(door, Wait):
        return door
    found = logins.by_name(unit, name)
    how = _judge(unit, found, login, door, world)
    if found is None or how is None:
        return Wrong()
    if how == "duress":
        entry_alarm.raise_quietly(unit, found.staff, world)
        sessions.end_all(unit, found.staff)
    begin(unit, found.staff, browser, world, confirmed=False, duress=how == "duress")
    return opened(unit, found, duress=how == "duress")


def begin(unit: Unit, member: int, browser: Browser, world: World, *, confirmed: bool, duress: bool) -> None:
    """Keep a new session, under a token of its own."""
    number = world.draw.number()
    sessions.begin(
        unit, number, browser.token, member, browser.agent, browser.label, world.now, confirmed=confirmed, duress=duress
    )


def opened(unit: Unit, login: Login, *, duress: bool) -> Opened:
    """What a session's browser needs; under duress a key to nothing."""
    reader = readers.of_staff(unit, login.staff)
    wrapped = login.decoy if duress and login.decoy is not None else login.wrapped
    number = 0 if reader is None else reader.id
    return Opened(login.staff, number, wrapped, login.salt, login.totp is not None, duress)


def to_unlock(unit: Unit, session: Session) -> Opened | None:
    """What a signed-in browser needs to unwrap her key again; None where her login is gone."""
    login = logins.of_staff(unit, session.staff)
    return None if login is None else opened(unit, login, duress=session.duress)


def unlock(unit: Unit, session: Session, login: bytes, source: str, world: World) -> Opened | Wrong | Wait:
    """A passphrase that did not unwrap what this session was given: wrong, or the one for duress.

    With that, this session turns into one of an empty desk, the others end, and the alarm is raised.
    """
    found = logins.of_staff(unit, session.staff)
    door = pace.knock(unit, account_of(found), source, world.now)
    if isinstance(door, Wait):
        return door
    how = _judge(unit, found, login, door, world)
    if found is None or how is None or (session.duress and how == "real"):
        return Wrong()
    if how == "duress" and not session.duress:
        entry_alarm.raise_quietly(unit, found.staff, world)
        sessions.end_all(unit, found.staff, session.id)
        sessions.empty(unit, session.id)
    return opened(unit, found, duress=session.duress or how == "duress")


def account_of(login: Login | None) -> str:
    """What tries at an account are counted under: what its name is found by."""
    return "" if login is None else logins.name_of(login.name)


def _judge(unit: Unit, found: Login | None, login: bytes, door: Door, world: World) -> Literal["real", "duress"] | None:
    """Which of her passphrases it is, with the counts and the log brought up to date."""
    how = match(found, login)
    member = None if found is None else staff.member(unit, found.staff)
    if found is None or how is None or member is None or not member.active:
        pace.refused(unit, door, world.now)
        if found is not None:
            audit.record(unit, world.now, "sign_in_wrong", target=found.staff)
        return None
    pace.opened(unit, door)
    return how


def match(found: Login | None, login: bytes) -> Literal["real", "duress"] | None:
    """Which of her passphrases a login key stands for. Both are always looked at, in the same time."""
    given = hashed(login)
    real = hmac.compare_digest(given, _NOBODY if found is None else found.login_hash)
    under = hmac.compare_digest(given, _NOBODY if found is None or found.duress_hash is None else found.duress_hash)
    return "real" if real else "duress" if under else None


def hashed(login: bytes) -> bytes:
    """What is kept of a login key. Argon2id made it, so a plain hash is enough."""
    return hashlib.sha256(b"sanad login\x00" + login).digest()


def leave(unit: Unit, session: Session, world: World) -> None:
    """End this session."""
    sessions.end(unit, session.id, session.staff)
    audit.record(unit, world.now, "left", staff=session.staff)
