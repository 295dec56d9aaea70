"""Decides which cases a member sees in the list, what waits in each, and which comes first.

It never reads the database, and never knows more of a case than its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, assert_never, get_args

from flows.ladder import LEVELS, Level
from flows.roles import may
from flows.rules import Mechanism
from storage.board import Closed, Known, Line, is_unanswered
from storage.staff import Member
from storage.unit import Row

Whose = Literal["all", "mine", "waiting", "closed"]
Status = Literal["", "waiting", "taken", "contacted"]
Waits = Literal["", "somebody", "contact", "answer", "task"]
"""somebody: to be taken · contact: to be in touch with her, by a moment · answer: new words of hers ·
task: a task of the member's own that is due."""
WHOSE: Final[tuple[Whose, ...]] = get_args(Whose)
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
WAITS: Final[tuple[Waits, ...]] = get_args(Waits)
PAGE: Final = 50
"""Lines on a page."""


Waiting = tuple[int, Waits, int]
"""How urgent among such, what, and since or by when (milliseconds)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What she asks the list for. `page` counts from 1; `before` is where a page of closed ones ended."""

    whose: Whose = "all"
    level: Level | Literal[""] = ""
    status: Status = ""
    waits: Waits = ""
    page: int = 1
    before: Closed | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and what decides what she sees."""

    member: Member
    rules: Mechanism
    now: int
    parts: Mapping[int, str]
    barred: frozenset[int]
    called: Mapping[int, str]
    contacts: Mapping[int, int]
    tasks: Mapping[int, int]

    def seen(self, lines: Iterable[Row], known: Mapping[int, Known]) -> list[Row]:
        """Her own cases, and those that she could take; all for who organises. Never one that she is barred from."""
        if may(self.member.role, "organise"):
            return [line for line in lines if line[0] not in self.barred]
        levels = {level for level, roles in self.rules.sealed_to.items() if self.member.role in roles}
        return [
            line
            for line in lines
            if (line[0] in self.parts or (line[2] == "waiting" and known[line[0]].level in levels))
            and line[0] not in self.barred
        ]

    def can_take(self, line: Line, level: str) -> bool:
        """Whether a case waits for somebody, and its level's ladder may end with her."""
        return line.status == "waiting" and self.member.role in self.rules.sealed_to[level]  # type: ignore[index]

    def waits(self, line: Row) -> list[Waiting]:
        """What waits in a case, the most urgent first."""
        number, _, status, opened_at, heard_at, answered_at, _ = line
        if status == "waiting":
            return [(0, "somebody", opened_at)]
        found: list[Waiting] = []
        if (contact := self.contacts.get(number)) is not None:
            found.append((0 if contact <= self.now else 2, "contact", contact))
        if is_unanswered(opened_at, heard_at, answered_at):
            found.append((1, "answer", heard_at))
        if number in self.tasks:
            found.append((3, "task", self.tasks[number]))
        return sorted(found) if len(found) > 1 else found


Ranked = tuple[bool, int, int, int, int, Row]
"""A line's place in the order: what waits before what doesn't, the more urgent level, the longer wait."""
_RANKS: Final = {level: rank for rank, level in enumerate(LEVELS)}
_IDLE: Final = 9


def ranked(lines: Iterable[Row], known: Mapping[int, Known], look: Look, wanted: Wanted) -> Iterable[Ranked]:
    """The lines that are wanted, each with its place; sort them, and they stand in their order."""
    for line in lines:
        level = known[line[0]].level
        if _is_wanted(line, level, look, wanted):
            waits = look.waits(line)
            if wanted.waits and not any(what == wanted.waits for _, what, _ in waits):
                continue
            kind, _, at = waits[0] if waits else (_IDLE, "", line[3])
            yield not waits, _RANKS[level], kind, at, line[0], line  # type: ignore[index]


def _is_wanted(line: Row, level: str, look: Look, wanted: Wanted) -> bool:
    if (wanted.level and level != wanted.level) or (wanted.status and line[2] != wanted.status):
        return False
    match wanted.whose:
        case "mine":
            return line[0] in look.parts
        case "waiting":
            return bool(line[2] == "waiting")
        case "all" | "closed":
            return True
        case _:
            assert_never(wanted.whose)
