"""Joins two chats of one woman: a code shown in one, written in the other, says that both are hers.

It never joins by anything else, tells both chats, and tells whoever guesses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
HAS_A_WORD: Final = t(
    "This chat has a word of its own. So make the code here, and write it in the other one, which must have none."
)
"""Who joins a chat answers for her in it: that takes her word, which is asked for where the code is made."""
TRIES: Final = 5
"""So many codes that were none, and for `GOOD_FOR` none is looked at in that chat."""
_LONGEST: Final = 24
"""Characters of a message that can be a code, spaces and marks and all."""
_FIRST, _REST = "ABCDEFGHJKMNPQRSTUVWXYZ", "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE: Final = re.compile(rf"([{_FIRST}][{_REST}]{{2}})[\s‐-―-]*([{_REST}]{{3}})", re.IGNORECASE)


def offer(unit: Unit, person: int, code: str, world: World) -> None:
    """Let a code join another chat to hers for 15 minutes; an earlier one is not good any more."""
    chats.put_code(unit, code, person, world.now + GOOD_FOR)


def part(unit: Unit, person: int) -> None:
    """This chat is by itself again; each listens from now on for those words alone that were chosen in it."""
    before = (person, *chats.others(unit, person))
    chats.part(unit, person)
    left_behind(unit, before)


def hear(unit: Unit, known: Known, inbound: Inbound, world: World) -> bool:
    """Join the chats if the message is such a code, and nothing else; False where it is an ordinary message."""
    code = read(inbound)
    person = known.person
    if code is None or code in person.cases or person.quiet or person.locked or _is_half_hidden(person):
        return False
    count = throttles.hold(unit, f"chat-code:{known.id}", world.now)
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
    if person.forced:  # it is seen to be done, and whoever watches has joined nothing to her
        chats.use_code(unit, code, world.now)
        _tell_both(unit, known.id, owner, inbound, world)
        return True
    if words.of_person(unit, own_words.whose(unit, known.id)):
        _tell(unit, known.id, inbound, HAS_A_WORD, world)
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
        found = people.facts(unit, number)
        if found is None:
            continue
        kept = words.of_person(unit, own_words.whose(unit, number))
        theirs = replace(found, words=tuple(kept), watched=found.watched or after.watched)
        if theirs != found:
            people.remember(unit, number, theirs)


def left_behind(unit: Unit, others: Sequence[int]) -> None:
    """One of her chats is gone, or parted: where her words lay with it, nothing waits for them in the others any more.

    A chat that waits for a word which nobody keeps would be closed to her for good.
    """
    for number in others:
        facts = people.facts(unit, number)
        if facts is None:
            continue
        kept = tuple(words.of_person(unit, own_words.whose(unit, number)))
        if kept != facts.words:
            people.remember(unit, number, replace(facts, words=kept))


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
    _share(unit, {*here, *there})
    _tell_both(unit, known.id, owner, inbound, world)


def _tell_both(unit: Unit, one: int, other: int, inbound: Inbound, world: World) -> None:
    joined = t("It is done: your two chats know of each other now.")
    for person in (one, other):
        _tell(unit, person, inbound, joined, world)


def _is_half_hidden(person: Person) -> bool:
    """A cry for help opened it, and her word has not been heard since: nothing is joined to it."""
    return person.shown_from is not None and not person.forced


def _share(unit: Unit, everyone: set[int]) -> None:
    """What one chat knows of her words and check-ins, the others must know to listen for them."""
    found = {number: facts for number in sorted(everyone) if (facts := people.facts(unit, number)) is not None}
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
