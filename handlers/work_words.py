"""Says what the desk answers to those who work on a case: why something was not done, and what its codes are called.

It never names a case, a place or a word of hers; colleagues are named, since only colleagues read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from flows.hours import Why
from messages import Text, clock, join, t

TRACKS: Final[Mapping[str, Text]] = {
    "legal": t("Legal"),
    "physical": t("Physical"),
    "psychosocial": t("Psychosocial"),
}
STATES: Final[Mapping[str, Text]] = {
    "open": t("open"),
    "none_needed": t("not needed"),
    "done": t("done"),
}
OUTCOMES: Final[Mapping[str, Text]] = {
    "resolved": t("It is resolved"),
    "moved": t("She is in a safer place"),
    "referred": t("It was referred to others"),
    "withdrawn": t("She took it back"),
    "unreachable": t("She could not be reached"),
    "other": t("Something else"),
}
LEVELS: Final[Mapping[str, Text]] = {
    "critical": t("Critical"),
    "high": t("High"),
    "medium": t("Medium"),
    "low": t("Low"),
}
NOT_HERE: Final = t("There is no such case here.")
UNUSABLE: Final = t("We couldn't read that, and nothing was changed. Load the page again and try once more.")
NOT_SEALED: Final = t(
    "These words did not arrive sealed, so they were not kept. Load the page again and try once more."
)
NEW_KEY: Final = t("The case has a new key since you opened it. What you wrote is sealed again and sent once more.")
DRAW_AGAIN: Final = t("Something was already there under this number. Send it once more.")
ONLY_LEAD: Final = t("Only who leads the case, or a coordinator, can do this.")
NOT_HERSELF: Final = t("A case is given by another colleague, not by oneself.")
NO_COLLEAGUE: Final = t("This colleague can't be given the case.")
NOT_ON_IT: Final = t("This colleague doesn't work on the case.")
NOT_TAKEN: Final = t("Nobody has taken the case, so there is no contact to be noted.")
IS_CLOSED: Final = t("The case is closed. Open it again first.")
IS_OPEN: Final = t("The case is not closed.")
NOBODY_ELSE: Final = t(
    "Nobody else can read this case. Hand it over to a colleague, so that what was told is not lost to those who help."
)
KEY_FIRST: Final = t("Your colleague can't read what was told so far. The key is handed on first.")
REASON: Final = t("Lowering the urgency needs a reason.")
PAST: Final = t("The date of a task lies ahead, within a year.")
NO_MESSAGE: Final = t("There is no such message in this case.")
NO_TASK: Final = t("There is no such task in this case.")
WENT_OUT: Final = t("It has gone out already and can't be taken back.")
TOO_LONG: Final = t("A message holds one letter to 1,000 letters.")


def taken_by(name: str, at: datetime | None) -> Text:
    """To who comes second."""
    return t("{name} took it.", name=name) if at is None else t("{name} took it at {time}.", name=name, time=clock(at))


def track_changed(name: str, state: str, at: datetime) -> Text:
    """To who changes a track that a colleague changed since she looked."""
    return t(
        "{name} changed this at {time}: it is “{state}” now. Nothing was saved over it; look and decide again.",
        name=name,
        time=clock(at),
        state=STATES[state],
    )


def level_changed(level: str) -> Text:
    """To who changes an urgency that was changed since she looked."""
    return t("The urgency was changed meanwhile: it is “{level}” now. Look and decide again.", level=LEVELS[level])


def still_open(tracks: Iterable[str]) -> Text:
    """To who closes a case too early."""
    names = join(*(TRACKS[name] for name in tracks), between=" · ")
    return t("The case can't be closed while something is open: {tracks}.", tracks=names)


def look() -> Text:
    """To a colleague who was given a part in a case."""
    # page: shown on her phone
    return t("A colleague asks for your help. Please look at the desk when you can.")


def why_not(why: Why, until: datetime | None) -> Text:
    """Why a message has not gone out."""
    match why:
        case "hours" if until is not None:
            return t("It waits for the hours that she marked safe, and goes out at {time}.", time=until)
        case "hours" | "reach":
            return t("She has not marked this chat as a safe way, so it waits until she writes here herself.")
        case "quiet":
            return t("It wasn't safe for her to write, so it waits until she writes here herself.")
        case "locked":
            return t("She has hidden the chat, so it waits until she opens it with her word.")
        case "silent":
            return t("Somebody may be reading her chat, so nothing about this is written there. It was not sent.")
        case "do_not":
            return t("She asked not to be reached. It was not sent and not kept.")
        case "withdrawn":
            return t("She took the case back, so nothing more is sent to her.")
        case "gone":
            return t("There is no way left to reach her here. It was not sent and not kept.")
