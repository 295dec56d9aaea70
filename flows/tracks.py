"""Names the tracks of tips and courses, in the order in which they are offered. It holds no lesson."""

from collections.abc import Mapping
from typing import Final

from messages import Text, raw, t
from messages.content import Content, Track

TITLES: Final[Mapping[Track, Text]] = {
    "digital": t("Phone and accounts"),
    "legal": t("Rights and law"),
    "physical": t("Safe on the way"),
    "psychosocial": t("Calm and strength"),
    "political": t("A voice in peace"),
}
"""By track, at most 20 characters: they stand on buttons."""


def title(track: str) -> Text:
    """A track's name; the code itself where there is no such track any more."""
    return TITLES.get(track) or raw(track)  # type: ignore[call-overload]


def taught(content: Content) -> tuple[Track, ...]:
    """The tracks that have a lesson."""
    return tuple(track for track in TITLES if content.course(track))
