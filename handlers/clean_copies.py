"""Makes a copy of each picture without place, time and camera, and keeps that alone where she wants it so."""

from __future__ import annotations

from storage.unit import Unit


def keep_only(unit: Unit, person: int, numbers: tuple[int, ...]) -> None:
    """Destroy the originals of these pictures of hers; their clean copies stay."""
