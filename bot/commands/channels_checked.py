"""Asks the platforms whether they take our tokens and where they bring messages, for `sanad doctor`.

It sends no message and changes nothing there; it never repeats what a platform says, but for a webhook's last error.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr
from telegram import WebhookInfo
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot import chance, logs
from bot.channels.telegram.channel import Telegram
from bot.commands.findings import Finding, bad, good
from bot.settings import Settings
from bot.wiring import open_channels
from handlers.channel import Channel
from handlers.members import phone

_UNREACHED = (aiohttp.ClientError, OSError, TimeoutError)
_MANY_PENDING = 100


async def telegram_findings(settings: Settings) -> list[Finding]:
    """Token and webhook, where Telegram is set up."""
    if not settings.telegram_bot_token.get_secret_value():
        return []
    async with _channel(settings, "telegram") as channel:
        if not isinstance(channel, Telegram):
            return [bad("telegram", "the token is of another form", "Copy TELEGRAM_BOT_TOKEN again from BotFather.")]
        try:
            me = await channel.bot.get_me()
            info = await channel.bot.get_webhook_info()
        except InvalidToken:
            mend = "Set TELEGRAM_BOT_TOKEN to the token that BotFather shows."
            return [bad("telegram", "Telegram refuses the token", mend)]
        except NetworkError:
            mend = f"Check TELEGRAM_API_URL ({settings.telegram_api_url}) and this machine's way out."
            return [bad("telegram", "Telegram can't be reached", mend)]
        except TelegramError as error:
            return [bad("telegram", f"Telegram refuses to answer ({type(error).__name__})", "Try again later.")]
    return [good("telegram", f"Telegram knows the bot as @{me.username}"), *_webhook(settings, info)]


def _webhook(settings: Settings, info: WebhookInfo) -> Iterator[Finding]:
    if settings.telegram_mode == "polling":
        if info.url:
            mend = "Set TELEGRAM_MODE=webhook, or remove it: call deleteWebhook of the Bot API once."
            yield bad("telegram", "TELEGRAM_MODE is polling, but a webhook is set: no message will come", mend)
        else:
            yield good("telegram", "messages are asked for (polling)")
        return
    if not settings.telegram_webhook_secret.get_secret_value():
        mend = "Set it to 32 or more of A-Z a-z 0-9 _ -, chosen by chance."
        yield bad("telegram", "TELEGRAM_WEBHOOK_SECRET is missing", mend)
    yield from _public(settings, "telegram")
    wanted = f"{settings.address}/telegram"
    if info.url != wanted:
        found = urlsplit(info.url).netloc or "nowhere"
        mend = f"Start `sanad serve` (or `worker`), which sets it to {wanted}; check PUBLIC_URL."
        yield bad("telegram", f"Telegram brings messages to {found}, not to {wanted}", mend)
        return
    pending = info.pending_update_count or 0
    if info.last_error_message and pending:
        mend = f"See that {wanted} can be reached from outside, with a valid certificate."
        yield bad("telegram", f"{pending} messages wait; Telegram's last error: {info.last_error_message}", mend)
    elif pending > _MANY_PENDING:
        yield bad("telegram", f"{pending} messages wait at Telegram", "See that `sanad serve` runs and keeps up.")
    else:
        yield good("telegram", f"Telegram brings messages to {wanted}; {pending} wait")


def _public(settings: Settings, about: str) -> Iterator[Finding]:
    if not settings.public_url:
        yield bad(
            about, "PUBLIC_URL is missing", "Set it to the https address by which the platforms reach this server."
        )
    elif urlsplit(settings.public_url).scheme != "https":
        yield bad(about, "PUBLIC_URL is not https", "Put a certificate before this server; platforms call https only.")


async def whatsapp_findings(settings: Settings) -> list[Finding]:
    """Account and settings, where Twilio is set up."""
    if not settings.twilio_account_sid:
        return []
    if not settings.twilio_auth_token.get_secret_value():
        return [bad("whatsapp", "TWILIO_AUTH_TOKEN is missing", "Copy it from Twilio's console.")]
    findings = list(_public(settings, "whatsapp"))
    if not settings.twilio_whatsapp_from:
        mend = "Set it to the sender's number, + and digits."
        findings.append(bad("whatsapp", "TWILIO_WHATSAPP_FROM is missing", mend))
    async with _channel(settings, "whatsapp") as channel:
        return [await _account(settings, channel), *findings]


async def voice_findings(settings: Settings) -> list[Finding]:
    """The number that calls come from, where one is set."""
    sender = settings.twilio_voice_from
    if not sender:
        return []
    if not settings.twilio_account_sid:
        mend = "Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_FROM, or remove TWILIO_VOICE_FROM."
        return [bad("voice", "TWILIO_VOICE_FROM is set, but no Twilio account: nobody is called", mend)]
    findings = list(_public(settings, "voice"))
    if phone(sender) != sender:
        mend = "Set it to a number of the account that may make calls, + and digits, without spaces."
        findings.append(bad("voice", "TWILIO_VOICE_FROM is no telephone number", mend))
    if not findings:
        door = f"{settings.address}/voice"
        findings.append(good("voice", f"calls ask {door} what to say; Twilio must allow calls to your countries"))
    return findings


async def _account(settings: Settings, channel: Channel | None) -> Finding:
    from bot.channels.whatsapp.channel import WhatsApp  # noqa: PLC0415 - twilio only where it is used

    try:
        taken = isinstance(channel, WhatsApp) and await channel.check()
    except _UNREACHED:
        mend = f"Check TWILIO_API_URL ({settings.twilio_api_url}) and this machine's way out."
        return bad("whatsapp", "Twilio can't be reached", mend)
    if not taken:
        mend = "Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN again from Twilio's console."
        return bad("whatsapp", "Twilio refuses the account's sid or token", mend)
    door = f"{settings.address}/whatsapp"
    return good("whatsapp", f"Twilio takes the token. In its console, the sender's webhook must be {door} (POST)")


@asynccontextmanager
async def _channel(settings: Settings, name: str) -> AsyncIterator[Channel | None]:
    """One channel as a running Sanad would have it; None where it can't even be made."""
    logs.configure()
    alone = {"twilio_account_sid": ""} if name == "telegram" else {"telegram_bot_token": SecretStr("")}
    try:
        channel = open_channels(settings.model_copy(update=alone), chance.now).get(name)
    except (InvalidToken, ValueError):
        channel = None
    try:
        yield channel
    finally:
        if channel is not None:
            await channel.close()
