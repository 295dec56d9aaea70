"""kill -9 while a case is worked on: what the desk confirmed is there, and nothing is there by half."""

import asyncio
import sys

import pytest

from handlers import work_take
from handlers.work_take import Nothing
from storage import audit, cases, tasks, work
from storage.store import Store
from tests.desk.working import CODE, Colleague, Room


async def killed_after(lines: int, database: str, her: Colleague) -> list[tuple[str, str]]:
    """Let a process work and kill it while it does; what it was told is done."""
    command = (sys.executable, "-m", "tests.desk.worked", database, str(her.who.staff))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    said = [await process.stdout.readline() for _ in range(lines)]
    process.kill()
    rest = (await process.stdout.read()).splitlines()
    await process.wait()
    whole = [line.decode().split() for line in (*said, *rest) if line.strip()]
    return [(line[0], line[1]) for line in whole if len(line) == 2]


@pytest.mark.parametrize("lines", [1, 8, 30])
async def test_what_the_desk_confirmed_outlives_a_kill_and_no_act_is_kept_by_half(
    store: Store, database: str, lines: int
) -> None:
    room = Room(store)
    huda = await room.has("Huda")
    case = await room.she_reports()
    await room.does(work_take.take, huda, Nothing())
    done = await killed_after(lines, database, huda)

    sealed = await store.read(cases.sealed_case, CODE)
    assert sealed is not None
    numbers = {str(one.number) for one in sealed.items}
    assert {number for what, number in done if what == "note"} <= numbers
    kept = {str(one.id) for one in await store.read(tasks.of_case, case.id)}
    assert {number for what, number in done if what == "task"} <= kept
    version = (await store.read(work.load, case.id)).tracks.get("legal", work.Track()).version
    assert version >= max([int(number) for what, number in done if what == "track"], default=0)

    written = [entry.what for entry in await store.read(audit.of_case, case.id, 5000)]
    assert written.count("task") == len(kept)
    assert written.count("track") == version
    by_her = len([one for one in sealed.items if one.staff == huda.who.staff])
    assert by_her == written.count("write") + written.count("task") + written.count("track")
