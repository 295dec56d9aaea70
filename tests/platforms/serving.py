"""Runs an emulator: a real HTTP server on this machine only, and the work it does beside answering.

It never leaves anything running: leaving the `async with` ends every request and task it began.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from aiohttp import web

from tests.platforms.phones import Bell, Clock

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType

LOOPBACK = "127.0.0.1"


@dataclass(slots=True)
class Call:
    """One request that reached the emulator; `at` is the monotonic second it came, `status` what it was answered."""

    method: str
    params: dict[str, Any]
    at: float
    status: int | None = None


class Served:
    """An emulator with a server, a clock and a log of calls; a subclass adds its routes in `routes`."""

    def __init__(self, clock: Clock | None, port: int) -> None:
        self.clock = clock or Clock()
        self.calls: list[Call] = []
        self.url = ""
        self._port = port
        self._called = Bell()
        self._quiet = Bell()
        self._closing = asyncio.Event()
        self._runners: list[web.AppRunner] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Start serving."""
        connector = aiohttp.TCPConnector(limit=0)
        self.session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving and end whatever hangs."""
        self._closing.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.session.close()
        for runner in self._runners:
            await runner.cleanup()

    async def start(self) -> None:
        """Open the emulator's servers."""
        raise NotImplementedError

    def passes(self, seconds: float) -> None:
        """Move the emulator's clock ahead."""
        self.clock.passes(seconds)

    async def called(self, method: str, times: int = 1, within: float = 10.0, **params: object) -> Call:
        """The call that makes it `times` calls of `method` with these parameters; AssertionError after `within` s."""
        call = await self._called.until(lambda: self._find_call(method, times, params), within)
        if call is None:
            raise AssertionError(
                f"no {method} {params} x{times} in {within:g} s, only {[c.method for c in self.calls]}"
            )
        return call

    def _find_call(self, method: str, times: int, params: dict[str, object]) -> Call | None:
        fitting = [
            call
            for call in self.calls
            if call.method == method and all(str(call.params.get(key)) == str(value) for key, value in params.items())
        ]
        return fitting[times - 1] if len(fitting) >= times else None

    def log(self, method: str, params: dict[str, Any]) -> Call:
        """Note a request that came."""
        call = Call(method, params, monotonic())
        self.calls.append(call)
        self._called.ring()
        return call

    async def hang(self) -> None:
        """Stay silent until the emulator is closed."""
        await self._closing.wait()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside answering; what it raises is shown by asyncio, never swallowed."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._quiet.ring()
        if not task.cancelled() and (error := task.exception()):
            asyncio.get_running_loop().call_exception_handler(
                {"message": "an emulator's work failed", "exception": error}
            )

    async def open(self, routes: list[web.RouteDef], host: str = LOOPBACK, port: int = 0) -> str:
        """Serve these routes on loopback under the name `host`, and return their address."""
        app = web.Application(client_max_size=60 * 2**20)
        app.add_routes(routes)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, LOOPBACK, port, backlog=1024)
        await site.start()
        return f"http://{host}:{runner.addresses[0][1]}"
