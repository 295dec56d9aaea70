"""Joins two chats of one woman: a code shown in one, written in the other, says that both are hers.

It never joins by anything else, tells both chats, and tells whoever guesses nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from flows.core import OwnWord, Person, Said
from handlers import own_words
from handlers.channel import Inbound
from handlers.draw import World
from messages import Text, t
from messages.arabic import strip_controls
from storage import chats, outbox, people, throttles, words
from storage.outbox import Lane
from storage.people import Known
from storage.unit import Unit

GOOD_FOR: Final = timedelta(minutes=15)
TRIES: Final = 5
"""So many codes that were none, and for `GOOD_FOR` none is looked at from that address."""
_LONGEST: Final = 24
"""Characters of a message that can be a code, spaces and marks and all."""
_FIRST, _REST = "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE: Final = re.compile(rf"([{_FIRST}][{_REST}]{{2}})[\s‐-―-]*([{_REST}]{{3}})", re.IGNORECASE)


def offer(unit: Unit, person: int, code: str, world: World) -> None:
    """Let a code join another chat to hers for 15 minutes; an earlier one is not good any more."""
    chats.put_code(unit, code, person, world.now + GOOD_FOR)


def part(unit: Unit, person: int) -> None:
    """This chat is by itself again."""
    chats.part(unit, person)


def hear(unit: Unit, known: Known, inbound: Inbound, world: World) -> bool:
    """Join the chats if the message is such a code, and nothing else; False where it is an ordinary message."""
    code = read(inbound)
    if code is None or code in known.person.cases or known.person.quiet or known.person.locked:
        return False
    count = throttles.hold(unit, f"chat-code:{people.who(inbound.channel, inbound.address)}", world.now)
    if count.until > world.now:
        return False
    owner = chats.whose_code(unit, code, world.now)
    if owner is None:
        fails = count.fails + 1 if world.now - count.at < GOOD_FOR else 1
        until = world.now + GOOD_FOR if fails >= TRIES else count.until
        throttles.put(unit, replace(count, fails=0 if fails >= TRIES else fails, until=until, at=world.now))
        return False
    throttles.drop(unit, count)
    if owner == known.id:
        _tell(
            unit,
            known.id,
            inbound,
            t("Write it in your other chat, please: this is the one that it was made in."),
            world,
        )
        return True
    chats.use_code(unit, code, world.now)
    _join(unit, known, owner, inbound, world)
    return True


def share(unit: Unit, known: Known, after: Person) -> None:
    """What a turn changed of her words or of what is waited for, her other chats must know to listen for it."""
    before = known.person
    if (before.words, before.watched) == (after.words, after.watched):
        return
    for number in chats.others(unit, known.id):
        found = people.recall(unit, number)
        if found is None:
            continue
        kept = words.of_person(unit, own_words.whose(unit, number))
        theirs = replace(found[3], words=tuple(kept), watched=found[3].watched or after.watched)
        if theirs != found[3]:
            people.remember(unit, number, theirs)


def read(inbound: Inbound) -> str | None:
    """The code that a message consists of, as it was shown. Letters alone are a word, such as "thanks"."""
    if not isinstance(inbound.event, Said) or len(inbound.event.words) > _LONGEST:
        return None
    said = strip_controls(inbound.event.words).strip()
    found = None if said.isalpha() else _CODE.fullmatch(said)
    return None if found is None else f"{found[1]}-{found[2]}".upper()


def _join(unit: Unit, known: Known, owner: int, inbound: Inbound, world: World) -> None:
    """From now on all chats of both are known to be hers, and each knows of her words and of what is waited for."""
    here, there = [known.id, *chats.others(unit, known.id)], [owner, *chats.others(unit, owner)]
    for one in here:
        for other in there:
            if one != other:
                chats.join(unit, one, other)
    joined = t("It is done: your two chats know of each other now.")
    _share(unit, {*here, *there})
    for person in (known.id, owner):
        _tell(unit, person, inbound, joined, world)


def _share(unit: Unit, everyone: set[int]) -> None:
    """What one chat knows of her words and check-ins, the others must know to listen for them."""
    found = {number: facts[3] for number in everyone if (facts := people.recall(unit, number)) is not None}
    kinds: tuple[OwnWord, ...] = ("safe", "duress")
    known = tuple(kind for kind in kinds if any(kind in person.words for person in found.values()))
    watched = any(person.watched for person in found.values())
    for number, person in found.items():
        after = replace(person, words=known, watched=watched)
        if after != person:
            people.remember(unit, number, after)


def _tell(unit: Unit, number: int, inbound: Inbound, text: Text, world: World) -> None:
    """Say it in one chat, unless nothing may be sent there now."""
    found = people.recall(unit, number)
    if found is None:
        return
    channel, address, index, person = found
    if person.quiet or person.left or person.locked:
        return
    content = outbox.body(address, person.language or inbound.hint, text)
    key = f"join:{inbound.channel}:{inbound.key}:{number}"
    outbox.add(unit, key, channel, index, Lane.CONVERSATION, content, world.now)
