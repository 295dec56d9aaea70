"""The question box in the conversation: keeps what she asks, tells how her questions stand, and lets answers reach her.

It never lets a question be seen by anybody but a moderator before that, and never says who asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from flows.asking import ANSWER_IS, ENOUGH_OPEN, LONGEST, MOST_OPEN, NO_ANSWER
from flows.broadcast import is_quiet
from flows.core import AskStakeholder, Language
from flows.public import Question
from handlers.draw import World
from handlers.rota_letters import base36
from messages import Text, join, raw
from storage import audit, box, outbox, people, subscribers
from storage.box import Body, Entry
from storage.outbox import Lane, Letter
from storage.unit import Unit

KEY: Final = "asked:"
"""How the keys of letters begin that bring an answer; the rest is drawn by chance, so that none leads to a question."""
LOOK_AGAIN: Final = timedelta(minutes=10)
"""How often it is looked whether a chat that was hidden is not any more, and whether the night is over."""
UNTOUCHED: Final = timedelta(days=90)
"""A question that nobody has moved on for so long is not passed on any more: nothing of hers is kept without an end."""
_MOST_KEPT: Final = 2 * MOST_OPEN
"""The conversation counts those that her chat may show: that there are others must not be told by a refusal here."""
_YEMEN: Final = "Asia/Aden"
_HERE: Final = timedelta(minutes=10)
"""Whoever wrote so lately has the phone in her own hand, at night too."""


def ask(unit: Unit, channel: str, address: str, language: Language, asked: AskStakeholder, world: World) -> Text | None:
    """Keep a question for the moderator. Says why where it isn't kept."""
    hers = box.of_asker(unit, channel, address)
    if sum(one.state in box.OPEN for one in hers) >= _MOST_KEPT:
        return ENOUGH_OPEN
    body = Body(channel, address, language, asked.words[:LONGEST])
    box.add(unit, world.draw.number(), asked.addressed, body, world.now)
    return None


def of_asker(unit: Unit, channel: str, address: str) -> tuple[Question, ...]:
    """Her questions, the newest first; of answered ones the answer."""
    return tuple(_hers(one) for one in box.of_asker(unit, channel, address))


def _hers(entry: Entry) -> Question:
    over = entry.state == "answered"
    state = "passed_on" if entry.state == "written" else entry.state
    return Question(entry.id, entry.addressed, state, entry.asked_at, entry.body.answer if over else "")


def forget(unit: Unit, channel: str, address: str) -> None:
    """Destroy her questions, wherever they stand; an answer on its way goes with her other letters."""
    box.forget(unit, channel, address)


# ---------------------------------------------------------------- to her


def tell(unit: Unit, entry: Entry, world: World) -> None:
    """Send her the answer, or that there is none, as soon as her chat is open."""
    body = entry.body
    said = join(ANSWER_IS, raw(body.answer)) if entry.state == "answered" else NO_ANSWER
    letter = outbox.body(body.address, body.language, said)
    reader = _reader(unit, body.channel, body.address)
    key = f"{KEY}{base36(world.draw.number())}"
    outbox.add(unit, key, body.channel, reader, Lane.RELAY, letter, world.now)


def _reader(unit: Unit, channel: str, address: str) -> bytes:
    """By what her letters find her: as her row has it, or the newest index where she has none."""
    indexes = unit.vault.indexes(people.who(channel, address))
    row = "SELECT 1 FROM people WHERE address_index = :index"
    return next((index for index in indexes if unit.one(row, {"index": index})), indexes[0])


def still_safe(unit: Unit, letter: Letter, world: World) -> bool:
    """Ask once more, just before it leaves: nothing goes to a hidden chat, nor by night. False where it waits."""
    if not letter.key.startswith(KEY):
        return True
    if not _is_hidden(unit, letter.reader) and not _is_night(unit, letter, world):
        return True
    if world.now - letter.made_at > world.rules.retention.undelivered_letters:
        outbox.cancel(unit, [letter.key])  # she finds it among her questions
    else:
        outbox.put_back(unit, letter.id, world.now + LOOK_AGAIN)
    return False


def _is_hidden(unit: Unit, reader: bytes) -> bool:
    row = unit.one("SELECT id FROM people WHERE address_index = :index", {"index": reader})
    person = None if row is None else people.facts(unit, row[0])
    if person is None:
        return True  # she had everything about her destroyed
    return person.quiet or person.locked or person.left or person.shown_from is not None


def _is_night(unit: Unit, letter: Letter, world: World) -> bool:
    """Whether nobody is written to unasked at this hour of her clock, and she is not here herself."""
    heard = outbox.last_heard(unit, letter.reader)
    if heard is not None and world.now - heard < _HERE:
        return False
    found = (subscribers.find(unit, channel, letter.body.to) for channel in ("telegram", "whatsapp"))
    zone = next((one.facts.subscription.zone for one in found if one), _YEMEN)
    return is_quiet(world.now.astimezone(ZoneInfo(zone)), world.rules.broadcasts)


def sweep(unit: Unit, world: World) -> int:
    """A duty: end questions that nobody moves on, and delete what was over long enough. Says how many it deleted."""
    for entry in box.forsaken(unit, world.now - UNTOUCHED):
        refused = replace(entry, state="refused", body=msgspec.structs.replace(entry.body, why="other"))
        if box.move(unit, refused, entry.state, world.now):
            tell(unit, refused, world)
            audit.record(unit, world.now, "box:refused", target=entry.id)
    return box.expire(unit, world.now - world.rules.broadcasts.questions_kept)
