"""Lets a member who lost her passphrase read her cases again: what is asked of the recovery key, and what comes back.

It opens nothing: the server sends sealed keys out, and takes sealed keys in, for what it asked and for nobody else.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from storage import audit, cases, marks, readers, recovery, staff
from storage.staff import Member
from storage.unit import Unit

_SHORTEST, _LONGEST = 1120 + 16, 2048
"""Bytes of a sealed key: what HPKE puts in front, a check, and a little that is sealed."""


class Share(msgspec.Struct, frozen=True):
    """One epoch of a case, its private half sealed to a reader."""

    case: int
    epoch: int
    reader: int
    sealed: bytes


class Request(msgspec.Struct, frozen=True):
    """What goes to the machine with the recovery key: whose new key, and what is to be sealed to it."""

    kind: str
    version: int
    number: int
    name: str
    made_at: datetime
    reader: int
    public_key: bytes
    recovery_keys: dict[int, bytes]
    """Public halves of the recovery keys that the shares are sealed to, by their reader's number."""
    shares: tuple[Share, ...]


class Answer(msgspec.Struct, frozen=True):
    """What comes back: the same private halves, sealed to her new key. Nothing else."""

    kind: str
    version: int
    number: int
    request: str
    """SHA-256 of the request, in hex."""
    shares: tuple[Share, ...]


REQUEST, ANSWER, VERSION = "Sanad recovery request", "Sanad recovery answer", 1


class Refused(Exception):
    """It can't be done; the message says why, and what to do."""


def digest(request: bytes) -> str:
    """By what an answer names its request."""
    return hashlib.sha256(request).hexdigest()


def ask(unit: Unit, member: Member, number: int, now: datetime) -> tuple[bytes, Request]:
    """Write down what a member's new key is to open. Raises `Refused`."""
    mine = readers.of_staff(unit, member.id)
    if mine is None:
        raise Refused(f"{member.name} has no key yet. She opens a fresh link to the desk first; then ask again.")
    lost = recovery.wanted(unit, member.id)
    if not lost:
        raise Refused(f"{member.name}'s key opens all her cases already: there is nothing to recover.")
    shares = tuple(Share(one.case, one.epoch, one.reader, one.sealed) for one in lost)
    keys = {one.reader: one.public_key for one in lost}
    request = Request(REQUEST, VERSION, number, member.name, now, mine.id, mine.public_key, keys, shares)
    written = msgspec.json.format(msgspec.json.encode(request))
    marks.put(unit, _mark(number), digest(written))
    audit.record(unit, now, "recovery:asked", target=member.id)
    return written, request


def accept(unit: Unit, answer: Answer, now: datetime) -> tuple[str, int]:
    """Keep what was sealed to a member's new key: her name, and how many cases. Raises `Refused`, and keeps nothing."""
    if marks.get(unit, _mark(answer.number)) != answer.request:
        raise Refused("This server did not ask for that, or has its answer already. Ask again: `sanad recover export`.")
    numbers = {share.reader for share in answer.shares}
    reader = readers.by_number(unit, numbers.pop()) if len(numbers) == 1 else None
    if reader is None or reader.staff is None or reader.removed:
        raise Refused("The key that it is sealed to is not used any more. Ask again: `sanad recover export`.")
    wanted = {(one.case, one.epoch) for one in recovery.wanted(unit, reader.staff)}
    if not {(share.case, share.epoch) for share in answer.shares} <= wanted:
        raise Refused("Her cases are others by now. Ask again: `sanad recover export`.")
    if not all(_SHORTEST < len(share.sealed) <= _LONGEST for share in answer.shares):
        raise Refused("The answer holds something that is no sealed key. Nothing was kept.")
    _keep(unit, answer, reader.staff, now)
    if not recovery.wanted(unit, reader.staff):
        marks.drop(unit, _mark(answer.number))
    member = staff.member(unit, reader.staff)
    return "" if member is None else member.name, len({share.case for share in answer.shares})


def _keep(unit: Unit, answer: Answer, member: int, now: datetime) -> None:
    for share in answer.shares:
        cases.put_share(unit, share.case, share.epoch, share.reader, share.sealed)
        recovery.forget_lost(unit, member, share.case, share.epoch)
    for case in sorted({share.case for share in answer.shares}):
        audit.record(unit, now, "recovery:given", case=case, target=member)
    unit.wakes.add("cases")


def _mark(number: int) -> str:
    return f"recovery:{number}"
