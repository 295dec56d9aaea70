"""The processes: everything in one (`serve`), only the door (`web`), only the duties (`worker`).

It refuses to start on anything half configured, and says which command mends it.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Literal, cast
from zoneinfo import ZoneInfo

import structlog
import telegram
import uvicorn
from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot import chance, logs, previewing, webhooks
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.polling import poll
from bot.settings import Settings
from bot.templates import read_templates
from bot.wiring import Sanad, check_tables, wired
from bot.worker import at_work
from console import certificates, desk, public_media
from console.desk.visit import Desk
from storage import cases, marks
from storage.store import StoreUnusable

Part = Literal["serve", "web", "worker"]
_log = structlog.get_logger()
_ASK_AGAIN = 10
"""Seconds until Telegram is told of the webhook again, where it did not answer."""
_CLOSING = 10
"""Seconds that requests under way have to end."""


class NotConfigured(Exception):
    """A setting is missing. The message says which, and what to put there."""


def run(settings: Settings, part: Part) -> None:
    """Run until told to stop. Raises what `check` and `wired` raise, before anything is served."""
    logs.configure()
    check(settings, part)
    check_tables(settings, may_migrate=part == "serve" and settings.is_embedded)
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_run(settings, part))


def check(settings: Settings, part: Part) -> None:
    """Refuse what can't work. Raises `NotConfigured`, `KeysUnusable` or `StoreUnusable`."""
    settings.ring()
    if part != "serve" and settings.is_embedded:
        raise StoreUnusable(
            "`web` and `worker` are two processes, and SQLite is for one. Use `sanad serve`, "
            "or set DATABASE_URL to a PostgreSQL address."
        )
    token = settings.telegram_bot_token.get_secret_value()
    by_webhook = token and settings.telegram_mode == "webhook"
    if by_webhook and not settings.telegram_webhook_secret.get_secret_value():
        raise NotConfigured("TELEGRAM_MODE=webhook needs TELEGRAM_WEBHOOK_SECRET: 1-256 characters A-Z a-z 0-9 _ -")
    if (by_webhook or settings.twilio_account_sid) and not settings.public_url:
        raise NotConfigured("PUBLIC_URL is missing: the https address at which the platforms reach this server.")
    if settings.twilio_account_sid and not (
        settings.twilio_auth_token.get_secret_value() and settings.twilio_whatsapp_from
    ):
        raise NotConfigured(
            "TWILIO_ACCOUNT_SID needs TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_FROM (+ and digits) as well."
        )
    if settings.twilio_voice_from and not settings.twilio_account_sid:
        raise NotConfigured("TWILIO_VOICE_FROM needs TWILIO_ACCOUNT_SID and its fellows: calls go by the same account.")


async def _run(settings: Settings, part: Part) -> None:
    if part == "worker":
        await _work(settings)
    else:
        await serve_app(settings, application(settings, with_duties=part == "serve"))


class Server(uvicorn.Server):
    """A server that ends what would never end by itself (open desks listen for ever) before it waits for requests."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server`; whoever streams has put how to end it into the application's `state.endings`."""
        app = cast("Starlette", self.config.app)
        for end in list(getattr(app.state, "endings", ())):
            end()
        await super().shutdown(sockets)


async def serve_app(settings: Settings, app: Starlette, closing: int = _CLOSING) -> None:
    """Serve an application on HOST and PORT until SIGTERM or SIGINT; requests under way have `closing` seconds."""
    config = uvicorn.Config(
        app,
        settings.host,
        settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxy),
        forwarded_allow_ips=settings.trusted_proxy,
        timeout_graceful_shutdown=closing,
        lifespan="on",
    )
    server = Server(config)
    await server.serve()
    if not server.started:
        raise StoreUnusable(
            f"Nothing could be served at {settings.host}:{settings.port}. Is another process there? Set PORT."
        )


async def _work(settings: Settings) -> None:
    """Only the duties, until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with wired(settings) as sanad, duties(sanad):
        _log.info("working")
        await ended.wait()


@asynccontextmanager
async def duties(sanad: Sanad) -> AsyncIterator[None]:
    """The worker's duties, and polling where Telegram is asked for updates instead of bringing them."""
    holder = "embedded" if sanad.settings.is_embedded else chance.token()  # one process: it need not wait for itself
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(at_work(sanad, holder))
        channel = sanad.channels.get("telegram")
        if isinstance(channel, Telegram):
            await stack.enter_async_context(_listening(sanad, channel))
        yield


@asynccontextmanager
async def _listening(sanad: Sanad, channel: Telegram) -> AsyncIterator[None]:
    """Let Telegram bring updates, or fetch them, as TELEGRAM_MODE says."""
    stopping = asyncio.Event()
    if sanad.settings.telegram_mode == "webhook":
        task = asyncio.create_task(_subscribe(sanad, channel, stopping))
    else:
        task = asyncio.create_task(poll(channel, sanad.receive, stopping, sanad.counts))
    try:
        yield
    finally:
        stopping.set()
        await task


async def _subscribe(sanad: Sanad, channel: Telegram, stopping: asyncio.Event) -> None:
    """Tell Telegram where to bring updates; until that succeeds, try again."""
    secret = sanad.settings.telegram_webhook_secret.get_secret_value()
    while not stopping.is_set():
        try:
            return await channel.listen(sanad.settings.address, secret)
        except telegram.error.TelegramError as error:
            _log.warning("telegram_webhook_not_set", error=type(error).__name__)
        try:
            async with asyncio.timeout(_ASK_AGAIN):
                await stopping.wait()
        except TimeoutError:
            continue
    return None


def application(settings: Settings, *, with_duties: bool) -> Starlette:
    """The web application of one process."""
    return assembled(wired(settings), routes, with_duties=with_duties)


def assembled(
    wiring: AbstractAsyncContextManager[Sanad], found: Callable[[Sanad], Sequence[BaseRoute]], *, with_duties: bool
) -> Starlette:
    """An application that wires itself when it is started, and has its routes from then on."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            sanad = await stack.enter_async_context(wiring)
            if with_duties:
                await stack.enter_async_context(duties(sanad))
            app.router.routes.extend(found(sanad))
            if not await sanad.store.read(cases.readers):
                _log.warning("no_recovery_key", mend="sanad keys recovery --out FILE: without it no case can be opened")
            _log.info("ready")
            yield

    app = Starlette(lifespan=lifespan)
    app.state.endings = set()
    return app


def routes(sanad: Sanad) -> list[BaseRoute]:
    """Every address that the world may call."""
    settings = sanad.settings

    async def ready(_: Request) -> Response:
        await sanad.store.read(marks.get, "ready")
        return JSONResponse({"ready": True})

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(sanad.registry), media_type="text/plain; version=0.0.4")

    telegram_door = whatsapp_door = None
    if "telegram" in sanad.channels and settings.telegram_mode == "webhook":
        telegram_door = webhooks.TelegramWebhook(settings.telegram_webhook_secret.get_secret_value())
    if "whatsapp" in sanad.channels:
        token = settings.twilio_auth_token.get_secret_value()
        whatsapp_door = webhooks.WhatsAppWebhook(settings.address, token, sanad.now)
    return [
        Route("/health", _health),
        Route("/ready", ready),
        Route("/metrics", metrics),
        *desk.routes(desk_of(sanad)),
        *webhooks.routes(telegram_door, whatsapp_door, sanad.receive, sanad.status, sanad.counts),
        *_calls(sanad),
        public_media.route(sanad.store, sanad.world),
        *certificates.routes(sanad.store),
    ]


def _calls(sanad: Sanad) -> list[Route]:
    """Where Twilio asks what to say in a call, where calls are set up."""
    if "voice" not in sanad.channels:
        return []
    from bot.channels.voice import door  # noqa: PLC0415 - twilio's TwiML only where it is used

    webhook = door.VoiceWebhook(sanad.settings.address, sanad.settings.twilio_auth_token.get_secret_value())
    return door.routes(webhook, sanad.store, sanad.world, sanad.counts)


async def _health(_: Request) -> Response:
    """The process is there; `/ready` says whether it can work."""
    return JSONResponse({"ok": True})


def desk_of(sanad: Sanad) -> Desk:
    """What the desk's pages work with."""
    settings = sanad.settings
    number = settings.twilio_whatsapp_from
    bot = {"whatsapp": number} if number else {}
    shown = previewing.rendering(read_templates(settings.sanad_mechanism))
    zone = ZoneInfo(settings.sanad_timezone)
    return Desk(sanad.store, sanad.world, chance.token, settings.address, zone, bot, shown)


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415 - only where a loop is run

    return uvloop.new_event_loop()
