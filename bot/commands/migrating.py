"""Brings the database's tables to this release, when told to.

It never goes back to an earlier release.
"""

from __future__ import annotations

import os

from bot.commands.opened import reached
from bot.commands.outcome import Problem, result
from bot.settings import Settings
from bot.wiring import database_file
from storage.migrate import current, head, migrate


def bring(settings: Settings) -> None:
    """Migrate. Raises `Problem` where the database is newer than this release."""
    if settings.is_embedded and not (path := database_file(settings)).exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    found, wanted = reached(current, settings.database), head()
    if found == wanted:
        result(f"The tables are at {wanted} already: nothing to do.")
        return
    if found is not None and found > wanted:
        raise Problem(f"The database is at {found}, newer than this release ({wanted}). Run a newer release.")
    reached(migrate, settings.database)
    result(f"The tables are at {wanted} now (before: {found or 'none'}).")
