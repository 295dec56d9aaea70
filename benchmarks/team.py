"""Those without whom no report can be taken: somebody on call, her substitute, a coordinator, and the recovery key.

It never uses a key that opens anything outside a measurement.
"""

from __future__ import annotations

from datetime import datetime

from flows.rota import Shift
from storage import cases, shifts, staff
from storage.seal import public_key
from storage.store import Store
from storage.unit import Unit

ON_CALL, SUBSTITUTE, COORDINATOR = 9_001, 9_002, 9_003
"""Their Telegram chats; on call is the first."""
READER, READER_SEED = 77, bytes(range(32))
"""The recovery key's number and private half."""
_FROM, _TO = datetime(2026, 1, 1), datetime(2036, 1, 1)  # noqa: DTZ001 - a shift's times are wall-clock times


async def hire(store: Store, first: int = ON_CALL) -> None:
    """Put them into a database that has nobody yet; `first` is the chat of the one on call."""
    await store.write(_hire, first)


def _hire(unit: Unit, first: int) -> None:
    if staff.members(unit):
        return
    now = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    cases.add_reader(unit, READER, "recovery", public_key(READER_SEED), now)
    for number, role, chat in (
        (1, "focal_point", first),
        (2, "focal_point", SUBSTITUTE),
        (3, "coordinator", COORDINATOR),
    ):
        staff.add(unit, number, staff.Facts(f"person {number}", "ar"), role, {"telegram": str(chat)}, now)
    shifts.add(unit, Shift(1, 1, "first", _FROM, _TO, "Asia/Aden"))
    shifts.add(unit, Shift(2, 2, "substitute", _FROM, _TO, "Asia/Aden"))
