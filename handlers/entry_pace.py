"""Slows down guessing at the door: decides how long a wrong try makes the next one wait.

It never locks anybody out for good, and never more than one pair of account and source for another's errors.

Three counts, each under a blind index, each forgotten a day after its last wrong try:

* **account and source**: each wrong try makes the next wait 1, 2, 4 … seconds, up to 15 minutes. Somebody who guesses
  at one account from one place is stopped here, and nobody else feels it.
* **source**: 100 wrong tries over all accounts are free, then each makes the next wait as above, up to one minute. A
  team behind one address shares this, so it is generous; it slows whoever tries one passphrase on many names.
* **account**: 20 wrong tries from sources where she never signed in are free, then as above, up to 15 minutes. It slows
  an attack from many sources.

A pair that has succeeded once, second factor included, is remembered for 90 days, and feels only its own count: a flood
from elsewhere, or from a colleague's machine behind the same address, does not keep her out. Names that nobody has are
counted in the same way, so that waiting tells nothing.

The source is the address that the connection comes from (an IPv6 one by its /64, which one household gets whole);
headers that claim another are not looked at: whoever guesses would write them.

The second factor has a count of its own for each member: 5 wrong codes, then 30 seconds in which none is looked at, and
after each further 5 twice as long, up to 15 minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from storage import throttles
from storage.throttles import Count
from storage.unit import Unit

FREE_OF_SOURCE = 100
FREE_OF_ACCOUNT = 20
LONGEST = timedelta(minutes=15)
LONGEST_OF_SOURCE = timedelta(minutes=1)
REMEMBERED = timedelta(days=1)
"""How long a wrong try counts."""
GOOD_FOR = timedelta(days=90)
"""How long a pair is remembered that has succeeded."""
GUESSES = 5
"""Wrong second factors in a row before the next has to wait."""
PAUSE = timedelta(seconds=30)
_SECOND = timedelta(seconds=1)
_STEEPEST = 20
"""Doublings after which every wait is at its longest: a bound for the arithmetic."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now. `seconds` until a try is looked at again, at least 1."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Door:
    """One account tried from one source, with the counts that it feels; held until the transaction ends."""

    account: str
    source: str
    pair: Count
    others: tuple[tuple[Count, int, timedelta], ...]
    """Counts that it shares with others, each with what is free and the longest wait; none for a good pair."""


def knock(unit: Unit, account: str, source: str, now: datetime) -> Door | Wait:
    """Ask whether a try may be looked at now. `account` is what its name is found by, whether it is one or not."""
    others: tuple[tuple[Count, int, timedelta], ...] = ()
    if not throttles.is_marked(unit, _good(account, source)):
        by_source = throttles.hold(unit, f"entry source:{source}", now)
        if (wait := _wait(by_source, now)) is not None:
            return wait
        by_account = throttles.hold(unit, f"entry account:{account}", now)
        if (wait := _wait(by_account, now)) is not None:
            return wait
        others = ((by_source, FREE_OF_SOURCE, LONGEST_OF_SOURCE), (by_account, FREE_OF_ACCOUNT, LONGEST))
    pair = throttles.hold(unit, f"entry pair:{account}:{source}", now)
    return _wait(pair, now) or Door(account, source, pair, others)


def refused(unit: Unit, door: Door, now: datetime) -> None:
    """The try was wrong."""
    throttles.put(unit, _worse(door.pair, 0, LONGEST, now))
    for count, free, longest in door.others:
        throttles.put(unit, _worse(count, free, longest, now))


def opened(unit: Unit, door: Door) -> None:
    """The try was right: her own errors are forgotten, others' are not."""
    throttles.drop(unit, door.pair)


def came_in(unit: Unit, account: str, source: str, now: datetime) -> None:
    """She came in from there, second factor included."""
    throttles.mark(unit, _good(account, source), now)


def guess(unit: Unit, staff: int, now: datetime) -> Count | Wait:
    """Ask whether a second factor may be looked at now."""
    count = throttles.hold(unit, f"second factor:{staff}", now)
    return _wait(count, now) or count


def guessed_wrong(unit: Unit, count: Count, now: datetime) -> None:
    """The second factor was wrong."""
    fails = _fails(count, now) + 1
    rounds, rest = divmod(fails, GUESSES)
    pause = timedelta() if rest else min(PAUSE * 2 ** min(rounds - 1, _STEEPEST), LONGEST)
    throttles.put(unit, replace(count, fails=fails, until=now + pause, at=now))


def sweep(unit: Unit, now: datetime) -> int:
    """Forget what counts no more."""
    return throttles.sweep(unit, now - REMEMBERED, now - GOOD_FOR)


def _worse(count: Count, free: int, longest: timedelta, now: datetime) -> Count:
    fails = _fails(count, now) + 1
    steps = fails - free - 1
    pause = timedelta() if steps < 0 else min(_SECOND * 2 ** min(steps, _STEEPEST), longest)
    return replace(count, fails=fails, until=now + pause, at=now)


def _fails(count: Count, now: datetime) -> int:
    return 0 if now - count.at > REMEMBERED else count.fails


def _wait(count: Count, now: datetime) -> Wait | None:
    left = count.until - now
    return None if left <= timedelta() else Wait(max(1, -(-left // _SECOND)))


def _good(account: str, source: str) -> str:
    return f"entry good:{account}:{source}"
