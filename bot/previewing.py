"""Shows the desk what each channel would make of a letter, with the channel's own rendering. It never sends one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bot.channels.telegram import carrying
from bot.channels.telegram import rendering as telegram
from bot.channels.whatsapp import rendering as whatsapp
from bot.channels.whatsapp.templates import Templates
from handlers.campaign_seen import Bubble, Rendering
from handlers.channel import ChannelName, Outgoing, Piece

_LINK = "https://…"
"""Stands for the address of what goes with a letter: the real one is made when it is sent."""


def rendering(templates: Templates) -> Rendering:
    """The channels' renderings, with WhatsApp's templates of this account."""

    def render(channel: ChannelName, letter: Outgoing, piece: Piece | None, now: datetime) -> tuple[Bubble, ...]:
        if channel == "whatsapp":
            return _whatsapp(letter, templates, piece, now)
        return _telegram(letter, piece)

    return render


def _telegram(letter: Outgoing, piece: Piece | None) -> tuple[Bubble, ...]:
    if piece is not None and carrying.captions(letter):
        body = telegram.captioned(letter)
        return (Bubble(str(body.get("caption", "")), _keyboard(body), media=True),)
    bodies = [msgspec.json.decode(body) for body in telegram.messages(letter)]
    said = tuple(Bubble(str(body["text"]), _keyboard(body)) for body in bodies)
    return said if piece is None else (Bubble("", media=True), *said)


def _keyboard(body: dict[str, Any]) -> tuple[str, ...]:
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple(button["text"] for row in rows for button in row)


def _whatsapp(letter: Outgoing, templates: Templates, piece: Piece | None, now: datetime) -> tuple[Bubble, ...]:
    parts = whatsapp.parts(letter, templates, now, piece, "" if piece is None else _LINK)
    return tuple(_part(part, letter) for part in parts)


def _part(part: whatsapp.Part, letter: Outgoing) -> Bubble:
    if part.sid and part.sid != letter.sid:  # one of the shapes that carry a question: the words are the letter's
        return Bubble(letter.text, tuple(button.label for button in letter.buttons))
    return Bubble(part.body, media=bool(part.link), sid=part.sid)
