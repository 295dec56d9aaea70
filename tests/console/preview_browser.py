"""Opens the preview page in Chromium, and closes only if it made no error and spoke to nobody else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import Browser, Page, Playwright
from starlette.applications import Starlette

from bot.channels.preview import Preview
from console.preview import routes
from console.preview_words import STORY
from flows.core import Language
from tests.console.preview_story import MadeUpStory

OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""As root in a closed network."""
WIDE, SMALL = (1280, 800), (360, 740)
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.js"
ARABIC_UNSEEN = "vChild.props.nodeName === '#text' && !_isIconLigature(vChild)"
"""axe takes joined Arabic letters for an icon font, and says nothing of their contrast; it is told not to."""


def start_browser(playwright: Playwright, chromium: str) -> Browser:
    """A headless Chromium."""
    return playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))


@contextmanager
def serving(story: MadeUpStory) -> Iterator[str]:
    """The address of the page while it is served on a free port."""
    app = Starlette(routes=routes(story.phones, story.receive, story.look, STORY))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class Visit:
    """A visitor at the page."""

    page: Page
    address: str
    language: Language
    story: MadeUpStory

    def opens(self) -> None:
        """Open the page, or load it again, and wait until it follows the phones."""
        with self.page.expect_response("**/preview/events"):
            self.page.goto(f"{self.address}/preview?lang={self.language}")

    def writes(self, words: str, phone: str = "hers") -> None:
        """Write on a phone and send."""
        entry = self.page.locator(f"#entry-{phone}")
        entry.fill(words)
        entry.press("Enter")

    def presses(self, label: str, phone: str = "hers") -> None:
        """Press a button under a message."""
        self.page.locator(f"#phone-{phone}").get_by_role("button", name=label).click()

    def complaints(self) -> list[str]:
        """What axe finds serious or critical, as rule and element."""
        source = AXE.read_text(encoding="utf-8")
        assert ARABIC_UNSEEN in source
        self.page.evaluate(source.replace(ARABIC_UNSEEN, "vChild.props.nodeName === '#text'"))
        found: Any = self.page.evaluate("axe.run()")
        return [
            f"{violation['id']}: {node['html'][:120]} {node['any'][0]['message'] if node['any'] else ''}"
            for violation in found["violations"]
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]


@contextmanager
def visiting(
    browser: Browser, language: Language = "ar", size: tuple[int, int] = WIDE, *, dark: bool = False
) -> Iterator[Visit]:
    """A visitor at the open page. Leaving it fails on any error in the console and any request to another host."""
    phones = Preview((phone.name for phone in STORY.phones), "run", lambda: datetime.now(UTC))
    story = MadeUpStory(phones)
    noise: list[str] = []
    with serving(story) as address:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        with closing(context):
            page = context.new_page()
            page.set_default_timeout(10_000)
            page.on("console", lambda message: noise.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: noise.append(str(error)))
            page.on("request", lambda request: None if _is_own(request.url, address) else noise.append(request.url))
            visit = Visit(page, address, language, story)
            visit.opens()
            yield visit
    assert noise == []


def _is_own(url: str, address: str) -> bool:
    return urlsplit(url).scheme in {"blob", "data"} or url.startswith(f"{address}/preview")
