"""Lets a member hand a shift over, whole or in part: she asks a colleague, who says yes or no at the desk or by a tap.

Nothing changes until the colleague has said yes, and both hear of it; only a coordinator decides for others at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from flows.core import Pressed
from flows.roles import may
from flows.rota import Shift, Span, handed_over
from handlers import rota_words as words
from handlers.channel import Inbound
from handlers.draw import World
from handlers.rota import (
    Done,
    Doubtful,
    Outcome,
    Refused,
    able_shifts,
    can_be_on_call,
    clashes,
    gone,
    may_arrange,
    not_hers,
)
from handlers.rota_letters import base36, tell, write, zone_of
from handlers.team import team
from messages import join, t
from storage import audit, shifts, staff, swaps
from storage.staff import Member
from storage.swaps import Swap
from storage.unit import Unit

Answer = Literal["yes", "no", "withdraw"]
_BUTTON = re.compile(r"s\.([0-9a-z]{1,13})\.([yn])")
_NUMBERS = 1 << 63


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked: which shift, of whom, from when to when (aware, UTC; None: from now, to its end), for what."""

    shift: int
    to: int
    starts: datetime | None = None
    ends: datetime | None = None
    back: int | None = None


def ask(unit: Unit, by: Member, asking: Asking, world: World, *, sure: bool = False) -> Outcome:
    """Ask a colleague to take a shift. Who organises decides at once for another's; for her own she asks as all do."""
    shift, to = shifts.find(unit, asking.shift), staff.member(unit, asking.to)
    if shift is None or to is None:
        return gone()
    if not may_arrange(by, shift.staff_id):
        return not_hers()
    back = None if asking.back is None else shifts.find(unit, asking.back)
    if (refused := _refused(unit, shift, to, asking, back, world)) is not None:
        return refused
    swap = Swap(
        world.draw.number(),
        shift.id,
        shift.staff_id,
        to.id,
        "asked",
        world.now,
        asking.starts,
        asking.ends,
        asking.back,
    )
    span = _span(swap, shift, world.now)
    there = [one for one in able_shifts(unit, *span) if one.id != asking.back]
    if not sure and clashes(there, to.id, span):
        return Doubtful((t("She is on call already in a part of this time."),))
    swaps.add(unit, swap)
    audit.record(unit, world.now, "rota:ask", staff=by.id, target=shift.id)
    if shift.staff_id != by.id and may(by.role, "organise"):
        return _take(unit, swap, by.id, world)
    _write_to_her(unit, swap, span, back, world)
    return Done()


def _refused(unit: Unit, shift: Shift, to: Member, asking: Asking, back: Shift | None, world: World) -> Refused | None:
    start, end = shift.span
    if to.id == shift.staff_id:
        return Refused(t("This shift is hers already."))
    if not can_be_on_call(unit, to):
        return Refused(t("She can't be reached by any way, so nothing would wake her."))
    wanted = max(asking.starts or start, start, world.now), min(asking.ends or end, end)
    if wanted[0] >= wanted[1]:
        return Refused(t("Choose a time that lies in the shift, and is still to come."))
    if asking.back is not None and (back is None or back.staff_id != to.id or back.span[0] <= world.now):
        return Refused(t("What you would take in return isn't hers any more, or has begun."))
    again = [one for one in swaps.waiting(unit, shift.staff_id) if (one.shift, one.to) == (shift.id, to.id)]
    if again:
        return Refused(t("She has been asked already, and hasn't answered yet."), 409)
    return None


def _span(swap: Swap, shift: Shift, now: datetime) -> Span:
    """What of a shift is asked for; of one that has begun, what is left."""
    start, end = shift.span
    start = max(swap.starts or start, start)
    return (max(start, now) if start < now else start), min(swap.ends or end, end)


def _write_to_her(unit: Unit, swap: Swap, span: Span, back: Shift | None, world: World) -> None:
    reader = team(unit, world).reader(swap.to, "")
    if reader is None:
        return
    zone = zone_of(swap.to, shifts.every(unit), world.zone)
    text = words.asked(*(words.clock(at, zone) for at in span))
    if back is not None:
        text = join(text, words.in_return(words.clock(back.span[0], zone)), between="\n")
    buttons = {f"s.{base36(swap.id)}.{answer}": label for answer, label in words.to_answer().items()}
    write(unit, f"swap:{base36(swap.id)}", reader, text, world.now, buttons=buttons)


def answer(
    unit: Unit, who: int, number: int, said: Answer, world: World, clears: tuple[str, str] = ("", "")
) -> Outcome:
    """Answer a request: yes or no by whom it was put to, withdrawn by who put it. An old one changes nothing."""
    swap = swaps.find(unit, number)
    if swap is None or who != (swap.by if said == "withdraw" else swap.to):
        return gone()
    if swap.state != "asked":
        return _settled()
    if said == "yes":
        return _take(unit, swap, who, world, clears)
    swaps.settle(unit, number, "withdrawn" if said == "withdraw" else "declined")
    what = "rota:withdraw" if said == "withdraw" else "rota:decline"
    audit.record(unit, world.now, what, staff=who, target=swap.shift)
    if said == "no":
        _tell_no(unit, swap, world, clears)
    return Done()


def _tell_no(unit: Unit, swap: Swap, world: World, clears: tuple[str, str]) -> None:
    shift, people, listed = shifts.find(unit, swap.shift), team(unit, world), shifts.every(unit)
    if shift is not None:
        at = words.clock(_span(swap, shift, swap.made_at)[0], zone_of(swap.by, listed, world.zone))
        tell(unit, people, swap.by, words.declined(at), world)
    tell(unit, people, swap.to, words.thanks(), world, clears=clears)


def _take(unit: Unit, swap: Swap, who: int, world: World, clears: tuple[str, str] = ("", "")) -> Outcome:
    """The shift becomes the colleague's, as far as it was asked for and is still to come; both hear of it."""
    shift = shifts.lock(unit, swap.shift)
    back = None if swap.back is None else shifts.lock(unit, swap.back)
    span = None if shift is None else _span(swap, shift, world.now)
    stands = shift is not None and shift.staff_id == swap.by and span is not None and span[0] < span[1]
    if not stands or shift is None or span is None or not _back_stands(swap, back, world.now):
        swaps.settle(unit, swap.id, "over")
        return _settled()
    if not swaps.settle(unit, swap.id, "taken"):
        return _settled()
    listed = shifts.every(unit)
    zones = [zone_of(one, listed, world.zone) for one in (swap.by, swap.to)]
    _put(unit, shift, handed_over(shift, swap.to, *span), world)
    if back is not None:
        _put(unit, back, handed_over(back, swap.by, *back.span), world)
    audit.record(unit, world.now, "rota:take", staff=who, target=swap.shift)
    people = team(unit, world)
    tell(unit, people, swap.by, words.agreed(words.clock(span[0], zones[0])), world)
    tell(unit, people, swap.to, words.yours(*(words.clock(at, zones[1]) for at in span)), world, clears=clears)
    return Done()


def _back_stands(swap: Swap, back: Shift | None, now: datetime) -> bool:
    return swap.back is None or (back is not None and back.staff_id == swap.to and back.span[0] > now)


def _put(unit: Unit, old: Shift, new: tuple[Shift, ...], world: World) -> None:
    for shift in new:
        if shift.id == old.id:
            shifts.change(unit, shift)
        else:
            shifts.add(unit, replace(shift, id=world.draw.number()))


def _settled() -> Refused:
    return Refused(words.no_longer(), 409)


def hear(unit: Unit, who: int, inbound: Inbound, world: World) -> bool:
    """Answer a request by its button; False where the message is no such button."""
    if not isinstance(inbound.event, Pressed) or not (found := _BUTTON.fullmatch(inbound.event.key)):
        return False
    number, clears = int(found[1], 36), (inbound.channel, inbound.pressed_on)
    said: Answer = "yes" if found[2] == "y" else "no"
    outcome = answer(unit, who, number, said, world, clears) if number < _NUMBERS else gone()
    if not isinstance(outcome, Done):
        tell(unit, team(unit, world), who, words.no_longer(), world, clears=clears)
    return True
