"""How soon ten thousand check-ins act that are due together, and how long replies take meanwhile.

`python -m benchmarks.check_ins COUNT MESSAGES RATE asks|alarms` prints its result. It leaves none out that is late.
"""

from __future__ import annotations

import asyncio
import gc
import random
import sys
import tempfile
from collections import defaultdict, deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec
import uvloop

from benchmarks.ours import deliver, working
from bot import chance
from bot.channels.telegram.request import AiohttpRequest
from bot.wiring import Sanad
from flows.core import Person
from flows.watch import begin, moments
from flows.watching import CheckInRules, Watch
from storage import cases, check_ins, people
from storage.cases import Facets, Item
from storage.unit import Unit

FIRST = 5_000_000_001
"""The chat of the first woman who is waited for."""
TALKING, TALKERS = 6_000_000_001, 200
"""Those who write meanwhile: the first one's chat, and how many they are."""
AREAS = ("marib", "taizz", "ibb", "adan", "sanaa", "hajjah", "lahj", "abyan")
What = Literal["asks", "alarms"]
_AT_ONCE = 50
_LOOK = 0.05
_PATIENCE = 300


class Result(msgspec.Struct, frozen=True):
    """Seconds after their common minute began until the last had acted, of each reply; and what was out of order."""

    seconds: float
    taken: list[float]
    swapped: int


class Watched(AiohttpRequest):
    """The network: answers at once, and notes when each talking woman's next reply left."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        super().__init__()
        self.left: defaultdict[bytes, deque[float]] = defaultdict(deque)

    async def exchange(self, url: str, body: bytes, read: float = 15.0) -> tuple[int, bytes]:
        """Note the moment, and answer."""
        assert read > 0
        if not url.endswith("sendMessage"):
            return 200, b'{"ok":true,"result":true}'
        self.left[body[len(b'{"chat_id":') : body.index(b",")]].append(asyncio.get_running_loop().time())
        return 200, b'{"ok":true,"result":{"message_id":7,"date":1,"chat":{"id":1,"type":"private"}}}'


def main(count: int, messages: int, rate: float, what: What) -> None:
    """Print the result as one line of JSON."""
    with tempfile.TemporaryDirectory() as folder:
        found = uvloop.run(run(Path(folder), count, messages, rate, what))
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")


async def run(folder: Path, count: int, messages: int, rate: float, what: What) -> Result:
    """All of them due in one second, while replies are asked for at `rate` messages a second."""
    network = Watched()
    async with working(f"sqlite:///{folder / 'sanad.db'}", network) as sanad:
        await sanad.store.write(_meet)
        for start in range(0, count, _AT_ONCE):
            await sanad.store.write(_plant, sanad.rules.check_ins, range(start, min(count, start + _AT_ONCE)))
        gc.collect()
        due_at = datetime.now(UTC) + timedelta(seconds=2)
        await sanad.store.write(_set, due_at, what)
        await asyncio.sleep(2)
        acting = asyncio.ensure_future(_until_all_have_acted(sanad, due_at, what))
        planned = await _arrive(sanad, messages, rate)
        seconds = await acting
        async with asyncio.timeout(_PATIENCE):
            while any(len(network.left[chat]) < len(times) for chat, times in planned.items()):  # noqa: ASYNC110 - as below
                await asyncio.sleep(_LOOK)
        swapped = await sanad.store.read(_swapped, what)
    taken = [
        left - arrived
        for chat, times in planned.items()
        for arrived, left in zip(times, network.left[chat], strict=True)
    ]
    return Result(seconds, sorted(taken), swapped)


async def _arrive(sanad: Sanad, messages: int, rate: float) -> dict[bytes, list[float]]:
    """Messages come when they come (Poisson), from one woman after the other; each has one reply, the menu."""
    loop, drawn = asyncio.get_running_loop(), random.Random(3)
    planned: defaultdict[bytes, list[float]] = defaultdict(list)
    moment, tasks = loop.time() + 0.2, []
    for place in range(messages):
        chat = TALKING + place % TALKERS
        moment += drawn.expovariate(rate)
        planned[b"%d" % chat].append(moment)
        if (wait := moment - loop.time()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.ensure_future(deliver(sanad, _said(place, chat))))
    await asyncio.gather(*tasks)
    return planned


def _said(place: int, chat: int) -> bytes:
    whom = {"id": chat, "type": "private", "first_name": "A"}
    message = {"message_id": place + 1, "date": 1, "chat": whom, "from": whom | {"is_bot": False}, "text": "القائمة"}
    return msgspec.json.encode({"update_id": 700_000_000 + place, "message": message})


def _meet(unit: Unit) -> None:
    """Women who talk with us meanwhile."""
    for place in range(TALKERS):
        number = 9_000_000 + place
        people.meet(unit, number, "telegram", str(TALKING + place))
        people.remember(unit, number, Person(language="ar", welcomed=True, button=True))


def _plant(unit: Unit, rules: CheckInRules, places: range) -> None:
    """Women, each with a check-in that is far away, and the case that sleeps behind it."""
    now = chance.now()
    for place in places:
        people.meet(unit, place + 1, "telegram", str(FIRST + place))
        people.remember(unit, place + 1, Person(language="ar", welcomed=True, watched=True))
        number, to = 1_000_000 + place, cases.readers(unit, {"focal_point", "coordinator"})
        facets = Facets("critical", place={"governorate": AREAS[place % len(AREAS)]})
        case = cases.open_case(
            unit, number, f"B{place:06}", chance.random_bytes(32), person=place + 1, facets=facets, mechanism="1",
            now=now, to=to, status="sleeping", hidden=True,
        )  # fmt: skip
        cases.add_items(unit, case, chance.number(), [Item("plan", now, {"answers": {}})])
        check_ins.add(
            unit, number, place + 1, number, begin(rules, now + timedelta(days=2), timedelta(minutes=30), now)
        )


def _set(unit: Unit, at: datetime, what: What) -> None:
    """All of them are due within one second, in the order of their numbers."""
    for (number,) in unit.all("SELECT id FROM check_ins ORDER BY id"):
        kept = check_ins.load(unit, number)
        assert kept is not None
        check_ins.put(unit, kept, _due(kept.watch, at + timedelta(milliseconds=(number - 1_000_000) // 10), what))


def _due(watch: Watch, at: datetime, what: What) -> Watch:
    due_at = at if what == "asks" else at - watch.grace
    moved = replace(watch, due_at=due_at)
    step = moments(moved).index(at)
    return replace(moved, step=step, next_at=at, state="armed" if what == "asks" else "asked")


async def _until_all_have_acted(sanad: Sanad, due_at: datetime, what: What) -> float:
    state = "armed" if what == "asks" else "asked"
    async with asyncio.timeout(_PATIENCE):
        while await sanad.store.read(_left, state):  # noqa: ASYNC110 - it watches from outside
            await asyncio.sleep(_LOOK)
    return (datetime.now(UTC) - due_at).total_seconds()


def _left(unit: Unit, state: str) -> bool:
    return unit.one("SELECT 1 FROM check_ins WHERE state = :state LIMIT 1", {"state": state}) is not None


def _swapped(unit: Unit, what: What) -> int:
    """How often one acted before another that was due earlier: as their letters, or the logs of their alarms, stand."""
    sql = "SELECT case_id FROM alarm_log WHERE what = 'began' AND case_id BETWEEN 1000000 AND 1999999 ORDER BY id"
    if what == "asks":
        sql = """SELECT people.id FROM letters JOIN people ON address_index = reader
            WHERE key LIKE 'check:%' ORDER BY letters.id"""
    order = [number for (number,) in unit.all(sql)]
    return sum(later < earlier for earlier, later in pairwise(order))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), "asks" if sys.argv[4] == "asks" else "alarms")
