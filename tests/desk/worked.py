"""A process that works on a case without an end, and says of each act when it was confirmed: to be killed."""

import asyncio
import itertools
import sys

from bot.chance import random_bytes
from handlers import work_items
from handlers.work import Who
from handlers.work_items import NewTask, TrackChange
from storage.vault import Key, Vault
from tests.conftest import open_store
from tests.desk.working import Colleague, Room


async def works(database: str, staff: int) -> None:
    """Notes, a track and tasks, one after the other; each line names what the desk has answered "done" to."""
    store = open_store(database, Vault((Key("test1", bytes(range(32))),), random_bytes))
    await store.start()
    room = Room(store)
    her = Colleague(Who(staff, "focal_point"), "Huda", b"", 0)
    for turn in itertools.count():
        note = await room.words(words=f"note {turn}")
        await room.does(work_items.add, her, note)
        print("note", note.number, flush=True)  # noqa: T201 - the parent reads it
        await room.does(work_items.change_track, her, TrackChange("legal", "open", turn, await room.words("track")))
        print("track", turn + 1, flush=True)  # noqa: T201 - as above
        task = NewTask(str(turn + 1), str(staff), "2026-01-07", await room.words("task"))
        await room.does(work_items.add_task, her, task)
        print("task", turn + 1, flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    asyncio.run(works(sys.argv[1], int(sys.argv[2])))
