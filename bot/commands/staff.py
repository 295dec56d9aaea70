"""Adds, lists and disables those who work here.

It never prints an address in full, and keeps a link to the desk only as its hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from rich.table import Table

from bot import chance, mechanism
from bot.commands import outcome
from bot.commands.opened import opened
from bot.commands.outcome import WrongWords, remark, result
from bot.settings import Settings
from bot.wiring import DRAW
from flows.paging import VOICE
from flows.rota import Shift, on_call
from handlers import members
from handlers.draw import World
from handlers.members import LONGEST_NAME, PAGED, Fit, Newcomer, Unfit, hidden
from messages.arabic import normalise, strip_controls
from storage import reaches, shifts, staff
from storage.staff import Member
from storage.unit import Taken, Unit

__all__ = ["PAGED", "Newcomer", "add", "disable", "found", "is_reachable", "shifts_of_active", "show"]


async def add(settings: Settings, wanted: Newcomer) -> None:
    """Keep a new member and print her one-time link to the desk. Raises `WrongWords`."""
    new = _fit(wanted)
    number, token, world = chance.number(), chance.token(), _world(settings)
    async with opened(settings) as store:
        try:
            unfit = await store.write(members.add, number, new, members.link_hash(token), world)
        except Taken:
            raise WrongWords("One of these addresses is another member's. See `sanad staff list`.") from None
    if unfit is not None:
        raise WrongWords(_why(unfit, wanted))
    listed = ", ".join(f"{channel} {hidden(address)}" for channel, address in new.ways.items()) or "no address"
    result(f"Added {new.facts.name}: {new.role}, {new.facts.language}, {listed}.")
    result(f"Her link to the desk, good once and for 24 hours: {settings.address}/desk/welcome/{token}")
    if "voice" in new.ways:
        remark("She is called once she has chosen a PIN, at the desk under her account.")
    if "telegram" in new.ways:
        remark("On Telegram a bot can't write first: she opens the bot and presses Start, once. Then she is proven.")


def _world(settings: Settings) -> World:
    return World(chance.now(), mechanism.load(settings.sanad_mechanism), DRAW)


def _fit(wanted: Newcomer) -> Fit:
    new = members.fit(wanted)
    if isinstance(new, Unfit):
        raise WrongWords(_why(new, wanted))
    return new


def _why(unfit: Unfit, wanted: Newcomer) -> str:
    match unfit.why:
        case "name":
            return f"NAME must have letters, {LONGEST_NAME} at most."
        case "role" | "language":
            return f"There is no such {unfit.why}."
        case "telegram":
            return "--telegram wants her chat id, a number such as 123456789 (not @name, not a group)."
        case "whatsapp":
            return "--whatsapp wants her number with + and the country's code, such as +967770000001."
        case "voice":
            return "--voice wants her number with + and the country's code, such as +967770000001."
        case "no way":
            return f"A {wanted.role} is paged, so she needs --telegram CHAT_ID or --whatsapp +E164, best both."
        case "same name":
            return f"There is a {unfit.whose} already. Add something that tells the two apart."
        case "same address":
            state = "" if unfit.is_active else " (disabled)"
            return f"This {unfit.channel} address is {unfit.whose}'s already{state}. See `sanad staff list`."
        case _:
            assert_never(unfit.why)


async def show(settings: Settings) -> None:
    """Print everybody, and by which channels each is reached."""
    async with opened(settings) as store:
        everybody = await store.read(staff.members)
        proven = await store.read(reaches.proven)
    if not everybody:
        result("Nobody works here yet. Add somebody with `sanad staff add`.")
        return
    table = Table("Name", "Role", "Language", "Reached by", box=None)
    for member in everybody:
        ways = "\n".join(_way(member, place, proven) for place in range(len(member.reaches))) or "nothing"
        name = member.name if member.active else f"{member.name} (disabled)"
        table.add_row(name, member.role, member.language, ways)
    outcome.console().print(table)


def _way(member: Member, place: int, proven: set[tuple[int, str]]) -> str:
    way = member.reaches[place]
    how = "answered a call with her PIN" if way.channel == VOICE else "written from there"
    state = "proven" if (member.id, way.channel) in proven else f"not proven: she has not {how} yet"
    return f"{way.channel} {hidden(way.address)}: {'gone: she blocked us there' if way.gone else state}"


async def disable(settings: Settings, name: str) -> None:
    """Stop paging a member, from now on. Raises `WrongWords`."""
    world = _world(settings)
    async with opened(settings) as store:
        member, rest = await store.write(_disable, name, world)
    result(f"{member.name} is disabled: she is not paged any more and can't enter the desk.")
    if not rest:
        remark("Nobody is first on call now. Add a shift: sanad rota add --who NAME --from … --to …")


def _disable(unit: Unit, name: str, world: World) -> tuple[Member, Sequence[int]]:
    """Who was disabled, and who is still first on call."""
    member = found(name, staff.members(unit))
    members.disable(unit, member.id, world)
    return member, on_call(shifts_of_active(unit), "first", world.now)


def shifts_of_active(unit: Unit) -> list[Shift]:
    """The shifts of those who are active and can be reached: the others wake nobody."""
    able = {member.id for member in staff.members(unit) if is_reachable(member)}
    return [shift for shift in shifts.every(unit) if shift.staff_id in able]


def is_reachable(member: Member) -> bool:
    """Whether a page can get to her at all; a call alone comes late, and only for the most urgent."""
    return member.active and any(not way.gone and way.channel != VOICE for way in member.reaches)


def found(name: str, among: Iterable[Member]) -> Member:
    """The active member of this name: exactly, else as it is heard. Raises `WrongWords` with the names there are."""
    active = [member for member in among if member.active]
    exact = [member for member in active if member.name == name.strip()]
    alike = exact or [member for member in active if normalise(member.name) == normalise(name)]
    if len(alike) == 1:
        return alike[0]
    names = ", ".join(f"“{member.name}”" for member in (alike or active)) or "nobody yet (sanad staff add)"
    how = "Several members are called" if alike else "No active member is called"
    raise WrongWords(f"{how} “{strip_controls(name)}”. There is: {names}.")
