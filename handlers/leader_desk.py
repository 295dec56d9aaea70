"""The leaders' channel at the desk: codes to invite by, and the page of those leaders who have an account here.

It never shows a leader anything of a case, nor who else is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flows.public import LEADERS, Leader
from handlers import poll_desk
from handlers.draw import World
from handlers.leaders import FIRST, LETTERS
from handlers.poll_desk import Result
from storage import audit, leader_codes, leader_messages, polls
from storage.polls import Poll
from storage.runs import Run
from storage.unit import Unit

GOOD_FOR: Final = timedelta(days=7)
MOST_WAITING: Final = 100
"""Codes that are good at the same time."""


def make_code(unit: Unit, kind: str, by: int, world: World) -> str | None:
    """A fresh code for a leader of this kind, good for 7 days and once; it is shown now and never again.

    None for a kind that there is not, or where too many wait.
    """
    if kind not in LEADERS or len(leader_codes.waiting(unit, world.now)) >= MOST_WAITING:
        return None
    number, letters = int.from_bytes(world.draw.seed(16)), FIRST
    for _ in range(11):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    code = f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
    leader_codes.add(unit, code, kind, by, world.now + GOOD_FOR)
    audit.record(unit, world.now, "leader:code", staff=by)
    return code


def waiting(unit: Unit, world: World) -> list[tuple[Leader, datetime]]:
    """Codes that nobody has used yet."""
    return leader_codes.waiting(unit, world.now)


def void(unit: Unit, by: int, world: World) -> int:
    """No code is good any more. Says how many were."""
    gone = leader_codes.void(unit)
    if gone:
        audit.record(unit, world.now, "leader:void", staff=by)
    return gone


@dataclass(frozen=True, slots=True)
class Pledge:
    """A pledge as leaders see it: what is pledged, and, once it is over, the counts."""

    poll: Poll
    result: Result | None


def pledges(unit: Unit, world: World) -> list[Pledge]:
    """Pledges that are open or over, the newest first."""
    shown = []
    for poll in polls.every(unit):
        if poll.kind == "pledge" and poll.state != "draft" and poll.opens_at <= world.now:
            found = poll_desk.result(unit, poll.id, world)
            shown.append(Pledge(poll, found[1] if found else None))
    return shown


_MOST_MESSAGES: Final = 50


def messages(unit: Unit, world: World) -> list[Run]:
    """What was sent to leaders, the newest first."""
    return leader_messages.sent(unit, world.now, _MOST_MESSAGES)


def sweep(unit: Unit, world: World) -> int:
    """A duty: forget codes whose time is over. Says how many."""
    return leader_codes.sweep(unit, world.now)
