"""The few fields of a Telegram update that are read (Bot API 10.1). Everything else is skipped while decoding."""

from typing import Any

from msgspec import Struct, field


class Envelope(Struct, gc=False):
    """The least that every update has."""

    update_id: int


class Sender(Struct, gc=False):
    """Who pressed or wrote (`User`)."""

    id: int = 0
    is_bot: bool = False
    language_code: str | None = None


class Chat(Struct, gc=False):
    """Where it was written; `type` is "private" for a person alone with the bot."""

    id: int
    type: str = ""


class File(Struct, gc=False):
    """What voice, audio, video, video_note, animation and document have in common."""

    file_id: str
    file_size: int | None = None
    """Bytes."""
    mime_type: str | None = None
    file_name: str | None = None


class Photo(Struct, gc=False):
    """One of a photo's sizes."""

    file_id: str
    width: int = 0
    height: int = 0
    file_size: int | None = None
    """Bytes."""


class LivePhoto(Struct):
    """A photo that moves; its still sizes stand under `photo`."""

    file_id: str
    file_size: int | None = None
    mime_type: str | None = None
    photo: list[Photo] | None = None


class Location(Struct, gc=False):
    """Degrees (WGS 84)."""

    latitude: float
    longitude: float


class Venue(Struct, gc=False):
    """A named place; the name is not read."""

    location: Location


class RichMessage(Struct):
    """Text with headings, lists and tables: a tree of blocks."""

    blocks: list[Any]


class Message(Struct):
    """What she wrote or sent."""

    message_id: int
    chat: Chat
    sender: Sender | None = field(name="from", default=None)
    text: str | None = None
    caption: str | None = None
    voice: File | None = None
    audio: File | None = None
    video_note: File | None = None
    animation: File | None = None
    live_photo: LivePhoto | None = None
    photo: list[Photo] | None = None
    video: File | None = None
    document: File | None = None
    venue: Venue | None = None
    location: Location | None = None
    rich_message: RichMessage | None = None


class Board(Struct, gc=False):
    """The message that carries the button; it may be too old to be more than this (`InaccessibleMessage`)."""

    message_id: int
    chat: Chat


class Press(Struct):
    """A button pressed (`CallbackQuery`)."""

    id: str
    sender: Sender = field(name="from")
    message: Board | None = None
    inline_message_id: str | None = None
    data: str | None = None


class Standing(Struct, gc=False):
    """What the bot is in the chat now: "kicked" where she blocked it."""

    status: str = ""


class Membership(Struct):
    """The bot's standing changed (`ChatMemberUpdated`)."""

    chat: Chat
    new_chat_member: Standing
    sender: Sender | None = field(name="from", default=None)


class Update(Struct):
    """One delivery of a kind that is read."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    """Read for its location alone: a live one moved."""
    callback_query: Press | None = None
    my_chat_member: Membership | None = None
