"""Sets up and checks the second factor: codes of an authenticator (TOTP), or a recovery code, each good once.

Whose factor it is comes from the session alone, never from what a request says.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from handlers import entry
from handlers import entry_pace as pace
from handlers.draw import World
from handlers.entry import Browser, Wrong
from handlers.entry_pace import Wait
from messages.arabic import digits
from storage import audit, logins, sessions, throttles
from storage.sessions import Session
from storage.throttles import Count
from storage.unit import Unit
from storage.vault import Place, Unreadable

STEP = 30
"""Seconds for which a code is shown (RFC 6238)."""
DIGITS = 6
RECOVERY_CODES = 8
_SECRET = 20
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret that is hers once she shows that her authenticator has it. `sealed` travels through her browser."""

    secret: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class NotNow:
    """The set-up can't go on like this: it is begun again."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """The factor is kept; these codes are shown once."""

    codes: tuple[str, ...]


def offer(unit: Unit, session: Session, world: World) -> Offer:
    """Draw a secret for this session's member; only this session can bring it back."""
    secret = world.draw.seed(_SECRET)
    return Offer(secret, unit.vault.seal(_offered(session), secret))


def read_offer(unit: Unit, session: Session, sealed: bytes) -> Offer | None:
    """The offer that a form brings back; None where it is not this session's."""
    try:
        return Offer(unit.vault.open(_offered(session), sealed), sealed)
    except Unreadable:
        return None


def must_prove(unit: Unit, session: Session) -> bool:
    """Whether she has a factor already, so that another takes its place only with a code of it."""
    login = logins.of_staff(unit, session.staff)
    return login is not None and login.totp is not None


def set_up(
    unit: Unit, session: Session, sealed: bytes, code: str, present: str, browser: Browser, world: World
) -> SetUp | Wrong | Wait | NotNow:
    """Keep a factor with new recovery codes; her other sessions end, and this one goes on under a new token.

    `present` is a code of the factor that it takes the place of, if there is one. Half a session can't change it.
    """
    proving = must_prove(unit, session)
    offered = read_offer(unit, session, sealed)
    if offered is None or (proving and not session.confirmed):
        return NotNow()
    if session.duress:
        return Wait(int(pace.LONGEST.total_seconds()))
    count = pace.guess(unit, session.staff, world.now)
    if isinstance(count, Wait):
        return count
    step = _step(offered.secret, code, world.now)
    if step is None or (proving and not _is_hers(unit, session.staff, present, world)):
        return _wrong(unit, session, count, world)
    codes = tuple(_recovery_code(world.draw.seed(16)) for _ in range(RECOVERY_CODES))
    logins.put_factor(unit, session.staff, offered.secret, step, [_hash(session.staff, one) for one in codes])
    sessions.end_all(unit, session.staff, session.id)
    audit.record(unit, world.now, "factor_set", staff=session.staff)
    _come_in(unit, session, count, browser, world)
    return SetUp(codes)


def confirm(unit: Unit, session: Session, code: str, browser: Browser, world: World) -> Wrong | Wait | None:
    """The second step of signing in: the session goes on, whole, under a new token. None where it is done."""
    count = pace.guess(unit, session.staff, world.now)
    if isinstance(count, Wait):
        return count
    if not _is_hers(unit, session.staff, code, world):
        return _wrong(unit, session, count, world)
    audit.record(unit, world.now, "signed_in", staff=session.staff)
    _come_in(unit, session, count, browser, world)
    return None


def _come_in(unit: Unit, session: Session, count: Count, browser: Browser, world: World) -> None:
    """Whoever knew the token from before has nothing: it is another from now on (session fixation)."""
    throttles.drop(unit, count)
    pace.came_in(unit, entry.account_of(logins.of_staff(unit, session.staff)), browser.source, world.now)
    sessions.end(unit, session.id, session.staff)
    entry.begin(unit, session.staff, browser, world, confirmed=True, duress=session.duress)


def _wrong(unit: Unit, session: Session, count: Count, world: World) -> Wrong:
    pace.guessed_wrong(unit, count, world.now)
    audit.record(unit, world.now, "second_wrong", target=session.staff)
    return Wrong()


def _is_hers(unit: Unit, staff: int, code: str, world: World) -> bool:
    """Whether it is a code of hers that was not used before; from now on it was."""
    login = logins.of_staff(unit, staff)
    if login is None or login.totp is None:
        return False
    step = _step(login.totp, code, world.now)
    if step is not None:
        return logins.use_step(unit, staff, step)
    used = logins.use_recovery(unit, staff, _hash(staff, _plain(code)), world.now)
    if used:
        audit.record(unit, world.now, "recovery_used", staff=staff)
    return used


def _step(secret: bytes, code: str, now: datetime) -> int | None:
    """The half minute whose code this is: the present one, the one before or after. None where it is none of them."""
    given = "".join(digits(code).split()).encode()
    present = int(now.timestamp()) // STEP
    shown = HOTP(secret, DIGITS, SHA1())  # noqa: S303 - what every authenticator speaks; HMAC asks no more of it
    fitting = [step for step in (present - 1, present, present + 1) if hmac.compare_digest(shown.generate(step), given)]
    return fitting[-1] if fitting else None


def _recovery_code(chance: bytes) -> str:
    """12 letters, 59 bits, in fours."""
    number, letters = int.from_bytes(chance), ""
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return "-".join(letters[at : at + 4] for at in range(0, _LENGTH, 4))


def _plain(code: str) -> str:
    """A recovery code as it was shown, however it is typed."""
    letters = "".join(char for char in digits(code).upper() if char in _LETTERS)
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _hash(staff: int, code: str) -> bytes:
    return hashlib.sha256(f"sanad recovery code\x00{staff}\x00{code}".encode()).digest()


def _offered(session: Session) -> Place:
    return Place("sessions", "offer", f"{session.staff}/{session.id}")
