"""Sanad's real process for measurements: `python -m benchmarks.server RATE` serves, with settings from the environment.

`RATE` is letters a second, or `none` where the platform lifted its limit. With `nursery` as a second word it serves
nothing itself: for each line on its standard input it forks a child that does, and prints the child's number, so that
a thousand processes can be killed without importing everything a thousand times.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import uvloop
from starlette.applications import Starlette

from bot import app, chance, logs
from bot.channels.telegram.channel import Telegram
from bot.settings import Settings
from bot.wiring import wired
from bot.worker import at_work


def main(rate: float | None, *, nursery: bool) -> None:
    """Serve, or bear those who do."""
    settings = Settings()
    logs.configure()
    if nursery:
        _bear(settings, rate)
    else:
        _serve(settings, rate)


def _serve(settings: Settings, rate: float | None) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(app.serve_app(settings, _application(settings, rate)))


def _application(settings: Settings, rate: float | None) -> Starlette:
    """The application that `sanad serve` has, with a pace of its own and a holder who outlives a kill."""

    @asynccontextmanager
    async def lifespan(served: Starlette) -> AsyncIterator[None]:
        token = settings.telegram_bot_token.get_secret_value()
        channel = Telegram(token, chance.now, api_url=settings.telegram_api_url, rate=rate)
        async with AsyncExitStack() as stack:
            sanad = await stack.enter_async_context(wired(settings, {"telegram": channel}))
            await stack.enter_async_context(at_work(sanad, "benchmark"))
            served.router.routes.extend(app.routes(sanad))
            yield

    return Starlette(lifespan=lifespan)


def _bear(settings: Settings, rate: float | None) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while sys.stdin.readline():
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _serve(settings, rate)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(None if sys.argv[1] == "none" else float(sys.argv[1]), nursery="nursery" in sys.argv[2:])
