"""Seals what routing needs with the server's keys, each value bound to its place; finds people without their address.

It never holds a key that opens a case.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

_VERSION = 1
_NONCE = 12
_KEY = 32


class KeysUnusable(Exception):
    """SANAD_KEYS can't be used. The message says what is wrong with it and how to mend it."""


class Unreadable(Exception):
    """A sealed value doesn't open: another key, another place, or changed bytes. The message never holds the value."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives. It opens nowhere else."""

    table: str
    column: str
    row: str

    def bound(self) -> bytes:
        """The associated data: place and format version."""
        return f"sanad:{_VERSION}:{self.table}.{self.column}:{self.row}".encode()


@dataclass(frozen=True, slots=True)
class Key:
    """One server key: its id stands in every value it sealed."""

    id: str
    secret: bytes


def read_ring(lines: str) -> tuple[Key, ...]:
    """Read keys as `sanad keys new` prints them, `id:base64`, by comma or line, newest first.

    Raises `KeysUnusable` on anything malformed: a broken list is never half used.
    """
    words = [word.strip() for word in lines.replace(",", "\n").splitlines()]
    keys = tuple(_read_key(number, word) for number, word in enumerate(filter(None, words), 1))
    if not keys:
        raise KeysUnusable("There is no server key. Make one with `sanad keys new` and put the line in SANAD_KEYS.")
    if len({key.id for key in keys}) < len(keys):
        raise KeysUnusable("Two server keys in SANAD_KEYS have the same id. Remove one of them.")
    return keys


def _read_key(number: int, word: str) -> Key:
    name, _, encoded = word.partition(":")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not (name.isascii() and name.isalnum() and len(name) <= 16 and len(secret) == _KEY):  # noqa: PLR2004
        raise KeysUnusable(
            f"Server key {number} in SANAD_KEYS is not of the form id:base64 with 32 bytes. "
            "Copy the line again just as `sanad keys new` printed it."
        )
    return Key(name, secret)


def write_key(key: Key) -> str:
    """The line that `sanad keys new` prints."""
    return f"{key.id}:{base64.b64encode(key.secret).decode()}"


class Vault:
    """Seals with the newest key of the ring and opens with any of them."""

    def __init__(self, ring: tuple[Key, ...], random_bytes: Callable[[int], bytes]) -> None:
        self._random = random_bytes
        self._sealers = {key.id: AESGCM(_derive(key, b"sanad seal")) for key in ring}
        self._finders = tuple(_derive(key, b"sanad blind index") for key in ring)
        self._newest = ring[0].id
        self._attesters = {
            key.id: Ed25519PrivateKey.from_private_bytes(_derive(key, b"sanad receipts")) for key in ring
        }
        self._signers = {key.id: Ed25519PrivateKey.from_private_bytes(_derive(key, b"sanad audit log")) for key in ring}
        self._head = bytes([_VERSION, len(self._newest)]) + self._newest.encode()

    def seal(self, place: Place, plain: bytes) -> bytes:
        """Seal `plain` for its place. Layout: version, length of key id, key id, nonce, padded value's ciphertext."""
        nonce = self._random(_NONCE)
        return self._head + nonce + self._sealers[self._newest].encrypt(nonce, pad(plain), place.bound())

    def open(self, place: Place, sealed: bytes) -> bytes:
        """Open a value in its place. Raises `Unreadable`."""
        if len(sealed) < 2 or sealed[0] != _VERSION:  # noqa: PLR2004
            raise Unreadable(f"{place.table}.{place.column} holds a value of an unknown format.")
        start = 2 + sealed[1]
        sealer = self._sealers.get(sealed[2:start].decode("ascii", "replace"))
        if sealer is None:
            raise Unreadable(f"{place.table}.{place.column} was sealed with a server key that is not in SANAD_KEYS.")
        try:
            plain = sealer.decrypt(sealed[start : start + _NONCE], sealed[start + _NONCE :], place.bound())
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"{place.table}.{place.column} does not open in its place.") from error
        return unpad(plain)

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """Sign with the newest key's Ed25519 half, which does nothing else: the key's id, and 64 bytes."""
        return self._newest, self._signers[self._newest].sign(message)

    def signing_key(self) -> tuple[str, bytes]:
        """The newest key's id, and the 32 public bytes that its signatures are checked with."""
        return self._newest, self.signing_keys()[self._newest]

    def signing_keys(self) -> dict[str, bytes]:
        """Every key's id and public bytes, as far as the ring holds it: what `signing_key` gave while it was newest."""
        return {name: signer.public_key().public_bytes_raw() for name, signer in self._signers.items()}

    def attester(self) -> tuple[str, Callable[[bytes], bytes]]:
        """The newest key's id, and its Ed25519 half that signs receipts and nothing else (`storage.attest`)."""
        return self._newest, self._attesters[self._newest].sign

    def attesting_keys(self) -> dict[str, bytes]:
        """By key id, the 32 public bytes that receipts are checked with."""
        return {name: signer.public_key().public_bytes_raw() for name, signer in self._attesters.items()}

    def index(self, what: str) -> bytes:
        """The blind index under which `what` is stored: HMAC-SHA256 with a key of its own, 32 bytes."""
        return hmac.digest(self._finders[0], what.encode(), "sha256")

    def indexes(self, what: str) -> tuple[bytes, ...]:
        """Every blind index under which `what` may be stored, newest key first."""
        return tuple(hmac.digest(finder, what.encode(), "sha256") for finder in self._finders)


def pad(plain: bytes) -> bytes:
    """Pad to 64 bytes at least, then so that a size betrays only its order (PADMÉ: at most 12 % more).

    Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019.
    """
    wanted = max(64, len(plain) + 1)
    exponent = wanted.bit_length() - 1
    kept_bits = exponent - exponent.bit_length()
    mask = (1 << kept_bits) - 1
    return plain + b"\x80" + bytes(((wanted + mask) & ~mask) - len(plain) - 1)


def unpad(padded: bytes) -> bytes:
    """Take padding off again. Raises `Unreadable` where there is none."""
    plain, mark, _ = padded.rpartition(b"\x80")
    if not mark:
        raise Unreadable("A sealed value has no padding.")
    return plain


def fingerprint(data: bytes) -> str:
    """SHA-256 in hex, to compare keys by eye and files by machine."""
    return hashlib.sha256(data).hexdigest()


_SHOWN = 32
"""Hexadecimal digits of a fingerprint that people compare: 128 bits."""


def shown(public: bytes) -> str:
    """A public key's fingerprint in groups of four, to be compared by eye and by voice."""
    digits = fingerprint(public)[:_SHOWN]
    return " ".join(digits[at : at + 4] for at in range(0, _SHOWN, 4))


def _derive(key: Key, purpose: bytes) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=_KEY, info=purpose).derive(key.secret)
