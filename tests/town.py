"""A town with people, phones and time: the whole program over the platforms' emulators, restarted as often as wanted.

It patches nothing: the program is wired as in production, over real HTTP, and only its clock is the town's.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from pydantic import SecretStr

from bot import app, chance
from bot.settings import ROOT, Settings
from bot.wiring import Sanad, wired
from flows.rota import RotaLevel, Shift
from handlers import alarms, check_ins, silences
from handlers.cases import OpenedCase, read_case
from storage import cases, shifts, staff
from storage.seal import public_key
from storage.vault import Key, write_key
from tests.platforms.phones import Clock
from tests.platforms.telegram import Telegram
from tests.platforms.twilio import Twilio

KEY = write_key(Key("town", bytes(range(32))))
SEED = bytes(range(100, 132))
SECRET = "town-secret"


class _Server(app.Server):
    """A server that says when it is up, or has given up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.is_up.set()


@dataclass(slots=True)
class Town:
    """What a story needs: the platforms, the clock, and the program at work."""

    telegram: Telegram
    twilio: Twilio
    settings: Settings
    clock: Clock
    log: io.StringIO
    sanad: Sanad | None = None
    by_whatsapp: bool = False
    """Which app the story's people use."""
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)

    @property
    def working(self) -> Sanad:
        assert self.sanad is not None, "the program is not running"
        return self.sanad

    async def opens(self) -> None:
        """Start the program, as `sanad serve` does."""
        await self._stack.enter_async_context(self._serving())
        self.twilio.webhook = f"{self.settings.address}/whatsapp"

    async def closes(self) -> None:
        """Stop the program in good order."""
        await self._stack.aclose()
        self._stack, self.sanad = AsyncExitStack(), None

    async def restarts(self) -> None:
        """Stop and start again. Twilio gives a message up after its tries, so what it brings is brought before."""
        await self.twilio.settles()
        await self.closes()
        await self.opens()

    async def passes(self, **span: float) -> None:
        """Let time pass, and the timers see it."""
        self.telegram.passes(timedelta(**span).total_seconds())
        counts = self.working.counts
        await silences.fire_due(self.working.store, self.working.world, self._unheard)
        while await alarms.fire_due(self.working.store, self.working.world, counts.alarm_fired, self._failed):
            pass
        while await check_ins.fire_due(self.working.store, self.working.world, counts.check_in_fired, self._unchecked):
            pass

    def _unheard(self, error: Exception) -> None:
        raise AssertionError("somebody's silence was not heard") from error

    def _unchecked(self, number: int, error: Exception) -> None:
        raise AssertionError(f"check-in {number} failed") from error

    def _failed(self, case: int, error: Exception) -> None:
        raise AssertionError(f"the alarm of case {case} failed") from error

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        started: asyncio.Future[Sanad] = asyncio.get_running_loop().create_future()

        def found(sanad: Sanad) -> list[Any]:
            started.set_result(sanad)
            return app.routes(sanad)

        site = app.assembled(wired(self.settings, now=self.now), found, with_duties=True)
        config = uvicorn.Config(
            site,
            "127.0.0.1",
            self.settings.port,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            lifespan="on",
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve())
        await server.is_up.wait()
        assert started.done(), "the program did not start"
        self.sanad = started.result()
        try:
            yield
        finally:
            server.should_exit = True
            await task

    def phone(self, number: int, *, has_written: bool = False) -> Any:
        """A phone of the story's app, numbered; whoever has written can be written to."""
        if not self.by_whatsapp:
            return self.telegram.person(number, has_written=has_written)
        person = self.twilio.person(f"+96777{number:07}")
        if has_written:
            person.last_wrote = self.clock.now()
        return person

    async def hires(self, name: str, role: str = "focal_point", level: RotaLevel | None = None, **reaches: str) -> int:
        """Add a member of staff, on call for ever where a level is given; whoever has a phone has opened the bot."""
        number = chance.number()
        await self.working.store.write(staff.add, number, staff.Facts(name, "ar"), role, reaches, self.now())
        if level is not None:
            starts, ends = datetime(2020, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - wall-clock
            shift = Shift(chance.number(), number, level, starts, ends, "Asia/Aden")
            await self.working.store.write(shifts.add, shift)
        return number

    async def opens_case(self, code: str) -> OpenedCase:
        """What the holder of the recovery key reads."""
        sealed = await self.working.store.read(cases.sealed_case, code)
        assert sealed is not None, f"there is no case {code}"
        return read_case(sealed, 1, SEED)

    async def codes(self) -> list[str]:
        rows = await self.working.store.read(lambda unit: unit.all("SELECT code FROM cases ORDER BY opened_at"))
        return [code for (code,) in rows]


@asynccontextmanager
async def town(
    database: str, tmp_path: Path, *, mode: str = "webhook", start: datetime | None = None
) -> AsyncIterator[Town]:
    """A town with the program at work; leaving it fails on any error that was logged."""
    clock = Clock(start or datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    log = io.StringIO()
    _log_to(log)
    async with Telegram(clock=clock) as telegram, Twilio(clock=clock) as twilio:
        port = _free_port()
        twilio.public_url = f"http://127.0.0.1:{port}"
        telegram.limits = None
        settings = Settings.model_construct(
            database_url=database,
            sanad_data=tmp_path,
            sanad_keys=SecretStr(KEY),
            sanad_mechanism=ROOT / "mechanism",
            port=port,
            public_url=f"http://127.0.0.1:{port}",
            telegram_bot_token=SecretStr("123:abc"),
            telegram_api_url=telegram.url,
            telegram_mode=mode,
            telegram_webhook_secret=SecretStr(SECRET),
            twilio_account_sid=twilio.account_sid,
            twilio_auth_token=SecretStr(twilio.auth_token),
            twilio_api_url=twilio.url,
            twilio_whatsapp_from="+14155238886",
            twilio_voice_from="+14155230000",
        )
        place = Town(telegram, twilio, settings, clock, log)
        try:
            await place.opens()
            await place.working.store.write(cases.add_reader, 1, "recovery", public_key(SEED), place.now())
            yield place
            assert not [line for line in logged(log) if line.get("level") == "error"], log.getvalue()
        finally:
            await place.closes()


def logged(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def _log_to(log: io.StringIO) -> None:
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(log),
        cache_logger_on_first_use=False,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
