"""Makes server keys and recovery keys, and rewrites what older server keys sealed.

It never keeps a private half: it prints or writes it once, for whoever asked.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import chance
from bot.commands import outcome, recovery_file, share_page, shares
from bot.commands.opened import opened, opened_without_keys
from bot.commands.outcome import Problem, remark, result
from bot.commands.recovery_file import RecoveryKey, shown
from bot.settings import Settings
from storage import audit, canary, cases, readers, rotation
from storage.inventory import Personal
from storage.readers import Reader
from storage.seal import SEED
from storage.store import Store
from storage.unit import Unit
from storage.vault import Key, write_key

_ID_BYTES = 3
_KEY_BYTES = 32
_PASSES = 3
"""Looks at all columns: what the server rewrote under our hands in one is newest in the next."""


def new() -> None:
    """Print one fresh server key."""
    result(write_key(Key(chance.random_bytes(_ID_BYTES).hex(), chance.random_bytes(_KEY_BYTES))))
    if sys.stdout.isatty():
        remark("Put this line first in SANAD_KEYS (before the earlier ones, with a comma) and restart every process.")


async def rotate(settings: Settings) -> None:
    """Rewrite everything that older server keys sealed. Raises `Problem` where something is left."""
    newest, *older = (key.id for key in settings.ring())
    async with opened(settings) as store:
        unreadable, remaining = 0, 1
        for _ in range(_PASSES):
            if remaining > unreadable:
                unreadable = await _rewrite_all(store)
                remaining = sum([await store.read(rotation.left, column) for column in rotation.COLUMNS])
        while await store.write(rotation.forget_readers):
            pass
        if not remaining:
            await store.write(canary.keep)
            await store.write(audit.record, chance.now(), "keys:rotated")
    if remaining:
        raise Problem(_what_is_left(remaining, unreadable))
    result(f"Everything is sealed with key {newest}.")
    if older:
        names = ", ".join(older)
        remark(
            f"Once every running process has {newest} first in SANAD_KEYS, {names} may be removed from it. "
            f"Backups made before now still need {names}: keep it with them, offline, for as long as you keep them."
        )


def _what_is_left(remaining: int, unreadable: int) -> str:
    if unreadable:
        return (
            f"{unreadable} values were sealed with a key that is not in SANAD_KEYS; all others are rewritten. "
            "Put that key's line back, after a comma, and run `sanad keys rotate` again."
        )
    return (
        f"{remaining} values are still sealed with an older key: a running process does not have the new key first "
        "in SANAD_KEYS. Restart it, then run `sanad keys rotate` again. Remove no key yet."
    )


async def _rewrite_all(store: Store) -> int:
    """One pass over every column. Says how many values no key of ours opens."""
    unreadable = 0
    counted = [(column, await store.read(rotation.left, column)) for column in rotation.COLUMNS]
    with _progress() as progress:
        task = progress.add_task("", total=sum(number for _, number in counted))
        for column, number in counted:
            progress.update(task, description=f"{column.table}.{column.column}")
            unreadable += await _rewrite(store, column, progress, task) if number else 0
    return unreadable


async def _rewrite(store: Store, column: Personal, progress: Progress, task: object) -> int:
    step, unreadable = await store.write(rotation.rewrite, column), 0
    while True:
        progress.advance(task, step.rewritten + step.unreadable)  # type: ignore[arg-type]
        unreadable += step.unreadable
        if step.after is None:
            return unreadable
        step = await store.write(rotation.rewrite, column, step.after)


def _progress() -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    return Progress(*columns, console=outcome.console(err=True))


async def recovery(settings: Settings, out: Path, into: str = "") -> None:
    """Make a recovery pair: the private half to a file, or into paper shares; then the public half to the database."""
    parts = shares.read_split(into) if into else None
    key = RecoveryKey(chance.number(), chance.random_bytes(SEED))
    (recovery_file if parts is None else share_page).refuse_existing(out)
    async with opened_without_keys(settings, may_make=True) as store:
        _write(out, key, parts)
        try:
            before, count = await store.write(_register, key, chance.now())
        except BaseException:
            (recovery_file if parts is None else share_page).withdraw(out)
            raise
    if parts is None:
        result(f"{out}: private half of the recovery key {shown(key.public_key)}")
        remark(
            f"Every case opened from now on is sealed to it. There is no other copy: move {out} to two safe places "
            "away from this server, try it with `sanad open`, and delete it here."
        )
    else:
        _say_shares(out, key, parts)
    if before is not None:
        older = f"{count} older cases stay sealed to it, not to this one: keep it as well." if count else ""
        remark(
            f"The earlier recovery key ({shown(before.public_key)}) is not used for new cases any more. "
            f"{older or 'No case is sealed to it: it may be destroyed.'}"
        )


def split(file: Path, into: str, out: Path) -> None:
    """Split a key that lies in a file into paper shares. Raises `WrongWords`."""
    parts = shares.read_split(into)
    key = recovery_file.read(file)
    share_page.refuse_existing(out)
    _write(out, key, parts)
    _say_shares(out, key, parts)
    remark(f"{file} still opens everything by itself: delete it, with its copies, once the pages are in safe hands.")


def _write(out: Path, key: RecoveryKey, parts: tuple[int, int] | None) -> None:
    now = chance.now()
    if parts is None:
        recovery_file.write(out, key, now)
    else:
        share_page.write(out, shares.split(key.seed, *parts), key.seed, now)


def _say_shares(out: Path, key: RecoveryKey, parts: tuple[int, int]) -> None:
    needed, count = parts
    result(f"{out}: {count} shares of the recovery key {shown(key.public_key)}; any {needed} of them open it.")
    remark(
        "The key itself is written nowhere. Print each page on a printer without a memory or copy it by hand, give "
        f"each to another holder, then delete {out}. RECOVERY.md is what a holder needs to know."
    )


def _register(unit: Unit, key: RecoveryKey, now: datetime) -> tuple[Reader | None, int]:
    """Keep the public half. Says which key it takes the place of, and how many cases that one opens."""
    before = readers.recovery(unit)
    count = 0 if before is None else readers.cases_of(unit, before.id)
    cases.add_reader(unit, key.reader, "recovery", key.public_key, now)
    return before, count
