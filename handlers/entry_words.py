"""Says what getting in has to say on phones: to whoever linked one, to who was invited anew, and the quiet alarm.

Nothing here says what the desk is, or that there is one: these words stand on locked phones.
"""

from __future__ import annotations

from messages import Text, t


def plan_changed(code: str) -> Text:
    """To coordinators: a colleague signed in under duress. It must read like nothing at all."""
    # page: to coordinators
    return t("The team's plan has changed ({code}). Please look at it now.", code=code)


def linked() -> Text:
    """To who sent a good code."""
    # page: to staff
    return t("Thank you, this phone is noted. Messages for you will come here.")


def stale_code() -> Text:
    """To who sent a code that is none, or is past its time."""
    # page: to staff
    return t("This code is no longer good. Please make a new one and send it within 15 minutes.")


def others_phone() -> Text:
    """To who sent a code from a phone that is a colleague's."""
    # page: to staff
    return t("This phone is already noted for somebody else, so nothing was changed. Please ask your coordinator.")


def phones_changed() -> Text:
    """To a member, on a phone that she had before: so that nobody puts another in its place unnoticed."""
    # page: to staff
    return t("Your noted phones were changed. If you did not do it, please speak with a colleague whom you trust.")


def invited_anew() -> Text:
    """To a member for whom a colleague made a new way in: so that nobody takes her place unnoticed."""
    # page: to staff
    return t("You were invited anew. If you did not ask for it, please speak with a colleague whom you trust.")
