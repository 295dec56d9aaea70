"""Puts an alarm's letters into the outbox: pages, what staff hear about them, what the reporter hears.

It never says more than `handlers.alarm_words`, and it writes to nobody for whom that isn't safe.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.alarm import ToHer
from flows.hours import may_tell
from flows.ladder import Level
from handlers.alarm_words import Actions, sentence, to_her, to_take
from handlers.draw import World
from handlers.reaching import her, wishes
from handlers.team import Reader
from messages import Text, to_json
from storage import cases, outbox
from storage.outbox import Lane, LetterChoice
from storage.pages import Page
from storage.unit import Unit

MISSED = ("check_in", "missed")
"""The reason of a case that woke because she did not come back in time."""
_TRUE_FOR = timedelta(minutes=15)
"""A line about who is being called says nothing true any more after so long."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def letter_key(page: Page) -> str:
    """The key of the letter that carries a page."""
    return f"page:{_base36(page.id)}"


def button_key(page: Page, action: str) -> str:
    """A button's key: the page's number and one letter, 17 bytes at most."""
    return f"p.{_base36(page.id)}.{action}"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def write_page(unit: Unit, reader: Reader, page: Page, level: Level, now: datetime) -> None:
    """Put a page out, once: the same page sent again carries the same code (I2)."""
    content = outbox.body(
        reader.reach.address,
        reader.member.language,
        sentence(level, page.code),
        choices=_choices(page, to_take()),
        purpose="page",
        blanks=(page.code,),
    )
    outbox.add(unit, letter_key(page), page.channel, reader.reach.index, Lane.PAGE, content, now)


def write(
    unit: Unit, reader: Reader, text: Text, world: World, *, page: Page | None = None, actions: Actions | None = None
) -> None:
    """Write anything else to a member of staff; `actions` are about `page`."""
    choices = () if page is None or actions is None else _choices(page, actions)
    content = outbox.body(reader.reach.address, reader.member.language, text, choices=choices, clears=reader.clears)
    key = f"staff:{_base36(world.draw.number())}"
    outbox.add(unit, key, reader.reach.channel, reader.reach.index, Lane.CONVERSATION, content, world.now)


def _choices(page: Page, actions: Actions) -> tuple[LetterChoice, ...]:
    return tuple(LetterChoice(button_key(page, action), to_json(label)) for action, label in actions.items())


def tell_her(unit: Unit, case: int, what: ToHer, level: Level, world: World) -> bool:
    """Tell the reporter, in her language. False where it isn't safe or not possible to write to her.

    Within 15 minutes of her last word she always hears it: she is talking with us, perhaps in danger. Later only
    where she did not choose another way than this chat, and in her hours (`flows.hours.may_tell`); it is not held for
    later, when it would not be true any more.
    """
    found = cases.by_number(unit, case)
    known = her(unit, found) if found else None
    if found is None or known is None or not may_tell(wishes(unit, found), world.now):
        return False
    if MISSED in found.facets.because and what not in {"taken", "contacted"}:
        return False  # she has been told that she is asked after, and sent nothing that we could thank her for
    content = outbox.body(known.address, known.person.language or "ar", to_her(what, level))
    key = f"told:{_base36(case)}:{_base36(world.draw.number())}"
    outbox.add(unit, key, known.channel, known.index, Lane.CONVERSATION, content, world.now)
    return True


def still_true(unit: Unit, letter: outbox.Letter, world: World) -> bool:
    """Ask once more, just before a line to her leaves: it may have waited for the network or for WhatsApp's window.

    False where it would be old news, or come at a bad moment: then it is called back.
    """
    found = cases.by_number(unit, int(letter.key.split(":")[1], 36))
    known = her(unit, found) if found else None
    if found and known and world.now - letter.made_at <= _TRUE_FOR and may_tell(wishes(unit, found), world.now):
        return True
    outbox.cancel(unit, [letter.key])
    return False


def write_notice(unit: Unit, key: str, reader: Reader, text: Text, now: datetime) -> None:
    """Wake a member of staff about something that isn't one case's page, once for its key."""
    content = outbox.body(reader.reach.address, reader.member.language, text)
    outbox.add(unit, key, reader.reach.channel, reader.reach.index, Lane.PAGE, content, now)
