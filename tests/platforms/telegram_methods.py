"""What the methods that send, change and delete messages do to the emulator's chats and files.

It never reads a request or a header: it gets fields that are typed already and answers a result or a Refusal.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.platforms import contract_telegram as contract
from tests.platforms.phones import Message
from tests.platforms.telegram_checks import Refusal, Upload, buttons_of, caption_of, ids_of, standing_of, text_of, units

if TYPE_CHECKING:
    from tests.platforms.telegram import Telegram
    from tests.platforms.telegram_person import Person

Params = dict[str, Any]
ENDINGS = {
    "photo": ("photos", "jpg"),
    "voice": ("voice", "oga"),
    "video": ("videos", "mp4"),
    "document": ("documents", "bin"),
}


async def send_message(platform: Telegram, params: Params) -> Any:
    """A text to a chat."""
    text = text_of(params)
    return _shows(platform, params, Message(platform.new_message_id(), text, kind="text"), {"text": text})


def _sends_file(kind: str) -> Callable[[Telegram, Params], Awaitable[Any]]:
    async def send_file(platform: Telegram, params: Params) -> Any:
        caption = caption_of(params)
        stored = _file(platform, kind, params[kind])
        media: Any = stored
        if kind == "photo":
            media = [{**stored, "width": 1280, "height": 960}]
        elif kind == "voice":
            media = {**stored, "duration": params.get("duration", 0), "mime_type": "audio/ogg"}
        elif kind == "video":
            media = {**stored, "width": 640, "height": 360, "duration": params.get("duration", 0)}
        content = {kind: media, **({"caption": caption} if caption else {})}
        return _shows(platform, params, Message(platform.new_message_id(), caption, kind=kind), content)

    return send_file


async def edit_message_text(platform: Telegram, params: Params) -> Any:
    """Other words, and with them the keyboard: what is not sent again is gone."""
    text = text_of(params)
    message, person = _editable(platform, params)
    if message.kind != "text":
        raise Refusal(400, "Bad Request: there is no text in the message to edit")
    if text == message.raw["text"] and params.get("reply_markup") == message.raw.get("reply_markup"):
        raise Refusal(400, contract.SAME)
    words = text != message.text
    message.text, message.raw = text, {**message.raw, "text": text}
    return _edited(platform, message, person, params, words=words)


async def edit_message_reply_markup(platform: Telegram, params: Params) -> Any:
    """Another keyboard, or none."""
    message, person = _editable(platform, params)
    if (params.get("reply_markup") or None) == message.raw.get("reply_markup"):
        raise Refusal(400, contract.SAME)
    return _edited(platform, message, person, params, words=False)


async def delete_message(platform: Telegram, params: Params) -> Any:
    """One message, hers or the bot's, if it is younger than two days."""
    person = platform.reaches(params["chat_id"])
    platform.counts()
    message = _find(person, params["message_id"])
    if message is None:
        raise Refusal(400, "Bad Request: message to delete not found")
    if not _delete(platform, person, message):
        raise Refusal(400, contract.STAYS)
    return True


async def delete_messages(platform: Telegram, params: Params) -> Any:
    """Many messages; what cannot be found or deleted is skipped."""
    person = platform.reaches(params["chat_id"])
    numbers = ids_of(params)
    platform.counts()
    if platform.stays.intersection(numbers):
        raise Refusal(400, contract.STAYS)
    for number in numbers:
        if message := _find(person, number):
            _delete(platform, person, message)
    return True


async def answer_callback_query(platform: Telegram, params: Params) -> Any:
    """The end of a button's spinner, with a popup or without."""
    text = params.get("text", "")
    if units(text) > contract.POPUP_UNITS:
        raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
    person = platform.answers_query(params["callback_query_id"])
    if text:
        person.popups.append(text)
    return True


async def get_file(platform: Telegram, params: Params) -> Any:
    """A path to download from, good for an hour."""
    stored = platform.files.get(params["file_id"])
    if stored is None:
        raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if stored.size > contract.DOWNLOAD_BYTES:
        raise Refusal(400, "Bad Request: file is too big")
    platform.links[stored.path] = platform.clock.now() + contract.LINK_LIVES
    return {**stored.as_size(), "file_path": stored.path}


def _shows(platform: Telegram, params: Params, message: Message[int], content: Params) -> Params:
    message.buttons = buttons_of(params.get("reply_markup"))
    standing = standing_of(params.get("reply_markup"))
    person = platform.reaches(params["chat_id"])
    platform.spends(person.chat_id)
    message.at = platform.clock.now()
    message.silent = params.get("disable_notification", False)
    message.protected = params.get("protect_content", False)
    head = {"message_id": message.id, "from": platform.bot, "chat": person.place, "date": int(message.at)}
    message.raw = {**head, **content, **_keyboard(params)}
    if message.protected:
        message.raw["has_protected_content"] = True
    if standing is not None:
        person.standing = standing
    person.arrives(message)
    return message.raw


def _keyboard(params: Params) -> Params:
    """Only inline keyboards come back in a message."""
    markup = params.get("reply_markup") or {}
    return {"reply_markup": markup} if markup.get("inline_keyboard") else {}


def _file(platform: Telegram, kind: str, value: Upload | str) -> Params:
    if isinstance(value, str):
        if value not in platform.files:
            raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
        return platform.files[value].as_size()
    most = contract.PHOTO_BYTES if kind == "photo" else contract.UPLOAD_BYTES
    if len(value.data) > most:
        raise Refusal(413, "Request Entity Too Large")
    if not value.data:
        raise Refusal(400, "Bad Request: file must be non-empty")
    folder, ending = ENDINGS[kind]
    stored = platform.keeps_file(value.data, folder, ending).as_size()
    return {**stored, "file_name": value.name} if kind == "document" else stored


def _find(person: Person, number: int) -> Message[int] | None:
    return next((one for one in person.messages + person.wrote if one.id == number and not one.deleted), None)


def _editable(platform: Telegram, params: Params) -> tuple[Message[int], Person]:
    if "chat_id" not in params:
        raise Refusal(400, contract.MISSING["chat_id"])
    if "message_id" not in params:
        raise Refusal(400, contract.MISSING["message_id"])
    person = platform.reaches(params["chat_id"])
    message = _find(person, params["message_id"])
    if message is None:
        raise Refusal(400, "Bad Request: message to edit not found")
    if message.mine:
        raise Refusal(400, "Bad Request: message can't be edited")
    return message, person


def _edited(platform: Telegram, message: Message[int], person: Person, params: Params, *, words: bool) -> Params:
    buttons = buttons_of(params.get("reply_markup"))
    platform.spends(person.chat_id)
    message.buttons, message.edited = buttons, True
    raw = {key: value for key, value in message.raw.items() if key != "reply_markup"}
    message.raw = {**raw, "edit_date": int(platform.clock.now()), **_keyboard(params)}
    person.changes(message, words=words)
    return message.raw


def _delete(platform: Telegram, person: Person, message: Message[int]) -> bool:
    if platform.clock.now() - message.at > contract.DELETABLE:
        return False
    message.deleted = True
    person.changes(message, words=False)
    return True


ACTS: dict[str, Callable[[Telegram, Params], Awaitable[Any]]] = {
    "sendMessage": send_message,
    "sendPhoto": _sends_file("photo"),
    "sendVoice": _sends_file("voice"),
    "sendVideo": _sends_file("video"),
    "sendDocument": _sends_file("document"),
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
}
