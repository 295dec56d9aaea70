"""Says what a check-in has to say: to her on every chat, and softly to the coordinators.

Whoever else looks at her phone reads a greeting: never what it is for, where she went, or that anybody watches.
"""

from __future__ import annotations

from datetime import datetime

from messages import Text, clock, t


def reminder(due_at: datetime) -> Text:
    """Before its moment."""
    # check-in: shown on her phone, perhaps locked
    return t("A small reminder: {time} is near. If you need longer, write to us.", time=clock(due_at))


def question(*, late: bool) -> Text:
    """At its moment, and again within her grace; `late` where the server was down."""
    if late:
        # check-in: shown on her phone, perhaps locked
        return t("Hello, is all well? We were away for a while, so this comes late. Write your word when you can.")
    # check-in: shown on her phone, perhaps locked
    return t("Hello, is all well? Write your word when you can.")


def calling(*, late: bool) -> Text:
    """When a person is called because nothing was heard from her."""
    if late:
        # check-in: shown on her phone
        return t(
            "Hello. We were away for a while and have not heard from you, so we are asking a colleague to see how you "
            "are. If you are well, write your word here."
        )
    # check-in: shown on her phone
    return t(
        "Hello. We have not heard from you yet, so we are asking a colleague to see how you are. "
        "If you are well, write your word here."
    )


def often() -> Text:
    """To the coordinators, when she has put one off more often than is usual."""
    # check-in: to coordinators
    return t("A planned time was put off several times. Nothing needs doing now, it is only for you to know.")


def news(code: str) -> Text:
    """To who holds the case, when something came after the alarm."""
    # page: to who took it
    return t("There is something new about the appointment ({code}). Please look at the desk.", code=code)
