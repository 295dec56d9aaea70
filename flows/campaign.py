"""Says what a campaign is made of, when its messages are due, what a second person signs, where it may go.

It never reads a clock or a list of readers, and never judges words: that is `handlers.campaign_lint`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from flows.broadcast import Audience, Frozen
from messages.text import Language

State = Literal["draft", "asked", "approved", "over"]
"""draft: being written · asked: a second person is to look · approved: it goes out · over: all of it has gone."""
STATES: Final[tuple[State, ...]] = get_args(State)
Event = Literal["change", "ask", "approve", "back", "end"]
How = Literal["once", "weekly", "monthly"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
MESSAGES: Final = 5
BUTTONS: Final = 3
LAST_DAY: Final = 28
"""Of a month: every month has it."""
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of it."""

    texts: Mapping[Language, str] = field(default_factory=dict)
    media: int = 0
    """Number of a row of `media`; 0 for none."""
    full: bool = False
    """The full version of it, not the light one."""
    buttons: tuple[str, ...] = ()
    """Ways of `flows.pushed.WAYS`."""
    after: int = 0
    """Days after the first message."""
    sids: Mapping[Language, str] = field(default_factory=dict)
    """WhatsApp's templates, for readers outside the window."""
    blanks: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not (any(self.texts.values()) or self.media)


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign as it is written down, whole or not yet."""

    name: str = ""
    begins: date | None = None
    """Its period: nothing goes out before this day …"""
    ends: date | None = None
    """… nor after this one."""
    audience: Audience = field(default_factory=Audience)
    messages: tuple[Message, ...] = (Message(),)
    how: How = "once"
    day: date | None = None
    """On which the first message goes out, where it goes out once."""
    hour: time | None = None
    weekdays: tuple[int, ...] = ()
    """0 is Monday."""
    monthday: int = 1
    reader_clock: bool = False
    spaced: bool = True
    per_minute: int = 0

    @property
    def languages(self) -> tuple[Language, ...]:
        """In which it has to be written: those of its readers."""
        return self.audience.languages or LANGUAGES


_MOVES: Final[Mapping[tuple[State, Event], State]] = {
    ("draft", "change"): "draft",
    ("asked", "change"): "draft",
    ("approved", "change"): "draft",
    ("draft", "ask"): "asked",
    ("asked", "approve"): "approved",
    ("asked", "back"): "draft",
    ("approved", "back"): "draft",
    ("approved", "end"): "over",
}


def moved(state: State, event: Event) -> State | None:
    """Where an event leads; None where it can't happen. What is over stays as it was."""
    return _MOVES.get((state, event))


def moments(plan: Plan) -> str:
    """A recurring campaign's hours as a crontab line, by the zone's clock; days by name: crons number them unlike."""
    hour = plan.hour or time(0)
    if plan.how == "weekly":
        return f"{hour.minute} {hour.hour} * * {','.join(_DAYS[day] for day in sorted(set(plan.weekdays)))}"
    return f"{hour.minute} {hour.hour} {plan.monthday} * *"


def starts(plan: Plan, zone: str) -> tuple[datetime, ...]:
    """When each message of a campaign that goes out once is due, in order; none while day or hour is missing."""
    if plan.how != "once" or plan.day is None or plan.hour is None:
        return ()
    first = datetime.combine(plan.day, plan.hour, ZoneInfo(zone))
    return tuple(first + timedelta(days=message.after) for message in plan.messages)


def last_moment(plan: Plan, zone: str) -> datetime | None:
    """The end of its period: midnight after its last day."""
    return None if plan.ends is None else datetime.combine(plan.ends + timedelta(days=1), time(0), ZoneInfo(zone))


def first_moment(plan: Plan, zone: str) -> datetime | None:
    """The beginning of its period."""
    return None if plan.begins is None else datetime.combine(plan.begins, time(0), ZoneInfo(zone))


def frozen(plan: Plan, place: int, categories: Mapping[str, str]) -> Frozen:
    """One of its messages as it goes out. `categories`: of the templates, by their SID; the dearer one counts."""
    message = plan.messages[place % len(plan.messages)]
    chosen = {language: sid for language, sid in message.sids.items() if sid and language in plan.languages}
    dear = any(categories.get(sid) == "marketing" for sid in chosen.values())
    return Frozen(
        name=plan.name,
        texts={language: message.texts.get(language, "") for language in plan.languages},
        audience=plan.audience,
        buttons=message.buttons,
        media=message.media,
        sids=chosen,
        blanks={language: tuple(message.blanks.get(language, ())) for language in chosen},
        category="marketing" if dear else "utility",
        spaced=plan.spaced,
        reader_clock=plan.reader_clock,
        per_minute=plan.per_minute,
        full=message.full,
    )


def signed(plan: Plan, categories: Mapping[str, str]) -> bytes:
    """What stands for all that she signs who approves it: SHA-256 over its messages, its period and its hours."""
    sent = [asdict(frozen(plan, place, categories)) for place in range(len(plan.messages))]
    times = asdict(replace(plan, messages=(), audience=Audience()))
    days = [message.after for message in plan.messages]
    whole = {"format": 1, "messages": sent, "times": times, "after": days}
    return sha256(canonical(whole)).digest()


def canonical(value: Any) -> bytes:
    """JSON that is the same for equal values: keys in order, no white space, days and hours as ISO 8601."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode(
        "utf-8", "replace"
    )
