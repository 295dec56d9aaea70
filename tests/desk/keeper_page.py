"""Opens the keeper in Chromium: the built worker under the desk's own headers, or its parts one by one.

It stands in for nothing: the worker is the one that is served at the desk, and the parts are its sources.
"""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from console.desk import guard

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "@hpke/common": "@hpke/common/esm/mod.js",
    "@hpke/core": "@hpke/core/esm/mod.js",
    "@hpke/dhkem-x25519": "@hpke/dhkem-x25519/esm/mod.js",
    "@hpke/hybridkem-x-wing": "@hpke/hybridkem-x-wing/esm/mod.js",
    "hash-wasm": "hash-wasm/dist/index.esm.js",
    "mlkem": "mlkem/esm/mod.js",
}
WORKER = """
() => {
  const worker = new Worker("/desk/static/keeper.js");
  const waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data: { number, value, kind } }) => {
    const bytes = value instanceof Uint8Array ? [...value] : value;
    waiting.get(number)(kind === undefined ? { value: bytes } : { kind });
  };
  window.ask = (act, values) =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      worker.postMessage({ number: last, act, values });
    });
}
"""


class KeeperSaysNo(Exception):
    """The worker refused; the message is the kind of its error."""


class Keeper:
    """The worker on a page of its own, asked as the desk's page asks it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(f"{address}/")
        page.evaluate(WORKER)

    def __call__(self, act: str, **values: Any) -> Any:
        """Ask for an act; bytes come back as a list of numbers. Raises `KeeperSaysNo`."""
        answer = self.page.evaluate("([act, values]) => window.ask(act, values)", [act, values])
        if "kind" in answer:
            raise KeeperSaysNo(answer["kind"])
        return answer.get("value")


def part(page: Page, address: str, file: str, code: str, given: Any = None) -> Any:
    """What `code`, a function of a part's exports and of `given`, returns for console/assets/`file`."""
    page.goto(f"{address}/parts")
    return page.evaluate(f"async ([file, given]) => ({code})(await import(file), given)", [f"/assets/{file}", given])


@contextmanager
def serving() -> Iterator[str]:
    """The address of both pages, while they are served on a free port."""
    server = uvicorn.Server(uvicorn.Config(_app(), log_level="warning", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _app() -> Starlette:
    strict = guard.Marked(StaticFiles(directory=ROOT / "console" / "static"))
    return Starlette(
        routes=[
            Route("/", _page),
            Route("/parts", _parts),
            Mount("/desk/static", strict),
            Mount("/assets", StaticFiles(directory=ROOT / "console" / "assets")),
            Mount("/packages", StaticFiles(directory=ROOT / "node_modules")),
        ]
    )


async def _page(_request: Request) -> Response:
    return HTMLResponse("<!doctype html><title>Page</title>", headers=guard.HEADERS)


async def _parts(_request: Request) -> Response:
    imports = json.dumps({"imports": {name: f"/packages/{path}" for name, path in PACKAGES.items()}})
    return HTMLResponse(f'<!doctype html><title>Parts</title><script type="importmap">{imports}</script>')


def b64(data: bytes) -> str:
    """Bytes as they travel."""
    return base64.b64encode(data).decode()
