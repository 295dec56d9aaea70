"""Recovers a member's cases in three steps: a request on the server, re-sealing on an offline machine, the answer back.

The recovery key is joined from its shares for the length of one command, on a machine that needs no database.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import typer

from bot import chance
from bot.commands import recovery_file, share_page, shares
from bot.commands.opened import opened
from bot.commands.outcome import Problem, WrongWords, remark, result
from bot.commands.progress import bar
from bot.commands.recovery_file import shown
from bot.commands.staff import found
from bot.settings import Settings
from handlers import recovery
from handlers.recovery import ANSWER, REQUEST, VERSION, Answer, Refused, Request, Share
from storage import staff
from storage.cases import seed_place
from storage.seal import open_with, public_key, seal_to
from storage.unit import Unit
from storage.vault import Unreadable


async def export(settings: Settings, name: str, out: Path) -> None:
    """Write a request for a member's new key. Raises `WrongWords` or `Problem`."""
    _refuse_existing(out)
    number, now = chance.number(), chance.now()

    def ask(unit: Unit) -> tuple[bytes, Request]:
        return recovery.ask(unit, found(name, staff.members(unit)), number, now)

    async with opened(settings) as store:
        try:
            written, request = await store.write(ask)
        except Refused as error:
            raise Problem(str(error)) from None
    _write(out, written)
    cases = {share.case for share in request.shares}
    result(f"{out}: {len(cases)} cases of {request.name}, for her key {shown(request.public_key)}")
    remark(
        f"Take {out} to the offline machine, and call her: the fingerprint above must be the one that her desk shows "
        "under My account. Then, there: sanad recover seal"
    )


def seal(request_file: Path, folder: Path | None, key_file: Path | None, out: Path, *, sure: bool) -> None:
    """Re-seal what was asked for to her new key, where the recovery key is. Raises `WrongWords` or `Problem`."""
    _refuse_existing(out)
    written = _read(request_file)
    request = _request(request_file, written)
    seed = _seed(folder, key_file)
    mine = [share for share in request.shares if request.recovery_keys.get(share.reader) == public_key(seed)]
    if not mine:
        others = "; ".join(sorted(shown(key) for key in request.recovery_keys.values()))
        raise Problem(
            f"This recovery key is {shown(public_key(seed))}. What was asked for is sealed to: {others}. "
            "Use the shares of that one."
        )
    _preview(request, mine)
    if not sure and not typer.confirm("Has she read this fingerprint to you herself?", default=False, err=True):
        raise Problem("Nothing was sealed.")
    sealed = _reseal(request, mine, seed)
    _write(out, msgspec.json.encode(Answer(ANSWER, VERSION, request.number, recovery.digest(written), tuple(sealed))))
    result(f"{out}: {len({share.case for share in sealed})} cases, sealed to {shown(request.public_key)} alone.")
    if len(sealed) < len(request.shares):
        remark(f"{len(request.shares) - len(sealed)} keys were left out: see above, or they belong to an older key.")
    remark(f"Take {out} to the server: sanad recover import {out}. Put the paper shares back in their places.")


async def take_in(settings: Settings, answer_file: Path) -> None:
    """Keep an answer on the server. Raises `WrongWords` or `Problem`; then nothing is kept."""
    try:
        answer = msgspec.json.decode(_read(answer_file), type=Answer)
    except (msgspec.MsgspecError, ValueError):
        raise WrongWords(f"{answer_file} is no answer as `sanad recover seal` writes it.") from None
    if (answer.kind, answer.version) != (ANSWER, VERSION) or not answer.shares:
        raise WrongWords(f"{answer_file} is no answer as `sanad recover seal` writes it.")
    async with opened(settings) as store:
        try:
            name, count = await store.write(recovery.accept, answer, chance.now())
        except Refused as error:
            raise Problem(str(error)) from None
    result(f"{name} can open {count} cases again, with her new passphrase.")
    remark(f"{answer_file} and its request may be deleted.")


def _seed(folder: Path | None, key_file: Path | None) -> bytes:
    """The recovery key's private half: from a folder of shares, from a key file, or typed."""
    if folder is not None and key_file is not None:
        raise WrongWords("Give --shares or --key, not both.")
    if key_file is not None:
        return recovery_file.read(key_file).seed
    if folder is not None:
        return shares.join(share_page.read(folder))
    return shares.ask(lambda said: str(typer.prompt(said, err=True)), remark)


def _request(path: Path, written: bytes) -> Request:
    broken = WrongWords(f"{path} is no request as `sanad recover export` writes it.")
    try:
        request = msgspec.json.decode(written, type=Request)
    except (msgspec.MsgspecError, ValueError):
        raise broken from None
    if (request.kind, request.version) != (REQUEST, VERSION):
        raise broken
    return request


def _preview(request: Request, mine: list[Share]) -> None:
    """Say who is being given what, before it is given."""
    remark(f"Who:      {request.name}")
    remark(f"Her key:  {shown(request.public_key)}")
    remark(f"Asked on: {request.made_at:%Y-%m-%d %H:%M} UTC")
    remark(f"Cases:    {len({share.case for share in mine})}")


def _reseal(request: Request, mine: list[Share], seed: bytes) -> list[Share]:
    sealed = []
    with bar("sealing", len(mine)) as step:
        for share in mine:
            try:
                inner = open_with(seed, seed_place(share.case, share.epoch, share.reader), share.sealed)
            except Unreadable:
                remark("One key of a case does not open: it was changed since it was sealed. It is left out.")
                continue
            place = seed_place(share.case, share.epoch, request.reader)
            sealed.append(Share(share.case, share.epoch, request.reader, seal_to(request.public_key, place, inner)))
            step(1)
    if not sealed:
        raise Problem("No key opens: the request was changed on its way. Write it again on the server.")
    return sealed


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WrongWords(f"{path} can't be read: {error.strerror}.") from None


def _refuse_existing(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise WrongWords(f"{path} exists, and is not overwritten. Name another file with --out.")


def _write(path: Path, content: bytes) -> None:
    """Write a new file, the owner's alone."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
