"""What the methods about the bot itself do: its updates, webhook, name and menu.

It never touches a chat.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.platforms import contract_telegram as contract
from tests.platforms.telegram_checks import Refusal, commands_of

if TYPE_CHECKING:
    from tests.platforms.telegram import Telegram

Params = dict[str, Any]


async def get_updates(platform: Telegram, params: Params) -> Any:
    """News for who polls."""
    platform.allowed_updates = params.get("allowed_updates", platform.allowed_updates)
    limit = min(max(params.get("limit", contract.UPDATES_AT_ONCE), 1), contract.UPDATES_AT_ONCE)
    return await platform.poll(params.get("offset", 0), limit, params.get("timeout", 0))


async def set_webhook(platform: Telegram, params: Params) -> Any:
    """Where updates are posted from now on; an empty address ends it."""
    if not params.get("url"):
        return await delete_webhook(platform, params)
    secret = params.get("secret_token") or None
    if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise Refusal(400, "Bad Request: secret token contains unallowed characters")
    platform.allowed_updates = params.get("allowed_updates", platform.allowed_updates)
    if params.get("drop_pending_updates"):
        platform.forget_pending()
    wished = params.get("max_connections", contract.CONNECTIONS)
    platform.sets_webhook(params["url"], secret, min(max(wished, 1), contract.CONNECTIONS_MOST))
    return True


async def delete_webhook(platform: Telegram, params: Params) -> Any:
    """Back to polling."""
    platform.webhook = None
    if params.get("drop_pending_updates"):
        platform.forget_pending()
    return True


async def get_webhook_info(platform: Telegram, params: Params) -> Any:
    """How the webhook does."""
    info: Params = {"url": platform.webhook.url if platform.webhook else "", "has_custom_certificate": False}
    info["pending_update_count"] = len(platform.pending())
    if platform.webhook and platform.last_error:
        info["last_error_date"], info["last_error_message"] = platform.last_error
    if platform.allowed_updates:
        info["allowed_updates"] = platform.allowed_updates
    return info


async def get_me(platform: Telegram, params: Params) -> Any:
    """The bot itself."""
    return {
        **platform.bot,
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


async def set_my_commands(platform: Telegram, params: Params) -> Any:
    """The menu in one language."""
    platform.commands[params.get("language_code", "")] = commands_of(params)
    return True


async def set_my_name(platform: Telegram, params: Params) -> Any:
    """The bot's name in one language."""
    if len(params.get("name", "")) > 64:
        raise Refusal(400, "Bad Request: BOT_TITLE_INVALID")
    platform.names[params.get("language_code", "")] = params.get("name", "")
    return True


ACTS: dict[str, Callable[[Telegram, Params], Awaitable[Any]]] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "setMyName": set_my_name,
}
