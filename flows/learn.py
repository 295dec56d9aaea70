"""Tips and lessons: one place from which she opens whatever there is for her as one of the public.

It never shows what a case holds, and nothing in it depends on whether she ever asked for help.
"""

from collections.abc import Mapping
from typing import Final

from flows import unasked
from flows.core import Effect, Flow, Given, Led, Say, Talk, Unsubscribe
from flows.public import Public
from flows.pushed import WAYS
from flows.questions import Choose
from messages import Text, t

LEFT: Final = t("All right. It is all here whenever you like.")
OFFERED: Final = ("lesson", "subscribe", "course", "poll", "stories", "initiatives", "asking", "certificate")
"""Conversations of `flows.book`, in the order in which they are offered."""


def _ways(public: Public) -> Mapping[str, Text]:
    """Everything that there is for her now, by the name of the flow that it opens."""
    learning, sent = public.learning, public.subscription is not None and public.subscription.topics
    found = {
        "lesson": WAYS["lesson"] if learning and learning.state in {"on", "quiz"} else None,
        "subscribe": t("Change what I receive") if sent else WAYS["subscribe"],
        "course": t("My course") if learning else WAYS["course"],
        "poll": WAYS["poll"] if public.polls else None,
        "stories": WAYS["stories"] if public.stories else None,
        "initiatives": WAYS["initiatives"] if public.initiatives else None,
        "asking": WAYS["asking"],
        "certificate": t("Check a certificate"),
    }
    return {way: label for way in OFFERED if (label := found[way]) is not None}


def _options(_talk: Talk, given: Given) -> Mapping[str, Text]:
    comes = unasked.ended(given.public) is not None
    stop = {"end": t("Stop all of it")} if comes else {}
    return {**_ways(given.public), **stop, "nothing": t("Not now")}


def _chosen(talk: Talk, given: Given) -> Led:
    match talk.answers["way"].codes[0]:
        case "end":
            said = unasked.ended(given.public)
            return _left(talk, Unsubscribe(), Say(said or LEFT))
        case "nothing":
            return _left(talk, Say(LEFT))
        case way:
            return Led(Talk(way, under=talk.under))


def _left(talk: Talk, *effects: Effect) -> Led:
    return Led(talk.under or Talk(), effects, ask=talk.under is not None)


LEARN: Final = Flow(
    "learn",
    (
        Choose(
            "way",
            t("Tips and lessons"),
            t("Something to learn, to read or to ask. What would you like?"),
            _options,
            needed=True,
            no="nothing",
        ),
    ),
    after={"way": _chosen},
)
