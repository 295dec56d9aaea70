"""Looks at the database for `sanad doctor`: whether it is whole, and what only it can tell of keys, staff and rota.

It never writes to it, and makes none where there is none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot import chance
from bot.commands import outcome
from bot.commands.findings import Finding, bad, good
from bot.commands.opened import reached
from bot.commands.rota import LEVELS, gaps_ahead, mending, zone_of
from bot.commands.staff import PAGED, is_reachable, shifts_of_active
from bot.settings import Settings
from bot.wiring import open_store
from flows.rota import on_call
from handlers import retained
from handlers.rota_check import Ahead, look_ahead
from storage import canary, readers, staff
from storage.migrate import current, head
from storage.store import Store
from storage.unit import Unit
from storage.vault import Key

_DAYS = 7
_SWEPT_WITHIN = timedelta(hours=50)
"""The sweep is daily: two days behind is late."""


def database_findings(settings: Settings) -> Iterator[Finding]:
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


async def inside_findings(settings: Settings, ring: tuple[Key, ...]) -> list[Finding]:
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
    return [*_staff(unit), *_rota(unit, settings), *_retention(unit)]


def _retention(unit: Unit) -> list[Finding]:
    """Whether what has been kept for its time was ended lately. A database that never swept is not late: it is new."""
    swept, now = retained.last_swept(unit), chance.now()
    if swept is None:
        return []
    if now - swept <= _SWEPT_WITHIN:
        return [good("retention", f"what had been kept for its time was ended on {swept:%Y-%m-%d}")]
    mend = "Let `sanad serve` or `sanad worker` run, and look for duty_failed in its log."
    return [bad("retention", f"what has been kept for its time was last ended on {swept:%Y-%m-%d}", mend)]


def _staff(unit: Unit) -> list[Finding]:
    active = [member for member in staff.members(unit) if member.active]
    findings = [
        bad("staff", f"{member.name} can't be reached by any channel", "Ask her to write to the bot, or add her anew.")
        for member in active
        if member.role in PAGED and not is_reachable(member)
    ]
    if not any(member.role == "coordinator" for member in active):
        mend = 'sanad staff add "NAME" --role coordinator --telegram CHAT_ID'
        findings.append(bad("staff", "there is no coordinator, where every ladder ends", mend))
    return findings or [good("staff", f"{len(active)} work here, each can be reached")]


def _rota(unit: Unit, settings: Settings) -> list[Finding]:
    """Who is on call now, and where nobody is in the coming days."""
    zone, now, shifts = zone_of(settings.sanad_timezone), chance.now(), shifts_of_active(unit)
    ahead, findings = gaps_ahead(unit, now, _DAYS), []
    for level in LEVELS:
        mend = mending(*ahead[level][0], level, zone) if ahead[level] else ""
        if not on_call(shifts, level, now):
            findings.append(bad("rota", f"nobody is {level} on call now", mend))
        elif mend:
            findings.append(bad("rota", f"{len(ahead[level])} gaps ({level}) in {_DAYS} days", mend))
        else:
            findings.append(good("rota", f"{level}: somebody is on call for the next {_DAYS} days"))
    return [*findings, *_on_the_rota(look_ahead(unit, now))]


def _on_the_rota(ahead: Ahead) -> list[Finding]:
    """Who of the coming days' rota might not hear, or could not read: not broken, but to be done by her."""
    unproven = "Each writes to the bot once, from the phone by which she is to be reached."
    keyless = "Give each a link to the desk; there she makes her key."
    found = ((ahead.unproven, "no way is proven yet", unproven), (ahead.keyless, "no key at the desk yet", keyless))
    return [Finding("rota", f"{what}: {', '.join(names)}", ok=True, mend=mend) for names, what, mend in found if names]
