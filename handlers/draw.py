"""What an act is given of the outside world: the moment, the rules, and fresh numbers. It reads none of them itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flows.rules import Mechanism


@dataclass(frozen=True, slots=True)
class Draw:
    """Where acts draw what chance decides; `bot.chance` fills it, tests may fill it with their own."""

    number: Callable[[], int]
    """A fresh number for a row."""
    case_code: Callable[[], str]
    """A fresh code as she sees it."""
    page_code: Callable[[], str]
    """A fresh code for a page."""
    seed: Callable[[int], bytes]
    """So many random bytes."""


@dataclass(frozen=True, slots=True)
class World:
    """The moment (aware, UTC), the mechanism's rules, and chance."""

    now: datetime
    rules: Mechanism
    draw: Draw
    zone: str = "Asia/Aden"
    """Where the association's clock hangs (SANAD_TIMEZONE): the rota's zone, where a shift names none."""
    address: str = ""
    """Where the world reaches us (PUBLIC_URL), without a slash at its end; empty where nobody knows."""
