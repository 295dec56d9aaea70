"""Telegram's side of the contract (Bot API 10.1): methods Sanad may call, their fields, limits, words of refusal.

It holds facts only and never acts.

A field is `name:type`, with `!` when it is required. Types: int, bool, str, chat (a number or @name), list and dict
(JSON), file (bytes, a file_id or attach://part).
"""

from __future__ import annotations

SENDING = (
    "business_connection_id:str chat_id:chat! message_thread_id:int direct_messages_topic_id:int "
    "disable_notification:bool protect_content:bool allow_paid_broadcast:bool message_effect_id:str "
    "suggested_post_parameters:dict reply_parameters:dict reply_markup:dict "
)
CAPTION = "caption:str parse_mode:str caption_entities:list "
EDITING = "business_connection_id:str chat_id:chat message_id:int inline_message_id:str reply_markup:dict "

METHODS: dict[str, str] = {
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:list",
    "setWebhook": (
        "url:str certificate:file ip_address:str max_connections:int allowed_updates:list "
        "drop_pending_updates:bool secret_token:str"
    ),
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "getMe": "",
    "sendMessage": SENDING + "text:str! parse_mode:str entities:list link_preview_options:dict",
    "sendPhoto": SENDING + CAPTION + "photo:file! show_caption_above_media:bool has_spoiler:bool",
    "sendVoice": SENDING + CAPTION + "voice:file! duration:int",
    "sendVideo": (
        SENDING + CAPTION + "video:file! duration:int width:int height:int thumbnail:file cover:file "
        "start_timestamp:int show_caption_above_media:bool has_spoiler:bool supports_streaming:bool"
    ),
    "sendDocument": SENDING + CAPTION + "document:file! thumbnail:file disable_content_type_detection:bool",
    "editMessageText": EDITING + "text:str! parse_mode:str entities:list link_preview_options:dict rich_message:dict",
    "editMessageReplyMarkup": EDITING,
    "deleteMessage": "chat_id:chat! message_id:int!",
    "deleteMessages": "chat_id:chat! message_ids:list!",
    "answerCallbackQuery": "callback_query_id:str! text:str show_alert:bool url:str cache_time:int",
    "getFile": "file_id:str!",
    "setMyCommands": "commands:list! scope:dict language_code:str",
    "setMyName": "name:str language_code:str",
}

MISSING: dict[str, str] = {
    "chat_id": "Bad Request: chat_id is empty",
    "text": "Bad Request: message text is empty",
    "message_id": "Bad Request: message identifier is not specified",
    "message_ids": "Bad Request: message identifiers are not specified",
    "callback_query_id": "Bad Request: query is too old and response timeout expired or query ID is invalid",
    "file_id": "Bad Request: file_id not specified",
    "photo": "Bad Request: there is no photo in the request",
    "voice": "Bad Request: there is no voice in the request",
    "video": "Bad Request: there is no video in the request",
    "document": "Bad Request: there is no document in the request",
    "commands": 'Bad Request: parameter "commands" is required',
}

# UTF-16 units, after the marks of formatting were read.
TEXT_UNITS = 4096
CAPTION_UNITS = 1024
POPUP_UNITS = 200
# Bytes.
BUTTON_DATA_BYTES = 64
DOWNLOAD_BYTES = 20 * 2**20
UPLOAD_BYTES = 50 * 2**20
PHOTO_BYTES = 10 * 2**20
# Counts.
MESSAGES_AT_ONCE = 100
COMMANDS = 100
UPDATES_AT_ONCE = 100
CONNECTIONS = 40
CONNECTIONS_MOST = 100
# Seconds.
BUTTON_LIVES = 150
UPDATE_LIVES = 24 * 3600
LINK_LIVES = 3600
DELETABLE = 48 * 3600
IDLE = 7 * 24 * 3600
RETRY_MOST = 3600
GONE_LASTS = 23 * 3600

BUTTON_ACTIONS = {
    "callback_data",
    "callback_game",
    "copy_text",
    "login_url",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "url",
    "web_app",
}
# Fields of ReplyKeyboardMarkup.
STANDING_KEYBOARD = frozenset(
    {"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"}
)
# Sent only to who asks for them by name in allowed_updates.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

BLOCKED = "Forbidden: bot was blocked by the user"
DEACTIVATED = "Forbidden: user is deactivated"
NO_CHAT = "Bad Request: chat not found"
MIGRATED = "Bad Request: group chat was upgraded to a supergroup chat"
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
STAYS = "Bad Request: message can't be deleted for everyone"
TWO_POLLS = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
