"""Hears what a focal point answers to a page, by button or in words.

It never guesses: a button of before changes nothing and says so (I8), and among several pages the code decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never, cast

from flows.alarm import Alarm, Event, GaveBack, MadeContact, Passed, Took
from flows.core import Pressed, Said
from handlers import alarm_letters as letters
from handlers import alarm_words as words
from handlers import drill_letters
from handlers.alarm_effects import Carrying, Pressing
from handlers.alarm_turns import turn
from handlers.channel import Inbound
from handlers.draw import World
from handlers.page_words import Action, Spoken, understand
from handlers.team import team
from messages import Text
from storage import alarms, audit, outbox, pages
from storage.pages import LIVE, Page
from storage.unit import Unit

_BUTTON = re.compile(r"p\.([0-9a-z]{1,13})\.([tpcg])")
_NUMBERS = 1 << 63
_CHANGES = {"t": "take", "c": "contact", "g": "give_back"}
"""What is written into the log of the desk, where the same can be done."""
_LATELY = timedelta(hours=2)
"""For so long, 1 or 2 of somebody whose page is over is heard once as an answer to it: she may not have seen it."""


def hear(unit: Unit, staff: int, inbound: Inbound, world: World) -> bool:
    """Act on a message of a member of staff if it answers a page; False where it's an ordinary message."""
    by = Pressing(staff, inbound.channel, inbound.pressed_on)
    match inbound.event:
        case Pressed(key) if found := _BUTTON.fullmatch(key):
            return _pressed(_Answering(unit, world, by), int(found[1], 36), cast("Action", found[2]))
        case Said(said) | Pressed(("take" | "pass") as said):  # the ids that a WhatsApp template's buttons carry
            return _said(_Answering(unit, world, by), said)
        case _:
            return False


def press(unit: Unit, staff: int, number: int, action: Action, channel: str, world: World) -> None:
    """As if she had pressed a page's button, from a channel without any: she is answered where she is written to."""
    _pressed(_Answering(unit, world, Pressing(staff, channel)), number, action)


@dataclass(frozen=True, slots=True)
class _Answering:
    """One member of staff answering, in one transaction."""

    unit: Unit
    world: World
    by: Pressing

    def reply(self, text: Text, page: Page | None = None, actions: words.Actions | None = None) -> None:
        """Answer her where she wrote."""
        reader = team(self.unit, self.world).reader(self.by.staff, self.by.channel, self.by.clears)
        if reader is not None:
            letters.write(self.unit, reader, text, self.world, page=page, actions=actions)


def _pressed(to: _Answering, number: int, action: Action) -> bool:
    page = pages.find(to.unit, number) if number < _NUMBERS else None
    if page is None or page.staff != to.by.staff:  # somebody else's, or made up
        to.reply(words.stale(words.nothing()))
    else:
        _act(to, page, action)
    return True


def _act(to: _Answering, page: Page, action: Action) -> None:
    late = to.world.now - page.made_at
    alarms.log(to.unit, page.case, to.world.now, f"pressed:{action}", staff=page.staff, step=page.step, late=late)
    kept = alarms.load(to.unit, page.case)
    if page.staff not in team(to.unit, to.world).members:
        return  # she doesn't work here any more
    if kept is None or page.staff not in team(to.unit, to.world, page.case).members:
        to.reply(words.stale(words.nothing()))
    elif action == "p" and page.state == "passed" and kept[0].status == "open":  # a double tap
        to.reply(words.passed_on(page.code))
    elif not _still_means(page, action, kept[0]):
        _say_how_it_stands(to, page, kept[0])
    else:
        turned = turn(to.unit, page.case, _event(page.staff, action), to.world, to.by)
        if turned is None or (not turned.effects and action != "p"):  # somebody was first
            _say_how_it_stands(to, page, turned.alarm if turned else kept[0])
        else:
            if action in _CHANGES:
                audit.record(to.unit, to.world.now, _CHANGES[action], staff=page.staff, case=page.case)
            _confirm(to, page, action)


def _still_means(page: Page, action: Action, alarm: Alarm) -> bool:
    """Whether a button still means what it says. A page of this round can be taken whichever step it was of."""
    match action:
        case "t":
            answerable = page.state in {*LIVE, "failed", "passed"}
            return alarm.status == "open" and page.round == alarm.round and answerable
        case "p":
            return alarm.status == "open" and page.round == alarm.round and page.state in {*LIVE, "failed"}
        case "c" | "g":
            return alarm.status == "taken" and alarm.staff == page.staff
        case _:
            assert_never(action)


def _event(staff: int, action: Action) -> Event:
    match action:
        case "t":
            return Took(staff)
        case "p":
            return Passed(staff)
        case "c":
            return MadeContact(staff)
        case "g":
            return GaveBack(staff)
        case _:
            assert_never(action)


def _confirm(to: _Answering, page: Page, action: Action) -> None:
    """Say that it is done; who took it is told by the alarm itself."""
    match action:
        case "p":
            hers = [
                one for one in pages.pending(to.unit, page.staff) if (one.case, one.round) == (page.case, page.round)
            ]
            outbox.cancel(to.unit, [letters.letter_key(one) for one in hers])
            pages.put_state(to.unit, [*hers, page], "passed")
            to.reply(words.passed_on(page.code))
        case "g":
            to.reply(words.passed_on(page.code))
        case "c":
            to.reply(words.noted(page.code))
        case "t":
            pass
        case _:
            assert_never(action)


def _say_how_it_stands(to: _Answering, page: Page, alarm: Alarm) -> None:
    """Say kindly that nothing was changed, and what holds now; whoever can still take it gets a button that works."""
    people = team(to.unit, to.world)
    own = Carrying(to.unit, page.case, alarm, people, to.world, to.by)
    match alarm.status:
        case "open":
            live = own.own_page(page.staff)
            to.reply(words.stale(words.sentence(alarm.level, live.code)), live, words.to_take())
        case "taken" if alarm.staff == page.staff:
            held = own.own_page(page.staff)
            to.reply(words.stale(words.yours(held.code, alarm.due_at, silent=own.is_silent())), held, words.to_go_on())
        case "taken" | "contacted" if alarm.staff != page.staff:
            to.reply(words.stale(words.confirmed(page.code, alarm.taken_at)))
        case "taken" | "contacted" | "closed":
            over = drill_letters.over if alarm.drill else words.over
            to.reply(words.stale(over(page.code)))
        case _:
            assert_never(alarm.status)


# ---------------------------------------------------------------- in words


def _said(to: _Answering, said: str) -> bool:
    waiting = {page.case: page for page in pages.pending(to.unit, to.by.staff)}
    if not waiting:
        return _said_late(to, said)
    spoken = understand(said, waiting.values())
    if spoken is None:
        return False
    meant = [page for page in spoken.named or waiting.values() if spoken.fits(page)]
    match meant:
        case []:
            to.reply(words.stale(words.nothing()))
        case [page]:
            _act_on(to, page, spoken)
        case _:
            to.reply(words.which(", ".join(page.code for page in meant)))
    return True


def _said_late(to: _Answering, said: str) -> bool:
    """Nothing waits for her, but perhaps she has not seen that it was taken: she hears how it stands, once."""
    page = pages.lately_over(to.unit, to.by.staff, to.world.now - _LATELY)
    spoken = understand(said, [page]) if page else None
    if page is None or spoken is None or not spoken.fits(page):
        return False
    hers = [one for one in pages.of_case(to.unit, page.case) if one.staff == page.staff and one.state == "told"]
    pages.put_state(to.unit, hers, "done")
    _act_on(to, page, spoken)
    return True


def _act_on(to: _Answering, page: Page, spoken: Spoken) -> None:
    """Do what was said; a code alone shows how it stands, with buttons that work."""
    numbered: tuple[Action, Action] = ("c", "g") if page.state == "taken" else ("t", "p")
    if spoken.action or spoken.place:
        _act(to, page, spoken.action or numbered[spoken.place - 1])
    elif kept := alarms.load(to.unit, page.case):
        _say_how_it_stands(to, page, kept[0])
