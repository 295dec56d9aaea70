"""Polls and pledges in the conversation: which are open for somebody, and counting an answer once, without a name.

It never writes down what anybody chose, in no log and in no letter.
"""

from __future__ import annotations

from flows import public
from flows.poll import MOST
from handlers.draw import World
from messages import Text, both, t
from storage import polls
from storage.unit import Unit

AGAIN = t("This was answered already, and each person is counted once. Thank you.")
OVER = t("Thank you. This question was over in the meantime, so nothing more is counted.")


def vote(unit: Unit, channel: str, address: str, poll: int, choice: str, world: World) -> Text | None:
    """Count an answer once. Says what became of it where it was not counted."""
    found = next((one for one in polls.open_at(unit, world.now) if one.id == poll), None)
    if found is None or choice not in {option.code for option in found.body.options}:
        return OVER
    return None if polls.answer(unit, poll, channel, address, choice) else AGAIN


def open_for(unit: Unit, channel: str, address: str, leader: str, world: World) -> tuple[public.Poll, ...]:
    """Open polls that she has not answered; leaders are asked for pledges, and nobody else is."""
    kind = "pledge" if leader else "poll"
    found = (one for one in polls.open_at(unit, world.now) if one.kind == kind)
    return tuple(_hers(one) for one in found if not polls.has_answered(unit, one.id, channel, address))


def _hers(poll: polls.Poll) -> public.Poll:
    options = {option.code: both(ar=option.ar, en=option.en) for option in poll.body.options[:MOST]}
    return public.Poll(poll.id, poll.kind, both(ar=poll.body.ar, en=poll.body.en), options)


def sweep(unit: Unit, world: World) -> int:
    """A duty: close what has had its time, and let nothing tell which answer came with whom. Says how many closed."""
    closed = polls.close(unit, world.now)
    polls.blend(unit, world.now)
    return len(closed)
