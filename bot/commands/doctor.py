"""Looks at everything that a running Sanad leans on, and says how to mend what is wrong.

It never mends by itself and never prints a secret, an address, or a word that anybody wrote.
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

from rich.text import Text

from bot import chance, mechanism
from bot.commands import outcome
from bot.commands.channels_checked import telegram_findings, whatsapp_findings
from bot.commands.findings import Finding, bad, good
from bot.commands.opened import reached
from bot.commands.outcome import Problem
from bot.commands.rota import LEVELS, gaps_ahead, mending, zone_of
from bot.commands.staff import PAGED, is_reachable, shifts_of_active
from bot.settings import Settings
from bot.wiring import open_store
from flows.rota import on_call
from messages.check import check as catalog_faults
from storage import canary, readers, staff
from storage.migrate import current, head
from storage.store import Store
from storage.unit import Unit
from storage.vault import Key, KeysUnusable

_DAYS = 7
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
    for about, check in (("keys", _keys), ("rules", _rules), ("words", _words), ("files", _files)):
        for finding in _safely(about, check, settings):
            yield finding
    usable = False
    for finding in _safely("database", _database, settings):
        usable = finding.ok
        yield finding
    if usable:
        for finding in await _inside(settings, _ring(settings)):
            yield finding
    for about, ask in (("telegram", telegram_findings), ("whatsapp", whatsapp_findings)):
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


def _database(settings: Settings) -> Iterator[Finding]:
    """Whether it is there, whole, and at this release. The last finding says whether it can be looked into."""
    if settings.is_embedded:
        path = Path(settings.database.removeprefix("sqlite:///"))
        if not path.exists():
            yield bad("database", f"there is none at {path}", "Run `sanad migrate`, which makes it.")
            return
        yield from _sqlite(path)
    found, wanted = reached(current, settings.database), head()
    if found == wanted:
        yield good("database", f"tables at {wanted}, this release's")
    elif found is not None and found > wanted:
        yield bad("database", f"tables at {found}, newer than this release ({wanted})", "Run a newer release.")
    else:
        yield bad("database", f"tables at {found or 'none'}, this release wants {wanted}", "Run `sanad migrate`.")


def _sqlite(path: Path) -> Iterator[Finding]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    except sqlite3.DatabaseError:
        said, mode = "no database", ""
    finally:
        connection.close()
    if said == "ok":
        yield good("database", f"SQLite, whole (journal: {mode})")
    else:
        yield bad(
            "database", "SQLite's own check finds it damaged", f"Stop Sanad and put a backup of {path} in its place."
        )


async def _inside(settings: Settings, ring: tuple[Key, ...]) -> list[Finding]:
    """What only the database can tell: the recovery key, and, where the keys open it, staff and rota."""
    store = open_store(settings, ring or (Key("none", chance.random_bytes(32)),))
    await store.start()
    try:
        findings = await store.read(_recovery)
        if ring:
            findings += await _sealed(settings, store)
        return findings
    finally:
        await store.stop()


def _recovery(unit: Unit) -> list[Finding]:
    key = readers.recovery(unit)
    if key is None:
        mend = "Run `sanad keys recovery --out FILE`: until then no case can be opened by anybody, and none is."
        return [bad("recovery", "there is no recovery key", mend)]
    return [good("recovery", f"new cases are sealed to key number {key.id}")]


async def _sealed(settings: Settings, store: Store) -> list[Finding]:
    try:
        known = await store.read(canary.check)
        found = await store.read(_people_and_rota, settings)
    except Exception as error:
        explained = outcome.explained(error)
        if explained is None:
            raise
        return [bad("keys", "they don't open this database", explained[0])]
    said = "they open what this database holds" if known else "nothing was sealed by a command yet"
    return [good("keys", said), *found]


def _people_and_rota(unit: Unit, settings: Settings) -> list[Finding]:
    members, zone, now = staff.members(unit), zone_of(settings.sanad_timezone), chance.now()
    active = [member for member in members if member.active]
    cut_off = [member.name for member in active if member.role in PAGED and not is_reachable(member)]
    findings = [
        bad("staff", f"{name} can't be reached by any channel", "Ask her to write to the bot, or add her anew.")
        for name in cut_off
    ]
    if not any(member.role == "coordinator" for member in active):
        mend = 'sanad staff add "NAME" --role coordinator --telegram CHAT_ID'
        findings.append(bad("staff", "there is no coordinator, where every ladder ends", mend))
    if active and not findings:
        findings.append(good("staff", f"{len(active)} work here, each can be reached"))
    shifts = shifts_of_active(unit)
    for level in LEVELS:
        ahead = gaps_ahead(unit, now, _DAYS)[level]
        if not on_call(shifts, level, now):
            findings.append(bad("rota", f"nobody is {level} on call now", mending(*ahead[0], level, zone)))
        elif ahead:
            findings.append(
                bad("rota", f"{len(ahead)} gaps ({level}) in {_DAYS} days", mending(*ahead[0], level, zone))
            )
        else:
            findings.append(good("rota", f"{level}: somebody is on call for the next {_DAYS} days"))
    return findings
