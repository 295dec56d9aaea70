"""Carries out what an alarm wants done: pages, what is called back, who is told, where the case stands, the log.

It never decides and never sends: letters go to the outbox, in the transaction that kept the alarm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from flows.alarm import Alarm, Effect, Log, PageStep, PutStatus, StopPages, TellHer, TellStaff
from flows.paging import Call
from handlers import alarm_letters as letters
from handlers import alarm_words as words
from handlers import drill_letters, sharing
from handlers.draw import World
from handlers.team import Reader, Team
from storage import alarms, cases, outbox, pages
from storage.pages import LIVE, Page, State
from storage.unit import Unit

_DRAWS = 50


@dataclass(frozen=True, slots=True)
class Pressing:
    """By which channel somebody acted, and the message whose buttons are used up with it."""

    staff: int
    channel: str
    clears: str = ""


@dataclass(frozen=True, slots=True)
class Carrying:
    """Carries effects out for one case, after its alarm has been kept."""

    unit: Unit
    case: int
    alarm: Alarm
    team: Team
    world: World
    by: Pressing | None

    def carry(self, effects: tuple[Effect, ...]) -> None:
        """Carry effects out in their order."""
        for effect in effects:
            match effect:
                case PageStep():
                    self.page(effect)
                case StopPages(taker):
                    self.stop_pages(taker)
                case TellHer(what, level):
                    told = letters.tell_her(self.unit, self.case, what, level, self.world)
                    self.log(f"told_her:{what}" if told else f"not_told_her:{what}")
                case TellStaff():
                    self.tell_staff(effect)
                case PutStatus(status):
                    self.put_status(status)
                case Log():
                    self.note(effect)
                case _:
                    assert_never(effect)

    def log(self, what: str) -> None:
        """Write a line about nobody in particular."""
        alarms.log(self.unit, self.case, self.world.now, what, late=self.world.now - self.alarm.started_at)

    def note(self, effect: Log) -> None:
        """Write a line of the log. It never names a level: how urgent a case is, is sealed."""
        alarms.log(
            self.unit, self.case, self.world.now, effect.what, staff=effect.staff, step=effect.step, late=effect.late
        )

    def page(self, effect: PageStep) -> None:
        """Page each person of a step; her pages of one round all carry one code, so that they are one alarm to her."""
        before = pages.of_case(self.unit, self.case)
        codes = {page.staff: page.code for page in before if page.round == effect.round}
        for call in effect.calls:
            reader = self.team.paged(call)
            if reader is None:
                continue
            if call.staff not in codes:
                codes[call.staff] = fresh_code(self.unit, call.staff, self.world)
            page = self._page(call, codes[call.staff], (effect.round, effect.step), "open")
            if pages.add(self.unit, page):
                self._recall(before, page)
                letters.write_page(self.unit, reader, page, effect.level, self.world.now)
                alarms.log(
                    self.unit, self.case, self.world.now, "paged", staff=call.staff, step=effect.step, late=effect.late
                )

    def _page(self, call: Call, code: str, at: tuple[int, int], state: State) -> Page:
        number = self.world.draw.number()
        return Page(number, self.case, call.staff, call.channel, code, *at, state, self.world.now)

    def _recall(self, before: list[Page], page: Page) -> None:
        """Call back what of an earlier round never went out to her by this channel: it's the same alarm."""
        old = [
            one
            for one in before
            if (one.staff, one.channel) == (page.staff, page.channel)
            and one.round < page.round
            and one.state in {"open", "held"}
        ]
        outbox.cancel(self.unit, [letters.letter_key(one) for one in old])
        pages.put_state(self.unit, old, "over")

    def stop_pages(self, taker: int | None) -> None:
        """Call back what has not gone out, in this same transaction (I4), and tell the others who were paged (I3)."""
        live = [page for page in pages.of_case(self.unit, self.case) if page.state in LIVE]
        outbox.cancel(self.unit, [letters.letter_key(page) for page in live])
        pages.put_state(self.unit, live, "over")
        others = {page.staff: page for page in live if page.state == "sent" and page.staff != taker}
        for page in others.values():
            self.tell_other(page)
        told = [page for page in live if page.state == "sent"]
        pages.put_state(self.unit, told, "told")

    def tell_other(self, page: Page) -> None:
        """Tell somebody who was paged that it is taken or over."""
        reader = self.team.reader(page.staff, page.channel)
        if reader is not None and self.alarm.drill:
            letters.write(self.unit, reader, drill_letters.over(page.code), self.world)
        elif reader is not None:
            taken = self.alarm.status != "closed"
            text = words.confirmed(page.code, self.alarm.taken_at) if taken else words.over(page.code)
            letters.write(self.unit, reader, text, self.world)

    def tell_staff(self, effect: TellStaff) -> None:
        """Tell who holds it, or held it; whoever holds it can note contact, or give it back."""
        page = self.own_page(effect.staff)
        reader = self._reader(effect.staff, page.channel)
        if reader is None:
            return
        if effect.what == "untaken":
            letters.write(self.unit, reader, words.lapsed(page.code), self.world)
            return
        if self.alarm.drill:
            took = self.world.now - self.alarm.started_at
            letters.write(self.unit, reader, drill_letters.answered(page.code, took), self.world)
            return
        pages.put_state(self.unit, [page], "taken")
        say = words.yours if effect.what == "taken" else words.pressing
        text = say(page.code, self.alarm.due_at, silent=self.is_silent())
        letters.write(self.unit, reader, text, self.world, page=page, actions=words.to_go_on())

    def is_silent(self) -> bool:
        """Whether somebody may be making her write, so that nobody may call or write to her."""
        found = cases.by_number(self.unit, self.case)
        return found is not None and found.facets.silent

    def _reader(self, number: int, channel: str) -> Reader | None:
        if self.by is not None and self.by.staff == number:
            return self.team.reader(number, self.by.channel, self.by.clears)
        return self.team.reader(number, channel)

    def own_page(self, number: int) -> Page:
        """The newest page of somebody for this case, in the present round if she has one; a fresh one otherwise."""
        hers = [page for page in pages.of_case(self.unit, self.case) if page.staff == number]
        current = [page for page in hers if page.round == self.alarm.round]
        if self.alarm.status != "open" and hers:
            return (current or hers)[-1]
        return current[-1] if current else self._fresh_page(number)

    def _fresh_page(self, number: int) -> Page:
        """A page that is handed over in an answer, not sent."""
        channel = self.by.channel if self.by is not None else ""
        code = fresh_code(self.unit, number, self.world)
        page = self._page(Call(number, channel), code, (self.alarm.round, self.alarm.asked_at or 0), "sent")
        pages.add(self.unit, page)
        return page

    def put_status(self, status: str) -> None:
        """Move the case; nobody holds it by a page unless it's taken."""
        cases.put_status(self.unit, self.case, status)
        match status:
            case "taken" if self.alarm.staff is not None:
                sharing.taken(self.unit, self.case, self.alarm.staff, self.world)
            case "waiting":
                sharing.waiting(self.unit, self.case, self.world)
            case "contacted":
                sharing.contacted(self.unit, self.case)
                cases.note_answered(self.unit, self.case, self.world.now)
            case "closed" if self.alarm.drill:
                drill_letters.ended(self.unit, self.case, self.alarm, self.team, self.world)
            case _:
                pass
        if status != "taken":
            held = [page for page in pages.of_case(self.unit, self.case) if page.state == "taken"]
            pages.put_state(self.unit, held, "over")


def fresh_code(unit: Unit, number: int, world: World) -> str:
    """A page's code that no other page waiting for this person has."""
    drawn = (world.draw.page_code() for _ in range(_DRAWS))
    free = (code for code in drawn if not pages.is_waiting(unit, number, code))
    return next(free, None) or world.draw.page_code()
