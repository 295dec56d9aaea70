"""WhatsApp by Twilio: reads its webhooks, sends letters, fetches files. It never decides what a message means.

Nothing is imported here: who only reads webhooks needn't load the SDK.
"""
