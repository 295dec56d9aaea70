"""Opens cases, adds to them, and reads one where its reader's key is.

What a person told is sealed to the case here and nowhere kept beside it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from flows.core import AddToCase, OpenCase
from flows.rules import highest
from handlers import alarms
from handlers.draw import World
from storage import cases, files
from storage.cases import Case, Facets, Item, SealedCase
from storage.seal import SEED, FileKey
from storage.unit import Taken, Unit


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose case it is, and how she wrote to us."""

    person: int
    channel: str
    language: str


class NoReader(Exception):
    """There is no key to seal a case to. Make the recovery key with `sanad keys recovery --out FILE`."""


def open_or_raise(unit: Unit, wanted: OpenCase, origin: Origin, world: World) -> Case:
    """Open a case and set its alarm, or raise the level of the one that she has under this code.

    Raises `Taken` where the code is somebody else's.
    """
    case = cases.by_code(unit, wanted.code)
    if case is None:
        return _open(unit, wanted, origin, world)
    if case.person != origin.person:
        raise Taken
    return _raise(unit, case, wanted, world)


def _open(unit: Unit, wanted: OpenCase, origin: Origin, world: World) -> Case:
    facets = Facets(wanted.level, wanted.because, dict(wanted.facets))
    case = cases.open_case(
        unit,
        world.draw.number(),
        wanted.code,
        world.draw.seed(SEED),
        person=origin.person,
        facets=facets,
        mechanism=world.rules.version,
        now=world.now,
    )
    about = {"channel": origin.channel, "language": origin.language, "mechanism": world.rules.version}
    _seal(unit, case, "opened", {**about, **_urgency(facets)}, world)
    alarms.start(unit, case.id, wanted.level, world)
    return case


def _raise(unit: Unit, case: Case, wanted: OpenCase, world: World) -> Case:
    """Her own word can only raise (triage, taxonomy 2.8); places become known as she tells them."""
    level = highest((case.facets.level, wanted.level))  # type: ignore[arg-type]
    because = tuple(dict.fromkeys((*case.facets.because, *wanted.because)))
    facets = Facets(level, because, {**case.facets.place, **wanted.facets})
    if facets == case.facets:
        return case
    cases.put_facets(unit, case.id, facets)
    _seal(unit, case, "urgency", _urgency(facets), world)
    if level != case.facets.level:
        alarms.raise_level(unit, case.id, level, world)
    return replace(case, facets=facets)


def add(unit: Unit, wanted: AddToCase, person: int, world: World) -> None:
    """Seal something into her case; files that came with it belong to it from now on."""
    case = cases.by_code(unit, wanted.code)
    if case is None or case.person != person:
        return  # closed and forgotten meanwhile, or never hers
    content = msgspec.to_builtins({"answers": wanted.answers, "words": wanted.words, "files": wanted.files})
    _seal(unit, case, wanted.kind, {name: value for name, value in content.items() if value}, world)
    if wanted.kind == "report":
        cases.finish(unit, case.id)
    for number in wanted.files:
        bind_file(unit, number, case, world)


def bind_file(unit: Unit, number: int, case: Case, world: World) -> None:
    """Give a draft's file to a case. If it has not been fetched yet, its key follows when it has."""
    note = files.note(unit, number)
    if note is None:
        return
    files.bind(unit, number, case.id)
    if note.parts or note.why:
        seal_file(unit, note, case, world)


def seal_file(unit: Unit, note: files.FileNote, case: Case, world: World) -> None:
    """Seal a fetched file's key and description to its case; from then on the server can't open it."""
    _seal(unit, case, "file", msgspec.to_builtins(note), world)
    files.forget_secret(unit, note.file)


def _seal(unit: Unit, case: Case, kind: str, content: Mapping[str, Any], world: World) -> None:
    cases.add_item(unit, case, world.draw.number(), Item(kind, world.now, content))


def _urgency(facets: Facets) -> Mapping[str, Any]:
    return {"level": facets.level, "because": [list(reason) for reason in facets.because], "place": dict(facets.place)}


# ------------------------------------------------- where a reader's key is, and only there


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case as its reader sees it: plain data for JSON, and the key of each file."""

    data: Mapping[str, Any]
    file_keys: Mapping[int, FileKey]


def read_case(case: SealedCase, reader: int, reader_seed: bytes) -> OpenedCase:
    """Open all of a case. Raises `Unreadable` where the key doesn't fit."""
    items = cases.open_items(case, cases.case_seed(case, reader, reader_seed))
    urgency: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    notes = [dict(item.content) for item in items if item.kind == "file"]
    for item in items:
        if item.kind in {"opened", "urgency"}:
            urgency |= item.content
        answers |= item.content.get("answers", {})
    keys = {note["file"]: FileKey(note["file"], base64.b64decode(note.pop("secret"))) for note in notes}
    data = {
        "code": case.code,
        "status": case.status,
        "opened_at": case.opened_at.isoformat(),
        "urgency": {name: urgency.get(name) for name in ("level", "because", "place")},
        "mechanism": case.mechanism,
        "channel": urgency.get("channel"),
        "language": urgency.get("language"),
        "answers": answers,
        "files": notes,
        "items": [_shown(item) for item in items if item.kind != "file"],
    }
    return OpenedCase(data, keys)


def _shown(item: Item) -> Mapping[str, Any]:
    return {"kind": item.kind, "at": item.at.isoformat(), **item.content}
