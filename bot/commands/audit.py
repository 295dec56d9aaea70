"""Walks the whole log and says whether it is as it was written, and if not, where.

It never changes an entry, and it never says who did what: that is for the desk's pages.
"""

from __future__ import annotations

import re
from typing import assert_never

from bot.commands.opened import opened
from bot.commands.outcome import Problem, WrongWords, remark, result
from bot.commands.progress import bar
from bot.settings import Settings
from storage import audit
from storage.audit_chain import Chain, Fault
from storage.store import Store
from storage.unit import Row, Unit

_BATCH = 1000
_SHOWN = 20
"""Faults that are named; the rest are counted."""
_HASH = re.compile(r"[0-9a-f]{64}")


async def verify(settings: Settings, head: str = "", after: int = 0) -> None:
    """Check all entries, or those behind one. Raises `Problem` with the first that are wrong, `WrongWords`."""
    expected = _hash_of(head)
    async with opened(settings) as store:
        chain, last = await _walk(store, expected, after)
    faults = chain.end(last)
    for fault in faults[:_SHOWN]:
        result(_said(fault))
    if faults:
        more = f" {chain.count - _SHOWN} more are wrong." if chain.count > _SHOWN else ""
        raise Problem(
            f"The log is not as it was written.{more} Keep this database as it is, compare it with a backup, and find "
            "out who could write to it."
        )
    if not chain.checked:
        result("The log has no entry to be checked.")
        return
    result(f"The log is whole: {chain.checked} entries, the last one number {chain.last}.")
    result(f"Head: {chain.previous.hex()}")
    remark(
        "Keep the head on paper or on another machine. Whoever has this server could cut off the log's end: "
        "`sanad audit verify --head HASH` notices it."
    )


def _hash_of(words: str) -> bytes | None:
    given = words.strip().lower()
    if not given:
        return None
    if not _HASH.fullmatch(given):
        raise WrongWords("--head wants the 64 hexadecimal digits that an earlier `sanad audit verify` printed.")
    return bytes.fromhex(given)


async def _walk(store: Store, expected: bytes | None, after: int) -> tuple[Chain, tuple[int, bytes]]:
    """Feed all entries to a chain, also those that are written meanwhile. Gives the head as well."""
    ours, kept = await store.read(_keys)
    chain = Chain(ours, kept, after, expected)
    last, rows = await store.read(_batch, after)
    with bar("entries", max(last[0] - after, 0)) as step:
        while rows:
            chain.feed(rows)
            step(len(rows))
            last, rows = await store.read(_batch, rows[-1][0])
    return chain, last


def _batch(unit: Unit, after: int) -> tuple[tuple[int, bytes], list[Row]]:
    """The head first, then entries: what the head names is there already, so that a busy server looks whole."""
    return audit.head(unit), audit.raw_after(unit, after, _BATCH)


def _keys(unit: Unit) -> tuple[dict[str, bytes], dict[str, bytes]]:
    return unit.vault.signing_keys(), audit.public_keys(unit)


def _said(fault: Fault) -> str:
    """A fault as a sentence."""
    which = f"Entry {fault.seq}" if fault.seq == fault.until else f"Entries {fault.seq} to {fault.until}"
    dated = "" if fault.at is None else f" (dated {fault.at:%Y-%m-%d %H:%M} UTC)"
    match fault.what:
        case "changed":
            return f"{which}{dated} was changed, or another was put in its place."
        case "moved":
            return f"{which} was reordered: what stands there was written as entry {fault.was}{dated}."
        case "removed":
            return f"{which} {'is' if fault.seq == fault.until else 'are'} missing: removed."
        case "unlinked":
            return f"{which}{dated} does not follow the one before: what stood between or before was rewritten."
        case "stranger":
            return f"{which}: signed with a key that SANAD_KEYS does not hold, and no later one vouches for it."
        case "replaced_key":
            return "The table audit_keys was changed: it names another public key for a key in SANAD_KEYS."
        case "head":
            return f"{which}: the log's head was changed. It should be the last entry, number {fault.until}."
        case "unknown_head":
            return "The head you gave is not in the log: its entry was cut off or rewritten, or this is an older copy."
        case _:
            assert_never(fault.what)
