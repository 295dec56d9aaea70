"""Letters and moments for the tests of the channels. It holds nothing that a real person wrote."""

from datetime import UTC, datetime
from typing import Any

from handlers.channel import Button, Outgoing

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def letter(**changed: Any) -> Outgoing:
    """A letter to Amal, changed as the test needs it."""
    return Outgoing(**{"key": "letter-1", "address": "1001", "text": "مرحبا", **changed})


def buttons(*labels: str) -> tuple[Button, ...]:
    """Buttons with these labels and keys b1, b2 …"""
    return tuple(Button(f"b{number}", label) for number, label in enumerate(labels, 1))
