"""The demo: the real program with six preview phones, a crowd, made-up staff, its own keys, and a quick ladder.

It is the only command that makes keys by itself, and it never speaks to a platform.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import app, chance, demo_desk, demo_public, logs
from bot.channels.preview import Preview
from bot.commands import recovery_file
from bot.commands.recovery_file import RecoveryKey
from bot.demo_desk import ACTORS
from bot.inside import Inspector
from bot.settings import Settings
from bot.wiring import Sanad, check_tables, wired
from console import preview
from console.phones import DeskAccount
from console.preview_words import STORY
from flows.dates import today
from flows.rules import Mechanism
from flows.services import verified_on
from handlers.draw import World
from storage import cases
from storage.seal import SEED
from storage.unit import Unit
from storage.vault import Key, write_key

FASTER = 12
"""The demo's ladder climbs so many times faster: two minutes become ten seconds."""


def run(settings: Settings) -> None:
    """Serve the demo until told to stop. Raises what `wired` raises."""
    say = Console(stderr=True)
    logs.configure()
    settings.sanad_data.mkdir(parents=True, exist_ok=True, mode=0o700)
    say.print("Preparing the demo: keys, tables, staff, rota …")
    own = _own(settings)
    check_tables(own, may_migrate=True)
    recovery = _recovery(own.sanad_data / "demo-recovery.key")
    phones = Preview([phone.name for phone in STORY.phones], chance.token(), chance.now, demo_public.CROWD)
    wiring = wired(own, {"preview": phones}, _hurried)
    say.print(
        f"Open [bold]http://127.0.0.1:{own.port}[/] in a browser. Ctrl-C ends it. Its state lies in {own.sanad_data}."
    )
    for actor in ACTORS:
        say.print(f"At the desk ({own.address}/desk): [bold]{actor.phone}[/], passphrase: {actor.passphrase}")
    say.print("The second code of each stands on the preview page, beside her phone.")
    site = app.assembled(
        _seeded(wiring, recovery, phones), lambda sanad: _routes(sanad, phones, recovery.seed), with_duties=True
    )
    asyncio.run(app.serve_app(own, site, closing=1))


@asynccontextmanager
async def _seeded(
    wiring: AbstractAsyncContextManager[Sanad], recovery: RecoveryKey, phones: Preview
) -> AsyncIterator[Sanad]:
    async with wiring as sanad:
        phones.shelf = sanad.shelf
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
    ladders = {level: ladder.faster(FASTER) for level, ladder in rules.ladders.items()}
    rules = verified_on(rules, today(chance.now()))  # so that a visitor sees what a verified directory offers
    broadcasts = demo_public.hurried(rules.broadcasts)
    return replace(rules, ladders=ladders, check_ins=rules.check_ins.faster(FASTER), broadcasts=broadcasts)


def _routes(sanad: Sanad, phones: Preview, seed: bytes) -> list[BaseRoute]:
    inspector = Inspector(sanad, phones, seed)

    async def accounts() -> list[DeskAccount]:
        return await sanad.store.read(demo_desk.accounts, sanad.now())

    async def home(_: Request) -> Response:
        return RedirectResponse("/preview")

    return [
        Route("/", home),
        *preview.routes(phones, sanad.receive, inspector.look, STORY, accounts),
        *app.routes(sanad),
    ]


def seed_staff(unit: Unit, world: World, recovery: RecoveryKey) -> None:
    """Made-up staff and rota, once."""
    if cases.readers(unit):
        return
    cases.add_reader(unit, recovery.reader, "recovery", recovery.public_key, world.now)
    hired = {actor.phone: demo_desk.hire(unit, actor, world) for actor in ACTORS}
    demo_public.seed(unit, world, hired["reem"], hired["salma"])
