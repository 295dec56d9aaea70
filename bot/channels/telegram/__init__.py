"""Telegram: reads its updates, sends letters, fetches files. It never decides what a message means.

Nothing is imported here: who only reads updates needn't load python-telegram-bot.
"""
