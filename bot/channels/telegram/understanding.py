"""Reads one Telegram update: who said what, or that it asks for no answer.

It is pure, raises only `NotUnderstood`, and never acts, logs, or changes her words.
"""

import json
import re
from dataclasses import replace

import msgspec

from bot.channels.telegram import kinds, rich
from bot.channels.telegram.shapes import Board, Chat, File, Location, Membership, Message, Photo, Press, Sender, Update
from bot.channels.understood import NotUnderstood, Understood, of
from flows.core import Commanded, Event, FileKind, Language, Located, Pressed, Said, Unusable
from handlers.channel import Handle, Inbound

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest file that a bot may download (Bot API, getFile)."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(\s.*)?", re.DOTALL)
_UPDATE = msgspec.json.Decoder(Update)
_LEFT = frozenset({"kicked", "left"})


def understand(update: bytes) -> Inbound | None:
    """Who said what; None where an update is ignored knowingly. Raises `NotUnderstood` where it isn't JSON."""
    return read(update).inbound


def read(update: bytes) -> Understood:
    """Like `understand`, with the kind for counting and the id of a press to acknowledge."""
    try:
        known = _UPDATE.decode(update)
    except msgspec.ValidationError:
        return _strange(_mended(update))
    except ValueError:
        update = _mended(update)
        try:
            known = _UPDATE.decode(update)
        except ValueError:
            return _strange(update)
    if (message := known.message) is not None:
        return _message(known.update_id, message, update)
    if (press := known.callback_query) is not None:
        return _press(known.update_id, press)
    if (edited := known.edited_message) is not None and edited.location is not None:
        return _moved(known.update_id, edited, edited.location)
    if (membership := known.my_chat_member) is not None:
        return _membership(known.update_id, membership)
    return Understood(_other(update))


def _message(number: int, message: Message, update: bytes) -> Understood:
    if message.chat.type != "private":
        return Understood("group")
    if message.sender is not None and message.sender.is_bot:
        return Understood("bot")
    event = _event(message)
    if event is None:
        fields = _fields(update, "message")
        if kind := next((name for name in fields if name in kinds.SERVICE), ""):
            return Understood(kind)
        event = Unusable(next((name for name in fields if name in kinds.UNUSABLE), "unknown"))
    return of(
        Inbound(
            channel="telegram",
            key=str(number),
            address=str(message.chat.id),
            event=event,
            caption=message.caption or "",
            hint=_hint(message.sender),
            message=str(message.message_id),
        )
    )


def _moved(number: int, message: Message, location: Location) -> Understood:
    """A live location that moved, or ended: her phone says so by itself."""
    event = _located(location)
    if message.chat.type != "private" or not isinstance(event, Located):
        return Understood("edited_message")
    live = replace(event, live=True)
    return of(Inbound("telegram", str(number), str(message.chat.id), live, hint=_hint(message.sender)))


def _press(number: int, press: Press) -> Understood:
    # Where the message is too old to be named, the press came from a person alone with the bot.
    board = press.message or Board(0, Chat(press.sender.id, "private"))
    if press.inline_message_id or board.chat.type != "private" or press.data is None:
        return Understood("foreign_button", callback=press.id)
    return of(
        Inbound(
            channel="telegram",
            key=str(number),
            address=str(board.chat.id),
            event=Pressed(press.data),
            hint=_hint(press.sender),
            pressed_on=str(board.message_id or ""),
        ),
        callback=press.id,
    )


def _membership(number: int, membership: Membership) -> Understood:
    if membership.chat.type != "private":
        return Understood("group")
    return of(
        Inbound(
            channel="telegram",
            key=str(number),
            address=str(membership.chat.id),
            event=Unusable("my_chat_member"),
            hint=_hint(membership.sender),
            gone="blocked" if membership.new_chat_member.status in _LEFT else "back",
        )
    )


def _event(message: Message) -> Event | Handle | None:
    """What she did, or None where nothing in the message is of use. The order is that of the most common first.

    An animation comes with a `document` beside it, and a venue with a `location`: the more telling stands first.
    """
    if message.text is not None:
        return _said(message.text)
    if file := _file(message):
        return file
    if location := message.venue.location if message.venue else message.location:
        return _located(location)
    if message.rich_message is not None and (words := rich.words(message.rich_message.blocks)):
        return Said(words)
    return None


def _said(text: str) -> Event:
    """A command is the whole message; only `/start` may bring something with it (a deep link), which is not read."""
    if text.startswith("/") and (command := _COMMAND.fullmatch(text)):
        name = command[1].lower()
        if name == "start" or not (command[2] or "").strip():
            return Commanded(name)
    return Said(text)


def _located(location: Location) -> Event:
    if abs(location.latitude) <= 90 and abs(location.longitude) <= 180:  # noqa: PLR2004 - degrees of a globe
        return Located(location.latitude, location.longitude)
    return Unusable("location")


def _file(message: Message) -> Handle | None:
    if live := message.live_photo:
        return _photo(live.photo or []) or _handle("video", File(live.file_id, live.file_size, live.mime_type))
    if message.photo:
        return _photo(message.photo)
    found: tuple[tuple[FileKind, File | None], ...] = (
        ("voice", message.voice or message.audio),
        ("video", message.video_note or message.animation or message.video),
        ("document", message.document),
    )
    return next((_handle(kind, file) for kind, file in found if file), None)


def _photo(sizes: list[Photo]) -> Handle | None:
    """The largest that may be downloaded; the largest of all where none may, so that she's told why."""
    allowed = [size for size in sizes if (size.file_size or 0) <= LARGEST] or sizes
    if not allowed:
        return None
    best = max(allowed, key=lambda size: size.width * size.height)
    return Handle("photo", best.file_id, "image/jpeg", "", best.file_size)


def _handle(kind: FileKind, file: File) -> Handle:
    return Handle(kind, file.file_id, file.mime_type or "", file.file_name or "", file.file_size)


def _hint(sender: Sender | None) -> Language:
    return "en" if sender is not None and (sender.language_code or "").startswith("en") else "ar"


def _other(update: bytes) -> str:
    fields = msgspec.json.decode(update, type=dict[str, msgspec.Raw])
    return next((name for name in fields if name in kinds.OTHER_UPDATES), "unknown")


def _fields(update: bytes, name: str) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(
        msgspec.json.decode(update, type=dict[str, msgspec.Raw])[name], type=dict[str, msgspec.Raw]
    )


def _mended(update: bytes) -> bytes:
    """JSON whose half surrogate pairs, which no text may hold, became question marks. Raises `NotUnderstood`."""
    try:
        return json.dumps(json.loads(update), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        raise NotUnderstood from None


def _strange(update: bytes) -> Understood:
    """An update of another shape than the Bot API's. If a person alone with the bot wrote it, she gets an answer."""
    match json.loads(update):
        case {"update_id": int(number), "message": {"chat": {"id": int(chat), "type": "private"}, **more}}:
            named = more.get("message_id")
            message = str(named) if isinstance(named, int) else ""
            return of(Inbound("telegram", str(number), str(chat), Unusable("strange"), message=message))
        case _:
            return Understood("strange")
