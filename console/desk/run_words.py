"""Says what became of a run's letters in words that a campaigner understands: states, reasons, why a run stands still.

It never says that a woman hid her chat: her hours, her spacing and that are one reason here, so that none betrays it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from flows.broadcast import RecipientState, RunState
from messages import Text, t

ORDER: Final[tuple[RecipientState, ...]] = (
    *("read", "delivered", "sent", "queued", "pending"),
    *("doubt", "failed", "unsubscribed", "skipped", "cancelled"),
)
"""As the bar has them: what arrived first, then what is to come, then what won't."""
STATES: Final[Mapping[RecipientState, Text]] = {
    "pending": t("Still to come"),
    "queued": t("Going out now"),
    "sent": t("Sent"),
    "delivered": t("Delivered"),
    "read": t("Read"),
    "failed": t("Failed"),
    "unsubscribed": t("Want no more"),
    "skipped": t("Left out"),
    "cancelled": t("Taken back"),
    "doubt": t("Uncertain"),
}
RUNS: Final[Mapping[RunState, Text]] = {
    "planning": t("The recipients are being listed"),
    "waiting": t("Waits for its hour"),
    "sending": t("Is being sent"),
    "paused": t("Paused"),
    "done": t("All sent"),
    "cancelled": t("Taken back"),
}
_NOT_NOW: Final = t("Not now: no moment was fitting")
_BLOCKED: Final = t("Our number was blocked, or the account is closed")
_STOP: Final = t("The network was told: no more messages")
_NO_PHONE: Final = t("This number isn't on WhatsApp, or takes no messages")
_WINDOW: Final = t("Outside WhatsApp's 24 hours, and no template was chosen for it")
_TOO_FAST: Final = t("WhatsApp took no more just then: too many at once")
_META: Final = t("WhatsApp itself chose not to deliver it, as it does with advertising")
_PAUSED: Final = t("WhatsApp has paused the template")
_NO_TEMPLATE: Final = t("WhatsApp doesn't know the template in this language")
_BLANKS: Final = t("What fills the template doesn't fit it")
_TEMPLATE: Final = t("The template is not to be used now")
_MEDIA: Final = t("WhatsApp couldn't fetch the picture or video, or it is too large")
_TOO_LONG: Final = t("The text is too long for WhatsApp")
_ASKED_TO_WAIT: Final = t("The platform asked us to wait")
_NO_KEY: Final = t("The platform refused our key: tell whoever looks after the computers")
_SILENT: Final = t("The platform didn't answer")
_REFUSED: Final = t("The platform refused it")
_OVER: Final = t("Its time was over")
_TIER: Final = t("WhatsApp's limit of people a day was reached")
_LANGUAGE: Final = t("It isn't written in the language that was chosen")
_TOPIC: Final = t("This topic isn't wanted any more")
REASONS: Final[Mapping[str, Text]] = {
    **dict.fromkeys(("hidden", "hours", "spacing"), _NOT_NOW),
    **dict.fromkeys(("403", "63014", "63033"), _BLOCKED),
    "21610": _STOP,
    **dict.fromkeys(("21211", "21614", "63003", "63024"), _NO_PHONE),
    **dict.fromkeys(("63016", "window"), _WINDOW),
    **dict.fromkeys(("63017", "63018"), _TOO_FAST),
    **dict.fromkeys(("63032", "63049"), _META),
    "63041": _PAUSED,
    **dict.fromkeys(("63027", "21655"), _NO_TEMPLATE),
    **dict.fromkeys(("63028", "21656"), _BLANKS),
    "template": _TEMPLATE,
    **dict.fromkeys(("63019", "63034", "media"), _MEDIA),
    **dict.fromkeys(("21617", "21658"), _TOO_LONG),
    **dict.fromkeys(("429", "20429"), _ASKED_TO_WAIT),
    **dict.fromkeys(("credentials refused", "token refused"), _NO_KEY),
    **dict.fromkeys(("gave_up", "0", "500", "502", "503", "504", "unreadable answer"), _SILENT),
    "400": _REFUSED,
    **dict.fromkeys(("late", "over", "ended"), _OVER),
    "portfolio": _TIER,
    "language": _LANGUAGE,
    "topic": _TOPIC,
}
"""By the code that is kept. Sources: channels.md for the platforms' numbers, `handlers.broadcast_feeding` for ours."""
HALTED: Final[Mapping[str, Text]] = {
    "media": t("It stands still: the picture or video in it isn't to be shown any more."),
    "template": t("WhatsApp doesn't take the template. Those who need it wait until somebody has seen to it."),
}
"""Why a run stands still by itself, or what else the team must know of it."""


def reason(code: str) -> Text:
    """One reason in words; a code that nobody has met yet is named by its number."""
    return REASONS.get(code) or t("Another reason (code {code})", code=code)


def reasons(codes: Mapping[str, int]) -> list[tuple[Text, int]]:
    """Reasons in words with their counts, the most frequent first; codes that say the same are one."""
    found: Counter[Text] = Counter()
    for code, count in codes.items():
        found[reason(code)] += count
    return sorted(found.items(), key=lambda one: -one[1])
