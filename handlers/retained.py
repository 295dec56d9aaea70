"""Ends what has been kept for its time (retention.toml): closed cases, whose they were, people who went silent.

It never ends what is held: a case with anything done about it since, or one that she asked to be kept as evidence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers import destroying
from handlers.draw import World
from handlers.rota_letters import tell_coordinators
from handlers.team import team
from messages import Text, tn
from storage import audit, cases, marks, people, retained
from storage.unit import Unit

SWEPT = "retention_swept"
"""The mark under which stands when everything due was last ended: `sanad doctor` says when that is long ago."""
_DONE = "retention_done"
_MOST = 100
"""Cases that are ended in one transaction, so that no message waits long."""


def sweep(unit: Unit, world: World) -> int:
    """End what is due, a part at a time, until nothing is left for the day. Says how much was ended.

    Source: safety.md 4.7. Counted from the last thing that was done about a case, not from its closing alone.
    """
    today = world.now.astimezone(ZoneInfo(world.zone)).date().isoformat()
    if marks.get(unit, _DONE) == today:
        return 0
    ended = _cases(unit, world) + _links(unit, world) + _people(unit, world)
    if ended < _MOST:
        _ask_for_review(unit, world, today)
        marks.put(unit, _DONE, today)
        marks.put(unit, SWEPT, world.now.isoformat())
    return ended


def _cases(unit: Unit, world: World) -> int:
    """Destroy requests that were closed long ago; what she asked to be kept as evidence stays."""
    before, after, ended = world.now - world.rules.retention.closed_case, 0, 0
    while found := retained.closed_before(unit, before, after, _MOST):
        for number in found:
            case = cases.by_number(unit, number)
            if case is not None and not case.facets.documented:
                destroying.case(unit, number, "time", world)
                ended += 1
        if ended >= _MOST:
            break
        after = found[-1]
    return ended


def _links(unit: Unit, world: World) -> int:
    """Forget whose a closed case was, also where the case itself stays."""
    found = retained.linked_before(unit, world.now - world.rules.retention.chat_link, _MOST)
    for number, code, person in found:
        retained.unlink(unit, number)
        facts = people.facts(unit, person)
        if facts is not None and code in facts.cases:
            people.remember(unit, person, replace(facts, cases=tuple(one for one in facts.cases if one != code)))
    return len(found)


def _people(unit: Unit, world: World) -> int:
    """Forget people who have been silent and of whom nothing is with us."""
    found = retained.silent_people(unit, world.now - world.rules.retention.silent_person, _MOST)
    for number in found:
        destroying.person(unit, number, "time", world)
    return len(found)


def _ask_for_review(unit: Unit, world: World, today: str) -> None:
    """What is kept as evidence is looked at again now and then: the coordinators hear how many, the log says which."""
    often = world.rules.retention.documentation_review
    due = retained.documented_before(unit, world.now - often)
    for number in due:
        audit.record(unit, world.now, retained.REVIEW, case=number)
    if due:
        tell_coordinators(unit, team(unit, world), f"review:{today}", to_review(len(due)), world.now)


def to_review(count: int) -> Text:
    """What the coordinators hear. It names no case."""
    return tn(
        "One file has been kept for its time and is to be looked at again. The log at the desk says which.",
        "{count} files have been kept for their time and are to be looked at again. The log at the desk says which.",
        count,
    )


def last_swept(unit: Unit) -> datetime | None:
    """When everything due was last ended."""
    said = marks.get(unit, SWEPT)
    return datetime.fromisoformat(said) if said else None
