"""Turns what is kept into bytes and back: JSON by msgspec, so that another release, or a person, can read it.

It never seals and never reads a database.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_encoder = msgspec.json.Encoder()
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: object) -> bytes:
    """A value (dataclasses, structs, dates, mappings, tuples) as UTF-8 JSON."""
    return _encoder.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """The value back. Raises `msgspec.ValidationError` where the bytes are of another shape."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    return decoder.decode(data)  # type: ignore[no-any-return]
