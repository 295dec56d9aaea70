"""Reminds who is on call a day and an hour ahead, hears that she is ready, and tells the coordinators of silence.

It never decides when: that is `flows.reminding`. A time on call has one reminder of each kind, however often asked.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flows.core import Pressed, Said
from flows.reminding import AHEAD, BACK, Due, Stint, due, is_silent, stints
from flows.rota import Shift
from handlers import rota_words as words
from handlers.channel import Inbound
from handlers.draw import World
from handlers.rota_letters import base36, tell, tell_coordinators, write
from handlers.team import Team, team
from messages import Text
from messages.arabic import digits, tokens
from messages.matching import Words
from storage import marks, reaches, reminders, shifts
from storage.reminders import Reminder
from storage.unit import Unit

_BUTTON = re.compile(r"r\.([0-9a-z]{1,13})")
_READY = Words.compile(["أنا جاهزة", "جاهزة", "نعم جاهزة", "ready", "I am ready", "I'm ready"])
_NUMBERS = 1 << 63
_LOOKED = "reminders"
_WAITS = timedelta(hours=36)
"""So long a reminder can be answered in words."""


def remind(unit: Unit, world: World) -> int:
    """Send every reminder that is due, and tell of silence. Says how many went out. Safe to do at any time, twice."""
    last = marks.get(unit, _LOOKED)
    looked = None if last is None else datetime.fromisoformat(last)
    marks.put(unit, _LOOKED, world.now.isoformat())
    found = stints(_able(unit, world.now), world.now)
    people = team(unit, world) if found else None
    if people is None:
        return 0
    sent = [_send(unit, people, one, world) for stint in found if (one := due(stint, world.now, looked))]
    for stint in found:
        _tell_silence(unit, people, stint, world)
    return sum(sent)


def _able(unit: Unit, now: datetime) -> list[Shift]:
    able = reaches.able(unit)
    return [one for one in shifts.between(unit, now - BACK, now + AHEAD["day"]) if one.staff_id in able]


def _send(unit: Unit, people: Team, one: Due, world: World) -> bool:
    key = one.stint.key(one.kind)
    reminder = Reminder(world.draw.number(), key, one.stint.shift, one.stint.staff, world.now)
    if not reminders.add(unit, reminder):
        return False
    reader = people.reader(one.stint.staff, "")
    if reader is not None:
        at = words.clock(one.stint.starts, one.stint.zone)
        say = words.begun if one.begun else words.soon if one.kind == "hour" else words.tomorrow
        text = words.late(say(at)) if one.late else say(at)
        number = base36(reminder.id)
        buttons = {f"r.{number}": label for label in words.to_be_ready().values()}
        write(unit, f"remind:{number}", reader, text, world.now, buttons=buttons, purpose="reminder", blanks=(at.hour,))
    return True


def _tell_silence(unit: Unit, people: Team, stint: Stint, world: World) -> None:
    """Tell the coordinators, once, of who tapped neither reminder; never herself, who knows."""
    sent = reminders.with_keys(unit, [stint.key("day"), stint.key("hour")])
    if not sent or any(one.ready_at or one.told_at for one in sent):
        return
    if is_silent(stint, world.now, min(one.sent_at for one in sent)):
        reminders.told(unit, sent, world.now)
        text = words.silent(words.clock(stint.starts, world.zone))
        tell_coordinators(unit, people, f"silent:{base36(sent[0].id)}", text, world.now, stint.staff)


# ---------------------------------------------------------------- what she answers


def hear(unit: Unit, staff: int, inbound: Inbound, world: World) -> bool:
    """Note that a member is ready, if that is what she says; False where it's an ordinary message."""
    match inbound.event:
        case Pressed(key) if found := _BUTTON.fullmatch(key):
            number = int(found[1], 36)
            reminder = reminders.find(unit, number) if number < _NUMBERS else None
            if reminder is None or reminder.staff != staff:  # somebody else's, or of a shift that is no more
                _reply(unit, staff, inbound, world, words.no_longer())
            else:
                _note(unit, reminder, inbound, world)
            return True
        case Said(said) | Pressed("ready" as said):  # the id that a WhatsApp template's button carries
            return _said(unit, staff, said, inbound, world)
        case _:
            return False


def _said(unit: Unit, staff: int, said: str, inbound: Inbound, world: World) -> bool:
    reminder = reminders.unanswered(unit, staff, world.now - _WAITS)
    if reminder is None:
        return False
    is_number = digits(said).strip() == "1" and not reminders.wrote_since(
        unit, inbound.channel, inbound.address, reminder.sent_at
    )
    if not is_number and tuple(tokens(said)) not in _READY.spellings:
        return False
    _note(unit, reminder, inbound, world)
    return True


def _note(unit: Unit, reminder: Reminder, inbound: Inbound, world: World) -> None:
    reminders.ready(unit, reminder.id, world.now)
    _reply(unit, reminder.staff, inbound, world, words.thanks())


def _reply(unit: Unit, staff: int, inbound: Inbound, world: World, text: Text) -> None:
    tell(unit, team(unit, world), staff, text, world, clears=(inbound.channel, inbound.pressed_on))
