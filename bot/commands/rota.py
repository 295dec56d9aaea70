"""Adds shifts to the rota, and shows who is on call and where nobody is.

It never decides who is paged: that is `flows.rota` and the alarms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.table import Table
from rich.text import Text

from bot import chance
from bot.commands import outcome
from bot.commands.opened import opened
from bot.commands.outcome import WrongWords, remark, result
from bot.commands.staff import found, is_reachable, shifts_of_active
from bot.settings import Settings
from flows.rota import RotaLevel, Shift, Stretch, gaps, stretches
from storage import shifts, staff
from storage.staff import Member
from storage.unit import Unit

LEVELS: tuple[RotaLevel, ...] = ("first", "substitute")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift as the call describes it; an empty zone is the settings' own."""

    who: str
    starts: str
    ends: str
    level: RotaLevel
    zone: str = ""
    override: bool = False
    covers: str = ""


async def add(settings: Settings, wanted: Wanted) -> None:
    """Keep a shift. Raises `WrongWords`."""
    if wanted.covers and not wanted.override:
        raise WrongWords("--covers says whose shift is taken over: it belongs to --override.")
    starts, ends, zone = moment(wanted.starts), moment(wanted.ends), zone_of(wanted.zone or settings.sanad_timezone)
    async with opened(settings) as store:
        shift, member, covered = await store.write(_add, chance.number(), wanted, starts, ends, zone.key)
    instead = f", in place of {covered.name}" if covered else ", in place of everybody" if wanted.override else ""
    result(f"{member.name} is on call ({shift.level}{instead}) from {_wall(starts)} to {_wall(ends)}, {zone.key}.")
    if shift.span[1] <= chance.now():
        remark("This shift is over already: it changes nothing.")


def _add(
    unit: Unit, number: int, wanted: Wanted, starts: datetime, ends: datetime, zone: str
) -> tuple[Shift, Member, Member | None]:
    members = staff.members(unit)
    member = found(wanted.who, members)
    if not is_reachable(member):
        raise WrongWords(f"{member.name} can't be reached by any channel, so a page would never get to her.")
    covered = found(wanted.covers, members) if wanted.covers else None
    try:
        shift = Shift(
            number,
            member.id,
            wanted.level,
            starts,
            ends,
            zone,
            override=wanted.override,
            covers=covered.id if covered else None,
        )
    except ValueError as error:
        raise WrongWords(str(error)) from None
    shifts.add(unit, shift)
    return shift, member, covered


def moment(words: str) -> datetime:
    """A wall-clock time. Raises `WrongWords`."""
    try:
        return datetime.fromisoformat(words.strip())
    except ValueError:
        raise WrongWords(
            f"“{words}” is no time. Write it as 2026-01-31T08:00, by the clock of the shift's zone."
        ) from None


async def show(settings: Settings, days: int) -> None:
    """Print who is on call now, and the coming days with their gaps."""
    now, zone = chance.now(), zone_of(settings.sanad_timezone)
    async with opened(settings) as store:
        ahead, names = await store.read(_look_ahead, now, now + timedelta(days=days))

    def said(one: Stretch) -> str:
        return ", ".join(names[number] for number in one.staff) or "NOBODY"

    drawn = outcome.console()
    for one in ahead[: len(LEVELS)]:
        drawn.print(Text(f"Now, {one.level}: {said(one)}", "" if one.staff else "bold red"))
    table = Table("From", "To", "Level", "On call", title=f"The next {days} days, {zone.key}", box=None)
    for one in ahead:
        row = (_local(one.starts, zone), _local(one.ends, zone), one.level, said(one))
        table.add_row(*row, style=None if one.staff else "bold red")
    drawn.print(table)
    for one in ahead:
        if not one.staff:
            remark(f"Gap. To mend it: {mending(one.starts, one.ends, one.level, zone)}")


def mending(starts: datetime, ends: datetime, level: RotaLevel, zone: ZoneInfo) -> str:
    """The command that fills a gap. It begins and ends with a whole minute, never later or earlier than the gap."""
    whole = ends.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
    until = whole if ends.second == 0 and ends.microsecond == 0 else whole + timedelta(minutes=1)
    level_word = "" if level == "first" else f" --level {level}"
    return (
        f'sanad rota add --who "NAME" --from {_stamp(starts.astimezone(zone))} '
        f"--to {until.isoformat(timespec='minutes')} --zone {zone.key}{level_word}"
    )


def _look_ahead(unit: Unit, now: datetime, until: datetime) -> tuple[list[Stretch], dict[int, str]]:
    """The time from now on, cut wherever those on call change; and names."""
    listed = shifts_of_active(unit)
    ahead = [one for level in LEVELS for one in stretches(listed, level, now, until)]
    names = {member.id: member.name for member in staff.members(unit)}
    return sorted(ahead, key=lambda one: (one.starts, LEVELS.index(one.level))), names


def gaps_ahead(unit: Unit, now: datetime, days: int) -> dict[RotaLevel, list[tuple[datetime, datetime]]]:
    """Where nobody who can be reached is on call, in the coming days."""
    listed = shifts_of_active(unit)
    return {level: gaps(listed, level, now, now + timedelta(days=days)) for level in LEVELS}


def zone_of(name: str) -> ZoneInfo:
    """A time zone. Raises `WrongWords`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
        raise WrongWords(
            f"There is no time zone “{name}”. Write one such as Asia/Aden (--zone, or SANAD_TIMEZONE)."
        ) from None


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")


def _stamp(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="minutes")


def _wall(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
