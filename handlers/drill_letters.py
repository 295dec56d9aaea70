"""Says that it was a drill, once somebody has answered or the round is over: to her, to the others, to coordinators.

It never speaks before that: until somebody answers, a drill is like any other alarm.
"""

from __future__ import annotations

from datetime import timedelta

from flows.alarm import Alarm
from handlers import alarm_letters as letters
from handlers.draw import World
from handlers.team import Team
from messages import Text, t
from storage import audit
from storage.unit import Unit


def answered(code: str, after: timedelta) -> Text:
    """To who answered it."""
    # page: to who answered a drill
    return t(
        "This was a drill ({code}). Thank you: you answered {time} after it began (minutes:seconds).",
        code=code,
        time=minutes(after),
    )


def over(code: str) -> Text:
    """To the others who were woken, and to who answers late."""
    # page: to the others who were woken by a drill
    return t("This was a drill ({code}), and it is over. Nothing more is needed.", code=code)


def report(alarm: Alarm) -> Text:
    """To the coordinators. Names stay in the desk."""
    if alarm.staff is None or alarm.taken_at is None:
        # page: to coordinators
        return t("The drill is over, and nobody answered. Who was woken when stands at the desk.")
    # page: to coordinators
    return t(
        "The drill is over: it was answered after {time} (minutes:seconds). Who was woken when stands at the desk.",
        time=minutes(alarm.taken_at - alarm.started_at),
    )


def minutes(span: timedelta) -> str:
    """A span as minutes:seconds, such as 4:07."""
    whole, seconds = divmod(max(0, int(span.total_seconds())), 60)
    return f"{whole}:{seconds:02}"


def ended(unit: Unit, case: int, alarm: Alarm, people: Team, world: World) -> None:
    """Write down that a drill is over, and tell the coordinators how it went."""
    what = "drill:unanswered" if alarm.staff is None else "drill:answered"
    audit.record(unit, world.now, what, staff=alarm.staff, case=case)
    for member in people.members.values():
        reader = people.reader(member.id, "") if member.role == "coordinator" else None
        if reader is not None:
            letters.write(unit, reader, report(alarm), world)
