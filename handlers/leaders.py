"""The leaders' channel: takes a leader's code from the chat, and welcomes him or her to what is meant for leaders.

It never shows a case, and never makes anybody a leader without a code that the desk made.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from flows.core import Said
from flows.public import Subscription
from flows.ways import holds_draft
from handlers import polls
from handlers.channel import Inbound
from handlers.draw import World
from messages import Text, t
from messages.arabic import strip_controls
from storage import audit, leader_codes, outbox, people, subscribers
from storage.outbox import Lane
from storage.people import Known
from storage.unit import Unit

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
FIRST: Final = "Q"
"""Every leader's code begins with it, and neither a case's code nor a certificate's number has this shape."""
_CODE: Final = re.compile(rf"(Q[{LETTERS}]{{3}})[\s‐-―-]*([{LETTERS}]{{4}})[\s‐-―-]*([{LETTERS}]{{4}})", re.IGNORECASE)
_LONGEST: Final = 32
"""Characters of a message that can be a code, spaces and marks and all."""
# leaders: they are several, and men among them
WELCOME: Final = t(
    "Welcome. What is meant for community, religious and tribal leaders is sent here from now on: seldom, and nothing "
    "else. Whoever wants no more of it writes “stop”. No report and no name is ever shown in this chat."
)
# leaders: as above
A_PLEDGE: Final = t("A pledge is open, and counted without a name. It is shown when “poll” is written here.")
# leaders: as above
STALE: Final = t("This code was used already, or its time is over. Please ask for a new one.")


def hear(unit: Unit, known: Known, inbound: Inbound, world: World) -> bool:
    """Take a leader's code, where the message is one and nothing else. False where it is an ordinary message."""
    code = read(inbound)
    person = known.person
    if code is None or person.quiet or person.locked or person.left or person.shown_from is not None:
        return False
    if not holds_draft(known.talk):  # WhatsApp's window is counted from the last message of a talk
        people.keep_talk(unit, known.id, known.talk, world.now, None, lapsed=known.lapsed, alert_stays=True)
    kind = leader_codes.use(unit, code, world.now)
    if kind is None:
        _say(unit, known, inbound, STALE, world)
        return True
    language = person.language or inbound.hint
    before = subscribers.find(unit, inbound.channel, inbound.address)
    hers = before.facts.subscription if before else Subscription(language=language)
    facts = subscribers.Facts(inbound.address, hers, kind)
    subscribers.put(unit, world.draw.number(), inbound.channel, facts, world.now)
    people.remember(unit, known.id, replace(person, welcomed=True, language=language))
    audit.record(unit, world.now, "leader:joined")
    _say(unit, known, inbound, WELCOME, world)
    if polls.open_for(unit, inbound.channel, inbound.address, kind, world):
        _say(unit, known, inbound, A_PLEDGE, world)
    return True


def read(inbound: Inbound) -> str | None:
    """The code that a message consists of, as it was shown; None for any other message. Cheap: most have no Q first."""
    if not isinstance(inbound.event, Said) or len(inbound.event.words) > _LONGEST:
        return None
    said = strip_controls(inbound.event.words).strip()
    if said[:1] not in {"Q", "q"}:
        return None
    found = _CODE.fullmatch(said)
    return None if found is None else "-".join(found.groups()).upper()


def _say(unit: Unit, known: Known, inbound: Inbound, text: Text, world: World) -> None:
    """Put a letter out, without buttons: where they are numbers, a number would be heard as the menu's."""
    content = outbox.body(inbound.address, known.person.language or inbound.hint, text)
    key = f"leader:{inbound.channel}:{inbound.key}:{'pledge' if text is A_PLEDGE else ''}"
    outbox.add(unit, key, inbound.channel, known.index, Lane.CONVERSATION, content, world.now)
