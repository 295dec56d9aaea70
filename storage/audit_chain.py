"""Checks the log's chain, entry by entry: nothing changed, removed, put elsewhere, added by others or cut off.

It reads no database and repairs nothing. What it can't see is an end that was cut off together with the head: for that
the head is kept elsewhere, and given back to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.audit import TRIMMED, Entry, read_row
from storage.unit import Row

What = Literal["changed", "moved", "removed", "unlinked", "stranger", "replaced_key", "head", "unknown_head"]
"""changed: not as it was signed · moved: stands where another stood · removed: missing, `seq` to `until` ·
unlinked: signed by us, but does not follow the one before · stranger: signed with a key that nobody can vouch for ·
replaced_key: the kept public half isn't our key's · head: the last entry isn't the one that the program left last ·
unknown_head: the hash that was kept elsewhere is no entry's any more."""
_MOST = 1000
"""Faults that are told apart; more are only counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with the log: where it begins, where it ends, and when the entry says it was written."""

    what: What
    seq: int
    until: int
    at: datetime | None = None
    was: int | None = None
    """moved: the number that it was signed with."""


@dataclass(slots=True)
class Chain:
    """A walk along the log. Feed it every row in order, then `end` it."""

    ours: Mapping[str, bytes]
    """Public halves of the keys that we hold: they are trusted."""
    kept: Mapping[str, bytes]
    """Public halves as the database has them: for keys that we hold no more."""
    after: int = 0
    """The entry behind which the walk begins; 0 for the oldest there is."""
    expected: bytes | None = None
    """A head that was kept elsewhere, and must be met."""
    last: int = 0
    previous: bytes = b""
    checked: int = 0
    faults: list[Fault] = field(default_factory=list)
    count: int = 0
    """Faults, all of them."""
    _first: int = 0
    _trimmed: int = 0
    _said_trimmed: int = 0
    _sound: bool = False
    _unvouched: int = 0
    _lost: dict[int, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.last = self.after
        for name, public in self.ours.items():
            if self.kept.get(name, public) != public:
                self._add(Fault("replaced_key", 0, 0))

    def feed(self, rows: Iterable[Row]) -> None:
        """Check the next rows, in the order of their numbers."""
        for row in rows:
            if isinstance(row[0], int):
                self._take(row[0], read_row(row))
            else:  # SQLite lets anything stand where a number should
                self._add(Fault("changed", self.last + 1, self.last + 1))

    def _take(self, seq: int, entry: Entry | None) -> None:
        self.checked += 1
        if not self._first:
            self._first = seq
            self.last = self.last or seq - 1
        if seq > self.last + 1:
            self._add(Fault("removed", self.last + 1, seq - 1))
            self._sound = False
        sound = entry is not None and self._is_signed(entry)
        if entry is None or not sound:
            self._note_unsound(seq, entry)
        else:
            self._follow(entry)
        self.last, self._sound = seq, sound
        self.previous = b"" if entry is None else entry.hash

    def _note_unsound(self, seq: int, entry: Entry | None) -> None:
        self._add(Fault("changed", seq, seq, None if entry is None else entry.at))
        if entry is not None and len(self._lost) < _MOST:
            self._lost[seq] = entry

    def _follow(self, entry: Entry) -> None:
        """Look whether an entry that is as it was signed also follows the one before."""
        if (self._sound and entry.previous != self.previous) or (entry.seq == 1 and entry.previous != bytes(32)):
            self._add(Fault("stranger" if self._unvouched else "unlinked", self._unvouched or entry.seq, entry.seq))
        if entry.what == TRIMMED:
            self._said_trimmed = max(self._said_trimmed, entry.target or 0)
        if entry.key_id in self.ours:  # it vouches for all that it follows
            self._unvouched, self._trimmed = 0, self._said_trimmed
        elif not self._unvouched:
            self._unvouched = entry.seq
        if entry.hash == self.expected:
            self.expected = None

    def _is_signed(self, entry: Entry) -> bool:
        """Whether it is as it was signed, by one of our keys or one that the database knows."""
        public = self.ours.get(entry.key_id) or self.kept.get(entry.key_id)
        if public is None or entry.digest() != entry.hash:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(entry.signature, entry.hash)
        except (InvalidSignature, ValueError):
            return False
        return True

    def end(self, head: tuple[int, bytes]) -> list[Fault]:
        """All that is wrong, in order; `head` is what the program left as its last entry."""
        seq, digest = head
        self._see_oldest()
        if seq > self.last:
            self._add(Fault("removed", self.last + 1, seq))
        elif self._sound and (self.last, self.previous) != (seq, digest):
            self._add(Fault("head", seq, self.last))
        if self._unvouched:
            self._add(Fault("stranger", self._unvouched, self.last))
        if self.expected is not None:
            self._add(Fault("unknown_head", self.last, self.last))
        return sorted(map(self._told_apart, self.faults), key=lambda fault: (fault.seq, fault.until))

    def _see_oldest(self) -> None:
        """Nothing may be missing in front of the oldest entry but what the log itself says was removed in its time."""
        if not self.after and self._first > self._trimmed + 1:
            self._add(Fault("removed", self._trimmed + 1, self._first - 1))

    def _add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.faults) < _MOST:
            self.faults.append(fault)

    def _told_apart(self, fault: Fault) -> Fault:
        """An entry that is whole under another's number was not changed but moved."""
        entry = self._lost.get(fault.seq) if fault.what == "changed" else None
        if entry is None:
            return fault
        missing = [number for one in self.faults if one.what == "removed" for number in (one.seq, one.until)]
        for number in (*self._lost, *missing, fault.seq - 1, fault.seq + 1):
            if number != entry.seq and self._is_signed(replace(entry, seq=number)):
                return replace(fault, what="moved", was=number)
        return fault
