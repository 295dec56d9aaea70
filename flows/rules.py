"""The association's mechanism as one frozen, typed value: taxonomy, urgency, ladders, matrix, retention, phrases.

It never reads a file (bot.mechanism does), and decides nothing beyond looking a value up.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from flows.broadcast import BroadcastRules
from flows.ladder import (
    LEVELS,
    By,
    Ladder,
    Level,
    Step,
    Who,
    WorkingHours,
    highest,
)
from flows.services import Service
from flows.taxonomy import (
    LONGEST_ABOUT,
    LONGEST_LABEL,
    NONE_OF_THESE,
    UNKNOWN,
    Door,
    Need,
    Place,
    Responder,
    Shape,
    Taxonomy,
    Term,
    Threat,
)
from flows.watching import CheckInRules
from messages.content import Content

__all__ = [
    "LEVELS",
    "LONGEST_ABOUT",
    "LONGEST_LABEL",
    "NONE_OF_THESE",
    "UNKNOWN",
    "BroadcastRules",
    "By",
    "CheckInRules",
    "Condition",
    "Door",
    "Family",
    "Ladder",
    "Level",
    "Matrix",
    "Mechanism",
    "Need",
    "Phrases",
    "Place",
    "Responder",
    "Retention",
    "Service",
    "Shape",
    "Step",
    "Taxonomy",
    "Term",
    "Threat",
    "UrgencyRule",
    "UrgencyRules",
    "Who",
    "WorkingHours",
    "highest",
]


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the question was answered with any of these codes."""

    question: str
    any_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class UrgencyRule:
    """Gives its level when all of its conditions hold. There are no negative conditions: no answer can lower."""

    level: Level
    all_of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class UrgencyRules:
    """The rules in the file's order, and the level of a report for which none holds."""

    floor: Level
    rules: tuple[UrgencyRule, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Who answers for one family of threats. `closed`: nobody beyond lead and support, whoever adds them."""

    name: str
    doors: tuple[str, ...]
    threats: tuple[str, ...]
    by: tuple[str, ...]
    lead: str
    support: tuple[str, ...]
    inform: tuple[str, ...]
    excluded: tuple[str, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """The responsibility matrix; `bodies` says which bodies each kind of perpetrator may belong to or speak with."""

    families: Mapping[str, Family]
    bodies: Mapping[str, tuple[str, ...]]

    def without(self, family: str, perpetrators: Collection[str]) -> Family:
        """Return the family's parties without those that the perpetrators may belong to.

        Where that takes the lead away, the lead is "" and a person must choose.
        """
        found = self.families[family]
        barred = {body for who in perpetrators for body in self.bodies.get(who, ())}
        return replace(
            found,
            lead="" if found.lead in barred else found.lead,
            support=tuple(code for code in found.support if code not in barred),
            inform=tuple(code for code in found.inform if code not in barred),
            excluded=(*found.excluded, *sorted(barred.difference(found.excluded))),
        )


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each thing is kept. Source: retention.toml, which says from when each is counted."""

    draft_silence: timedelta
    kept_draft: timedelta
    message_ids: timedelta
    seen_updates: timedelta
    delivered_letters: timedelta
    undelivered_letters: timedelta
    closed_case: timedelta
    documentation_review: timedelta
    chat_link: timedelta
    silent_person: timedelta
    consent_records: timedelta
    access_log: timedelta
    alarm_log: timedelta
    backups: timedelta
    map_events: timedelta
    learners: timedelta


@dataclass(frozen=True, slots=True)
class Phrases:
    """What words mean wherever they are written; as people write them, to be compared after normalisation.

    `commands` holds yes, no, unclear, unclear_when_asked_if_safe, skip, stop, cancel, help, delete, exit, menu, back
    status, sos and done. `false_alarms` are known to hit `immediate`; `innocent` messages must be heard as nothing: for
    tests.
    """

    immediate: tuple[str, ...]
    immediate_emoji: tuple[str, ...]
    topic: tuple[str, ...]
    unsafe: tuple[str, ...]
    hurry: tuple[str, ...]
    commands: Mapping[str, tuple[str, ...]]
    false_alarms: tuple[str, ...]
    innocent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """All of it. `version` is the newest file's version and a fingerprint of every rule: a case remembers it."""

    version: str
    urgency: UrgencyRules
    ladders: Mapping[Level, Ladder]
    sealed_to: Mapping[Level, frozenset[str]]
    """Roles whose keys a case of each level is sealed to when it opens, beside the recovery key."""
    working_hours: WorkingHours
    taxonomy: Taxonomy
    matrix: Matrix
    retention: Retention
    phrases: Phrases
    shapes: tuple[Shape, ...]
    services: Mapping[str, Service]
    """The directory, by code: what is offered of it flows.services decides."""
    check_ins: CheckInRules
    broadcasts: BroadcastRules
    content: Content
    """Tips and lessons."""
