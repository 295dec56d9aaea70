"""Opens the desk of a town in Chromium, and closes it only if it made no error and spoke to nobody else.

Who is signed in by `carrying` has the session that `tests.desk.staff` made for her, and her key is locked.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Page, Route, async_playwright, expect

from flows.core import Language
from storage import logins
from storage.unit import Unit
from tests.console.preview_browser import OPTIONS, WIDE
from tests.desk.staff import AGENT, Staffer, derive, login_hash, wrap
from tests.town import Town

NEUTRAL = "wikipedia.org"
STORES = """
async () => ({
  local: localStorage.length,
  session: sessionStorage.length,
  caches: (await caches.keys()).length,
  databases: (await indexedDB.databases()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})
"""


@dataclass  # without slots: Playwright keeps its own mark on whoever listens
class Screen:
    """A page of the desk, and what it complained of."""

    page: Page
    address: str
    noise: list[str] = field(default_factory=list)

    async def opens(self, path: str) -> None:
        """Load a page of the desk from its address: what was unlocked is locked again."""
        await self.page.goto(f"{self.address}{path}")

    async def carries(self, staffer: Staffer) -> None:
        """Be signed in as her, with the session that she has."""
        await self.page.context.add_cookies([{"name": "desk", "value": staffer.client.cookie, "url": self.address}])

    async def keeps(self) -> dict[str, int]:
        """How much the browser has stored for the desk, looked at where none of the desk's code runs."""
        await self.page.goto(f"{self.address}/desk/static/preview.svg")
        kept: dict[str, int] = await self.page.evaluate(STORES)
        return kept

    def heard(self, message: ConsoleMessage) -> None:
        """Note what the page complained of."""
        # A refusal, or none at all, is no fault of the page's; the browser and htmx say it of each.
        expected = message.text.startswith(("Failed to load resource", "htmx:sendError", "htmx:afterRequest"))
        if message.type in {"error", "warning"} and not expected:
            self.noise.append(message.text)

    def went(self, url: str) -> None:
        """Note a request that leaves us, but to the neutral page."""
        host = urlsplit(url).hostname or ""
        if not (url.startswith((self.address, "blob:", "data:")) or host.endswith(NEUTRAL)):
            self.noise.append(url)


async def has_passphrase(town: Town, staffer: Staffer, name: str, passphrase: str) -> None:
    """Give a member of `tests.desk.staff` a desk name and a passphrase that opens her key in a browser."""
    salt = os.urandom(16)
    keys = derive(passphrase, salt)
    wrapped = wrap(keys.wrapping, staffer.seed, staffer.number)

    def keep(unit: Unit, now: datetime) -> None:
        logins.put(unit, staffer.number, name, salt, login_hash(keys.login), wrapped, now)
        logins.put_factor(unit, staffer.number, staffer.totp, 0, ())

    await town.working.store.write(keep, town.now())


@asynccontextmanager
async def desk_open(
    chromium: str,
    town: Town,
    language: Language = "ar",
    size: tuple[int, int] = WIDE,
    *,
    carrying: Staffer | None = None,
    dark: bool = False,
) -> AsyncIterator[Screen]:
    """A browser of its own at the town's desk. The neutral page of the quick exit is made up: there is no network."""
    address = town.settings.address
    # A busy machine is not a wrong answer.
    expect.set_options(timeout=20_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            user_agent=AGENT,
        )
        await context.add_cookies([{"name": "language", "value": language, "url": address}])
        await context.route(f"**/*.{NEUTRAL}/**", _neutral)
        page = await context.new_page()
        page.set_default_timeout(20_000)
        screen = Screen(page, address)
        if carrying is not None:
            await screen.carries(carrying)
        page.on("console", screen.heard)
        page.on("pageerror", lambda error: screen.noise.append(str(error)))
        page.on("request", lambda request: screen.went(request.url))
        try:
            yield screen
        finally:
            await browser.close()
    assert screen.noise == []


async def _neutral(route: Route) -> None:
    await route.fulfill(content_type="text/html", body="<!doctype html><title>An encyclopedia</title><h1>Weather</h1>")
