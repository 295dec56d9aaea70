"""The ways to people and back: Telegram and WhatsApp. They carry messages; they never decide what one means."""
