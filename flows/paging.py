"""Decides who is paged at a step of a ladder, and by which of her channels, from the rota and people of the moment.

It never sends anything, and knows people by number and channels by name only.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import assert_never

from flows.ladder import By, Step, Who

VOICE = "voice"
"""The channel by which she is rung."""
NEVER_PAGED = frozenset({"auditor", "campaigner"})
"""Roles that have no part in a case, whoever else is missing."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """An active member of staff as a ladder sees her: `channels` are those that work, in the order she is tried.

    "voice" is among them where she can be rung: it counts for steps by voice and for no other.
    """

    id: int
    role: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody active at one moment, and who of them is on call first and as a substitute."""

    colleagues: tuple[Colleague, ...] = ()
    first: tuple[int, ...] = ()
    substitutes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One page to be written: to whom and by which channel."""

    staff: int
    channel: str


def calls(step: Step, roster: Roster, without: Collection[int] = ()) -> tuple[Call, ...]:
    """Return the pages of a step, without those who passed. Empty where nobody is on it: then it isn't waited for."""
    return _calls(_who(step.who, roster), step.by, without)


def calls_to_all(roster: Roster, without: Collection[int] = ()) -> tuple[Call, ...]:
    """Return pages to everybody who may see a case, by all channels: for a ladder on which nobody was found."""
    anyone = tuple(one for one in roster.colleagues if one.role not in NEVER_PAGED)
    return _calls(anyone, "all_channels", without)


def calls_to_coordinators(roster: Roster) -> tuple[Call, ...]:
    """Return pages to the coordinators by all channels, or to everybody where there is no coordinator."""
    return _calls(_who("coordinator", roster), "all_channels", ()) or calls_to_all(roster)


def _calls(people: Collection[Colleague], by: By, without: Collection[int]) -> tuple[Call, ...]:
    return tuple(Call(one.id, channel) for one in people if one.id not in without for channel in _channels(one, by))


def _who(who: Who, roster: Roster) -> tuple[Colleague, ...]:
    match who:
        case "first":
            return _numbered(roster, roster.first)
        case "substitute":
            return _numbered(roster, roster.substitutes)
        case "everybody":
            points = tuple(one.id for one in roster.colleagues if one.role == "focal_point")
            return _numbered(roster, tuple(dict.fromkeys((*roster.first, *roster.substitutes, *points))))
        case "coordinator" | "national_desk":
            return tuple(one for one in roster.colleagues if one.role == who)
        case _:
            assert_never(who)


def _numbered(roster: Roster, numbers: Collection[int]) -> tuple[Colleague, ...]:
    by_number = {one.id: one for one in roster.colleagues}
    return tuple(by_number[number] for number in numbers if number in by_number)


def _channels(one: Colleague, by: By) -> tuple[str, ...]:
    written = tuple(channel for channel in one.channels if channel != VOICE)
    match by:
        case "first_channel":
            return written[:1]
        case "second_channel":
            return written[1:2]
        case "all_channels":
            return written
        case "voice":
            return (VOICE,) if VOICE in one.channels else ()  # who can't be rung is nobody on this step
        case _:
            assert_never(by)
