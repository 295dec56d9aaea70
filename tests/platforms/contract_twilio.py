"""Twilio's side of the contract: what CreateMessage takes, the statuses of a message, and the codes of what goes wrong.

It holds facts only and never acts. From the public description of api_v2010 and Twilio's list of error codes.
"""

from __future__ import annotations

import re

ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
APPLICATION = re.compile(r"AP[0-9a-fA-F]{32}")
CONTENT = re.compile(r"HX[0-9a-fA-F]{32}")
WHATSAPP = re.compile(r"whatsapp:\+[1-9]\d{6,14}")
E164 = re.compile(r"\+[1-9]\d{6,14}")
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")

# Fields of CreateMessage; only To is required of all, From or MessagingServiceSid is checked beside.
CREATE_MESSAGE: dict[str, type | re.Pattern[str]] = {
    "To": str,
    "From": str,
    "Body": str,
    "MediaUrl": str,
    "ContentSid": CONTENT,
    "ContentVariables": str,
    "StatusCallback": str,
    "MessagingServiceSid": SERVICE,
    "ApplicationSid": APPLICATION,
    "PersistentAction": str,
    "ProvideFeedback": bool,
    "Attempt": int,
    "ValidityPeriod": int,
    "ForceDelivery": bool,
    "ContentRetention": str,
    "AddressRetention": str,
    "SmartEncoded": bool,
    "TrafficType": str,
    "ShortenUrls": bool,
    "ScheduleType": str,
    "SendAt": str,
    "SendAsMms": bool,
    "RiskCheck": str,
    "FallbackFrom": str,
    "MaxPrice": str,
}

STATUSES = (
    "accepted",
    "scheduled",
    "queued",
    "sending",
    "sent",
    "delivered",
    "read",
    "receiving",
    "received",
    "failed",
    "undelivered",
    "canceled",
    "partially_delivered",
)
UNFINISHED = frozenset({"accepted", "scheduled", "queued", "sending"})

# Characters.
BODY_LENGTH = 1600
BUTTON_TITLE = 20
ROW_TITLE = 24
QUICK_REPLY_BODY = 1024
# Counts.
BUTTONS = 3
ROWS = 10
MEDIA = 1
RETRIES = 1
RETRIES_MOST = 5
# Seconds.
WINDOW = 24 * 3600
MEDIA_LINK_LIVES = 4 * 3600
CONNECT_WITHIN = 5.0
ANSWER_WITHIN = 15.0

# Refused at once: HTTP status and message.
REFUSALS: dict[int, tuple[int, str]] = {
    20001: (400, "Parameter '{what}' is not valid"),
    20003: (401, "Authenticate"),
    20009: (409, "Cannot delete message because delivery has not been completed."),
    20404: (404, "The requested resource {what} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21205: (400, "Url is not a valid URL: {what}"),
    21211: (400, "Invalid 'To' Phone Number: {what}"),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21609: (400, "The 'StatusCallback' URL {what} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21619: (400, "A text message body or media urls must be specified."),
    21620: (400, "Invalid media URL(s)"),
    21623: (400, "Number of media files exceeds allowed limit."),
    21655: (400, "The ContentSid is Invalid"),
    21656: (400, "The ContentVariables Parameter is invalid"),
    21658: (400, "The Content Variables exceed the 1600 character limit"),
    21910: (400, "'From' and 'To' must be of the same channel"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
}

# Bytes of the largest file that goes out by WhatsApp.
MEDIA_BYTES = 16 * 1024 * 1024

# Told later, by status callback: the status the message ends in.
LATER: dict[int, str] = {
    63003: "undelivered",
    63005: "undelivered",
    63013: "failed",
    63014: "failed",
    63016: "failed",
    63017: "failed",
    63018: "failed",
    63019: "failed",
    63024: "undelivered",
    63027: "failed",
    63028: "failed",
    63032: "undelivered",
    63033: "undelivered",
    63034: "failed",
    63041: "failed",
    63049: "undelivered",
}
