"""Adds, lists and disables those who work here.

It never prints an address in full, and keeps a link to the desk only as its hash.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers
from rich.table import Table

from bot import chance
from bot.commands import outcome
from bot.commands.opened import opened
from bot.commands.outcome import WrongWords, remark, result
from bot.settings import Settings
from flows.core import Language
from flows.rota import Shift, on_call
from messages.arabic import digits, normalise, strip_controls
from storage import reaches, staff
from storage.staff import Facts, Member
from storage.unit import Taken, Unit

PAGED = ("focal_point", "coordinator", "national_desk")
"""Roles that are woken, so that one without a way to reach her would be a silent gap."""
INVITED_FOR = timedelta(hours=24)
_LONGEST_NAME = 60
_CHAT = re.compile(r"[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A member as the call describes her."""

    name: str
    role: str
    language: Language
    telegram: str = ""
    whatsapp: str = ""
    preview: str = ""


async def add(settings: Settings, wanted: Newcomer) -> None:
    """Keep a new member and print her one-time link to the desk. Raises `WrongWords`."""
    name, ways = _name(wanted.name), _ways(wanted)
    number, token, now = chance.number(), chance.token(), chance.now()
    async with opened(settings) as store:
        try:
            await store.write(_add, number, Facts(name, wanted.language), wanted.role, ways, _hash(token), now)
        except Taken:
            raise WrongWords("One of these addresses is another member's. See `sanad staff list`.") from None
    listed = ", ".join(f"{channel} {hidden(address)}" for channel, address in ways.items()) or "no address"
    result(f"Added {name}: {wanted.role}, {wanted.language}, {listed}.")
    result(f"Her link to the desk, good once and for 24 hours: {settings.address}/desk/welcome/{token}")
    if importlib.util.find_spec("console.login") is None:
        remark("The desk opens with a later release; until then she is reached by the addresses above alone.")
    if "telegram" in ways:
        remark("On Telegram a bot can't write first: she opens the bot and presses Start, once. Then she is proven.")


def _add(unit: Unit, number: int, facts: Facts, role: str, ways: dict[str, str], token: bytes, now: datetime) -> None:
    for member in staff.members(unit):
        if member.active and normalise(member.name) == normalise(facts.name):
            raise WrongWords(f"There is a {member.name} already. Add something that tells the two apart.")
        taken = [way.channel for way in member.reaches if ways.get(way.channel) == way.address]
        if taken:
            state = "" if member.active else " (disabled)"
            raise WrongWords(f"This {taken[0]} address is {member.name}'s already{state}. See `sanad staff list`.")
    staff.add(unit, number, facts, role, ways, now)
    staff.invite(unit, token, number, now + INVITED_FOR)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _name(words: str) -> str:
    name = " ".join(strip_controls(words).split())
    if not normalise(name) or len(name) > _LONGEST_NAME:
        raise WrongWords(f"NAME must have letters, {_LONGEST_NAME} at most.")
    return name


def _ways(wanted: Newcomer) -> dict[str, str]:
    ways = {}
    if wanted.telegram:
        ways["telegram"] = _chat(wanted.telegram)
    if wanted.whatsapp:
        ways["whatsapp"] = phone(wanted.whatsapp)
    if wanted.preview:
        ways["preview"] = wanted.preview
    if not ways and wanted.role in PAGED:
        raise WrongWords(f"A {wanted.role} is paged, so she needs --telegram CHAT_ID or --whatsapp +E164, best both.")
    return ways


def _chat(words: str) -> str:
    chat = digits(words).strip()
    if not _CHAT.fullmatch(chat):
        raise WrongWords("--telegram wants her chat id, a number such as 123456789 (not @name, not a group).")
    return chat


def phone(words: str) -> str:
    """A phone number as +E164. Raises `WrongWords`."""
    wrong = WrongWords("--whatsapp wants her number with + and the country's code, such as +967770000001.")
    try:
        number = phonenumbers.parse(strip_controls(digits(words)), None)
    except phonenumbers.NumberParseException:
        raise wrong from None
    if not phonenumbers.is_valid_number(number):
        raise wrong
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def hidden(address: str) -> str:
    """An address as it may be shown: its last two characters."""
    return f"…{address[-2:]}"


async def show(settings: Settings) -> None:
    """Print everybody, and by which channels each is reached."""
    async with opened(settings) as store:
        members = await store.read(staff.members)
        proven = await store.read(reaches.proven)
    if not members:
        result("Nobody works here yet. Add somebody with `sanad staff add`.")
        return
    table = Table("Name", "Role", "Language", "Reached by", box=None)
    for member in members:
        ways = "\n".join(_way(member, place, proven) for place in range(len(member.reaches))) or "nothing"
        name = member.name if member.active else f"{member.name} (disabled)"
        table.add_row(name, member.role, member.language, ways)
    outcome.console().print(table)


def _way(member: Member, place: int, proven: set[tuple[int, str]]) -> str:
    way = member.reaches[place]
    state = "proven" if (member.id, way.channel) in proven else "not proven: she has not written from there yet"
    return f"{way.channel} {hidden(way.address)}: {'gone: she blocked us there' if way.gone else state}"


async def disable(settings: Settings, name: str) -> None:
    """Stop paging a member, from now on. Raises `WrongWords`."""
    now = chance.now()
    async with opened(settings) as store:
        member, rest = await store.write(_disable, name, now)
    result(f"{member.name} is disabled: she is not paged any more and can't enter the desk.")
    if not rest:
        remark("Nobody is first on call now. Add a shift: sanad rota add --who NAME --from … --to …")


def _disable(unit: Unit, name: str, now: datetime) -> tuple[Member, Sequence[int]]:
    """Who was disabled, and who is still first on call."""
    member = found(name, staff.members(unit))
    staff.disable(unit, member.id)
    return member, on_call(shifts_of_active(unit), "first", now)


def shifts_of_active(unit: Unit) -> list[Shift]:
    """The shifts of those who are active and can be reached: the others wake nobody."""
    able = {member.id for member in staff.members(unit) if is_reachable(member)}
    return [shift for shift in staff.shifts(unit) if shift.staff_id in able]


def is_reachable(member: Member) -> bool:
    """Whether a page can get to her at all."""
    return member.active and any(not way.gone for way in member.reaches)


def found(name: str, members: Iterable[Member]) -> Member:
    """The active member of this name: exactly, else as it is heard. Raises `WrongWords` with the names there are."""
    active = [member for member in members if member.active]
    exact = [member for member in active if member.name == name.strip()]
    alike = exact or [member for member in active if normalise(member.name) == normalise(name)]
    if len(alike) == 1:
        return alike[0]
    names = ", ".join(f"“{member.name}”" for member in (alike or active)) or "nobody yet (sanad staff add)"
    how = "Several members are called" if alike else "No active member is called"
    raise WrongWords(f"{how} “{strip_controls(name)}”. There is: {names}.")
