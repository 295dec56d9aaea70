"""WhatsApp by Twilio: reads its webhooks, sends letters, fetches files. It never decides what a message means."""

from bot.channels.whatsapp.channel import WhatsApp
from bot.channels.whatsapp.status import StatusChange, status_outcome
from bot.channels.whatsapp.templates import Templates
from bot.channels.whatsapp.understanding import read, understand

__all__ = ["StatusChange", "Templates", "WhatsApp", "read", "status_outcome", "understand"]
