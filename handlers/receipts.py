"""Makes receipts: a signed statement that something with this fingerprint was received at this time."""

from __future__ import annotations

from handlers.cases import Sealing
from messages import Text


def give(sealing: Sealing, code: str, person: int) -> Text | None:
    """The receipt for one of her reports; None where it is not hers."""
