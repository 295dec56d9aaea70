"""The rows of the table: what is measured, how often, and against which goal (design, numbers to reach).

It measures nothing by itself; the modules named after each row do.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import msgspec

from benchmarks import (
    broadcast,
    broadcast_kills,
    check_ins,
    desk,
    growth,
    kills,
    lanes,
    paging,
    planning,
    recognition,
    size,
    wiping,
)
from benchmarks.contest import Result
from benchmarks.story import Story
from benchmarks.table import Row
from bot import mechanism
from bot.channels.telegram.channel import RATE
from bot.settings import ROOT
from handlers.delivery import IN_FLIGHT
from tests.platforms.telegram import Limits

PEERS = {
    "ptb-memory": "python-telegram-bot's ConversationHandler, in memory",
    "ptb-flushed": "the same, pickled after each update",
    "aiogram": "aiogram's FSM, in memory",
}
PERSONS = 240
"""Who report at once: all their first messages come before anybody's second."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """How thoroughly to measure, and whom to tell how far it is: `says(what, of how many)` gives the way to tell."""

    story: Story
    quick: bool
    says: Callable[[str, int], Progress]

    def many(self, full: int, quick: int) -> int:
        """How many of something."""
        return quick if self.quick else full


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sanad-bench-") as folder:
        yield Path(folder)


def _asked(module: str, *arguments: object) -> bytes:
    """What another process of the benchmarks prints."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1]


def _rates(bench: Bench, names: tuple[str, ...], report: str = "danger") -> dict[str, list[float]]:
    """Updates a second of each contender; all of them in every round, so that a slow minute slows them all."""
    rates: dict[str, list[float]] = {name: [] for name in names}
    rounds = bench.many(5, 1)
    tell = bench.says(f"throughput, {report}", rounds * len(names))
    for done in range(rounds * len(names)):
        name = names[done % len(names)]
        rates[name].append(msgspec.json.decode(_asked("contender", name, PERSONS, report), type=Result).rate)
        tell(done + 1)
    return rates


def throughput(bench: Bench) -> list[Row]:
    """Sanad on both databases beside its peers."""
    rates = _rates(bench, ("sqlite", "postgresql", *PEERS))
    middle = {name: median(found) for name, found in rates.items()}
    note = f"{PERSONS} persons at once, 7 messages each"
    found = [
        Row(f"throughput: {name}", middle[name], "updates/s", note=PEERS.get(name, note), runs=tuple(rates[name]))
        for name in rates
    ]
    wanted = (("sqlite", "ptb-memory", 2.0), ("sqlite", "ptb-flushed", 20.0), ("postgresql", "ptb-memory", 1.0))
    for ours, theirs, goal in wanted:
        peer = f"{middle[theirs]:,.0f} updates/s"
        found.append(
            Row(f"throughput: {ours} / {theirs}", middle[ours] / middle[theirs], "x", goal, "more", peer, PEERS[theirs])
        )
    return [*found, _calm(bench)]


def _calm(bench: Bench) -> Row:
    """The same for somebody who is safe: what most messages cost, while no case is open yet."""
    rates = {name: median(found) for name, found in _rates(bench, ("sqlite", "ptb-memory"), "calm").items()}
    ratio, peer = rates["sqlite"] / rates["ptb-memory"], f"{rates['ptb-memory']:,.0f} updates/s"
    note = f"17 messages each; {rates['sqlite']:,.0f} updates/s"
    return Row("throughput: calm report, sqlite / ptb-memory", ratio, "x", peer=peer, note=note)


def latency(bench: Bench) -> list[Row]:
    """Replies at half of the throughput measured just before, in the same run."""
    times = bench.many(3, 1)
    tell = bench.says("latency", times + 1)
    full = msgspec.json.decode(_asked("contender", "sqlite", PERSONS), type=Result).rate
    runs: list[list[float]] = []
    for done in range(times):
        runs.append(msgspec.json.decode(_asked("latency", bench.many(600, 120), full / 2), type=list[float]))
        tell(done + 2)
    note = f"open loop, {full / 2:,.0f} updates/s; median of {times} runs"
    half, most = ([run[int(len(run) * part)] * 1000 for run in runs] for part in (0.5, 0.99))
    return [
        Row("latency: p50 of a reply", median(half), "ms", note=note, runs=tuple(half)),
        Row("latency: p99 of a reply", median(most), "ms", 50, note=note, runs=tuple(most)),
    ]


def danger(bench: Bench) -> list[Row]:
    """From danger to the page, idle and under a broadcast."""
    times, found = bench.many(500, 60), []
    for queued in (0, paging.QUEUED):
        when = f"with {queued:,} letters queued" if queued else "idle"
        with _folder() as folder:
            tell = bench.says(f"danger, {when}", times)
            taken = sorted(asyncio.run(paging.run(bench.story, folder, times, queued, tell)))
        note = f"{times} times, {RATE:g} letters/s allowed; GoAlert 0-5 s, Grafana OnCall ≥ 10 s (as they say)"
        found.append(Row(f"danger to page, {when}: median", median(taken) * 1000, "ms", 50, note=note))
        found.append(Row(f"danger to page, {when}: worst", taken[-1] * 1000, "ms", 1000, note=note))
    return found


def letters(bench: Bench) -> list[Row]:
    """A broadcast, with Telegram's limits and without."""
    tell = bench.says("broadcast", 2)
    with _folder() as folder:
        held = asyncio.run(broadcast.run(folder, bench.many(1200, 300), RATE, Limits()))
    tell(1)
    with _folder() as folder:
        free = asyncio.run(broadcast.run(folder, bench.many(10_000, 3000), None, None))
    tell(2)
    return [
        Row("broadcast: part of the allowed rate", held.rate / RATE * 100, "%", 95, "more", note=f"{RATE:g}/s allowed"),
        Row("broadcast: refused with 429", held.refused, "letters", 0),
        Row("broadcast: no limit", free.rate, "letters/s", 500, "more", note="over HTTP, to one Python server"),
    ]


def planned(bench: Bench) -> list[Row]:
    """Listing the recipients of a run, and what an estimate of the same audience takes."""
    count = bench.many(100_000, 5000)
    tell = bench.says("planning", 1)
    found = msgspec.json.decode(_asked("planning", count), type=planning.Result)
    tell(1)
    note = f"{count:,} subscribers; somebody else's write waited {found.longest * 1000:,.0f} ms at most meanwhile"
    return [
        Row("broadcast planned", found.seconds, "s", 5, note=note),
        Row("broadcast planned: more memory", found.more, "MiB", 100, note=note),
        Row("broadcast estimated", found.estimated, "s", 3, note=f"{count:,} subscribers"),
    ]


def beside(bench: Bench) -> list[Row]:
    """Pages and replies while a broadcast is planned and goes out, against nothing else."""
    times, readers, found = bench.many(200, 30), bench.many(100_000, 2000), []
    measured = {}
    for count in (0, readers):
        with _folder() as folder:
            tell = bench.says(f"lanes, {count:,} readers", times)
            measured[count] = asyncio.run(lanes.run(bench.story, folder, times, count, tell))
    idle, busy = measured[0], measured[readers]
    note = f"{readers:,} readers, {busy.meanwhile:,} letters of it left meanwhile; {times} times"
    found.append(Row("lanes: page later for a broadcast, worst", max(busy.pages) - max(idle.pages), "s", 1, note=note))
    later = (median(busy.replies) - median(idle.replies)) * 1000
    peer = f"{median(idle.replies) * 1000:.0f} ms idle"
    found.append(Row("lanes: reply later for a broadcast, median", later, "ms", 100, peer=peer, note=note))
    return found


def grown(bench: Bench) -> list[Row]:
    """One message beside a million cases."""
    cases = bench.many(1_000_000, 50_000)
    with _folder() as folder:
        found = asyncio.run(growth.run(bench.story, folder, cases, bench.many(100, 60), bench.says("growth", cases)))
    note = f"{cases:,} cases, {found.size:.1f} GiB; rows are copies of a real case's"
    peer = f"{found.empty * 1000:.2f} ms empty"
    return [Row("growth: one message, filled / empty", found.filled / found.empty, "x", 1.2, peer=peer, note=note)]


def at_the_desk(bench: Bench) -> list[Row]:
    """The desk: its list beside many cases, a case opened in the browser, her words arriving in an open page."""
    times, rows = bench.many(60, 20), []
    for cases in (desk.OPEN, bench.many(1_000_000, 50_000)):
        with _folder() as folder:
            found = asyncio.run(desk.run_list(folder, cases, times, bench.says(f"list, {cases:,} cases", cases)))
        taken = [seconds * 1000 for seconds in sorted(found.taken)]
        note = f"GET /desk by HTTP, {desk.OPEN:,} of them open; {times} times; {found.size:.1f} GiB"
        first = f"first after a start {found.first * 1000:,.0f} ms"
        rows.append(Row(f"list of {cases:,} cases: median", median(taken), "ms", 100, note=note))
        rows.append(Row(f"list of {cases:,} cases: worst", taken[-1], "ms", note=first))
    return [*rows, *_opened(bench)]


def _opened(bench: Bench) -> list[Row]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        return []
    times = bench.many(20, 5)
    with _folder() as folder:
        found = asyncio.run(desk.run_case(folder, chromium, times, bench.says("case in the browser", times)))
    note = f"{times} times in Chromium, key unlocked"
    return [
        Row("case of 20 items: pressed until shown, median", median(found.shown), "ms", 1000, note=note),
        Row("case of 20 items: worst", max(found.shown), "ms", 1000, note=note),
        Row("her words in an open case: median", median(found.arrived), "ms", 1000, note="from the webhook's call"),
        Row("her words in an open case: worst", max(found.arrived), "ms", 1000, note=f"{times} times"),
    ]


def checked_in(bench: Bench) -> list[Row]:
    """Check-ins that are all due within one second: until the last has acted, and replies meanwhile."""
    count, rows = bench.many(10_000, 1000), []
    rate = msgspec.json.decode(_asked("contender", "sqlite", PERSONS), type=Result).rate / 2
    for what in ("asks", "alarms"):
        tell = bench.says(f"check-ins, {what}", 1)
        said = _asked("check_ins", count, bench.many(4000, 400), rate, what)
        found = msgspec.json.decode(said, type=check_ins.Result)
        tell(1)
        note = f"{count:,} due within one second, beside {rate:,.0f} updates/s"
        most = found.taken[int(len(found.taken) * 0.99)] * 1000
        rows += [
            Row(f"check-ins, {what}: until the last has acted", found.seconds, "s", 60, note=note),
            Row(f"check-ins, {what}: acted before an earlier one", found.swapped, "", 0),
            Row(f"check-ins, {what}: p99 of a reply meanwhile", most, "ms", 50, note=note),
        ]
    return rows


def started(bench: Bench) -> list[Row]:
    """Start and size."""
    updates = bench.many(100_000, 5000)
    tell = bench.says("start", 3)
    seconds = []
    for done in range(3):
        with _folder() as folder:
            seconds.append(asyncio.run(size.start(folder)))
        tell(done + 1)
    with _folder() as folder:
        before, after = asyncio.run(size.memory(bench.story, folder, updates, bench.says("memory", updates)))
    note = f"{updates:,} updates over HTTP; {before:.0f} MiB when ready"
    return [
        Row("start: until GET /ready says 200", median(seconds), "s", 2, note="empty folder", runs=tuple(seconds)),
        Row("memory: resident after the updates", after, "MiB", 150, note=note),
    ]


def killed(bench: Bench) -> list[Row]:
    """Kills at random moments."""
    count = bench.many(1000, 25)
    with _folder() as folder:
        found = asyncio.run(kills.run_kills(count, folder, progress=bench.says("kill -9", count)))
    struck = f"{found.kills:,} kills ({found.at_work:,} of a process at work)"
    note = f"{struck}, {found.updates:,} messages, {found.letters_sent_again:,} letters sent again"
    return [
        Row("kill -9: acknowledged messages lost", len(found.lost), "", 0, note=note),
        Row("kill -9: steps taken twice", len(found.twice), "", 0, note=f"{found.reports:,} reports"),
        Row("kill -9: due pages not sent", len(found.unpaged), "", 0, note=f"{found.pages:,} pages"),
        *_killed_casting(bench, count),
    ]


def _killed_casting(bench: Bench, count: int) -> list[Row]:
    """The same while a broadcast goes out."""
    with _folder() as folder:
        found = asyncio.run(broadcast_kills.run_kills(count, folder, progress=bench.says("kill -9, broadcast", count)))
    note = f"{found.kills:,} kills ({found.at_work:,} of a process at work), {found.readers:,} readers"
    again = f"{found.again:,} letters in flight left twice, in all"
    return [
        Row("kill -9: readers that a broadcast missed", found.missed, "", 0, note=note),
        Row("kill -9: letters left twice at one kill, most", found.most, "", IN_FLIGHT, note=again),
    ]


def recognised(bench: Bench) -> list[Row]:
    """Hearing what one message may mean, the longest and strangest included."""
    rules, times = mechanism.load(ROOT / "mechanism"), bench.many(2000, 200)
    said = bench.says("recognition", len(recognition.MESSAGES))
    return [
        Row(f"recognition of distress: {what}", taken, "ms", 1, note=f"99th percentile of {times:,} times")
        for what, taken in recognition.run(rules, times, said).items()
    ]


def wiped(bench: Bench) -> list[Row]:
    """A chat of 200 messages wiped at Telegram's limits, idle and under a broadcast."""
    times, found = bench.many(30, 5), []
    for queued in (0, paging.QUEUED):
        when = f"with {queued:,} letters queued" if queued else "idle"
        with _folder() as folder:
            measured = asyncio.run(wiping.run(folder, times, queued, bench.says(f"wipe, {when}", times)))
        note = f"{times} times, at least {measured.messages} messages, {measured.refused} answers 429"
        found.append(Row(f"wipe of 200 messages, {when}: median", median(measured.taken), "s", note=note))
        found.append(Row(f"wipe of 200 messages, {when}: worst", max(measured.taken), "s", 5, note=note))
    return found


ROWS: Mapping[str, Callable[[Bench], list[Row]]] = {
    "throughput": throughput,
    "latency": latency,
    "danger": danger,
    "broadcast": letters,
    "planning": planned,
    "lanes": beside,
    "recognition": recognised,
    "wipe": wiped,
    "growth": grown,
    "desk": at_the_desk,
    "checkins": checked_in,
    "start": started,
    "kills": killed,
}
"""By the name that the command takes, in the order in which they are measured."""
