"""What a fetch of ours brings as JSON, and how it is answered: each shape is a type, and what doesn't fit is refused.

It never says what was wrong in the values that it refuses: they may be half a secret.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec
from starlette.responses import JSONResponse, Response

from console.desk.visit import Visit
from handlers.entry import LOGIN, SALT, WRAPPED, Opened
from handlers.entry_pace import Wait
from messages import Text, t, tn

T = TypeVar("T")
LARGEST = 64 * 1024
"""Bytes: the largest of these requests brings a public key."""
LoginKey = Annotated[bytes, msgspec.Meta(min_length=LOGIN, max_length=LOGIN)]
Salt = Annotated[bytes, msgspec.Meta(min_length=SALT, max_length=SALT)]
WrappedKey = Annotated[bytes, msgspec.Meta(min_length=WRAPPED, max_length=WRAPPED)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_MINUTE = 60
_WORTH_MINUTES = 90
"""Seconds from which a wait is told in minutes."""


async def posted(visit: Visit, kind: type[T]) -> T | None:
    """The request's JSON as this type, bytes as base64; None where it is anything else."""
    body = await visit.request.body()
    try:
        return msgspec.json.decode(body, type=kind) if len(body) <= LARGEST else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def refused(visit: Visit, status: int, why: Text, **more: Any) -> Response:
    """A refusal, in her language."""
    return JSONResponse({"why": visit.say(why)} | more, status)


def malformed(visit: Visit) -> Response:
    """What a fetch brought is not what its page sends."""
    return refused(visit, 400, t("This did not arrive whole. Load the page again, and try once more."))


def waiting(wait: Wait) -> Text:
    """How long she has to wait before she can try again."""
    if wait.seconds < _WORTH_MINUTES:
        return tn(
            "That was too often. Please wait {count} second, then try again.",
            "That was too often. Please wait {count} seconds, then try again.",
            wait.seconds,
        )
    return tn(
        "That was too often. Please wait {count} minute, then try again.",
        "That was too often. Please wait {count} minutes, then try again.",
        -(-wait.seconds // _MINUTE),
    )


def too_often(visit: Visit, wait: Wait) -> Response:
    """She has to wait: 429, with the time also for the browser."""
    answer = refused(visit, 429, waiting(wait), wait=wait.seconds)
    answer.headers["Retry-After"] = str(wait.seconds)
    return answer


def key_of(opened: Opened) -> dict[str, str]:
    """What her browser needs to unwrap her key; numbers as strings, since its own would round them."""
    wrapped = msgspec.to_builtins(opened.wrapped)
    return {"wrapped": wrapped, "staff": str(opened.staff), "reader": str(opened.reader)}
