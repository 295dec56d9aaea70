"""Puts letters into the outbox's lowest lane, as a broadcast will.

It never sends them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from messages import raw, to_json
from storage import outbox
from storage.outbox import Body, Lane
from storage.people import who
from storage.store import Store
from storage.unit import Unit

_FIRST = 8_000_000_001
_AT_ONCE = 500
_WORDS = (
    "تذكير أسبوعي من الحملة: غيّري كلمة السر لحسابك هذا الأسبوع، ولا تشاركي رمز التحقق مع أحد. نحن هنا إن احتجتِ شيئًا."
)


def chats(count: int) -> range:
    """Whom they are for: one each."""
    return range(_FIRST, _FIRST + count)


async def queue_letters(store: Store, count: int) -> None:
    """Put one letter out for each of `count` chats."""
    everybody = chats(count)
    for start in range(0, count, _AT_ONCE):
        await store.write(_add, everybody[start : start + _AT_ONCE])


def _add(unit: Unit, some: range) -> None:
    now = datetime.now(UTC)
    for chat in some:
        reader = unit.vault.index(who("telegram", str(chat)))
        body = Body(str(chat), "ar", to_json(raw(_WORDS)))
        outbox.add(unit, f"broadcast:1:{chat}", "telegram", reader, Lane.BROADCAST, body, now)
