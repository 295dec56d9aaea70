"""Reads ladder.toml and checks that no ladder can end in silence.

It never pages: the alarm does, with the ladder it began with.
"""

from collections.abc import Mapping
from typing import Final, cast, get_args
from zoneinfo import ZoneInfo

from bot.mechanism.file import Node
from flows.roles import READS_CASES
from flows.rules import LEVELS, By, Ladder, Level, Step, Who, WorkingHours

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMED_PERSONS: Final = frozenset({"coordinator", "national_desk"})
"""Whom a ladder may end with: the rota can be empty, they can't."""


def read_ladders(file: Node) -> Mapping[Level, Ladder]:
    """Return the checked ladder of each level."""
    file.only("version", "working_hours", *LEVELS)
    return {level: _ladder(level, file[level]) for level in LEVELS}


def read_sealed_to(file: Node) -> Mapping[Level, frozenset[str]]:
    """Return, for each level, the roles that a new case is sealed to: those who work on cases, and no others."""
    return {level: frozenset(file[level]["sealed_to"].choices(sorted(READS_CASES), "roles")) for level in LEVELS}


def _ladder(level: Level, node: Node) -> Ladder:
    node.only("steps", "again_after", "contact_within", "working_hours_only", "sealed_to")
    steps = tuple(_step(step) for step in node["steps"])
    again = node.get("again_after")
    if level != "low" and not steps:
        raise node["steps"].wrong(f"The ladder of {level} is empty: nobody would be paged.", "Give it a step.")
    if steps and steps[-1].who not in NAMED_PERSONS:
        raise [*node["steps"]][-1].wrong(
            f"The ladder of {level} ends with {steps[-1].who}, which may be nobody.",
            "End it with the coordinator or the national_desk.",
        )
    if steps and (not again or not again.duration()):
        raise (again or node).wrong(f"The ladder of {level} would end in silence.", 'Give it again_after = "10 min".')
    hours_only = node["working_hours_only"].flag()
    return Ladder(level, steps, again.duration() if again else None, node["contact_within"].duration(), hours_only)


def _step(node: Node) -> Step:
    node.only("name", "wait", "who", "by", "tell_her")
    return Step(
        name=node["name"].text(),
        wait=node["wait"].duration(),
        who=cast("Who", node["who"].choice(get_args(Who))),
        by=cast("By", node["by"].choice(get_args(By))),
        tell_her=node["tell_her"].flag(),
    )


def read_working_hours(node: Node) -> WorkingHours:
    """Return the checked table `working_hours`."""
    days = node.only("days", "from", "to", "zone")["days"].choices(DAYS, "the days of the week")
    starts, ends = node["from"].hour(), node["to"].hour()
    if not days:
        raise node["days"].wrong("Working hours name no day.", "Name at least one.")
    if ends <= starts:
        raise node["to"].wrong("Working hours end before they begin.", "Let `to` be later than `from`.")
    try:
        ZoneInfo(node["zone"].text())
    except (KeyError, ValueError):
        raise node["zone"].wrong(f"{node['zone'].value!r} is no time zone.", 'Write it as "Asia/Aden".') from None
    return WorkingHours(frozenset(DAYS.index(day) for day in days), starts, ends, node["zone"].text())
