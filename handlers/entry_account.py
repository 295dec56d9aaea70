"""Does what a member does with her own account: sessions, passphrase, the passphrase for duress.

Whose account it is comes from the session alone. Under duress nothing of hers is changed, and nothing says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handlers import entry
from handlers import entry_pace as pace
from handlers.draw import World
from handlers.entry import Browser, Wrong
from handlers.entry_pace import Wait
from storage import audit, logins, sessions, staff
from storage.logins import Login
from storage.sessions import Session
from storage.staff import Member
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Account:
    """What her account's page shows."""

    member: Member
    name: str
    """Her desk name."""
    sessions: tuple[Session, ...]
    codes_left: int
    has_duress: bool
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A new passphrase, as her browser sends it, with the login key of the old one."""

    login: bytes = field(repr=False)
    salt: bytes
    new_login: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)


def look(unit: Unit, session: Session, world: World) -> Account | None:
    """Her account as this session may see it; one under duress knows of itself alone. None where it is gone."""
    member, login = staff.member(unit, session.staff), logins.of_staff(unit, session.staff)
    if member is None or login is None:
        return None
    shown = _seen_from(unit, session, world)
    left = logins.recovery_left(unit, session.staff)
    has_duress = login.duress_hash is not None and not session.duress
    return Account(member, login.name, tuple(shown), left, has_duress, login.set_at)


def _seen_from(unit: Unit, session: Session, world: World) -> list[Session]:
    return [one for one in sessions.of_staff(unit, session.staff, world.now) if one.duress == session.duress]


def end_session(unit: Unit, session: Session, number: int, world: World) -> bool:
    """End one of her sessions. False where this is none that she sees, as where it is somebody else's."""
    if number not in {one.id for one in _seen_from(unit, session, world)}:
        return False
    sessions.end(unit, number, session.staff)
    audit.record(unit, world.now, "session_ended", staff=session.staff)
    return True


def end_others(unit: Unit, session: Session, world: World) -> int:
    """End her sessions but this one. Says how many."""
    others = [one for one in _seen_from(unit, session, world) if one.id != session.id]
    for one in others:
        sessions.end(unit, one.id, session.staff)
    audit.record(unit, world.now, "sessions_ended", staff=session.staff)
    return len(others)


def change_passphrase(
    unit: Unit, session: Session, change: Change, browser: Browser, world: World
) -> Wrong | Wait | None:
    """Take a new passphrase; all her sessions end, and this one goes on under a new token. None where it is done."""
    refused = _prove(unit, session, change.login, browser.source, world)
    if refused is not None:
        return refused
    logins.change(unit, session.staff, change.salt, entry.hashed(change.new_login), change.wrapped, world.now)
    sessions.end_all(unit, session.staff)
    entry.begin(unit, session.staff, browser, world, confirmed=True, duress=False)
    audit.record(unit, world.now, "passphrase_changed", staff=session.staff)
    return None


def set_duress(
    unit: Unit, session: Session, login: bytes, duress_login: bytes, decoy: bytes, source: str, world: World
) -> Wrong | Wait | Literal["same"] | None:
    """Take a passphrase for duress, derived with her salt; `decoy` is what it unwraps. None where it is done."""
    refused = _prove(unit, session, login, source, world)
    if refused is not None:
        return refused
    if entry.match(logins.of_staff(unit, session.staff), duress_login) == "real":
        return "same"
    logins.put_duress(unit, session.staff, entry.hashed(duress_login), decoy)
    audit.record(unit, world.now, "duress_set", staff=session.staff)
    return None


def remove_duress(unit: Unit, session: Session, world: World) -> None:
    """Take the passphrase for duress away."""
    if not session.duress:
        logins.put_duress(unit, session.staff, None, None)
        audit.record(unit, world.now, "duress_removed", staff=session.staff)


def _prove(unit: Unit, session: Session, login: bytes, source: str, world: World) -> Wrong | Wait | None:
    """See that it is herself, by her passphrase. Under duress she is asked to wait, as after wrong tries."""
    found: Login | None = logins.of_staff(unit, session.staff)
    door = pace.knock(unit, entry.account_of(found), source, world.now)
    if isinstance(door, Wait):
        return door
    how = entry.match(found, login)
    if how != ("duress" if session.duress else "real"):
        pace.refused(unit, door, world.now)
        audit.record(unit, world.now, "passphrase_wrong", staff=session.staff)
        return Wrong()
    if session.duress:
        return Wait(int(pace.LONGEST.total_seconds()))
    pace.opened(unit, door)
    return None
