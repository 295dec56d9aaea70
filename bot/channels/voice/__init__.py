"""Telephone calls by Twilio: rings who is on call, asks for her PIN and hears two keys. It never says what it is about.

Nothing is imported here: who only answers Twilio's webhooks needn't load the SDK's client.
"""
