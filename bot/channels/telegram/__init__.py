"""Telegram: reads its updates, sends letters, fetches files. It never decides what a message means."""

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.polling import poll
from bot.channels.telegram.understanding import read, understand

__all__ = ["Telegram", "poll", "read", "understand"]
