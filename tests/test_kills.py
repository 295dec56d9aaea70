"""Kills the serving process again and again; `benchmarks.kills` does it a thousand times."""

from pathlib import Path

from benchmarks.kills import run_kills


async def test_no_kill_loses_a_message_or_takes_a_step_twice_or_leaves_a_page_unsent(tmp_path: Path) -> None:
    outcome = await run_kills(25, tmp_path)

    assert outcome.faults == []
    assert outcome.pages >= outcome.reports == 50
