"""Checks receipts, and shows the public key by which anybody can. It needs no database where the key is given."""

from __future__ import annotations

import base64
import binascii
from typing import NoReturn

from bot.commands.opened import opened
from bot.commands.outcome import Problem, WrongWords, remark, result
from bot.settings import Settings
from handlers import receipts
from storage.attest import NoReceipt, NotSigned, Receipt, read

_KEY = 32


async def show_keys(settings: Settings) -> None:
    """Print each public key as id:base64, to be published where receipts may be checked."""
    async with opened(settings) as store:
        for key_id, public in (await store.read(receipts.keys)).items():
            result(f"{key_id}:{base64.b64encode(public).decode()}")
    remark("Publish these lines. With one of them anybody checks: sanad receipt verify LINE --key ID:BASE64")


async def verify(settings: Settings, line: str, key: str = "", code: str = "") -> None:
    """Say what a receipt states. Raises `Problem` where it is none of ours, `WrongWords` where the key is off."""
    if key and not code:
        _state(_read(line, _given(key)))
        return
    async with opened(settings) as store:
        receipt = _read(line, _given(key) if key else await store.read(receipts.keys))
        _state(receipt)
        code = code.strip().upper()
        if code and not await store.read(receipts.matches, receipt, code):
            raise Problem(
                f"The receipt is genuine, but it is not of what {code} holds in this database: another case, or one "
                "whose entries were changed or destroyed since."
            )
    if code:
        result(f"It is of the first {receipt.entries} sealed entries of {code}, unchanged.")


def _given(key: str) -> dict[str, bytes]:
    """A key as `sanad receipt keys` prints it; the id may be left out."""
    name, _, encoded = key.rpartition(":")
    try:
        public = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        public = b""
    if len(public) != _KEY:
        raise WrongWords("--key wants a line of `sanad receipt keys`: id:base64 with 32 bytes.")
    return {name: public}


def _read(line: str, keys: dict[str, bytes]) -> Receipt:
    try:
        return read(line, keys)
    except (NoReceipt, NotSigned) as refused:
        _refuse(refused)


def _refuse(refused: Exception) -> NoReturn:
    raise Problem(f"This is not a receipt that holds. {refused}") from None


def _state(receipt: Receipt) -> None:
    result("The receipt holds: nothing of it was changed.")
    result(f"Received from {receipt.opened_at:%Y-%m-%d %H:%M} UTC on, all of it by {receipt.at:%Y-%m-%d %H:%M} UTC.")
    result(f"Sealed entries: {receipt.entries}. Fingerprint (SHA-256): {receipt.fingerprint.hex()}")
    result(f"Signed with key {receipt.key_id}.")
