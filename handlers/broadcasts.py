"""Broadcasts. Being written (issue 5)."""

from __future__ import annotations

from storage.unit import Unit


def tapped(unit: Unit, run: int, channel: str, address: str) -> None:
    """Count a tap."""
    del unit, run, channel, address
