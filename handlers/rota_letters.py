"""Puts the rota's letters into the outbox: reminders, requests of colleagues, what coordinators are to look at.

It never says more than `handlers.rota_words`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flows.paging import calls_to_coordinators
from flows.rota import Shift
from handlers.draw import World
from handlers.team import Reader, Team
from messages import Text, to_json
from storage import outbox
from storage.outbox import Lane, LetterChoice
from storage.unit import Unit

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    """A row's number as it stands in a button's key: 12 letters and digits at most."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def write(
    unit: Unit, key: str, reader: Reader, text: Text, now: datetime, *, buttons: Mapping[str, Text] | None = None,
    purpose: str = "", blanks: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Write to a member of staff, once for its key; `buttons` by their whole key."""
    choices = tuple(LetterChoice(name, to_json(label)) for name, label in (buttons or {}).items())
    content = outbox.body(
        reader.reach.address,
        reader.member.language,
        text,
        choices=choices,
        clears=reader.clears,
        purpose=purpose,
        blanks=blanks,
    )
    outbox.add(unit, key, reader.reach.channel, reader.reach.index, Lane.CONVERSATION, content, now)


def tell(unit: Unit, people: Team, staff: int, text: Text, world: World, *, clears: tuple[str, str] = ("", "")) -> None:
    """Tell a member something, by her first way that works; `clears`: the channel and message that she answered by."""
    reader = people.reader(staff, *clears)
    if reader is not None:
        write(unit, f"rota:{base36(world.draw.number())}", reader, text, world.now)


def tell_coordinators(unit: Unit, people: Team, about: str, text: Text, now: datetime, but: int = 0) -> None:
    """Tell each coordinator once for what it is about, by her first way; everybody, where there is no coordinator.

    `but`: who is not told, since it is about her.
    """
    for staff in dict.fromkeys(call.staff for call in calls_to_coordinators(people.roster) if call.staff != but):
        reader = people.reader(staff, "")
        if reader is not None:
            write(unit, f"rota:{about}:{base36(staff)}", reader, text, now)


def zone_of(staff: int, listed: Iterable[Shift], otherwise: str) -> str:
    """The zone by whose clock a member lives: that of her last shift, for nothing else tells it."""
    hers = [shift for shift in listed if shift.staff_id == staff]
    return max(hers, key=lambda shift: (shift.starts, shift.id)).zone if hers else otherwise
