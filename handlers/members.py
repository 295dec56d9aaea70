"""Adds, invites and disables those who work here, for the command line and the desk alike.

It never shows an address in full, and keeps a one-time link only as its hash.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import phonenumbers

from flows.alarm import LetGo
from flows.core import Language
from flows.roles import ROLES
from handlers import alarm_letters, sharing, work_off
from handlers.alarm_turns import turn
from handlers.draw import World
from handlers.entry_words import invited_anew
from handlers.team import team
from messages.arabic import digits, normalise, strip_controls
from storage import assignments, audit, cases, feeds, links, logins, readers, sessions, staff
from storage.cases import Case, NoReader
from storage.staff import Facts, Member
from storage.unit import Unit

PAGED = ("focal_point", "coordinator", "national_desk")
"""Roles that are woken, so that one without a way to reach her would be a silent gap."""
INVITED_FOR = timedelta(hours=24)
LONGEST_NAME = 60
_CHAT = re.compile(r"[1-9][0-9]{0,18}")
_LANGUAGES = ("ar", "en")

NotFit = Literal["name", "role", "language", "telegram", "whatsapp", "voice", "no way", "same name", "same address"]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A member as somebody describes her."""

    name: str
    role: str
    language: Language
    telegram: str = ""
    whatsapp: str = ""
    preview: str = ""
    voice: str = ""
    """The telephone by which she may be rung; it reaches her only once she has chosen a PIN at the desk."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why she can't be added like this; `whose` is the member who has the name or the address, `channel` of which."""

    why: NotFit
    whose: str = ""
    channel: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Fit:
    """A newcomer whose words are in order."""

    facts: Facts
    role: str
    ways: dict[str, str]


def fit(wanted: Newcomer) -> Fit | Unfit:
    """See that the words of a description can be kept."""
    name = " ".join(strip_controls(wanted.name).split())
    if not normalise(name) or len(name) > LONGEST_NAME:
        return Unfit("name")
    if wanted.role not in ROLES:
        return Unfit("role")
    if wanted.language not in _LANGUAGES:
        return Unfit("language")
    return _with_ways(wanted, Facts(name, wanted.language))


def _with_ways(wanted: Newcomer, facts: Facts) -> Fit | Unfit:
    ways = {"preview": wanted.preview} if wanted.preview else {}
    if wanted.telegram.strip():
        chat = digits(wanted.telegram).strip()
        if not _CHAT.fullmatch(chat):
            return Unfit("telegram")
        ways["telegram"] = chat
    if wanted.whatsapp.strip():
        number = phone(wanted.whatsapp)
        if number is None:
            return Unfit("whatsapp")
        ways["whatsapp"] = number
    if not ways and wanted.role in PAGED:
        return Unfit("no way")
    if wanted.voice.strip():
        number = phone(wanted.voice)
        if number is None:
            return Unfit("voice")
        ways["voice"] = number
    return Fit(facts, wanted.role, ways)


def phone(words: str) -> str | None:
    """A phone number as +E164; None where it is none."""
    try:
        number = phonenumbers.parse(strip_controls(digits(words)), None)
    except phonenumbers.NumberParseException:
        return None
    is_one = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if is_one else None


def hidden(address: str) -> str:
    """An address as it may be shown: its last two characters."""
    return f"…{address[-2:]}"


def link_hash(token: str) -> bytes:
    """What is kept of a one-time link."""
    return hashlib.sha256(token.encode()).digest()


def add(unit: Unit, number: int, new: Fit, link: bytes, world: World, by: int | None = None) -> Unfit | None:
    """Keep a new member under `number`, invited for 24 hours by the link with this hash. None where it is done.

    Raises `Taken` at the commit where an address was given to another at the same moment.
    """
    for member in staff.members(unit):
        if member.active and normalise(member.name) == normalise(new.facts.name):
            return Unfit("same name", member.name)
        taken = [way.channel for way in member.reaches if new.ways.get(way.channel) == way.address]
        if taken:
            return Unfit("same address", member.name, taken[0], member.active)
    staff.add(unit, number, new.facts, new.role, new.ways, world.now)
    staff.invite(unit, link, number, world.now + INVITED_FOR)
    audit.record(unit, world.now, "invited", staff=by, target=number)
    return None


def invite_again(unit: Unit, number: int, link: bytes, world: World, by: int) -> Member | None:
    """Make a member a new link: older ones are good no more, her sessions end, and she hears of it on her phone.

    Opening it, she gets a new login and a new key: what she could read before opens only by recovery. None where there
    is no such member, and where it is oneself: whoever found an open desk could take it over so.
    """
    member = staff.member(unit, number)
    if member is None or not member.active or number == by:
        return None
    links.void_invitations(unit, number)
    sessions.end_all(unit, number)
    staff.invite(unit, link, number, world.now + INVITED_FOR)
    audit.record(unit, world.now, "invited", staff=by, target=number)
    reader = team(unit, world).reader(number, "")
    if reader is not None:
        alarm_letters.write(unit, reader, invited_anew(), world)
    return member


def disable(unit: Unit, number: int, world: World, by: int | None = None) -> Member | None:
    """From now on she is not paged, can't enter, and is on no case; her wrapped key is destroyed.

    None where there is no such active member, and where it is oneself.
    """
    member = staff.member(unit, number)
    if member is None or not member.active or number == by:
        return None
    staff.disable(unit, number)
    readers.remove(unit, number, world.now)
    logins.forget(unit, number)
    feeds.drop(unit, number)
    links.void_invitations(unit, number)
    for case in assignments.cases_of(unit, number):
        _take_off(unit, case, number, world)
    audit.record(unit, world.now, "disabled", staff=by, target=number)
    return member


def _take_off(unit: Unit, case: int, number: int, world: World) -> None:
    """The case goes on without her; if nobody else works on it, it waits again, sealed to all who may take it."""
    found = cases.by_number(unit, case)
    with contextlib.suppress(NoReader):
        if found is not None:
            _leave(unit, found, number, world)
        if not assignments.of_case(unit, case):
            sharing.widen(unit, case, world)


def _leave(unit: Unit, case: Case, number: int, world: World) -> None:
    try:
        work_off.leave(unit, case, number, world, for_good=False)
    except NoReader:  # there is no key that what follows could be sealed to; the alarm goes on all the same (I1)
        turn(unit, case.id, LetGo(number), world)
