"""Lets a member of staff answer a page on the telephone: her PIN first, then 4 to take it and 5 to pass.

It never says anything itself and never rings: it says which of `handlers.voice_words` holds, and what was done.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from flows.core import Language
from flows.paging import VOICE
from handlers import pages as answers
from handlers.alarm_letters import letter_key
from handlers.channel import Delivered, Outcome
from handlers.draw import World
from handlers.statuses import record_status
from handlers.voice_words import Said
from messages import Text, t
from messages.arabic import digits
from storage import alarms, audit, pages, staff, voice
from storage.pages import LIVE, Page
from storage.unit import Unit
from storage.voice import Pin

SHORTEST, LONGEST = 4, 8
"""Digits of a PIN."""
TRIES = 3
"""Wrong PINs until a call ends."""
_SHUT = timedelta(minutes=10)
_SHUT_AT_MOST = timedelta(hours=12)
_SALT = 16
_NUMBERS = 1 << 63
_RUNS = ("01234567890", "09876543210")
KEYS: dict[str, Literal["t", "p"]] = {"4": "t", "5": "p"}
"""Take and pass, as they stand on the telephone's keys."""


# ---------------------------------------------------------------- her PIN and number


def set_pin(unit: Unit, member: int, pin: str, world: World) -> Text | None:
    """Keep her PIN; what is wrong with it, where it is refused. Takes some 30 ms of the transaction."""
    typed = digits(pin).strip()
    if refused := pin_fault(typed):
        return refused
    salt = world.draw.seed(_SALT)
    voice.put_pin(unit, member, Pin(salt, pin_hash(typed, salt)))
    voice.forget_wrong(unit, member)
    audit.record(unit, world.now, "voice:pin_set", staff=member)
    return None


def set_number(unit: Unit, member: int, number: str, world: World) -> None:
    """Keep the number (+E.164) by which she is rung. Raises `Taken` at the commit where it is another's."""
    voice.put_number(unit, member, number)
    audit.record(unit, world.now, "voice:number_set", staff=member)


def set_both(unit: Unit, member: int, number: str, pin: str, world: World) -> Text | None:
    """Keep number and PIN together; why not, where the PIN is refused: then neither is kept. Raises `Taken`."""
    if refused := set_pin(unit, member, pin, world):
        return refused
    set_number(unit, member, number, world)
    return None


def forget(unit: Unit, member: int, world: World) -> None:
    """She isn't rung any more; number and PIN are destroyed."""
    voice.drop_number(unit, member)
    voice.drop_pin(unit, member)
    voice.forget_wrong(unit, member)
    audit.record(unit, world.now, "voice:forgotten", staff=member)


def pin_fault(typed: str) -> Text | None:
    """Why a PIN can't be taken; None where it can."""
    if not (typed.isascii() and typed.isdecimal() and SHORTEST <= len(typed) <= LONGEST):
        return t("A PIN has 4 to 8 digits.")
    if len(set(typed)) == 1 or any(typed in run for run in _RUNS) or typed == typed[:2] * (len(typed) // 2):
        return t("This PIN is too easy to guess: no row such as 1234, no repeats such as 0000 or 1212.")
    return None


def pin_hash(typed: str, salt: bytes) -> bytes:
    """Argon2id, 19 MiB, 2 passes: some 30 ms, so not within a transaction where that can be helped."""
    return Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19 * 1024).derive(typed.encode())


def is_right(typed: str, pin: Pin) -> bool:
    """Whether this is her PIN. Slow, see `pin_hash`."""
    return hmac.compare_digest(pin_hash(digits(typed)[:LONGEST], pin.salt), pin.hash)


# ---------------------------------------------------------------- a call


@dataclass(frozen=True, slots=True)
class Ringing:
    """A page that somebody is rung about."""

    page: Page
    language: Language
    pin: Pin | None
    wanted: bool
    """It can still be answered."""
    shut: bool
    """Too many wrong PINs were typed for her lately."""


def ringing(unit: Unit, number: int, world: World) -> Ringing | None:
    """What a call is about; None where no page by voice has this number, or its reader works here no more."""
    page = pages.find(unit, number) if number < _NUMBERS else None
    member = staff.member(unit, page.staff) if page and page.channel == VOICE else None
    if page is None or member is None or not member.active:
        return None
    until = voice.wrong_until(unit, page.staff)
    shut = until is not None and until > world.now
    return Ringing(page, member.language, voice.pin_of(unit, page.staff), page.state in {*LIVE, "failed"}, shut)


def picked_up(unit: Unit, page: Page, call: str, world: World) -> None:
    """Somebody or something answered: so the call was made, whatever became of the request for it."""
    record_status(unit, letter_key(page), call, ANSWERED, Delivered(call, final=False), world)


def typed_right(unit: Unit, page: Page, world: World) -> None:
    """Her PIN was typed: the number is proven to be hers."""
    voice.forget_wrong(unit, page.staff)
    member = staff.member(unit, page.staff)
    for way in member.reaches if member else ():
        if way.channel == VOICE:
            staff.heard(unit, way.index, world.now)
    late = world.now - page.made_at
    alarms.log(unit, page.case, world.now, "page:answered", staff=page.staff, step=page.step, late=late)


def typed_wrong(unit: Unit, page: Page, world: World) -> None:
    """A wrong PIN was typed; each third one shuts the way by voice for a while, and longer each time."""
    fails = voice.note_wrong(unit, page.staff, world.now)
    audit.record(unit, world.now, "voice:wrong_pin", staff=page.staff, case=page.case)
    if fails % TRIES == 0:
        pause = min(_SHUT * 2 ** min(fails // TRIES - 1, 10), _SHUT_AT_MOST)
        voice.shut_until(unit, page.staff, world.now + pause)
        audit.record(unit, world.now, "voice:shut", staff=page.staff, case=page.case)


def press(unit: Unit, number: int, key: str, world: World) -> Said:
    """She pressed 4 or 5: just as if she had pressed the page's button. Says what to tell her."""
    page = pages.find(unit, number)
    if page is None:
        return "nothing"
    answers.press(unit, page.staff, number, KEYS[key], VOICE, world)
    kept, after = alarms.load(unit, page.case), pages.find(unit, number)
    if KEYS[key] == "p" and after is not None and after.state == "passed":
        return "passed"
    if kept is None or kept[0].status == "open":
        return "stale"
    return "taken" if kept[0].staff == page.staff else "elsewhere"


# ---------------------------------------------------------------- how a call went

ANSWERED = 2
"""Rank of a call that was picked up: above being dialled, below being over."""


def status(unit: Unit, key: str, call: str, rank: int, outcome: Outcome, world: World, *, over: bool) -> None:
    """One status of a call. One that is over without her PIN is noted as unanswered: the page stays, the ladder climbs.

    A call that could not be made at all fails, and is climbed past.
    """
    page = _page_of(unit, key)
    if not record_status(unit, key, call, rank, outcome, world) or page is None or not over:
        return
    answered = any(
        (one.what, one.staff, one.step) == ("page:answered", page.staff, page.step) and one.at >= page.made_at
        for one in alarms.history(unit, page.case)
    )
    if not answered:
        late = world.now - page.made_at
        alarms.log(unit, page.case, world.now, "page:unanswered", staff=page.staff, step=page.step, late=late)


def _page_of(unit: Unit, key: str) -> Page | None:
    prefix, _, number = key.partition(":")
    if prefix != "page" or not number.isalnum() or int(number, 36) >= _NUMBERS:
        return None
    return pages.find(unit, int(number, 36))
