"""What Twilio keeps: messages and media as resources of its REST API.

It never decides who may see them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

VERSION = "2010-04-01"


def rfc2822(at: float | None) -> str | None:
    """A moment as Twilio writes it."""
    return None if at is None else format_datetime(datetime.fromtimestamp(at, UTC))


@dataclass(slots=True)
class Media:
    """One file that came with a message and stays until it is deleted."""

    sid: str
    message: str
    data: bytes
    content_type: str
    created: float

    def view(self, account: str) -> dict[str, Any]:
        """The file as JSON."""
        return {
            "sid": self.sid,
            "account_sid": account,
            "parent_sid": self.message,
            "content_type": self.content_type,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.created),
            "uri": f"/{VERSION}/Accounts/{account}/Messages/{self.message}/Media/{self.sid}.json",
        }


@dataclass(slots=True)
class Record:
    """One message as Twilio keeps it; times in seconds of the emulator's clock."""

    sid: str
    sender: str
    to: str
    body: str
    status: str
    direction: str
    created: float
    callback: str | None = None
    error_code: int | None = None
    media: int = 0
    service: str | None = None
    request: dict[str, str] = field(default_factory=dict)
    attached: Media | None = None
    """What went out with it, as it was fetched."""

    def view(self, account: str) -> dict[str, Any]:
        """The message as JSON."""
        uri = f"/{VERSION}/Accounts/{account}/Messages/{self.sid}"
        sent = None if self.status in {"queued", "accepted", "scheduled"} else rfc2822(self.created)
        return {
            "sid": self.sid,
            "account_sid": account,
            "messaging_service_sid": self.service,
            "from": self.sender,
            "to": self.to,
            "body": self.body,
            "status": self.status,
            "direction": self.direction,
            "num_segments": "1",
            "num_media": str(self.media),
            "error_code": self.error_code,
            "error_message": None,
            "price": None,
            "price_unit": None,
            "api_version": VERSION,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.created),
            "date_sent": sent,
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }
