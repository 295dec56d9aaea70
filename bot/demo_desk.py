"""Makes the demo's members of staff as their browsers would: a passphrase, a key wrapped with it, a second factor.

It exists for the demo alone: nowhere else does a program know anybody's passphrase.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from console.phones import DeskAccount
from flows.rota import RotaLevel, Shift
from handlers.draw import World
from handlers.entry import hashed
from storage import cases, logins, shifts, staff
from storage.seal import SEED, public_key
from storage.unit import Unit
from storage.vault import Place

STEP = 30
"""Seconds for which a code of the second factor holds (RFC 6238)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """One made-up member."""

    name: str
    phone: str
    role: str
    level: RotaLevel | None
    passphrase: str


ACTORS = (
    Actor("هدى", "huda", "focal_point", "first", "seven dates on a blue plate"),
    Actor("نجلاء", "najla", "focal_point", "substitute", "quiet rain over the old wall"),
    Actor("سلمى", "salma", "coordinator", None, "green lantern beside the well"),
    Actor("ريم", "reem", "campaigner", None, "a kite above seven roofs"),
)


def hire(unit: Unit, actor: Actor, world: World) -> int:
    """Keep one of them, with a log-in, a key and her shifts. Returns her number."""
    number, seed, salt = world.draw.number(), world.draw.seed(SEED), world.draw.seed(16)
    login, wrapping = _derived(actor.passphrase, salt)
    nonce, bound = world.draw.seed(12), Place("logins", "wrapped", str(number)).bound()
    wrapped = nonce + AESGCM(wrapping).encrypt(nonce, seed, bound)
    staff.add(unit, number, staff.Facts(actor.name, "ar"), actor.role, {"preview": actor.phone}, world.now)
    staff.heard(unit, unit.vault.index(f"preview:{actor.phone}"), world.now)
    logins.put(unit, number, actor.phone, salt, hashed(login), wrapped, world.now)
    logins.put_factor(unit, number, world.draw.seed(20), 0, ())
    cases.add_reader(unit, world.draw.number(), "staff", public_key(seed), world.now, number)
    if actor.level is not None:
        starts, ends = datetime(2020, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - a shift's times are wall-clock
        shifts.add(unit, Shift(world.draw.number(), number, actor.level, starts, ends, "Asia/Aden"))
    return number


def accounts(unit: Unit, now: datetime) -> list[DeskAccount]:
    """How a visitor signs in as each of them at this moment."""
    found = []
    for actor in ACTORS:
        login = logins.by_name(unit, actor.phone)
        if login is not None and login.totp is not None:
            at = int(now.timestamp())
            code = TOTP(login.totp, 6, SHA1(), STEP).generate(at).decode()  # noqa: S303 - RFC 6238's own hash
            found.append(DeskAccount(actor.name, actor.role, actor.phone, actor.passphrase, code, STEP - at % STEP))
    return found


def _derived(passphrase: str, salt: bytes) -> tuple[bytes, bytes]:
    words = unicodedata.normalize("NFKC", passphrase).encode()
    key = Argon2id(salt=salt, length=64, iterations=3, lanes=1, memory_cost=64 * 1024).derive(words)
    return key[:32], key[32:]
