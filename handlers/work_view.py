"""Shows a case to who works on it, as it lies here: sealed, with what her browser needs to open it.

It never opens anything; that she read it is written down in the same act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers import replies
from handlers.draw import World
from handlers.work import Who, lead_of, theirs
from storage import alarms, assignments, audit, cases, readers, staff, tasks, work
from storage.cases import Case, SealedCase
from storage.readers import Reader
from storage.unit import Unit
from storage.work import TRACKS, Track, Work


def look(unit: Unit, code: str, who: Who, world: World, have: int = 0) -> Mapping[str, Any]:
    """All of a case for its page, sealed; of its items those behind the first `have`. Raises `NotDone` (404).

    A look that brings nothing sealed is not written down. And a reading changes nothing: were other desks woken by it,
    each would look again, and wake the others.
    """
    case = theirs(unit, code, who, change=False)
    sealed = cases.sealed_case(unit, code)
    assert sealed is not None  # noqa: S101 - it was there a moment ago
    if not have or len(sealed.items) > have:
        audit.record(unit, world.now, "read", staff=who.staff, case=case.id)
    names = {one.id: one.name for one in staff.members(unit)}
    view = _View(unit, case, sealed, who, names, world)
    return {**view.all(), "items": [view.item(*one) for one in sealed.items[have:]], "count": len(sealed.items)}


@dataclass(frozen=True, slots=True)
class _View:
    unit: Unit
    case: Case
    sealed: SealedCase
    who: Who
    names: Mapping[int, str]
    world: World

    def all(self) -> Mapping[str, Any]:
        """Everything but the items."""
        return {
            **self.state(),
            **self.key(),
            **self.people(),
            **self.alarm(),
            "tracks": shown_tracks(work.load(self.unit, self.case.id), self.names),
            "tasks": shown_tasks(self.unit, self.case.id, self.names),
            "messages": replies.shown(self.unit, self.case, self.names, self.world),
        }

    def state(self) -> Mapping[str, Any]:
        """What the server knows of the case."""
        case, times = self.case, work.times(self.unit, self.case.id)
        return {
            "case": str(case.id),
            "code": case.code,
            "status": case.status,
            "level": case.facets.level,
            "withdrawn": case.facets.withdrawn,
            "silent": case.facets.silent,
            "drill": case.drill,
            "openedAt": case.opened_at,
            "heardAt": times.heard_at,
            "answeredAt": times.answered_at,
            "closedAt": times.closed_at,
            "outcome": work.load(self.unit, case.id).outcome if case.status == "closed" else "",
            "version": case.version,
        }

    def key(self) -> Mapping[str, Any]:
        """What her browser opens the case with, and seals to."""
        mine = readers.of_staff(self.unit, self.who.staff)
        number = None if mine is None else mine.id
        held = {str(epoch): seed for (reader, epoch), seed in self.sealed.seeds.items() if reader == number}
        return {
            "epoch": self.case.epoch,
            "publicKey": self.case.public_key,
            "reader": None if number is None else str(number),
            "shares": held,
        }

    def item(self, number: int, epoch: int, by: int | None, body: bytes) -> Mapping[str, Any]:
        """One sealed item."""
        name = None if by is None else self.names.get(by, "")
        return {"number": str(number), "epoch": epoch, "staff": name, "mine": by == self.who.staff, "body": body}

    def people(self) -> Mapping[str, Any]:
        """Who works on it, and whose key doesn't open all of it yet."""
        team = assignments.of_case(self.unit, self.case.id)
        authors = {one.staff for one in self.sealed.items if one.staff is not None}
        known = {one.staff for one in team} | work.everybody(self.unit, self.case.id) | authors
        keys = {one.staff: readers.of_staff(self.unit, one.staff) for one in team}
        return {
            "me": str(self.who.staff),
            "part": next(one.part for one in team if one.staff == self.who.staff),
            "people": {str(number): self.names.get(number, "") for number in sorted(known)},
            "team": shown_team(self.unit, self.case.id, self.names),
            "missing": [
                found
                for number, key in keys.items()
                if number is not None and key is not None and (found := self.missing(number, key))
            ],
            "keyless": [self.names.get(number, "") for number, key in keys.items() if key is None],
        }

    def missing(self, number: int, key: Reader) -> Mapping[str, Any] | None:
        """What of the case a colleague's key doesn't open."""
        epochs = lacks(self.sealed.seeds, key.id, self.case.epoch)
        if not epochs:
            return None
        name = self.names.get(number, "")
        return {
            "staff": str(number), "name": name, "reader": str(key.id), "publicKey": key.public_key, "epochs": epochs,
        }  # fmt: skip

    def alarm(self) -> Mapping[str, Any]:
        """Where its alarm stands, and what may be done about it."""
        kept = alarms.load(self.unit, self.case.id)
        found = None
        if kept is not None:
            name = None if kept[0].staff is None else self.names.get(kept[0].staff, "")
            until = kept[0].due_at if kept[0].status == "taken" else None
            found = {"status": kept[0].status, "level": kept[0].level, "staff": name, "until": until}
        is_lead = lead_of(self.unit, self.case.id) == self.who.staff
        going_on = self.case.status in {"taken", "contacted"}
        return {
            "alarm": found,
            "canContact": self.case.status == "taken",
            "canGiveBack": going_on or not is_lead,
        }


def lacks(seeds: Mapping[tuple[int, int], bytes], reader: int, epoch: int) -> list[int]:
    """The epochs of a case that a reader's key doesn't open."""
    return [one for one in range(1, epoch + 1) if (reader, one) not in seeds]


def shown_team(unit: Unit, case: int, names: Mapping[int, str]) -> list[Mapping[str, Any]]:
    """Who works on a case, the lead first."""
    return [
        {"staff": str(one.staff), "name": names.get(one.staff, ""), "part": one.part, "since": one.since}
        for one in assignments.of_case(unit, case)
    ]


def shown_tracks(found: Work, names: Mapping[int, str]) -> Mapping[str, Any]:
    """The three tracks."""
    tracks = {name: found.tracks.get(name, Track()) for name in TRACKS}
    return {
        name: {
            "state": track.state,
            "version": track.version,
            "by": None if track.by is None else names.get(track.by, ""),
            "at": track.at,
        }
        for name, track in tracks.items()
    }


def shown_tasks(unit: Unit, case: int, names: Mapping[int, str]) -> list[Mapping[str, Any]]:
    """A case's tasks; what is to be done lies in the sealed items."""
    return [
        {
            "id": str(task.id),
            "staff": str(task.staff),
            "name": names.get(task.staff, ""),
            "due": task.due_at,
            "made": task.made_at,
            "done": task.done_at,
        }
        for task in tasks.of_case(unit, case)
    ]
