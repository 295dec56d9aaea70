"""Kills the serving process again and again while a broadcast goes out; `make bench` does it a thousand times."""

from pathlib import Path

from benchmarks.broadcast_kills import run_kills
from handlers.delivery import IN_FLIGHT


async def test_no_kill_costs_a_reader_her_letter_and_only_what_was_in_flight_leaves_twice(tmp_path: Path) -> None:
    outcome = await run_kills(8, tmp_path)

    assert outcome.missed == 0
    assert outcome.wrong == 0
    assert outcome.at_work > 0
    assert outcome.most <= IN_FLIGHT
