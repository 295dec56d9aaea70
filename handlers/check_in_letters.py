"""Puts a check-in's letters into the outbox: reminders and questions on her chats, and calls them back.

It never writes while she has said that it isn't safe; the clock goes on without a letter.
"""

from __future__ import annotations

from datetime import datetime

from flows.hours import may_tell
from flows.watch import moments
from handlers import check_in_words as words
from handlers.draw import World
from handlers.reaching import wishes
from handlers.rota_letters import base36
from messages import Text
from storage import chats, outbox, people
from storage.cases import Case
from storage.check_ins import Kept
from storage.outbox import Lane
from storage.unit import Unit, millis


def remind(unit: Unit, kept: Kept, due_at: datetime, step: int, world: World) -> None:
    """Remind her where she set it."""
    _write(unit, kept, kept.person, due_at, step, words.reminder(due_at), world)


def ask(unit: Unit, kept: Kept, step: int, world: World, *, late: bool) -> None:
    """Ask on all her chats whether she is well."""
    for chat in (kept.person, *chats.others(unit, kept.person)):
        _write(unit, kept, chat, kept.watch.due_at, step, words.question(late=late), world)


def tell_calling(unit: Unit, kept: Kept, case: Case, world: World, *, late: bool) -> None:
    """Tell her that a person is called, where that may be written to her now and her chat is not locked."""
    known = people.recall(unit, kept.person)
    if known is None or known[3].locked or not may_tell(wishes(unit, case), world.now):
        return
    step = len(moments(kept.watch))
    _write(unit, kept, kept.person, kept.watch.due_at, step, words.calling(late=late), world)


def call_back(unit: Unit, kept: Kept, due_at: datetime) -> None:
    """What has not gone out about this moment is not sent any more."""
    chats_ = (kept.person, *chats.others(unit, kept.person))
    steps = range(len(moments(kept.watch)))
    outbox.cancel(unit, [_key(kept, chat, due_at, step) for chat in chats_ for step in steps])


def _write(unit: Unit, kept: Kept, chat: int, due_at: datetime, step: int, text: Text, world: World) -> None:
    """Once for each chat and step. It waits behind replies: ten thousand questions must not hold up a conversation.

    Never where the word under duress has opened the chat: nothing there may tell of what was agreed on before.
    """
    known = people.recall(unit, chat)
    if known is None or known[3].quiet or known[3].forced:
        return
    channel, address, index, person = known
    content = outbox.body(address, person.language or "ar", text, purpose="check_in")
    outbox.add(unit, _key(kept, chat, due_at, step), channel, index, Lane.RELAY, content, world.now)


def _key(kept: Kept, chat: int, due_at: datetime, step: int) -> str:
    return f"check:{base36(kept.id)}:{base36(millis(due_at))}:{step}:{base36(chat)}"
