"""What a receipt states and how it is spelled: entries of a report with this fingerprint were here at this time.

It holds no code, name, address or word, and whoever reads it learns nothing but that something was received.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.vault import Vault

_BEGINS = "SND1"
_FORMAT = b"sanad receipt 1\0"
_FIXED = struct.Struct(">QQI32s")
_SIGNATURE = 64
_SHAPE = re.compile(rf"{_BEGINS}\.([A-Za-z0-9_-]+)")


class NoReceipt(Exception):
    """These characters are no receipt, or not the whole of it. Copy the line again, from SND1 to its end."""


class NotSigned(Exception):
    """The signature is not that of the key it names: something of it was changed, or the key is another one's."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is stated. Times are whole seconds, UTC."""

    fingerprint: bytes
    """SHA-256 over the sealed entries, in the order in which they came: see `fingerprint`."""
    entries: int
    """How many sealed entries it is of: those that came later are not in it."""
    opened_at: datetime
    """When the first of them was received."""
    at: datetime
    """When the receipt was given: all of them were here by then."""
    key_id: str = ""


def fingerprint(bodies: Iterable[bytes]) -> bytes:
    """SHA-256 over sealed entries in their order, each with its length before it (8 bytes)."""
    summed = hashlib.sha256(_FORMAT)
    for body in bodies:
        summed.update(len(body).to_bytes(8) + body)
    return summed.digest()


def spell(receipt: Receipt, vault: Vault) -> str:
    """The receipt as one line, signed with the newest key (Ed25519). It begins with a Latin letter (arabic.md 3.3)."""
    key_id, sign = vault.attester()
    times = (int(moment.timestamp()) for moment in (receipt.opened_at, receipt.at))
    said = _FIXED.pack(*times, receipt.entries, receipt.fingerprint)
    said += key_id.encode()
    return f"{_BEGINS}.{_encoded(sign(_FORMAT + said) + said)}"


def read(line: str, keys: Mapping[str, bytes]) -> Receipt:
    """What a line states, once its signature is checked with `keys` (public bytes by id; "" stands for any id).

    Raises `NoReceipt` or `NotSigned`. Spaces and line breaks that a phone put in are passed over.
    """
    signature, said = _parted("".join(line.split()))
    opened_at, at, entries, summed = _FIXED.unpack(said[: _FIXED.size])
    key_id = said[_FIXED.size :].decode("ascii", "replace")
    public = keys.get(key_id) or keys.get("")
    if public is None:
        raise NotSigned(f"It names the key {key_id!r}, which is not among those given.")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _FORMAT + said)
    except (InvalidSignature, ValueError):
        raise NotSigned("The signature is not that key's: something of the line was changed.") from None
    return Receipt(summed, entries, _moment(opened_at), _moment(at), key_id)


def _parted(line: str) -> tuple[bytes, bytes]:
    found = _SHAPE.fullmatch(line)
    try:
        raw = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)) if found else b""
    except (binascii.Error, ValueError):
        raw = b""
    is_whole = found is not None and _encoded(raw) == found[1]  # base64 lets the last letter be another one
    if not is_whole or len(raw) < _SIGNATURE + _FIXED.size:
        raise NoReceipt("These characters are no whole receipt. Copy the line again, from SND1 to its end.")
    return raw[:_SIGNATURE], raw[_SIGNATURE:]


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        raise NoReceipt("It names a time that can't be. Copy the line again, from SND1 to its end.") from None
