"""Looks at the directory of services: how many entries are offered, and how many are to be verified (again).

It asks nobody: whether an entry holds, only the association can find out.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot import chance, mechanism
from bot.commands.findings import Finding, bad
from bot.settings import Settings
from flows.dates import today
from flows.services import due

_HOW = "Ask the body whether it still holds, then write the day as `verified` in services.toml."


def services_findings(settings: Settings) -> Iterator[Finding]:
    """What was verified once and has run out is to be mended; what never was is not offered, and only said."""
    rules = mechanism.load(settings.sanad_mechanism)
    waiting = due(rules, today(chance.now()))
    lapsed = [service.code for service in waiting if service.verified is not None]
    offered, never = len(rules.services) - len(waiting), len(waiting) - len(lapsed)
    said = f"{offered} of {len(rules.services)} entries may be offered"
    if never:
        said += f", {never} were never verified"
    yield Finding("services", said, ok=True, mend=_HOW if never else "")
    if lapsed:
        yield bad("services", f"{len(lapsed)} to be verified again: {', '.join(lapsed)}", _HOW)
