"""Looks at everything that a running Sanad leans on, and says how to mend what is wrong.

It never mends by itself and never prints a secret, an address, or a word that anybody wrote.
"""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

from rich.text import Text

from bot import mechanism
from bot.commands import outcome
from bot.commands.channels_checked import telegram_findings, voice_findings, whatsapp_findings
from bot.commands.database_checked import database_findings, inside_findings
from bot.commands.findings import Finding, bad, good
from bot.commands.outcome import Problem
from bot.commands.services_checked import services_findings
from bot.settings import Settings
from messages.check import check as catalog_faults
from storage.vault import Key, KeysUnusable

_THIS_MACHINE = frozenset(("127.0.0.1", "::1", "localhost"))
_MANY = 5
"""So many faults of one kind are shown; the rest is counted."""


async def examine(settings: Settings) -> None:
    """Print a line for each thing looked at. Raises `Problem` where one of them is to be mended."""
    drawn, wrong = outcome.console(), 0
    async for finding in _findings(settings):
        wrong += not finding.ok
        word = Text("ok     ", "green") if finding.ok else Text("problem", "bold red")
        drawn.print(Text.assemble(word, f"  {finding.about:<10} {finding.what}"))
        if finding.mend:
            drawn.print(f"{'':19} → {finding.mend}")
    if wrong:
        raise Problem(f"{wrong} to mend." if wrong > 1 else "One thing to mend.")


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    checks = (
        ("keys", _keys),
        ("rules", _rules),
        ("services", services_findings),
        ("words", _words),
        ("files", _files),
        ("proxy", _proxy),
    )
    for about, check in checks:
        for finding in _safely(about, check, settings):
            yield finding
    usable = False
    for finding in _safely("database", database_findings, settings):
        usable = finding.ok
        yield finding
    if usable:
        for finding in await _asked("database", _look_inside, settings):
            yield finding
    for about, ask in (("telegram", telegram_findings), ("whatsapp", whatsapp_findings), ("voice", voice_findings)):
        for finding in await _asked(about, ask, settings):
            yield finding
    if not settings.telegram_bot_token.get_secret_value() and not settings.twilio_account_sid:
        yield bad("channels", "no channel is set up", "Set TELEGRAM_BOT_TOKEN, or TWILIO_ACCOUNT_SID and its fellows.")


def _safely(about: str, check: Callable[[Settings], Iterator[Finding]], settings: Settings) -> Iterator[Finding]:
    """What a check finds; what it stumbles over is a finding too."""
    try:
        yield from check(settings)
    except Exception as error:
        explained = outcome.explained(error)
        if explained is None:
            raise
        yield bad(about, "can't be used", explained[0])


async def _asked(about: str, ask: Callable[[Settings], Awaitable[list[Finding]]], settings: Settings) -> list[Finding]:
    """As `_safely`, for what asks the world."""
    try:
        return await ask(settings)
    except Exception as error:
        explained = outcome.explained(error)
        if explained is None:
            raise
        return [bad(about, "can't be used", explained[0])]


async def _look_inside(settings: Settings) -> list[Finding]:
    return await inside_findings(settings, _ring(settings))


def _ring(settings: Settings) -> tuple[Key, ...]:
    try:
        return settings.ring()
    except KeysUnusable:
        return ()


def _keys(settings: Settings) -> Iterator[Finding]:
    newest, *older = settings.ring()
    yield good("keys", f"{newest.id} writes" + (f", {', '.join(key.id for key in older)} read" if older else ""))


def _rules(settings: Settings) -> Iterator[Finding]:
    yield good("rules", f"{settings.sanad_mechanism} at {mechanism.load(settings.sanad_mechanism).version}")


def _words(_settings: Settings) -> Iterator[Finding]:
    faults = catalog_faults()
    if not faults:
        yield good("words", "both catalogs are whole")
    for fault in faults[:_MANY]:
        yield bad("words", fault, "")
    if faults:
        yield bad("words", f"{len(faults)} faults in the catalogs", "See them all with: python -m messages.check")


def _proxy(settings: Settings) -> Iterator[Finding]:
    """Behind a proxy that nobody believes, all members share one allowance of wrong passphrases."""
    near = settings.host in _THIS_MACHINE and settings.public_url.startswith("https://")
    if near and not settings.trusted_proxy:
        mend = "Set TRUSTED_PROXY to its address as we see it, such as 127.0.0.1."
        yield Finding("proxy", "something brings https to this machine, and TRUSTED_PROXY is empty", ok=True, mend=mend)


def _files(settings: Settings) -> Iterator[Finding]:
    """Files that nobody but the owner may read."""
    held = [settings.sanad_keys_file, Path(".env")]
    if settings.is_embedded:
        path = Path(settings.database.removeprefix("sqlite:///"))
        held += [path.parent, path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
    seen = [path for path in held if path is not None and path.exists()]
    loose = [path for path in seen if stat.S_IMODE(path.stat().st_mode) & 0o077]
    for path in loose:
        yield bad("files", f"others may read {path}", f"chmod {'700' if path.is_dir() else '600'} {path}")
    if seen and not loose:
        yield good("files", f"{len(seen)} looked at: the owner's alone")
