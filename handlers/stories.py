"""Stories and initiatives in the conversation: what may be read, and counting once who is interested.

It never says who is, nor how many.
"""

from __future__ import annotations

from typing import Literal

from flows.public import Story
from messages import Text, both
from storage import stories
from storage.unit import Unit


def published(unit: Unit, kind: Literal["story", "initiative"], channel: str, address: str) -> tuple[Story, ...]:
    """What may be read, the newest first; of initiatives also whether she said that it interests her."""
    found = stories.published(unit, kind)
    asked = [one.id for one in found if kind == "initiative"]
    hers = stories.joined(unit, asked, channel, address)
    return tuple(_hers(one, joined=one.id in hers) for one in found)


def _hers(story: stories.Story, *, joined: bool) -> Story:
    body = story.body
    title, text = both(ar=body.title_ar, en=body.title_en), both(ar=body.text_ar, en=body.text_en)
    return Story(story.id, story.kind, title, text, joined)


def forget(unit: Unit, channel: str, address: str) -> None:
    """She is interested in nothing any more, as far as anybody can tell."""
    stories.forget(unit, channel, address)


def join_in(unit: Unit, channel: str, address: str, story: int) -> Text | None:
    """Count her among the interested, once; where it is an initiative that may be read."""
    if any(one.id == story for one in stories.published(unit, "initiative")):
        stories.join(unit, story, channel, address)
    return None
