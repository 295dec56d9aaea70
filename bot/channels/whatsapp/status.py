"""Reads one status callback of Twilio: how far a letter got. It never moves anything: whoever keeps letters does."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.channels.whatsapp.answers import by_code
from handlers.channel import Delivered, Outcome

State = Literal["sent", "delivered", "read", "failed"]

# Callbacks come in any order: only a higher rank moves a letter. A failure is told before a delivery that is sure.
_STATES: dict[str, tuple[int, State]] = {
    "sent": (1, "sent"),
    "partially_delivered": (1, "sent"),
    "failed": (2, "failed"),
    "undelivered": (2, "failed"),
    "canceled": (2, "failed"),
    "delivered": (3, "delivered"),
    "read": (4, "read"),
}


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A letter got as far as `state`; it counts only where `rank` is higher than what was known."""

    letter_key: str
    """The letter's own key, as it was sent along; empty where the callback carries none."""
    reference: str
    """Twilio's id of the message."""
    rank: int
    state: State
    error_code: int | None
    """Twilio's, where it failed."""
    outcome: Outcome
    """What it means for the letter."""


def status_outcome(form: Mapping[str, str], letter_key: str, now: datetime) -> StatusChange | None:
    """What a callback says; None for the steps before sending (queued, sending …) and for what is unknown."""
    reference = form.get("MessageSid") or form.get("SmsSid") or ""
    known = _STATES.get((form.get("MessageStatus") or form.get("SmsStatus") or "").lower())
    if known is None or not reference:
        return None
    rank, state = known
    if state != "failed":
        return StatusChange(letter_key, reference, rank, state, None, Delivered(reference, final=state != "sent"))
    code = _code(form.get("ErrorCode", ""))
    return StatusChange(letter_key, reference, rank, state, code, by_code(code, now, attempt=1))


def marked(letter_key: str) -> str:
    """The key as it goes along in the status address: in letters that no server on the way writes otherwise.

    The signature covers the address as it is written, and `%2F` may arrive as `/`.
    """
    return urlsafe_b64encode(letter_key.encode()).decode().rstrip("=")


def unmarked(mark: str) -> str:
    """The key from the status address; empty where it is none of ours."""
    try:
        return urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode()
    except ValueError:
        return ""


def _code(text: str) -> int:
    """Twilio's error code; 0 where it gives none that can be read."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - codes have 5
