"""Says what stands in a campaign's forms and lists: states, topics, days, channels. It decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.broadcast import RunState
from flows.campaign import How, State
from flows.public import Leader, Topic
from flows.template import Category, TemplateState
from handlers.channel import ChannelName
from messages import Text, t
from messages.content import Track
from messages.text import Language

TOPIC: Final[Mapping[Topic, Text]] = {
    "tips": t("Whoever asked for tips"),
    "courses": t("Whoever asked for courses"),
    "awareness": t("Whoever asked for awareness messages"),
    "meetings": t("Whoever asked for meetings"),
}
LEADER: Final[Mapping[Leader, Text]] = {
    "community": t("Community leaders"),
    "religious": t("Religious leaders"),
    "tribal": t("Tribal leaders"),
}
TRACK: Final[Mapping[Track, Text]] = {
    "digital": t("Digital safety"),
    "legal": t("Law and rights"),
    "physical": t("Safety at home and on the way"),
    "psychosocial": t("Mind and nerves"),
    "political": t("Politics and public life"),
}
LANGUAGE: Final[Mapping[Language, Text]] = {"ar": t("in Arabic"), "en": t("in English")}
CHANNEL: Final[Mapping[ChannelName, Text]] = {"telegram": t("Telegram"), "whatsapp": t("WhatsApp")}
HOW: Final[Mapping[How, Text]] = {
    "once": t("Once, on a day"),
    "weekly": t("Every week, on these days"),
    "monthly": t("Every month, on this day of it"),
}
WEEKDAY: Final[tuple[tuple[int, Text], ...]] = (
    (5, t("Saturday")),
    (6, t("Sunday")),
    (0, t("Monday")),
    (1, t("Tuesday")),
    (2, t("Wednesday")),
    (3, t("Thursday")),
    (4, t("Friday")),
)
"""In the order of Yemen's week; 0 is Monday."""
STATE: Final[Mapping[State, Text]] = {
    "draft": t("being written"),
    "asked": t("waits for a second person"),
    "approved": t("approved"),
    "over": t("over"),
}
STATES: Final[Mapping[State, Text]] = {
    "asked": t("Waiting for a second person"),
    "approved": t("Approved, goes out by itself"),
    "draft": t("Being written"),
    "over": t("Over"),
}
"""As headings of the list, in its order."""
RUN: Final[Mapping[RunState, Text]] = {
    "planning": t("its readers are being listed"),
    "waiting": t("waits for its hour"),
    "sending": t("is being sent"),
    "paused": t("paused"),
    "done": t("has been sent"),
    "cancelled": t("called off"),
}
BADGE: Final[Mapping[str, str]] = {
    "asked": "high", "approved": "good", "sending": "medium", "paused": "late", "done": "good", "cancelled": "late",
}  # fmt: skip
"""By state: the look of its badge."""
CATEGORY: Final[Mapping[Category, Text]] = {
    "utility": t("Utility (what she asked for)"),
    "marketing": t("Marketing (dearer, and Meta may hold it back)"),
}
TEMPLATE: Final[Mapping[TemplateState, Text]] = {"approved": t("may be used"), "paused": t("paused")}
