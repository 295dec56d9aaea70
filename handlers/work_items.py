"""Keeps what a member sealed in her browser: notes, and the words that go with tracks, tasks and all other acts.

It never sees the words: a body that is not sealed is refused, and there is no way to ask for anything else.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from handlers.draw import World
from handlers.work import Done, NotDone, Who, note, number, theirs, unusable
from handlers.work_view import shown_tasks, shown_tracks
from handlers.work_words import (
    DRAW_AGAIN,
    IS_CLOSED,
    NEW_KEY,
    NO_TASK,
    NOT_ON_IT,
    NOT_SEALED,
    PAST,
    track_changed,
)
from storage import assignments, cases, staff, tasks, work
from storage.cases import Case
from storage.tasks import Task
from storage.unit import Unit
from storage.vault import pad
from storage.work import State, Track, TrackName

LARGEST: Final = 64 * 1024
"""Bytes of one sealed item."""
_FRAME: Final = 1120 + 16
"""Bytes of HPKE around the padded words: the encapsulated key and the tag."""
_SHORTEST: Final = 64
_DAYS: Final = 366
_DAY: Final = len("2026-11-25")


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was sealed in a browser: its number, drawn there, the epoch it was sealed to, and the bytes."""

    number: str
    epoch: int
    body: str


class TrackChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One track's new state; `version` is the one that she saw."""

    track: TrackName
    state: State
    version: int
    item: Sealed | None = None


class NewTask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task: whose, until when (ISO 8601), and the words, sealed."""

    id: str
    staff: str
    due: str
    item: Sealed


class TaskChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a task is done."""

    done: bool
    item: Sealed | None = None


def add(unit: Unit, code: str, who: Who, asked: Sealed, world: World) -> Done:
    """Keep a note, or anything else that she sealed. Raises `NotDone`, or `Taken` where the number is."""
    case = theirs(unit, code, who)
    put(unit, case, who, asked)
    note(unit, who, "write", case, world, number(asked.number))
    return Done({"number": asked.number})


def put(unit: Unit, case: Case, who: Who, item: Sealed | None) -> None:
    """Keep a sealed item, if there is one. Raises `NotDone` where it isn't sealed, or to a key of before."""
    if item is None:
        return
    body = sealed(item.body)
    if item.epoch != case.epoch:
        raise NotDone(409, "epoch", NEW_KEY, epoch=case.epoch, publicKey=case.public_key)
    if unit.one("SELECT 1 FROM case_items WHERE case_id = :case AND number = :number",
                {"case": case.id, "number": number(item.number)}):  # fmt: skip
        raise NotDone(409, "number", DRAW_AGAIN)
    cases.put_items(unit, case, number(item.number), body, who.staff)


def sealed(encoded: str) -> bytes:
    """The bytes of something sealed. Raises `NotDone` for anything that can't be: a wrong size, or readable text."""
    body = decoded(encoded)
    plain = len(body) - _FRAME
    if not (plain >= _SHORTEST and len(body) <= LARGEST and len(pad(bytes(plain - 1))) == plain) or _is_text(body):
        raise NotDone(400, "unusable", NOT_SEALED)
    return body


def decoded(encoded: str) -> bytes:
    """Base64, strictly. Raises `NotDone`."""
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise unusable() from None


def _is_text(body: bytes) -> bool:
    """Whether it's words and not sealed bytes: random ones are never UTF-8."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


# ---------------------------------------------------------------- tracks


def change_track(unit: Unit, code: str, who: Who, asked: TrackChange, world: World) -> Done:
    """Move a track. Raises `NotDone` where a colleague changed it since she looked: nothing is saved over it."""
    case = _going_on(unit, code, who)
    now = work.load(unit, case.id)
    names = {one.id: one.name for one in staff.members(unit)}
    track = now.tracks.get(asked.track, Track())
    if track.version != asked.version:
        by = names.get(track.by or 0, "")
        why = track_changed(by, track.state, track.at or world.now)
        raise NotDone(409, "changed", why, tracks=shown_tracks(now, names))
    put(unit, case, who, asked.item)
    moved = Track(asked.state, track.version + 1, who.staff, world.now)
    now = msgspec.structs.replace(now, tracks={**now.tracks, asked.track: moved})
    work.put(unit, case.id, now)
    note(unit, who, "track", case, world)
    return Done({"tracks": shown_tracks(now, names)})


def _going_on(unit: Unit, code: str, who: Who) -> Case:
    case = theirs(unit, code, who)
    if case.status == "closed":
        raise NotDone(409, "not_now", IS_CLOSED)
    return case


# ---------------------------------------------------------------- tasks


def add_task(unit: Unit, code: str, who: Who, asked: NewTask, world: World) -> Done:
    """Give a task to somebody who works on the case. Raises `NotDone`, or `Taken` where its number is."""
    case = _going_on(unit, code, who)
    whose, due = number(asked.staff), _moment(asked.due, ZoneInfo(world.zone))
    if not -1 <= (due - world.now).days <= _DAYS:
        raise NotDone(400, "unusable", PAST)
    if not assignments.works_on(unit, case.id, whose):
        raise NotDone(400, "unusable", NOT_ON_IT)
    put(unit, case, who, asked.item)
    tasks.add(unit, Task(number(asked.id), case.id, whose, due, world.now))
    note(unit, who, "task", case, world, number(asked.id))
    return Done({"tasks": _tasks(unit, case)})


def _moment(written: str, zone: ZoneInfo) -> datetime:
    """When a task is due: a day (its end), a wall-clock time, or a time with its offset. Raises `NotDone`."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise unusable() from None
    if len(written) == _DAY:
        found = found.replace(hour=23, minute=59)
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise unusable() from None


def change_task(unit: Unit, code: str, who: Who, asked: TaskChange, world: World, *, number: int) -> Done:
    """Tick a task off, or take the tick away. Raises `NotDone`."""
    case = theirs(unit, code, who)
    if not tasks.put_done(unit, case.id, number, world.now if asked.done else None):
        raise NotDone(404, "not_here", NO_TASK)
    put(unit, case, who, asked.item)
    note(unit, who, "task_done" if asked.done else "task_undone", case, world, number)
    return Done({"tasks": _tasks(unit, case)})


def _tasks(unit: Unit, case: Case) -> object:
    return shown_tasks(unit, case.id, {one.id: one.name for one in staff.members(unit)})
