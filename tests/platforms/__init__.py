"""Telegram and Twilio as real HTTP servers on this machine, with persons who hold phones.

They never patch the project's code and never reach the internet.
"""
