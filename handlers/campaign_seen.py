"""Shows a message of a campaign as each channel's own rendering would give it to a reader, before it goes to anybody.

It never sends; the rendering itself is the channels', handed in by whoever wires.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, cast

from flows import campaign as flow
from flows.campaign import Plan
from flows.pushed import WAYS, key
from flows.template import filled
from handlers.campaign_faults import Known
from handlers.channel import Button, ChannelName, Outgoing, Piece
from messages.arabic import lead, strip_controls
from messages.catalog import render
from messages.text import Language
from storage.media import Medium

LOCKED: Final = 40
"""Characters that a locked phone shows."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on a phone. `sid`: of the template that carries it, whose words are not the channel's to know."""

    text: str
    buttons: tuple[str, ...] = ()
    media: bool = False
    sid: str = ""


class Rendering(Protocol):
    """How a channel would show a letter. `piece` goes with it; none where it would have to wait."""

    def __call__(
        self, channel: ChannelName, letter: Outgoing, piece: Piece | None, now: datetime
    ) -> tuple[Bubble, ...]:
        """Render it."""


def as_words(channel: ChannelName, letter: Outgoing, piece: Piece | None, now: datetime) -> tuple[Bubble, ...]:
    """Where no channel is wired: the words and buttons as they are."""
    del channel, now
    return (Bubble(letter.text, tuple(button.label for button in letter.buttons), media=piece is not None),)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone with one message on it. `late`: its reader wrote to us too long ago, so that a template carries it."""

    channel: ChannelName
    language: Language
    late: bool
    bubbles: tuple[Bubble, ...]
    locked: str
    """What stands on it while it is locked."""


def phones(plan: Plan, place: int, shelf: Known, rendering: Rendering, now: datetime) -> tuple[Phone, ...]:
    """A message on every kind of phone, in each language of its readers."""
    return tuple(_phones(plan, place, shelf, rendering, now))


def _phones(plan: Plan, place: int, shelf: Known, rendering: Rendering, now: datetime) -> Iterator[Phone]:
    channels = [one for one in CHANNELS if not plan.audience.channels or one in plan.audience.channels]
    for channel in channels:
        for late in (False, True) if channel == "whatsapp" else (False,):
            for language in plan.languages:
                yield _phone(plan, place, shelf, rendering, channel, language, now, late=late)


def _phone(
    plan: Plan, place: int, shelf: Known, rendering: Rendering, channel: ChannelName, language: Language,
    now: datetime, *, late: bool,
) -> Phone:  # fmt: skip
    letter = outgoing(plan, place, shelf, language, None if late else now)
    medium = shelf.media.get(letter.media)
    piece = None if medium is None else _piece(medium, full=letter.full)
    shown = rendering(channel, letter, piece, now)
    bubbles = tuple(_with_words(one, shelf, letter.blanks) for one in shown)
    first = next((bubble.text for bubble in bubbles if bubble.text), "")
    return Phone(channel, language, late, bubbles, " ".join(first.split())[:LOCKED])


def outgoing(plan: Plan, place: int, shelf: Known, language: Language, heard_at: datetime | None) -> Outgoing:
    """The letter that a reader would be sent."""
    frozen = flow.frozen(plan, place, shelf.categories)
    words = strip_controls(frozen.texts.get(language, ""))
    return Outgoing(
        "", "0", lead(words) if language == "ar" else words,
        tuple(Button(key(way), render(WAYS[way], language)) for way in frozen.buttons if way in WAYS), language,
        blanks=tuple(frozen.blanks.get(language, ())), sid=frozen.sids.get(language, ""), media=frozen.media,
        full=frozen.full, by_word=True, heard_at=heard_at,
    )  # fmt: skip


def _piece(medium: Medium, *, full: bool) -> Piece:
    size = medium.size(full=full)
    return Piece(medium.kind, medium.id, size, medium.facts.versions[size].mime, "")


def _with_words(bubble: Bubble, shelf: Known, blanks: tuple[str, ...]) -> Bubble:
    """A template's own words and buttons, filled."""
    template = shelf.templates.get(bubble.sid)
    if template is None:
        return bubble
    titles = tuple(title for title, _ in template.buttons)
    return Bubble(filled(template.body, blanks), titles, bubble.media, bubble.sid)


CHANNELS: Final = cast("tuple[ChannelName, ...]", ("telegram", "whatsapp"))
"""The channels whose phones are shown, in this order."""
