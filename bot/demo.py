"""The demo: the real program with three preview phones, made-up staff, its own keys, and a ladder that climbs quickly.

It is the only command that makes keys by itself, and it never speaks to a platform.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import app, chance, logs
from bot.channels.preview import Preview
from bot.commands import recovery_file
from bot.commands.recovery_file import RecoveryKey
from bot.inside import Inspector
from bot.settings import Settings
from bot.wiring import Sanad, check_tables, wired
from console import preview
from console.preview_words import STORY
from flows.rota import Shift
from flows.rules import Mechanism
from handlers.draw import World
from storage import cases, staff
from storage.seal import SEED
from storage.unit import Unit
from storage.vault import Key, write_key

FASTER = 12
"""The demo's ladder climbs so many times faster: two minutes become ten seconds."""
_ON_CALL = (("هدى", "huda", "first"), ("نجلاء", "najla", "substitute"))


def run(settings: Settings) -> None:
    """Serve the demo until told to stop. Raises what `wired` raises."""
    say = Console(stderr=True)
    logs.configure()
    settings.sanad_data.mkdir(parents=True, exist_ok=True, mode=0o700)
    say.print("Preparing the demo: keys, tables, staff, rota …")
    own = _own(settings)
    check_tables(own, may_migrate=True)
    recovery = _recovery(own.sanad_data / "demo-recovery.key")
    phones = Preview([phone.name for phone in STORY.phones], chance.token(), chance.now)
    wiring = wired(own, {"preview": phones}, _hurried)
    say.print(
        f"Open [bold]http://127.0.0.1:{own.port}[/] in a browser. Ctrl-C ends it. Its state lies in {own.sanad_data}."
    )
    site = app.assembled(
        _seeded(wiring, recovery), lambda sanad: _routes(sanad, phones, recovery.seed), with_duties=True
    )
    asyncio.run(app.serve_app(own, site, closing=1))


@asynccontextmanager
async def _seeded(wiring: AbstractAsyncContextManager[Sanad], recovery: RecoveryKey) -> AsyncIterator[Sanad]:
    async with wiring as sanad:
        await sanad.store.write(seed_staff, sanad.world(), recovery)
        yield sanad


def _own(settings: Settings) -> Settings:
    """The demo's settings: this machine alone, its own file, its own keys, no platform."""
    key = write_key(Key("demo", _secret(settings.sanad_data / "demo-server.key")))
    return Settings.model_construct(
        sanad_data=settings.sanad_data,
        sanad_keys=SecretStr(key),
        sanad_mechanism=settings.sanad_mechanism,
        port=settings.port,
    )


def _secret(path: Path) -> bytes:
    """32 bytes of the demo's own, made at its first start."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(chance.random_bytes(SEED))
    return path.read_bytes()


def _recovery(path: Path) -> RecoveryKey:
    """The demo's recovery key, in a file that `sanad open` reads, made at its first start."""
    if not path.exists():
        recovery_file.write(path, RecoveryKey(chance.number(), chance.random_bytes(SEED)), chance.now())
    return recovery_file.read(path)


def _hurried(rules: Mechanism) -> Mechanism:
    return replace(rules, ladders={level: ladder.faster(FASTER) for level, ladder in rules.ladders.items()})


def _routes(sanad: Sanad, phones: Preview, seed: bytes) -> list[BaseRoute]:
    inspector = Inspector(sanad, phones, seed)

    async def home(_: Request) -> Response:
        return RedirectResponse("/preview")

    return [
        Route("/", home),
        *preview.routes(phones, sanad.receive, inspector.look, STORY),
        *app.routes(sanad),
    ]


def seed_staff(unit: Unit, world: World, recovery: RecoveryKey) -> None:
    """Made-up staff and rota, once."""
    if cases.readers(unit):
        return
    cases.add_reader(unit, recovery.reader, "recovery", recovery.public_key, world.now)
    for name, phone, level in _ON_CALL:
        number = world.draw.number()
        staff.add(unit, number, staff.Facts(name, "ar"), "focal_point", {"preview": phone}, world.now)
        starts, ends = datetime(2020, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - a shift's times are wall-clock
        staff.add_shift(unit, Shift(world.draw.number(), number, level, starts, ends, "Asia/Aden"))  # type: ignore[arg-type]
