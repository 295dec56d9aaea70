"""The desk as its users feel it: the list beside many cases, a case opened in the browser, her words arriving.

The whole program serves over HTTP, with the emulators of the platforms; only the rows of the many cases are made up.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bot import chance
from bot.chance import random_bytes
from storage.cases import Facets, Item, add_items, by_code
from storage.coding import encode
from storage.migrate import migrate
from storage.unit import Unit, millis
from storage.vault import Place, Vault, read_ring
from tests.desk.case_story import Shown, opening_ms, reported, taken, with_passphrase
from tests.desk.desk_browser import desk_open
from tests.desk.staff import Desks
from tests.people import Woman
from tests.town import KEY, Town, town

OPEN = 10_000
"""Cases that are not closed: more than any team could work on."""
ITEMS = 20
"""Sealed items of the case that is opened."""
_ADD = """
    INSERT INTO cases (id, code, public_key, facets, status, finished, mechanism, opened_at, heard_at)
    VALUES (?, ?, ?, ?, ?, 1, 'filled', ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """Seconds that the list took on the server and over HTTP, request by request, and how large the file is (GiB)."""

    taken: list[float]
    first: float
    """The first after a start: the facets of all open cases are unsealed."""
    size: float


@asynccontextmanager
async def _town(folder: Path) -> AsyncIterator[Town]:
    migrate(f"sqlite:///{folder / 'sanad.db'}")
    async with town(f"sqlite:///{folder / 'sanad.db'}", folder) as place:
        yield place


async def run_list(folder: Path, cases: int, times: int, progress: Callable[[int], None]) -> Listed:
    """Ask for the list again and again, as a coordinator, who sees every open case."""
    database = folder / "sanad.db"
    migrate(f"sqlite:///{database}")
    await asyncio.to_thread(_fill, database, cases, progress)
    async with _town(folder) as place, Desks(place) as desks:
        salma = await desks.hired("Salma", "coordinator")
        began = perf_counter()
        await salma.get("/desk")
        first = perf_counter() - began
        taken = []
        for number in range(times):
            began = perf_counter()
            answer = await salma.get("/desk", params={"whose": "all", "page": str(1 + number % 5)})
            taken.append(perf_counter() - began)
            assert answer.status == 200, answer.status
    return Listed(taken, first, database.stat().st_size / 2**30)


def _fill(path: Path, cases: int, progress: Callable[[int], None]) -> None:
    vault, now = Vault(read_ring(KEY), random_bytes), millis(chance.now())
    levels = ("critical", "high", "medium", "low")
    database = sqlite3.connect(path, isolation_level=None)
    try:
        for start in range(0, cases, 10_000):
            database.execute("BEGIN")
            rows = []
            for place in range(start, min(start + 10_000, cases)):
                number, at = chance.number(), now - 3_600_000 - place * 60_000
                facets = encode(Facets(levels[place % 4], (), {"governorate": "YE-MA"}))
                sealed = vault.seal(Place("cases", "facets", str(number)), facets)
                status = ("waiting", "taken", "contacted")[place % 3] if place < OPEN else "closed"
                rows.append((number, f"filled{place}", random_bytes(1216), sealed, status, at, at))
            database.executemany(_ADD, rows)
            database.execute("COMMIT")
            progress(min(start + 10_000, cases))
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Opened:
    """Milliseconds from asking for a case of 20 items until all of it is shown, and until her new words are."""

    shown: list[float]
    arrived: list[float]


async def run_case(folder: Path, chromium: str, times: int, progress: Callable[[int], None]) -> Opened:
    """Open a case of 20 items in Chromium again and again; then let her write, and see her words arrive."""
    async with _town(folder) as place, Desks(place) as desks:
        huda = await with_passphrase(desks, "Huda")
        code = await reported(place, Woman(place.phone(1), "ar"))
        await taken(place, huda, code)
        await _filled(place, code)
        shown = []
        async with desk_open(chromium, place, carrying=huda) as screen:
            case = Shown(screen, code)
            await case.opens()
            for done in range(times):
                await screen.page.locator("nav.ways a[href='/desk']").click()
                await screen.page.locator(f'main a[href="/desk/cases/{code}"]').first.wait_for()
                shown.append(await opening_ms(screen.page, f"/desk/cases/{code}"))
                progress(done + 1)
            written = {"id": str(chance.number()), "words": "How are you today?"}
            await huda.post(f"/desk/cases/{code}/messages", json=written)  # what she writes now is her answer
            arrived = [await _arrival(place, case, f"word {number} of hers") for number in range(times)]
    return Opened(shown, arrived)


async def _filled(place: Town, code: str) -> None:
    """Bring a case to 20 sealed items."""

    def add(unit: Unit) -> None:
        case = by_code(unit, code)
        assert case is not None
        row = unit.one("SELECT COUNT(*) FROM case_items WHERE case_id = :id", {"id": case.id})
        for number in range(ITEMS - (row[0] if row else 0)):
            add_items(unit, case, chance.number(), [Item("words", place.now(), {"words": f"more, {number}"})])

    await place.working.store.write(add)


async def _arrival(place: Town, case: Shown, words: str) -> float:
    """Milliseconds from the webhook's call until her words stand in the open page."""
    began = perf_counter()
    await place.phone(1).says(words)
    await case.page.get_by_text(words).first.wait_for()
    return (perf_counter() - began) * 1000
