"""Writes to her from the desk: at once where she may be written to, else held until she may, and says which.

It never sends outside the way and the hours that she marked safe, and never without keeping it sealed in her case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, assert_never

import msgspec

from flows.core import Language
from flows.hours import Go, Never, Verdict, Wait, may_write
from handlers.draw import World
from handlers.reaching import Her, her, wishes
from handlers.rendering import outgoing
from handlers.reply_words import OPENING, READY
from handlers.work import Done, NotDone, Who, note, number, theirs
from handlers.work_words import NO_MESSAGE, TOO_LONG, WENT_OUT, why_not
from messages import Text, join, raw
from messages.catalog import render
from storage import audit, cases, outbox, replies
from storage.cases import Case, Item
from storage.outbox import Lane, Letter
from storage.replies import Body, Reply
from storage.unit import Unit

LONGEST: Final = 1000
"""Letters of one message."""
_LOOK_AGAIN: Final = timedelta(hours=1)
"""How often a message is looked at again that waits for a word of hers; her word itself sends it at once."""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a colleague writes to her. `id` is drawn in the browser, so that sending it again does nothing twice."""

    id: str
    words: str
    language: Language | None = None


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message that is only looked at."""

    words: str
    language: Language | None = None


def _letter(to: Her | None, words: str, language: Language | None) -> outbox.Body:
    """The letter that she sees: a line that tells nothing, then a colleague's words as they are."""
    chosen = language or (to.person.language if to else None) or "ar"
    return outbox.body(to.address if to else "", chosen, join(OPENING, raw(words)))


# ---------------------------------------------------------------- what the desk asks


def ready(unit: Unit, code: str, who: Who) -> Mapping[str, Any]:
    """Sentences to begin from, in both languages, and the language that she reads. Raises `NotDone` (404)."""
    found = her(unit, theirs(unit, code, who, change=False))
    shown = [{"code": code, "ar": render(text, "ar"), "en": render(text, "en")} for code, text in READY.items()]
    return {"language": (found.person.language if found else None) or "ar", "ready": shown, "longest": LONGEST}


def preview(unit: Unit, code: str, who: Who, asked: Draft, world: World) -> Done:
    """Show a message as she will see it, and whether it would go out now. Raises `NotDone`."""
    case = theirs(unit, code, who, change=False)
    words = _fitting(asked.words)
    body = _letter(her(unit, case), words, asked.language)
    shown = outgoing(Letter(0, "", b"", Lane.RELAY, body, 0, world.now), None)
    verdict = may_write(wishes(unit, case), world.now)
    direction = "rtl" if shown.language == "ar" else "ltr"
    said = {"text": shown.text, "language": shown.language, "direction": direction}
    return Done(said | _standing(verdict, {Go: "now", Wait: "held", Never: "refused"}[type(verdict)]))


def _standing(verdict: Verdict, state: str) -> dict[str, Any]:
    match verdict:
        case Go():
            return {"state": state, "due": None, "why": None}
        case Wait(why, until):
            return {"state": state, "due": until, "why": why_not(why, until)}
        case Never(why):
            return {"state": state, "due": None, "why": why_not(why, None)}
        case _:
            assert_never(verdict)


def _fitting(words: str) -> str:
    """Words that fit in a message. Raises `NotDone`."""
    whole = words.strip().encode("utf-8", "replace").decode()
    if not 0 < len(whole) <= LONGEST:
        raise NotDone(400, "unusable", TOO_LONG)
    return whole


def write(unit: Unit, code: str, who: Who, asked: Message, world: World) -> Done:
    """Send a message to her, or hold it until she may be written to; either way it is sealed into her case.

    Raises `NotDone` where she may not be written to at all, and then keeps nothing.
    """
    case = theirs(unit, code, who)
    words, at = _fitting(asked.words), number(asked.id)
    known = replies.find(unit, at)
    if known is not None and (known.case, known.staff) == (case.id, who.staff):
        return Done({"state": known.state, "due": known.due_at, "why": None})
    verdict = may_write(wishes(unit, case), world.now)
    if isinstance(verdict, Never):
        raise NotDone(409, "not_now", why_not(verdict.why, None))
    _keep(unit, case, who, Body(words, _letter(her(unit, case), words, asked.language).language), at, world)
    if isinstance(verdict, Go):
        _send(unit, case, at, world)
    else:
        replies.postpone(unit, at, verdict.until or world.now + _LOOK_AGAIN)
    note(unit, who, "message" if isinstance(verdict, Go) else "message_held", case, world, at)
    return Done(_standing(verdict, "sent" if isinstance(verdict, Go) else "held"))


def _keep(unit: Unit, case: Case, who: Who, body: Body, at: int, world: World) -> None:
    replies.add(unit, Reply(at, case.id, who.staff, "held", world.now, world.now), body)
    content = {"id": str(at), "words": body.words, "language": body.language}
    cases.add_items(unit, case, world.draw.number(), [Item("message", world.now, content)], who.staff)


def take_back(unit: Unit, code: str, who: Who, asked: object, world: World, *, number: int) -> Done:
    """Take back a message that is still held. Raises `NotDone` once it has gone out."""
    del asked
    case = theirs(unit, code, who)
    known = replies.find(unit, number)
    if known is None or known.case != case.id:
        raise NotDone(404, "not_here", NO_MESSAGE)
    if not replies.settle(unit, number, "back", world.now):
        raise NotDone(409, "not_now", WENT_OUT)
    note(unit, who, "message_back", case, world, number)
    return Done()


# ---------------------------------------------------------------- when its moment has come


def _send(unit: Unit, case: Case, at: int, world: World) -> bool:
    """Put a held message in the outbox, once. False where it is not held any more."""
    body, to = replies.body(unit, at), her(unit, case)
    if body is None or to is None or not replies.settle(unit, at, "sent", world.now):
        return False
    letter = _letter(to, body.words, body.language)
    outbox.add(unit, replies.letter_key(at), to.channel, to.index, Lane.RELAY, letter, world.now)
    cases.note_answered(unit, case.id, world.now)
    return True


def send_due(unit: Unit, world: World) -> int:
    """A duty: send held messages whose moment has come, if she may be written to now. Says how many went out."""
    return sum(_try(unit, reply, world) for reply in replies.due(unit, world.now))


def release(unit: Unit, person: int, world: World) -> int:
    """She writes: what waited for a word of hers goes out, if that is safe now. Says how many went out."""
    return sum(_try(unit, reply, world) for reply in replies.held_for(unit, person))


def _try(unit: Unit, reply: Reply, world: World) -> bool:
    """Ask everything again: her wishes may have changed since the message was written."""
    case = cases.by_number(unit, reply.case)
    if case is None:
        return False
    verdict: Verdict = may_write(wishes(unit, case), world.now)
    if world.now - reply.made_at > world.rules.retention.undelivered_letters:
        verdict = Never("reach")
    match verdict:
        case Go():
            if not _send(unit, case, reply.id, world):
                return False
            audit.record(unit, world.now, "message_sent", staff=reply.staff, case=case.id, target=reply.id)
            return True
        case Wait(_, until):
            replies.postpone(unit, reply.id, until or world.now + _LOOK_AGAIN)
        case Never():
            replies.settle(unit, reply.id, "dropped", world.now)
            audit.record(unit, world.now, "message_dropped", staff=reply.staff, case=case.id, target=reply.id)
        case _:
            assert_never(verdict)
    return False


def still_safe(unit: Unit, letter: Letter, world: World) -> bool:
    """Ask once more, just before a message leaves: it may have waited for the network or for WhatsApp's window.

    False where it may not go out now: then it waits again, or is called back.
    """
    reply = _of_letter(unit, letter.key)
    case = None if reply is None else cases.by_number(unit, reply.case)
    if reply is None or case is None:
        return not letter.key.startswith("reply:")
    verdict: Verdict = may_write(wishes(unit, case), world.now)
    match verdict:
        case Go():
            return True
        case Wait(_, until):
            outbox.put_back(unit, letter.id, until or world.now + _LOOK_AGAIN)
        case Never():
            outbox.cancel(unit, [letter.key])
            came_to_nothing(unit, letter.key, world)
        case _:
            assert_never(verdict)
    return False


def came_to_nothing(unit: Unit, letter_key: str, world: World) -> None:
    """A message will never arrive: its case waits for an answer again, in the list and in the log."""
    reply = _of_letter(unit, letter_key)
    if reply is not None:
        cases.note_unanswered(unit, reply.case)
        audit.record(unit, world.now, "message_dropped", staff=reply.staff, case=reply.case, target=reply.id)


def _of_letter(unit: Unit, key: str) -> Reply | None:
    prefix, _, number = key.partition(":")
    return replies.find(unit, int(number, 16)) if prefix == "reply" else None


# ---------------------------------------------------------------- what the desk shows


def shown(unit: Unit, case: Case, names: Mapping[int, str], world: World) -> list[Mapping[str, Any]]:
    """A case's messages with where each stands now; the words lie in the sealed items."""
    found = replies.of_case(unit, case.id)
    verdict = may_write(wishes(unit, case), world.now) if any(one.state == "held" for one in found) else Go()
    return [_shown(one, verdict, names) for one in found]


def _shown(one: Reply, verdict: Verdict, names: Mapping[int, str]) -> Mapping[str, Any]:
    why: Text | None = None
    if one.state == "held" and not isinstance(verdict, Go):
        why = why_not(verdict.why, verdict.until if isinstance(verdict, Wait) else None)
    letter = (one.letter or "gone") if one.state == "sent" else None
    told = {"id": str(one.id), "staff": names.get(one.staff, ""), "state": one.state}
    return told | {"due": one.due_at, "made": one.made_at, "why": why, "letter": letter}
