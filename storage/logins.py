"""Keeps how members sign in at the desk: name, salt, hash of the login key, the wrapped key, the second factor.

It never holds a passphrase or anything that opens a wrapped key, and it never decides who may enter.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from messages.arabic import normalise
from storage.unit import Row, Unit, millis, moment
from storage.vault import Place


@dataclass(frozen=True, slots=True)
class Login:
    """How one member signs in."""

    staff: int
    name: str
    salt: bytes
    """Argon2id's, 16 bytes."""
    login_hash: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    """Her private half, wrapped in her browser."""
    duress_hash: bytes | None = field(repr=False)
    decoy: bytes | None = field(repr=False)
    """What a browser unwraps under duress: a key to nothing."""
    totp: bytes | None = field(repr=False)
    """The second factor's secret; None until it was set up."""
    totp_step: int
    """The last half minute whose code was used: no code counts twice."""
    set_at: datetime


_COLUMNS = "staff_id, name, salt, login_hash, wrapped, duress_hash, decoy, totp, totp_step, set_at"


def name_of(words: str) -> str:
    """What the blind index of a name is made of: spellings that are read alike are one name."""
    return f"desk name:{normalise(words)}"


def put(unit: Unit, staff: int, name: str, salt: bytes, login_hash: bytes, wrapped: bytes, now: datetime) -> None:
    """Keep a new login; one that she had is replaced, with its second factor, codes and duress passphrase.

    Raises `Taken` at the commit where the name is another member's.
    """
    unit.do("DELETE FROM recovery_codes WHERE staff_id = :staff", {"staff": staff})
    unit.do("DELETE FROM logins WHERE staff_id = :staff", {"staff": staff})
    sql = """INSERT INTO logins (staff_id, name_index, name, salt, login_hash, wrapped, set_at)
        VALUES (:staff, :index, :name, :salt, :hash, :wrapped, :now)"""
    values = {"staff": staff, "index": unit.vault.index(name_of(name)), "salt": salt, "hash": login_hash}
    sealed = unit.vault.seal(_place("name", staff), name.encode())
    unit.do(sql, values | {"name": sealed, "wrapped": wrapped, "now": millis(now)})


def move_name(unit: Unit, staff: int, name: str) -> None:
    """Give a name its newest blind index: the server's keys were changed."""
    values = {"staff": staff, "index": unit.vault.index(name_of(name))}
    unit.do("UPDATE logins SET name_index = :index WHERE staff_id = :staff", values)


def by_name(unit: Unit, name: str) -> Login | None:
    """The login of this name, however it is spelled."""
    for index in unit.vault.indexes(name_of(name)):
        row = unit.one(f"SELECT {_COLUMNS} FROM logins WHERE name_index = :index", {"index": index})  # noqa: S608 - our own names
        if row is not None:
            return _login(unit, row)
    return None


def of_staff(unit: Unit, staff: int) -> Login | None:
    """A member's login; None where she has not come in yet."""
    row = unit.one(f"SELECT {_COLUMNS} FROM logins WHERE staff_id = :staff", {"staff": staff})  # noqa: S608 - our own names
    return None if row is None else _login(unit, row)


def change(unit: Unit, staff: int, salt: bytes, login_hash: bytes, wrapped: bytes, now: datetime) -> None:
    """A new passphrase. The duress passphrase hung on the old salt, and is gone with it."""
    sql = """UPDATE logins SET salt = :salt, login_hash = :hash, wrapped = :wrapped, set_at = :now,
        duress_hash = NULL, decoy = NULL WHERE staff_id = :staff"""
    unit.do(sql, {"staff": staff, "salt": salt, "hash": login_hash, "wrapped": wrapped, "now": millis(now)})


def put_duress(unit: Unit, staff: int, login_hash: bytes | None, decoy: bytes | None) -> None:
    """Keep a duress passphrase, or take it away (None)."""
    sql = "UPDATE logins SET duress_hash = :hash, decoy = :decoy WHERE staff_id = :staff"
    unit.do(sql, {"staff": staff, "hash": login_hash, "decoy": decoy})


def forget(unit: Unit, staff: int) -> None:
    """She can't sign in any more, until she was invited again."""
    for table in ("recovery_codes", "link_codes", "logins"):
        unit.do(f"DELETE FROM {table} WHERE staff_id = :staff", {"staff": staff})  # noqa: S608 - our own names


# ---------------------------------------------------------------- the second factor


def put_factor(unit: Unit, staff: int, secret: bytes, step: int, codes: Collection[bytes]) -> None:
    """Keep a second factor, whose code of `step` has just been used, with the hashes of its recovery codes."""
    sql = "UPDATE logins SET totp = :totp, totp_step = :step WHERE staff_id = :staff"
    unit.do(sql, {"staff": staff, "totp": unit.vault.seal(_place("totp", staff), secret), "step": step})
    unit.do("DELETE FROM recovery_codes WHERE staff_id = :staff", {"staff": staff})
    sql = "INSERT INTO recovery_codes (code_hash, staff_id) VALUES (:hash, :staff)"
    unit.many(sql, [{"hash": code, "staff": staff} for code in codes])


def use_step(unit: Unit, staff: int, step: int) -> bool:
    """Use the code of a half minute. False where it, or a later one, was used before."""
    sql = "UPDATE logins SET totp_step = :step WHERE staff_id = :staff AND totp_step < :step"
    return unit.count(sql, {"staff": staff, "step": step}) == 1


def use_recovery(unit: Unit, staff: int, code_hash: bytes, now: datetime) -> bool:
    """Use up one of her recovery codes. False where it is none of hers, or was used."""
    sql = """UPDATE recovery_codes SET used_at = :now
        WHERE code_hash = :hash AND staff_id = :staff AND used_at IS NULL"""
    return unit.count(sql, {"staff": staff, "hash": code_hash, "now": millis(now)}) == 1


def recovery_left(unit: Unit, staff: int) -> int:
    """How many recovery codes she has left."""
    row = unit.one("SELECT COUNT(*) FROM recovery_codes WHERE staff_id = :staff AND used_at IS NULL", {"staff": staff})
    return row[0] if row else 0


# ---------------------------------------------------------------- under duress


def note_duress(unit: Unit, staff: int, code: str, now: datetime) -> None:
    """She signed in under duress: the coordinators see it until one of them has dealt with it."""
    sql = "UPDATE logins SET duress_at = :now, duress_code = :code WHERE staff_id = :staff"
    unit.do(sql, {"staff": staff, "code": code, "now": millis(now)})


def dealt_with(unit: Unit, staff: int) -> bool:
    """A coordinator has dealt with it. False where there was nothing."""
    sql = "UPDATE logins SET duress_at = NULL, duress_code = NULL WHERE staff_id = :staff AND duress_at IS NOT NULL"
    return unit.count(sql, {"staff": staff}) == 1


def under_duress(unit: Unit) -> dict[int, tuple[datetime, str]]:
    """Who signed in under duress, when, and the code of the alarm; without those that were dealt with."""
    rows = unit.all("SELECT staff_id, duress_at, duress_code FROM logins WHERE duress_at IS NOT NULL")
    return {staff: (moment(at), code) for staff, at, code in rows}


def who_come_in(unit: Unit) -> dict[int, bool]:
    """Members who have a login, and whether the second factor is set up."""
    rows = unit.all("SELECT staff_id, totp IS NOT NULL FROM logins")
    return {staff: bool(ready) for staff, ready in rows}


def _login(unit: Unit, row: Row) -> Login:
    staff, name, salt, login_hash, wrapped, duress, decoy, totp, step, set_at = row
    return Login(
        staff,
        unit.vault.open(_place("name", staff), bytes(name)).decode(),
        bytes(salt),
        bytes(login_hash),
        bytes(wrapped),
        None if duress is None else bytes(duress),
        None if decoy is None else bytes(decoy),
        None if totp is None else unit.vault.open(_place("totp", staff), bytes(totp)),
        step,
        moment(set_at),
    )


def _place(column: str, staff: int) -> Place:
    return Place("logins", column, str(staff))
