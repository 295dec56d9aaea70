"""Puts the pieces together from the settings: store, channels, world, and the one way in.

It decides nothing about messages, and it opens nothing until it is started.
"""

from __future__ import annotations

import asyncio
import gc
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from prometheus_client import CollectorRegistry

from bot import chance, mechanism
from bot.channels.telegram.channel import Telegram
from bot.metrics import Counts
from flows.core import Said
from flows.rules import Mechanism
from handlers import inbound, own_words
from handlers.channel import Channel, Inbound, Shelf
from handlers.draw import Draw, World
from handlers.own_words import WantsWord
from handlers.shelf import Library
from handlers.statuses import record_status
from storage import canary, voice
from storage.migrate import current, head, migrate
from storage.sqlite import SqliteStore, connect
from storage.store import Store, StoreUnusable
from storage.unit import Taken
from storage.vault import Key, Vault

if TYPE_CHECKING:
    from bot.channels.whatsapp.status import StatusChange
    from bot.settings import Settings

DRAW = Draw(chance.number, chance.case_code, chance.page_code, chance.random_bytes)
Now = Callable[[], datetime]
_DRAWS = 5
_STRETCHED = 2
"""So many words are stretched at once: whoever writes short messages without end takes no more of us than that."""


@dataclass(frozen=True, slots=True)
class Sanad:
    """Everything that a process works with."""

    settings: Settings
    rules: Mechanism
    store: Store
    channels: Mapping[str, Channel]
    registry: CollectorRegistry
    counts: Counts = field(repr=False)
    now: Now = chance.now
    _turns: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary, repr=False)
    """By address: whose message is being received."""
    _stretching: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_STRETCHED), repr=False)

    @property
    def shelf(self) -> Library:
        """What goes with a campaign's letters."""
        return Library(self.store, self.world, self.settings.address)

    def world(self) -> World:
        """The moment, the rules and chance, for one act."""
        return World(self.now(), self.rules, DRAW, self.settings.sanad_timezone, self.settings.address)

    async def receive(self, message: Inbound) -> None:
        """One message from any channel: returns once it is committed, and only then may it be acknowledged.

        One address's messages go one after the other: what is said while a word is being stretched comes after it.
        """
        key = zlib.crc32(f"{message.channel}:{message.address}".encode())
        turn = self._turns.get(key) or self._turns.setdefault(key, asyncio.Lock())
        async with turn:
            return await self._receive(key, message)

    async def _receive(self, key: int, message: Inbound) -> None:
        stretched = of = None
        for attempt in range(_DRAWS):
            try:
                return await self.store.write_for(key, inbound.receive, message, self.world(), stretched, of)
            except WantsWord as wanted:
                if attempt == _DRAWS - 1:
                    raise
                of = wanted.person
                async with self._stretching:
                    stretched = await asyncio.to_thread(own_words.stretch, _words_of(message), of)
            except Taken:
                if attempt == _DRAWS - 1:
                    raise
        return None

    async def status(self, change: StatusChange) -> None:
        """One status from a platform: returns once it is committed."""
        await self.store.write(
            record_status, change.letter_key, change.reference, change.rank, change.outcome, self.world()
        )


def _words_of(message: Inbound) -> str:
    return message.event.words if isinstance(message.event, Said) else ""


def open_store(settings: Settings, ring: tuple[Key, ...]) -> Store:
    """The store that the settings name, not yet started."""
    vault = Vault(ring, chance.random_bytes)
    if not settings.is_embedded:
        from storage.postgres import PostgresStore  # noqa: PLC0415 - psycopg only where it is used

        return PostgresStore(settings.database, vault)
    return SqliteStore(database_file(settings), vault)


def database_file(settings: Settings) -> Path:
    """SQLite's file; its folder is made, for the owner only, if it is missing."""
    path = Path(settings.database.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def check_tables(settings: Settings, *, may_migrate: bool) -> None:
    """See that the tables are this release's. Only single-process commands bring their own file up to date.

    Raises `StoreUnusable` with the command to run.
    """
    if settings.is_embedded:
        connect(database_file(settings)).close()
    found, wanted = current(settings.database), head()
    if found == wanted:
        return
    if found is not None and found > wanted:
        raise StoreUnusable(f"The database is at {found}, newer than this release ({wanted}). Run a newer release.")
    if not may_migrate:
        raise StoreUnusable("The database's tables are not this release's. Run `sanad migrate` first.")
    migrate(settings.database)


def open_channels(settings: Settings, now: Now, shelf: Shelf | None = None) -> dict[str, Channel]:
    """The channels that are configured."""
    channels: dict[str, Channel] = {}
    if token := settings.telegram_bot_token.get_secret_value():
        channels["telegram"] = Telegram(token, now, api_url=settings.telegram_api_url, shelf=shelf)
    if settings.twilio_account_sid:
        from bot.channels.whatsapp.channel import WhatsApp  # noqa: PLC0415 - twilio only where it is used
        from bot.templates import read_templates  # noqa: PLC0415 - as above

        channels["whatsapp"] = WhatsApp(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            settings.twilio_whatsapp_from,
            settings.address,
            now,
            api_url=settings.twilio_api_url,
            templates=read_templates(settings.sanad_mechanism),
            shelf=shelf,
        )
    if settings.twilio_account_sid and settings.twilio_voice_from:
        from bot.channels.voice.channel import Voice  # noqa: PLC0415 - as above

        token = settings.twilio_auth_token.get_secret_value()
        where = settings.twilio_voice_from, settings.address
        channels["voice"] = Voice(settings.twilio_account_sid, token, *where, now, api_url=settings.twilio_api_url)
    return channels


@asynccontextmanager
async def wired(
    settings: Settings,
    further: Mapping[str, Channel] | None = None,
    adapt: Callable[[Mechanism], Mechanism] = lambda rules: rules,
    now: Now = chance.now,
) -> AsyncIterator[Sanad]:
    """Everything, started; closed in the end.

    `further` adds channels, such as the preview phones; `adapt` changes the rules, as the demo does with its ladders;
    `now` is the clock.

    Raises `KeysUnusable`, `MechanismError` or `StoreUnusable`, each with the way to mend it.
    """
    store = open_store(settings, settings.ring())
    rules = adapt(mechanism.load(settings.sanad_mechanism))
    shelf = Library(store, lambda: World(now(), rules, DRAW, settings.sanad_timezone), settings.address)
    await store.start()
    if not await store.read(canary.check):
        await store.write(canary.keep)
    channels = {**open_channels(settings, now, shelf), **(further or {})}
    await store.write(voice.note_configured, rings="voice" in channels)
    registry = CollectorRegistry()
    gc.freeze()  # what was loaded is there for good: looking through it for garbage costs a reply 100 ms now and then
    try:
        yield Sanad(settings, rules, store, channels, registry, Counts(registry), now)
    finally:
        for channel in channels.values():
            await channel.close()
        await store.stop()
