"""Kills the serving process at random moments, again and again, and then counts what was lost or done twice.

It trusts nobody's word: what was acknowledged is known from the platform's side, what was kept from the database.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import msgspec

from benchmarks.contest import TOKEN
from benchmarks.process import SECRET, environment, free_port, open_store, prepare, ready
from benchmarks.story import Story, tell
from benchmarks.team import COORDINATOR, ON_CALL, READER, READER_SEED, SUBSTITUTE
from bot import mechanism
from bot.settings import ROOT
from storage.cases import case_seeds, open_items, sealed_case
from storage.unit import Unit
from tests.platforms.telegram import Telegram

LONGEST = 0.25
"""Seconds that a process lives at most before it is killed."""
GREETINGS = 1
"""Letters beside the answers: a stranger's first message brings the standing button as well."""
_PERSONS = 2
"""Who begin to write in each life."""
_FIRST = 6_000_000_001
_SETTLING = 120.0
_UNDER_WAY = "SELECT 1 FROM letters WHERE state IN ('waiting', 'sending') LIMIT 1"


@dataclass(slots=True)
class Outcome:
    """What a thousand kills did. Every list of faults is empty where all is well."""

    kills: int = 0
    seconds: float = 0.0
    reports: int = 0
    updates: int = 0
    pages: int = 0
    at_work: int = 0
    """Lives in which at least one message was acknowledged before the kill; the others died while starting."""
    letters_sent_again: int = 0
    """Letters that went out twice: allowed, since nobody can know whether the first arrived."""
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unpaged: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that must not have happened."""
        return [*self.lost, *self.twice, *self.unpaged]


async def run_kills(
    count: int, folder: Path, seed: int = 1, progress: Callable[[int], None] = lambda _: None
) -> Outcome:
    """Kill the process `count` times while persons report, let the last one finish, and count."""
    chance, began, at_work = random.Random(seed), monotonic(), 0
    await prepare(folder)
    port, story = free_port(), tell(mechanism.load(ROOT / "mechanism"))
    async with Telegram(TOKEN, limits=None, retry_base=0.02) as platform:
        for chat in (ON_CALL, SUBSTITUTE, COORDINATOR):
            platform.person(chat, has_written=True)
        platform.sets_webhook(f"http://127.0.0.1:{port}/telegram", SECRET, connections=100)
        crowd = _Crowd(platform, story)
        async with nursery(folder, platform.url, port) as bear:
            for kill in range(count):
                child = await bear()
                crowd.grows(_PERSONS)
                waiting = len(platform.pending())
                await asyncio.sleep(chance.uniform(0, LONGEST))
                os.kill(child, signal.SIGKILL)
                at_work += len(platform.pending()) < waiting
                progress(kill + 1)
            child = await bear()
            await ready(port)
            await platform.settles(_SETTLING)
            await _quiet(folder)
            os.kill(child, signal.SIGKILL)
        found = await _counted(folder, platform, crowd)
    found.kills, found.seconds, found.at_work = count, monotonic() - began, at_work
    return found


@dataclass(slots=True)
class _Crowd:
    """Persons who write their whole story at once; the platform brings it in order, one message after another."""

    platform: Telegram
    story: Story
    chats: list[int] = field(default_factory=list)
    numbers: dict[int, list[int]] = field(default_factory=dict)
    number: int = 300_000_000

    def grows(self, by: int) -> None:
        for _ in range(by):
            chat = _FIRST + len(self.chats)
            self.chats.append(chat)
            self.platform.person(chat, has_written=True)
            self.numbers[chat] = []
            for step in (*self.story.welcome, *self.story.report):
                self.number += 1
                self.numbers[chat].append(self.number)
                self.platform.push(msgspec.json.decode(step.as_update(chat, self.number)), chat)


@asynccontextmanager
async def nursery(folder: Path, api: str, port: int) -> AsyncIterator[Callable[[], asyncio.Future[int]]]:
    """Something that starts a fresh serving process each time it's called."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.server", "none", "nursery",
        cwd=ROOT, env=dict(environment(folder, api, port)),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    into, out = process.stdin, process.stdout
    children: list[int] = []

    async def bear() -> int:
        into.write(b"\n")
        children.append(int(await out.readline()))
        return children[-1]

    try:
        yield lambda: asyncio.ensure_future(bear())
    finally:
        process.kill()
        await process.wait()


async def _quiet(folder: Path) -> None:
    """Wait until every letter has gone out."""
    async with asyncio.timeout(_SETTLING):
        while rows(folder, _UNDER_WAY):  # noqa: ASYNC110 - another process writes, and tells nobody
            await asyncio.sleep(0.05)


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """What a query gives, read beside the process."""
    connection = sqlite3.connect(f"file:{folder / 'sanad.db'}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


async def _counted(folder: Path, platform: Telegram, crowd: _Crowd) -> Outcome:
    found = Outcome(reports=len(crowd.chats), updates=sum(map(len, crowd.numbers.values())))
    letters = Counter(str(call.params.get("chat_id")) for call in platform.calls if call.method == "sendMessage")
    found.letters_sent_again = sum(
        max(0, letters[str(chat)] - len(crowd.numbers[chat]) - GREETINGS) for chat in crowd.chats
    )
    _count_messages(folder, crowd, letters, found)
    await _count_cases(folder, found)
    _count_pages(folder, platform, found)
    return found


def _count_messages(folder: Path, crowd: _Crowd, letters: Counter[str], found: Outcome) -> None:
    """Every message that was acknowledged (all were, in the end) is known, and was answered by one letter."""
    seen = {str(key) for (key,) in rows(folder, "SELECT key FROM inbox")}
    written = Counter(str(key) for (key,) in rows(folder, "SELECT key FROM letters WHERE key LIKE 'in:%'"))
    undelivered = rows(folder, "SELECT key, state FROM letters WHERE state NOT IN ('delivered', 'cancelled')")
    found.lost += [f"letter {key} is {state}" for key, state in undelivered]
    for chat, numbers in crowd.numbers.items():
        due = len(numbers) + GREETINGS
        found.lost += [f"update {number} is not known" for number in numbers if str(number) not in seen]
        found.lost += [f"update {n} has no answer" for n in numbers if not written[f"in:telegram:{n}:0"]]
        found.twice += [f"update {n} has two answers" for n in numbers[1:] if written[f"in:telegram:{n}:1"]]
        found.twice += [f"update {n} has three answers" for n in numbers[:1] if written[f"in:telegram:{n}:2"]]
        if letters[str(chat)] < due:
            found.lost.append(f"{chat} got {letters[str(chat)]} letters of {due}")


async def _count_cases(folder: Path, found: Outcome) -> None:
    """Everybody has one case, whole, and each of its steps is in it once, as in a quiet report."""
    owners = Counter(rows(folder, "SELECT person_id FROM cases"))
    found.twice += [f"a person has {count} cases" for count in owners.values() if count > 1]
    if len(owners) < found.reports:
        found.lost.append(f"{found.reports - len(owners)} persons have no case")
    store = open_store(folder)
    await store.start()
    kinds: Counter[tuple[tuple[str, int], ...]] = Counter()
    for code, finished in rows(folder, "SELECT code, finished FROM cases"):
        if not finished:
            found.lost.append(f"case {code} is unfinished")
        kinds[await store.read(_kinds_in, str(code))] += 1
    await store.stop()
    usual = kinds.most_common(1)[0][0] if kinds else ()
    found.twice += [f"{count} cases hold {odd}, not {usual}" for odd, count in kinds.items() if odd != usual]


def _kinds_in(unit: Unit, code: str) -> tuple[tuple[str, int], ...]:
    case = sealed_case(unit, code)
    assert case is not None
    items = open_items(case, case_seeds(case, READER, READER_SEED))
    return tuple(sorted(Counter(item.kind for item in items).items()))


def _count_pages(folder: Path, platform: Telegram, found: Outcome) -> None:
    """Every case was paged about, each step of its ladder once, and the person on call got every code."""
    paged = rows(folder, "SELECT case_id, staff_id, channel, round, step, code FROM pages")
    found.pages = len(paged)
    steps = Counter(row[:5] for row in paged)
    found.twice += [f"page {step} was made {count} times" for step, count in steps.items() if count > 1]
    cases = {row[0] for row in paged}
    found.unpaged += [
        f"case {case} has no page" for (case,) in rows(folder, "SELECT id FROM cases") if case not in cases
    ]
    got = " ".join(str(call.params.get("text")) for call in platform.calls if call.method == "sendMessage")
    found.unpaged += [f"page {row[5]} never left" for row in paged if str(row[5]) not in got]
