"""Reads one status callback of a call: how far it got. It never moves anything: `handlers.voice` does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.channel import Delivered, Outcome, Undeliverable
from handlers.voice import ANSWERED

OVER = ANSWERED + 1
_RANKS = {
    "queued": 1,
    "initiated": 1,
    "ringing": 1,
    "in-progress": ANSWERED,
    "answered": ANSWERED,
    "completed": OVER,
    "busy": OVER,
    "no-answer": OVER,
    "canceled": OVER,
    "failed": OVER,
}


@dataclass(frozen=True, slots=True)
class CallChange:
    """A call got this far; it counts only where `rank` is higher than what was known."""

    reference: str
    """Twilio's id of the call."""
    rank: int
    outcome: Outcome

    @property
    def is_over(self) -> bool:
        """Nobody is on the line any more."""
        return self.rank == OVER


def fate(status: str, reference: str) -> CallChange | None:
    """What a call's status means: a line that could not be reached at all fails, anything else did what a call can."""
    rank = _RANKS.get(status.lower())
    if rank is None or not reference:
        return None
    if status.lower() == "failed":
        return CallChange(reference, rank, Undeliverable("call failed"))
    return CallChange(reference, rank, Delivered(reference, final=rank == OVER))


def call_status(form: Mapping[str, str]) -> CallChange | None:
    """What a callback says; None where it is unknown."""
    return fate(form.get("CallStatus", ""), form.get("CallSid", ""))
