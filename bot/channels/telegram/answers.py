"""Reads what Telegram answered to a letter. It never passes Telegram's own words on: they may repeat ours."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from bot.channels.waiting import later
from handlers.channel import Delivered, Moved, Outcome, TryLater, Undeliverable

# A 400 with one of these means the same as a 403: there is nobody to write to.
_NOBODY = ("chat not found", "peer_id_invalid", "user not found", "user is deactivated", "chat_write_forbidden")
# Seconds. Our token was refused: every letter waits until somebody mends the setting.
_TOKEN_REFUSED = 60.0
_LONGEST = 86_400.0


class _Sent(Struct):
    message_id: int


class _Parameters(Struct):
    retry_after: float | None = None
    migrate_to_chat_id: int | None = None


class _Answer(Struct):
    result: _Sent | bool | None = None
    description: str = ""
    parameters: _Parameters | None = None


_ANSWER = msgspec.json.Decoder(_Answer)


def outcome(status: int, body: bytes, now: datetime, attempt: int) -> Outcome:
    """What became of a letter, by the status and the body of the answer to `sendMessage`."""
    answer = _read(body)
    parameters = answer.parameters or _Parameters()
    match status:
        case 200:
            return _delivered(answer, now, attempt)
        case 429:
            wait = min(parameters.retry_after or 1.0, _LONGEST)
            return TryLater(now + timedelta(seconds=wait), "429", everybody=True)
        case 401 | 404:
            return TryLater(now + timedelta(seconds=_TOKEN_REFUSED), "token refused", everybody=True)
        case 403:
            return Undeliverable("403", gone=True)
        case _ if parameters.migrate_to_chat_id is not None:
            return Moved(str(parameters.migrate_to_chat_id))
        case 400:
            return Undeliverable("400", gone=any(words in answer.description.lower() for words in _NOBODY))
        case _ if 400 < status < 500:  # noqa: PLR2004 - the class of refusals
            return Undeliverable(str(status))
        case _:
            return TryLater(later(now, attempt), str(status))


def erased(status: int, body: bytes, now: datetime) -> Outcome:
    """What became of messages that were to be deleted, by the answer to `deleteMessages`."""
    return Delivered("") if status == 200 else outcome(status, body, now, 1)  # noqa: PLR2004 - HTTP's own word


def _delivered(answer: _Answer, now: datetime, attempt: int) -> Outcome:
    match answer.result:
        case _Sent(message_id=number):
            return Delivered(str(number))
        case _:
            return TryLater(later(now, attempt), "unreadable answer")


def _read(body: bytes) -> _Answer:
    """An answer that can't be read, such as a proxy's page, says nothing beyond its status."""
    try:
        return _ANSWER.decode(body)
    except ValueError:
        return _Answer()
