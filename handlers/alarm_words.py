"""Says what an alarm has to say: the page that wakes a focal point, what she hears afterwards, what the reporter hears.

A page holds one neutral sentence and a fresh code; nothing said to staff ever holds a name, the case's code, a place, a
kind of threat, or a word of hers (safety.md 4.3). So who took a case is "a colleague": names stay in the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flows.alarm import ToHer
from flows.ladder import Level
from messages import Text, clock, join, t

Actions = Mapping[str, Text]
"""Buttons by the letter that stands for them in their key."""


def sentence(level: Level, code: str) -> Text:
    """The neutral sentence of a page; only its choice tells how urgent it is."""
    if level == "critical":
        # page: wakes a focal point at once
        return t("You have an appointment that needs confirming now ({code})", code=code)
    if level == "high":
        # page: wakes a focal point
        return t("You have an appointment that needs confirming ({code})", code=code)
    # page: wakes a focal point in working hours
    return t("You have an appointment that needs confirming today ({code})", code=code)


def to_take() -> Actions:
    """The buttons of a page."""
    return {
        # page: a button
        "t": t("I take it"),
        # page: a button
        "p": t("I can't"),
    }


def to_go_on() -> Actions:
    """The buttons of whoever holds a case."""
    return {
        # page: a button
        "c": t("Contact made"),
        # page: a button
        "g": t("Give it back"),
    }


# ---------------------------------------------------------------- what staff hear


def yours(code: str, until: datetime | None, *, silent: bool = False) -> Text:
    """To who took it, and by when contact is to be noted; `silent` where nobody may call or write to her."""
    if silent:
        # page: to who took it
        mine = t("The appointment is yours ({code}). Please look at the desk before anything else.", code=code)
    else:
        # page: to who took it
        mine = t("The appointment is yours ({code}). When you have spoken, choose “Contact made”.", code=code)
    if until is None:
        return mine
    # page: to who took it
    return join(mine, t("Without that by {time}, it goes on to others.", time=clock(until)), between="\n")


def pressing(code: str, until: datetime | None, *, silent: bool = False) -> Text:
    """To who holds it, when it has become more urgent."""
    # page: to who took it
    now = t("The appointment is more pressing now ({code}).", code=code)
    return join(now, yours(code, until, silent=silent), between="\n")


def confirmed(code: str, at: datetime | None) -> Text:
    """To the others who were paged."""
    if at is None:
        return over(code)
    # page: to the others
    return t(
        "A colleague confirmed the appointment ({code}) at {time}. Nothing more is needed.", code=code, time=clock(at)
    )


def over(code: str) -> Text:
    """To those who were paged, when it is closed."""
    # page: to the others
    return t("The appointment is over ({code}). Nothing more is needed.", code=code)


def gone(code: str) -> Text:
    """To who works on it, when she whose it was had it deleted; without a code where she was never paged for it."""
    if not code:
        # page: to who works on it
        return t("An appointment of yours was called off by whom it was with, and nothing of it is kept any more.")
    # page: to who works on it
    return t(
        "The appointment was called off by whom it was with ({code}), and nothing of it is kept any more.", code=code
    )


def passed_on(code: str) -> Text:
    """To who passed, or gave it back."""
    # page: to who passed
    return t("Thank you. The appointment goes on to others ({code}).", code=code)


def lapsed(code: str) -> Text:
    """To who took it, when no contact was noted in time."""
    # page: to who took it
    return t("No contact was noted in time, so the appointment goes on to others ({code}).", code=code)


def noted(code: str) -> Text:
    """To who made contact."""
    # page: to who took it
    return t("It is noted, thank you ({code}).", code=code)


def stale(now_holds: Text) -> Text:
    """To who used a button that no longer means anything: it changed nothing; then what holds now."""
    # page: to who used an old button
    return join(t("That was from before, and nothing was changed."), now_holds, between="\n")


def nothing() -> Text:
    """To who answers a page that isn't there."""
    # page: to staff
    return t("Nothing is waiting for you now.")


def which(codes: str) -> Text:
    """To who answers without a code while several wait."""
    # page: to staff
    return t("Which one is it? Write 1 or 2 and the code: {codes}", codes=codes)


def behind(code: str) -> Text:
    """To the coordinators, when alarms are not acting in time (I1)."""
    # page: to coordinators
    return t("Appointments are past their time ({code}). Please look now.", code=code)


# ---------------------------------------------------------------- what she hears


def to_her(what: ToHer, level: Level) -> Text:
    """What the reporter hears; while nobody has taken an urgent case, with what she can do meanwhile."""
    text = _to_her(what)
    if what in {"calling_next", "nobody_yet", "again"} and level in {"critical", "high"}:
        return join(text, _meanwhile())
    return text


def _to_her(what: ToHer) -> Text:
    match what:
        case "taken":
            # page: shown on her phone
            return t("A person has your message now and is seeing to it.")
        case "contacted":
            # page: shown on her phone
            return t("A person has noted that she spoke with you. If nobody has, write to us here.")
        case "calling_next":
            # page: shown on her phone
            return t("We have your message. Nobody has answered yet, and we are asking the next person now.")
        case "nobody_yet":
            # page: shown on her phone
            return t("We have your message. Nobody has answered yet, and we keep asking.")
        case "again":
            # page: shown on her phone
            return t("We have your message. The person who took it can't go on, and we are asking another now.")


def _meanwhile() -> Text:
    # page: shown on her phone
    return t(
        "Until then, if you can: stay near people you trust, and keep your phone with you. "
        "You can write more here at any time."
    )
