"""Orders claimed letters: four lanes, in each a queue for every reader, so that no reader delays another.

It decides who is next and nothing else; it never sends.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from storage.outbox import Lane, Letter

QueueKey = tuple[Lane, bytes]


@dataclass(order=True, slots=True)
class Ready:
    """A letter in its place: by number, the oldest first."""

    id: int
    letter: Letter = field(compare=False)
    heard_at: datetime | None = field(compare=False, default=None)


class Lanes:
    """Claimed letters that have not gone out."""

    def __init__(self) -> None:
        self._queues: dict[QueueKey, list[Ready]] = {}
        self._ready: dict[Lane, OrderedDict[QueueKey, None]] = {lane: OrderedDict() for lane in Lane}
        self._busy: set[QueueKey] = set()
        self._later: list[tuple[float, QueueKey]] = []
        self._blocked: dict[QueueKey, tuple[float, int]] = {}
        self._counts = dict.fromkeys(Lane, 0)

    def put(self, ready: Ready) -> None:
        """Add a letter behind the reader's earlier ones."""
        key = (ready.letter.lane, ready.letter.reader)
        insort(self._queues.setdefault(key, []), ready)
        self._counts[ready.letter.lane] += 1
        if key not in self._busy:
            self._ready[ready.letter.lane][key] = None

    def take(self, lowest: Lane = Lane.BROADCAST, highest: Lane = Lane.PAGE) -> Ready | None:
        """The next letter of the highest lane that has one; its reader is busy until `free` or `block`."""
        for lane in Lane:
            if lane > lowest:
                return None
            if lane >= highest and self._ready[lane]:
                key, _ = self._ready[lane].popitem(last=False)
                self._busy.add(key)
                self._counts[lane] -= 1
                return self._pop(key)
        return None

    def _pop(self, key: QueueKey) -> Ready:
        queue = self._queues[key]
        first = queue.pop(0)
        if not queue:
            del self._queues[key]
        return first

    def withdraw(self, numbers: set[int]) -> list[int]:
        """Take out those of these letters that have not gone out. Gives their numbers."""
        taken: list[int] = []
        for key, queue in list(self._queues.items()):
            left = [ready for ready in queue if ready.id not in numbers]
            taken += [ready.id for ready in queue if ready.id in numbers]
            self._counts[key[0]] -= len(queue) - len(left)
            if left:
                self._queues[key] = left
            else:
                del self._queues[key]
                self._ready[key[0]].pop(key, None)
        return taken

    def waiting(self) -> list[int]:
        """Numbers of all letters that have not gone out."""
        return [ready.id for queue in self._queues.values() for ready in queue]

    def room(self, most: dict[Lane, int]) -> dict[Lane, int]:
        """How many more letters each lane takes in."""
        return {lane: limit - self._counts[lane] for lane, limit in most.items() if limit > self._counts[lane]}

    def has_ready(self, lowest: Lane = Lane.BROADCAST, highest: Lane = Lane.PAGE) -> bool:
        """Whether `take` would give one."""
        return any(self._ready[lane] for lane in Lane if highest <= lane <= lowest)

    def free(self, letter: Letter) -> None:
        """The reader's letter is done with: her next may go."""
        key = (letter.lane, letter.reader)
        self._blocked.pop(key, None)
        self._busy.discard(key)
        if key in self._queues:
            self._ready[letter.lane][key] = None

    def free_if_blocked_by(self, letter: Letter) -> None:
        """A letter's status came: her next may go, if it is still this one that it waits for."""
        if self._blocked.get((letter.lane, letter.reader), (0.0, 0))[1] == letter.id:
            self.free(letter)

    def block(self, letter: Letter, until: float) -> None:
        """Nothing more for this reader, in this lane, until a moment (seconds)."""
        key = (letter.lane, letter.reader)
        self._blocked[key] = (until, letter.id)
        heapq.heappush(self._later, (until, key))

    def unblock(self, now: float) -> None:
        """Free the readers whose moment has come."""
        while self._later and self._later[0][0] <= now:
            until, key = heapq.heappop(self._later)
            if self._blocked.get(key, (None, 0))[0] != until:
                continue  # freed since, and perhaps busy with another letter
            del self._blocked[key]
            self._busy.discard(key)
            if key in self._queues:
                self._ready[key[0]][key] = None

    def next_moment(self) -> float | None:
        """When the next blocked reader is free (seconds)."""
        return self._later[0][0] if self._later else None
