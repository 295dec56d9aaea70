"""Names every kind of update and message of Bot API 10.1, and says which of them want an answer.

It never reads what is in them.
"""


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that are asked for, at the webhook and while polling."""

OTHER_UPDATES = _names(
    """edited_message channel_post edited_channel_post business_connection business_message edited_business_message
    deleted_business_messages guest_message message_reaction message_reaction_count inline_query chosen_inline_result
    shipping_query pre_checkout_query purchased_paid_media poll poll_answer chat_member chat_join_request chat_boost
    removed_chat_boost managed_bot"""
)
"""Ignored knowingly. An edited message too, unless it is a live location that moved: what she said first was answered
and sealed, and stays as evidence."""

UNUSABLE = _names(
    """paid_media sticker story checklist contact dice game poll invoice giveaway giveaway_winners gift unique_gift
    passport_data web_app_data"""
)
"""Things she sends that can't be used: she gets a kind answer."""

SERVICE = _names(
    """new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo
    delete_chat_photo group_chat_created supergroup_chat_created channel_chat_created
    message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id pinned_message successful_payment
    refunded_payment users_shared chat_shared gift_upgrade_sent connected_website write_access_allowed
    proximity_alert_triggered boost_added chat_background_set checklist_tasks_done checklist_tasks_added
    direct_message_price_changed forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened
    general_forum_topic_hidden general_forum_topic_unhidden giveaway_created giveaway_completed managed_bot_created
    paid_message_price_changed poll_option_added poll_option_deleted suggested_post_approved
    suggested_post_approval_failed suggested_post_declined suggested_post_paid suggested_post_refunded
    video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited"""
)
"""Notes that Telegram makes by itself, such as a timer for deleting messages, which is wise of her: no answer."""
