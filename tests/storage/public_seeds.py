"""One value in every column of the public's tables that the server's keys seal, and how it is found again.

It holds nothing that a person wrote.
"""

from __future__ import annotations

from datetime import datetime

from flows.broadcast import Audience, Frozen
from flows.campaign import Plan
from flows.public import Learning, Subscription
from storage import box, campaigns, learners, media, polls, runs, stories, subscribers
from storage.unit import Unit

READER = "+967771111111"


def plant(unit: Unit, now: datetime) -> None:
    """A subscriber who learns and has asked, and what the campaign team keeps."""
    subscribers.put(unit, 901, "whatsapp", subscribers.Facts(READER, Subscription(("tips",))), now)
    facts = learners.Facts(READER, Learning("digital", "on"))
    learners.add(unit, learners.Learner(902, "whatsapp", facts, None), now)
    box.add(unit, 903, "association", box.Body("whatsapp", READER, "ar", "سؤال"), now)
    _plant_team(unit, now)


def _plant_team(unit: Unit, now: datetime) -> None:
    frozen = Frozen("tip", {"ar": "نصيحة", "en": "A tip"}, Audience("tips"))
    runs.add(unit, runs.Run(904, None, "tip", "done", frozen, now, now, None, now, None, None))
    campaigns.add(unit, campaigns.Campaign(905, "draft", campaigns.Body(Plan("She builds peace")), 50, 50, now, now))
    version = media.Version("image/jpeg", 3, "00")
    medium = media.Medium(906, "picture", media.Facts("A hall", {"light": version}), 50, now, None, None)
    media.add(unit, medium, {"light": b"abc"})
    media.keep_handle(unit, 906, "light", "telegram", "AgAC")
    options = (polls.Option("a", "أ", "A"), polls.Option("b", "ب", "B"))
    polls.add(unit, polls.Poll(907, "poll", "draft", polls.Body("؟", "?", options, (50,)), 50, None, now, now))
    body = stories.Body("عنوان", "Title", "نص", "Text", (50,))
    stories.add(unit, stories.Story(908, "story", "draft", body, 50, None, now))


def found(unit: Unit) -> tuple[int, int, int]:
    """The rows of the subscriber, the learner and the asker, by her address; ValueError where one is lost."""
    subscriber = subscribers.find(unit, "whatsapp", READER)
    learner = learners.find(unit, "whatsapp", READER)
    asked = box.of_asker(unit, "whatsapp", READER)
    if subscriber is None or learner is None or not asked:
        raise ValueError("somebody of the public is not found any more")
    return subscriber.id, learner.id, asked[0].id
