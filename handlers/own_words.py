"""Tells whether what she wrote is a word of her own. A word is stretched by Argon2id and kept as nothing else.

Stretching takes time on purpose, so it is done beside the one writer: `receive` asks for it by `WantsWord`.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Literal

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from flows.core import OwnWord
from handlers.draw import World
from messages.arabic import tokens
from storage import chats, words
from storage.unit import Unit

LONGEST = 6
"""Words of the longest word of her own."""
_LETTERS = 80
_MEMORY, _TIMES, _LANES = 19 * 1024, 2, 1
"""OWASP's password storage cheat sheet: 19 MiB, two iterations, one lane. About 25 ms."""


class WantsWord(Exception):
    """This message may be a word of hers: stretch it for `person`, and receive it again with the outcome."""

    def __init__(self, person: int) -> None:
        super().__init__("a word of hers is to be stretched")
        self.person = person


def could_be(said: str) -> bool:
    """Whether a message is short enough to be a word of hers."""
    return len(said) <= _LETTERS and 0 < len(tokens(said)) <= LONGEST


def stretch(said: str, person: int) -> bytes:
    """What is kept of a word: 32 bytes, the same however it is spelled (harakat, hamzas, spaces, digits)."""
    salt = sha256(b"sanad own word" + person.to_bytes(8)).digest()[:16]
    kdf = Argon2id(salt=salt, length=32, iterations=_TIMES, lanes=_LANES, memory_cost=_MEMORY)
    return kdf.derive(" ".join(tokens(said)).encode("utf-8", "replace"))


def whose(unit: Unit, person: int) -> int:
    """Whose words count in this chat: her own, or where she set none here, those of her other chat."""
    if words.of_person(unit, person):
        return person
    return next((other for other in chats.others(unit, person) if words.of_person(unit, other)), person)


def judge(unit: Unit, owner: int, stretched: bytes) -> Literal[OwnWord, "other"]:
    """Which word of hers it is."""
    for kind, kept in words.of_person(unit, owner).items():
        if hmac.compare_digest(kept, stretched):
            return kind
    return "other"


def keep(unit: Unit, owner: int, kind: OwnWord, stretched: bytes, world: World) -> None:
    """Keep a word that she chose."""
    words.put(unit, owner, kind, stretched, world.now)
