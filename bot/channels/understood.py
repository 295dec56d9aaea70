"""What a channel made of one delivery, before anybody acts on it. It never holds more than was understood."""

from dataclasses import dataclass

from flows.core import Commanded, Event, Located, Pressed, Said, Shared, Unusable
from handlers.channel import Handle, Inbound


@dataclass(frozen=True, slots=True)
class Understood:
    """One delivery: who said what, or None where it is ignored knowingly; `kind` is for counting only."""

    kind: str
    """One of a small fixed set of words, never anything a person wrote."""
    inbound: Inbound | None = None
    callback: str = ""
    """Telegram's id of a button press, which wants its own answer within seconds."""


class NotUnderstood(ValueError):
    """The delivery is not what the platform sends at all (not JSON). Says nothing of what it was."""


def of(inbound: Inbound, callback: str = "") -> Understood:
    """A delivery that was understood, with its kind."""
    return Understood(_kind(inbound.event), inbound, callback)


def _kind(event: Event | Handle) -> str:
    match event:
        case Said():
            return "words"
        case Pressed():
            return "button"
        case Handle(kind=kind) | Shared(kind=kind) | Unusable(kind=kind):
            return kind
        case Located():
            return "place"
        case Commanded():
            return "command"
