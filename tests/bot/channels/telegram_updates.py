"""Every kind of update and of message that Bot API 10.1 knows, as small samples. It holds facts only."""

import json
from typing import Any

SENDER: dict[str, Any] = {"id": 1001, "is_bot": False, "first_name": "Amal", "language_code": "ar"}
PRIVATE: dict[str, Any] = {"id": 1001, "first_name": "Amal", "type": "private"}
GROUPS: tuple[dict[str, Any], ...] = (
    {"id": -5, "title": "g", "type": "group"},
    {"id": -1005, "title": "s", "type": "supergroup"},
    {"id": -1006, "title": "c", "type": "channel"},
)
FILE: dict[str, Any] = {
    "file_id": "f-1",
    "file_unique_id": "u",
    "file_size": 77,
    "mime_type": "x/y",
    "file_name": "n.y",
}
SIZES: list[dict[str, Any]] = [
    {"file_id": f"p-{width}", "file_unique_id": "u", "width": width, "height": width, "file_size": width}
    for width in (90, 1280, 320)
]
MOVING: dict[str, Any] = {**FILE, "width": 1, "height": 1, "duration": 1}
PLACE: dict[str, Any] = {"latitude": 15.45, "longitude": 45.32}
WORDS: dict[str, Any] = {"type": "paragraph", "text": ["he ", {"type": "bold", "text": "threatened"}, " me"]}
LIST: dict[str, Any] = {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": "again"}]}]}

# Message fields with a sample, by the kind of event they become.
WORDY: dict[str, Any] = {"text": "نص", "rich_message": {"blocks": [WORDS, LIST]}}
FILES: dict[str, tuple[str, Any]] = {
    "voice": ("voice", FILE),
    "audio": ("voice", FILE),
    "photo": ("photo", SIZES),
    "live_photo": ("photo", {**MOVING, "photo": SIZES}),
    "video": ("video", MOVING),
    "video_note": ("video", MOVING),
    "animation": ("video", MOVING),
    "document": ("document", FILE),
}
PLACES: dict[str, Any] = {
    "location": {**PLACE, "live_period": 60},
    "venue": {"location": PLACE, "title": "t", "address": "a"},
}
UNUSABLE: dict[str, Any] = {
    "paid_media": {"star_count": 1, "paid_media": []},
    "sticker": FILE,
    "story": {"chat": PRIVATE, "id": 1},
    "checklist": {"title": "t", "tasks": []},
    "contact": {"phone_number": "+967770000009", "first_name": "S"},
    "dice": {"emoji": "🎲", "value": 3},
    "game": {"title": "t", "description": "d", "photo": SIZES},
    "poll": {"id": "1", "question": "q", "options": []},
    "invoice": {"title": "t", "total_amount": 1},
    "giveaway": {"chats": [], "winner_count": 1},
    "giveaway_winners": {"chat": PRIVATE, "winner_count": 1},
    "gift": {"gift": {}},
    "unique_gift": {"gift": {}},
    "passport_data": {"data": []},
    "web_app_data": {"data": "d", "button_text": "b"},
}
SERVICE_WORDS = """new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo
delete_chat_photo group_chat_created supergroup_chat_created channel_chat_created message_auto_delete_timer_changed
migrate_to_chat_id migrate_from_chat_id pinned_message successful_payment refunded_payment users_shared chat_shared
gift_upgrade_sent connected_website write_access_allowed proximity_alert_triggered boost_added chat_background_set
checklist_tasks_done checklist_tasks_added direct_message_price_changed forum_topic_created forum_topic_edited
forum_topic_closed forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden giveaway_created
giveaway_completed managed_bot_created paid_message_price_changed poll_option_added poll_option_deleted
suggested_post_approved suggested_post_approval_failed suggested_post_declined suggested_post_paid
suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended
video_chat_participants_invited"""
SERVICE = SERVICE_WORDS.split()
# Fields that stand beside what a message holds.
BESIDE: dict[str, Any] = {
    "forward_origin": {"type": "hidden_user", "sender_user_name": "x"},
    "reply_to_message": {"message_id": 1, "chat": PRIVATE, "date": 0},
    "external_reply": {"origin": {}},
    "quote": {"text": "q", "position": 0},
    "reply_to_story": {"chat": PRIVATE, "id": 1},
    "via_bot": {"id": 9, "is_bot": True, "first_name": "b"},
    "media_group_id": "13",
    "is_from_offline": True,
    "has_protected_content": True,
    "effect_id": "5",
    "link_preview_options": {"is_disabled": True},
    "entities": [],
    "message_thread_id": 3,
    "is_topic_message": True,
    "reply_markup": {"inline_keyboard": []},
    "sender_boost_count": 1,
    "paid_star_count": 1,
    "author_signature": "s",
    "has_media_spoiler": True,
    "show_caption_above_media": True,
    "caption_entities": [],
}
# Updates that are ignored, each with a private chat in it wherever it may have one.
OTHER_WORDS = """edited_message channel_post edited_channel_post business_connection business_message
edited_business_message deleted_business_messages guest_message message_reaction message_reaction_count inline_query
chosen_inline_result shipping_query pre_checkout_query purchased_paid_media poll poll_answer chat_member
chat_join_request chat_boost removed_chat_boost managed_bot"""
OTHERS = OTHER_WORDS.split()


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 7, "from": SENDER, "chat": chat, "date": 1_700_000_000, **content}


def update(**kind: Any) -> bytes:
    return json.dumps({"update_id": 500, **kind}, ensure_ascii=False).encode()


def pressing(data: str | None = "k1", chat: dict[str, Any] = PRIVATE, **changed: Any) -> bytes:
    press: dict[str, Any] = {"id": "q-1", "from": SENDER, "chat_instance": "1", "message": message(chat, text="?")}
    if data is not None:
        press["data"] = data
    return update(callback_query={**press, **changed})


def standing(status: str, chat: dict[str, Any] = PRIVATE) -> bytes:
    change = {"chat": chat, "from": SENDER, "date": 1, "old_chat_member": {"status": "member"}}
    return update(my_chat_member={**change, "new_chat_member": {"status": status, "user": SENDER}})
