"""Says what the rota has to say on a phone: reminders, requests of colleagues, what is to be looked at.

No sentence here holds a name, a place, or a word about what the work is: it stands on a locked phone. Times are by the
clock of whoever reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from messages import Text, join, t, tn


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment by somebody's clock, as a letter shows it: the day, and the hour as 08:00."""

    day: date
    hour: str


def clock(at: datetime, zone: str) -> Clock:
    """A moment by the clock of a zone."""
    wall = at.astimezone(ZoneInfo(zone))
    return Clock(wall.date(), f"{wall:%H:%M}")


# ---------------------------------------------------------------- reminders


def tomorrow(at: Clock) -> Text:
    """A day ahead."""
    # page: before a time on call
    return t("Your appointment is on {day} at {hour}. Are you ready?", day=at.day, hour=at.hour)


def soon(at: Clock) -> Text:
    """An hour ahead."""
    # page: before a time on call
    return t("Your appointment begins at {hour}. Are you ready?", hour=at.hour)


def begun(at: Clock) -> Text:
    """After its beginning."""
    # page: in a time on call
    return t("Your appointment began at {hour}. Are you ready?", hour=at.hour)


def late(reminder: Text) -> Text:
    """A reminder that goes out after its moment."""
    # page: before a time on call
    return join(reminder, t("This reminder comes late, we are sorry."), between="\n")


def to_be_ready() -> Mapping[str, Text]:
    """The one button of a reminder."""
    return {
        # page: a button
        "": t("I am ready"),
    }


def thanks() -> Text:
    """To who said that she is ready."""
    # page: to who is on call
    return t("Thank you, it is noted.")


def silent(at: Clock) -> Text:
    """To the coordinators, when somebody has not said that she is ready."""
    # page: to coordinators
    return t("An appointment at {hour} is not confirmed yet. Please open the desk.", hour=at.hour)


def to_look_at(count: int) -> Text:
    """To the coordinators, each morning when there is something."""
    # page: to coordinators
    return tn(
        "The coming week has one thing to look at. Please open the desk.",
        "The coming week has {count} things to look at. Please open the desk.",
        count,
    )


# ---------------------------------------------------------------- between colleagues


def asked(starts: Clock, ends: Clock) -> Text:
    """To who is asked to take an appointment over."""
    # page: to a colleague
    return t(
        "A colleague asks you to take her appointment, from {day} at {hour} to {last_day} at {last_hour}. Can you?",
        day=starts.day,
        hour=starts.hour,
        last_day=ends.day,
        last_hour=ends.hour,
    )


def in_return(starts: Clock) -> Text:
    """What she is offered for it."""
    # page: to a colleague
    return t("In return she takes yours on {day} at {hour}.", day=starts.day, hour=starts.hour)


def to_answer() -> Mapping[str, Text]:
    """The buttons of a request."""
    return {
        # page: a button
        "y": t("Yes, I can"),
        # page: a button
        "n": t("I can't"),
    }


def agreed(starts: Clock) -> Text:
    """To who asked, when her colleague said yes."""
    # page: to a colleague
    return t("Your colleague takes the appointment on {day} at {hour}.", day=starts.day, hour=starts.hour)


def declined(starts: Clock) -> Text:
    """To who asked, when her colleague said no."""
    # page: to a colleague
    return t(
        "Your colleague can't take the appointment on {day} at {hour}. It stays yours.",
        day=starts.day,
        hour=starts.hour,
    )


def yours(starts: Clock, ends: Clock) -> Text:
    """To who took it over, or was given it."""
    # page: to a colleague
    return t(
        "The appointment is yours, from {day} at {hour} to {last_day} at {last_hour}. Thank you.",
        day=starts.day,
        hour=starts.hour,
        last_day=ends.day,
        last_hour=ends.hour,
    )


def no_longer() -> Text:
    """To who answers a request that is over."""
    # page: to a colleague
    return t("This was settled in the meantime, and nothing was changed.")


def changed() -> Text:
    """To who finds her own times changed by a coordinator."""
    # page: to who is on call
    return t("Your appointments were changed. Please open the desk.")
