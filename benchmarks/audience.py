"""Subscribers and a run for measurements: as many as wanted, awake at whatever hour it is measured.

It never sends; the program does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import chance, mechanism
from bot.settings import ROOT
from bot.wiring import DRAW
from flows.broadcast import Audience, BroadcastRules, Frozen, is_quiet
from flows.public import Subscription
from handlers import broadcasts
from handlers.draw import World
from storage import subscribers
from storage.coding import encode
from storage.store import Store
from storage.unit import Unit, millis
from storage.vault import Place

_FIRST = 8_000_000_001
_AT_ONCE = 500
_AWAKE = timedelta(hours=1)
_WORDS = "تذكير أسبوعي من الحملة: غيّري كلمة السر لحسابك هذا الأسبوع، ولا تشاركي رمز التحقق مع أحد."


def chats(count: int) -> range:
    """Whose they are: one each."""
    return range(_FIRST, _FIRST + count)


def world() -> World:
    """The moment, the rules as they are, and chance."""
    return World(chance.now(), mechanism.load(ROOT / "mechanism"), DRAW)


def awake(rules: BroadcastRules, now: datetime) -> str:
    """A zone on whose clock somebody may be written to for the next hour."""
    zones = [f"Etc/GMT{offset:+d}" for offset in range(-14, 13)]
    moments = (now, now + _AWAKE / 2, now + _AWAKE)
    return next(zone for zone in zones if not any(is_quiet(at.astimezone(ZoneInfo(zone)), rules) for at in moments))


async def subscribe(store: Store, count: int) -> None:
    """Let so many subscribe, by Telegram."""
    now = world()
    zone = awake(now.rules.broadcasts, now.now)
    everybody = chats(count)
    for start in range(0, count, _AT_ONCE):
        await store.write(_add, everybody[start : start + _AT_ONCE], zone, now.now)


def _add(unit: Unit, some: range, zone: str, now: datetime) -> None:
    sql = """INSERT INTO subscribers (id, channel, address_index, facts, joined_at)
        VALUES (:id, 'telegram', :index, :facts, :now)"""
    for chat in some:
        facts = subscribers.Facts(str(chat), Subscription(("tips",), zone=zone))
        number = chance.number()
        sealed = unit.vault.seal(Place("subscribers", "facts", str(number)), encode(facts))
        index = unit.vault.index(subscribers.who("telegram", str(chat)))
        unit.do(sql, {"id": number, "index": index, "facts": sealed, "now": millis(now)})


async def launch(store: Store, per_minute: int = 600_000) -> int:
    """A run to all of them, that begins at once. Returns its number."""
    frozen = Frozen("bench", {"ar": _WORDS}, Audience("tips"), per_minute=per_minute)
    now = world()
    return await store.write(broadcasts.launch, frozen, now.now, now, kind="tip")
