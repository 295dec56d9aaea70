"""Says what Twilio's error codes mean for a letter. It never passes Twilio's words on: they may repeat an address."""

from datetime import datetime, timedelta

from bot.channels.waiting import later
from handlers.channel import Held, InDoubt, Outcome, TryLater, Undeliverable

# She can't be reached here any more. 21610 she unsubscribed; 21211, 21614 not a number; 63024 not on WhatsApp;
# 63033, 63014 she blocked us; 63003 no such recipient.
_GONE = frozenset({21211, 21610, 21614, 63003, 63014, 63024, 63033})
# 63018 too fast for the sender or for this recipient, 63017 too fast for the account: it lies there and goes later.
_TOO_FAST = frozenset({63017, 63018})
# Twilio's own "try again" for credentials: nothing leaves until somebody mends the setting.
_CREDENTIALS = frozenset({20003, 20404})
_CREDENTIALS_WAIT = timedelta(minutes=1)
_TOO_FAST_WAIT = timedelta(seconds=30)


def by_code(code: int, now: datetime, attempt: int) -> Outcome:
    """What became of a letter, by Twilio's error code, which is the `why`.

    A template's faults end it (63027, 63028, 63041, 21655, 21656), so do Meta's choices, which another try would not
    change (63032, 63049), a text that is too long (21617, 21658), and all that is unknown.
    """
    why = str(code)
    match code:
        case _ if code in _GONE:
            return Undeliverable(why, gone=True)
        case 63016:
            return Held(why)
        case 20429:
            return TryLater(later(now, attempt), why, everybody=True)
        case _ if code in _TOO_FAST:
            return TryLater(max(later(now, attempt), now + _TOO_FAST_WAIT), why)
        case _:
            return Undeliverable(why)


def by_status(status: int, code: int, now: datetime, attempt: int) -> Outcome:
    """What became of a letter whose POST was answered with an error: HTTP status and Twilio's code."""
    match status:
        case 401 | 403 | 404 if code in _CREDENTIALS or code == status:
            return TryLater(now + _CREDENTIALS_WAIT, "credentials refused", everybody=True)
        case 429:
            return TryLater(later(now, attempt), "20429", everybody=True)
        case _ if status >= 500:  # noqa: PLR2004 - the class of the platform's own failures
            return InDoubt(str(status))
        case _:
            return by_code(code, now, attempt)
