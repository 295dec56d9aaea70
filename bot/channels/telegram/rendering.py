"""Turns a letter into the bodies of Telegram's requests. It never sends them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from bot.channels.text import split, units
from handlers.channel import Button, Outgoing

TEXT_UNITS = 4096
"""UTF-16 units of the longest message."""

# Beyond so many buttons two short ones share a row, so that she needn't scroll; UTF-16 units of a short label.
_MANY = 4
_SHORT = 14
_encode = msgspec.json.Encoder().encode


def messages(letter: Outgoing) -> tuple[bytes, ...]:
    """The letter's parts as bodies of `sendMessage`, in order; the buttons are on the last."""
    parts = split(letter.text, TEXT_UNITS)
    last = len(parts) - 1
    return tuple(_message(letter, part, with_buttons=place == last) for place, part in enumerate(parts))


def cleared(letter: Outgoing) -> bytes:
    """The body of the `editMessageReplyMarkup` that takes the earlier message's buttons away."""
    return _encode({"chat_id": _chat(letter.address), "message_id": int(letter.clears)})


def erasing(address: str, messages: Sequence[int]) -> bytes:
    """The body of `deleteMessages`."""
    return _encode({"chat_id": _chat(address), "message_ids": messages})


def encoded(value: object) -> bytes:
    """A value as Telegram reads it."""
    return _encode(value)


def captioned(letter: Outgoing) -> dict[str, Any]:
    """What goes with a picture, voice or video: words below it, and what hangs on them."""
    markup = _markup(letter)
    words = {"caption": letter.text} if letter.text else {}
    return {**words, **({"reply_markup": markup} if markup else {})}


def _message(letter: Outgoing, text: str, *, with_buttons: bool) -> bytes:
    # No link preview: Telegram would fetch the page, and show it large on a phone that others may see.
    body: dict[str, Any] = {
        "chat_id": _chat(letter.address),
        "text": text,
        "link_preview_options": {"is_disabled": True},
    }
    if with_buttons and (markup := _markup(letter)):
        body["reply_markup"] = markup
    return _encode(body)


def _markup(letter: Outgoing) -> dict[str, Any]:
    """What hangs on the letter. A message holds one thing only: where there are buttons, they are it."""
    if letter.buttons:
        return {"inline_keyboard": keyboard(letter.buttons)}
    match letter.standing:
        case "on" if letter.hide:
            return {"keyboard": [[{"text": letter.hide}]], "resize_keyboard": True, "is_persistent": True}
        case "off":
            return {"remove_keyboard": True}
        case _:
            return {}


def keyboard(buttons: tuple[Button, ...]) -> list[list[dict[str, str]]]:
    """Rows of buttons: one each, or two where there are many and all are short."""
    width = 2 if len(buttons) > _MANY and all(units(button.label) <= _SHORT for button in buttons) else 1
    shown = [{"text": button.label, "callback_data": button.key} for button in buttons]
    return [shown[place : place + width] for place in range(0, len(shown), width)]


def _chat(address: str) -> int | str:
    return int(address) if address.lstrip("-").isdecimal() else address


def acknowledged(callback: str) -> bytes:
    """The body of `answerCallbackQuery`."""
    return _encode({"callback_query_id": callback})


def acknowledging(callback: str) -> bytes:
    """The same as the answer to a webhook: Telegram then carries the call out without a request of ours."""
    return _encode({"method": "answerCallbackQuery", "callback_query_id": callback})


def wanted(offset: int, wait: int, allowed: tuple[str, ...]) -> bytes:
    """The body of `getUpdates`; `wait` in seconds."""
    return _encode({"offset": offset, "timeout": wait, "allowed_updates": allowed})
