"""Links a member's phone: the desk shows a code, she sends it to the bot from there, and that way to her is proven.

It never takes an address from a request: the one that the code came from is the one that is linked.
"""

from __future__ import annotations

import re
from datetime import timedelta

from flows.core import Said
from handlers import alarm_letters
from handlers import entry_words as words
from handlers.channel import Inbound
from handlers.draw import World
from handlers.team import team
from messages import Text
from messages.arabic import strip_controls
from storage import audit, links, outbox, staff
from storage.outbox import Lane
from storage.people import Known
from storage.sessions import Session
from storage.staff import Member, Reach
from storage.unit import Unit

GOOD_FOR = timedelta(minutes=15)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE = re.compile(rf"link[\s‐-―-]?([{_LETTERS}]{{4}})[\s‐-―-]?([{_LETTERS}]{{4}})", re.IGNORECASE)
_LONGEST = 40
"""Characters of a message that can be a code, spaces and all."""


def make_code(unit: Unit, session: Session, world: World) -> str:
    """A fresh code, good for 15 minutes and once; those before are not any more. Under duress it links nothing."""
    number, letters = int.from_bytes(world.draw.seed(16)), ""
    for _ in range(8):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    code = f"LINK-{letters[:4]}-{letters[4:]}"
    if not session.duress:
        links.offer(unit, code, session.staff, world.now + GOOD_FOR)
        audit.record(unit, world.now, "link_code_made", staff=session.staff)
    return code


def hear(unit: Unit, known: Known, inbound: Inbound, world: World) -> bool:
    """Act on a message if it is such a code, and nothing else; False where it is an ordinary message."""
    code = _read(inbound)
    if code is None:
        return False
    member = _whose(unit, code, world)
    if member is None:
        _answer(unit, known, inbound, words.stale_code(), world)
    elif known.staff not in {None, member.id}:
        _answer(unit, known, inbound, words.others_phone(), world, member)
    elif links.use(unit, code):
        _tell_of_change(unit, member.id, world, unless=inbound.address)
        links.put_reach(unit, member.id, inbound.channel, inbound.address, world.now)
        audit.record(unit, world.now, "linked", staff=member.id)
        _answer(unit, known, inbound, words.linked(), world, member)
    return True


def unlink(unit: Unit, session: Session, channel: str, world: World) -> bool:
    """Forget her phone on a channel. False where there is none."""
    if session.duress or not any(way.channel == channel for way in _ways(unit, session.staff)):
        return False
    _tell_of_change(unit, session.staff, world)
    links.drop_reach(unit, session.staff, channel)
    audit.record(unit, world.now, "unlinked", staff=session.staff)
    return True


def _read(inbound: Inbound) -> str | None:
    """The code that a message consists of, as it was shown."""
    if not isinstance(inbound.event, Said) or len(inbound.event.words) > _LONGEST:
        return None
    found = _CODE.fullmatch(strip_controls(inbound.event.words).strip())
    return None if found is None else f"LINK-{found[1]}-{found[2]}".upper()


def _whose(unit: Unit, code: str, world: World) -> Member | None:
    number = links.whose(unit, code, world.now)
    member = None if number is None else staff.member(unit, number)
    return member if member is not None and member.active else None


def _ways(unit: Unit, number: int) -> tuple[Reach, ...]:
    member = staff.member(unit, number)
    return () if member is None else tuple(member.reaches)


def _tell_of_change(unit: Unit, number: int, world: World, *, unless: str = "") -> None:
    """Tell her on a phone that was hers until now: somebody may stand at her open desk."""
    reader = team(unit, world).reader(number, "")
    if reader is not None and reader.reach.address != unless:
        alarm_letters.write(unit, reader, words.phones_changed(), world)


def _answer(unit: Unit, known: Known, inbound: Inbound, text: Text, world: World, to: Member | None = None) -> None:
    language = inbound.hint if to is None else to.language
    content = outbox.body(inbound.address, language, text)
    key = f"link:{inbound.channel}:{inbound.key}"
    outbox.add(unit, key, inbound.channel, known.index, Lane.CONVERSATION, content, world.now)
