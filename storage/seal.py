"""Seals what belongs to a case so that only its readers open it, and splits files into sealed parts.

The server calls `seal_to` with public keys; `open_with` runs where a reader's key is, never on the path of a message.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from storage.vault import Place, Unreadable, pad, unpad

SEED = 32
"""Bytes of a private key as it travels."""
PART = 256 * 1024
"""Bytes of a file in one sealed part."""
_MLKEM_PUBLIC = 1184
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def public_key(seed: bytes) -> bytes:
    """The public half (1216 bytes: ML-KEM-768, then X25519) of the private half that `seed` stands for."""
    kem, curve = _halves(seed)
    return kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def seal_to(public: bytes, place: Place, plain: bytes) -> bytes:
    """Seal a padded value to a public key, bound to its place by HPKE's info (RFC 9180, MLKEM768-X25519)."""
    return _SUITE.encrypt(pad(plain), _public(public), info=place.bound())


def open_with(seed: bytes, place: Place, sealed: bytes) -> bytes:
    """Open a value with the private half. Raises `Unreadable` where the key or the place doesn't fit."""
    kem, curve = _halves(seed)
    try:
        return unpad(_SUITE.decrypt(sealed, MLKEM768X25519PrivateKey(kem, curve), info=place.bound()))
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"This key does not open {place.table}.{place.column}.") from error


@lru_cache(maxsize=1024)
def _public(public: bytes) -> MLKEM768X25519PublicKey:
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
    )


def _halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """Expand a seed as the X-Wing draft does (draft-connolly-cfrg-xwing-kem): SHAKE256 to 64 + 32 bytes."""
    expanded = hashlib.shake_256(seed).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])


@dataclass(frozen=True, slots=True)
class FileKey:
    """A file's own AES-256 key. Whoever has it opens the file's parts and nothing else."""

    file: int
    secret: bytes

    def seal_part(self, part: int, plain: bytes) -> bytes:
        """Seal one part. The nonce is the part's number: a key seals each part of its one file once."""
        return AESGCM(self.secret).encrypt(part.to_bytes(12), plain, self._bound(part))

    def open_part(self, part: int, sealed: bytes) -> bytes:
        """Open one part. Raises `Unreadable`."""
        try:
            return AESGCM(self.secret).decrypt(part.to_bytes(12), sealed, self._bound(part))
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"Part {part} of a file does not open.") from error

    def _bound(self, part: int) -> bytes:
        return Place("file_parts", "body", f"{self.file}/{part}").bound()
