"""Opens cases, adds to them, and reads one where its reader's key is.

What a person told is sealed to the case here and nowhere kept beside it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from flows.alarm import LetGo, Reopened
from flows.core import AddToCase, OpenCase
from flows.report_script import codes_of
from flows.rules import highest
from handlers import alarms, calling_again, sharing, work_off
from handlers.alarm_turns import turn
from handlers.draw import World
from storage import assignments, audit, cases, files
from storage.cases import Case, Facets, Item, SealedCase
from storage.seal import SEED, FileKey
from storage.unit import Taken, Unit

_CALLS = frozenset(("sos", "duress"))
"""Answers that are a call by themselves, also about a case that somebody has."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose case it is, and how she wrote to us."""

    person: int
    channel: str
    language: str


@dataclass(slots=True)
class Sealing:
    """Gathers what one act seals into cases: each case is read once, and sealed to once however much it is."""

    unit: Unit
    world: World
    _known: dict[str, Case] = field(default_factory=dict)
    _items: dict[int, list[Item]] = field(default_factory=dict)

    def case(self, code: str) -> Case | None:
        """The case with this code."""
        case = self._known.get(code) or cases.by_code(self.unit, code)
        if case is not None:
            self._known[code] = case
        return case

    def know(self, case: Case) -> None:
        """A case is known better."""
        self._known[case.code] = case

    def forget(self, case: Case) -> None:
        """A case may have been given another key: it is read anew before anything is sealed to it."""
        self._known.pop(case.code, None)

    def know_anew(self, code: str) -> None:
        """What the server knows of a case was changed beside this: it is read again."""
        self._known.pop(code, None)

    def forget_code(self, code: str) -> None:
        """A case is destroyed: nothing that waits is sealed to it."""
        if case := self._known.pop(code, None):
            self._items.pop(case.id, None)

    def put(self, case: Case, kind: str, content: Mapping[str, Any]) -> None:
        """Have something sealed into a case at the end of the act."""
        self._known[case.code] = case
        self._items.setdefault(case.id, []).append(Item(kind, self.world.now, content))

    def end(self) -> None:
        """Seal all of it."""
        by_number = {case.id: case for case in self._known.values()}
        for number, items in self._items.items():
            case = by_number.get(number) or cases.by_number(self.unit, number)
            if case is not None:
                cases.add_items(self.unit, case, self.world.draw.number(), items)
        self._items.clear()


def open_or_raise(sealing: Sealing, wanted: OpenCase, origin: Origin) -> None:
    """Open a case and set its alarm, or raise the level of the one that she has under this code.

    Raises `Taken` where the code is somebody else's, `NoReader` where nobody could read it.
    """
    case = sealing.case(wanted.code)
    if case is None:
        _open(sealing, wanted, origin)
    elif case.person != origin.person:
        raise Taken
    else:
        _raise(sealing, case, wanted)


def _open(sealing: Sealing, wanted: OpenCase, origin: Origin) -> None:
    facets = Facets(wanted.level, wanted.because, dict(wanted.facets), silent=wanted.silent)
    unit, world = sealing.unit, sealing.world
    case = cases.open_case(
        unit,
        world.draw.number(),
        wanted.code,
        world.draw.seed(SEED),
        person=origin.person,
        facets=facets,
        mechanism=world.rules.version,
        now=world.now,
        to=cases.readers(unit, world.rules.sealed_to[wanted.level]),  # type: ignore[index]
        hidden=wanted.silent,
    )
    about = {"channel": origin.channel, "language": origin.language, "mechanism": world.rules.version}
    sealing.put(case, "opened", {**about, **_urgency(facets)})
    alarms.start(unit, case.id, wanted.level, world)


def _raise(sealing: Sealing, case: Case, wanted: OpenCase) -> None:
    """Her own word can only raise (triage, taxonomy 2.8); places become known as she tells them."""
    known = case.facets.lowered and set(wanted.because) <= set(case.facets.because)
    level = highest((case.facets.level, case.facets.level if known else wanted.level))  # type: ignore[arg-type]
    because = tuple(dict.fromkeys((*case.facets.because, *wanted.because)))
    place = {**case.facets.place, **wanted.facets}
    facets = msgspec.structs.replace(case.facets, level=level, because=because, place=place)
    if facets == case.facets:
        return
    cases.put_facets(sealing.unit, case.id, facets)
    sealing.put(replace(case, facets=facets), "urgency", _urgency(facets))
    if level != case.facets.level:
        alarms.raise_level(sealing.unit, case.id, level, sealing.world)
        sharing.widen(sealing.unit, case.id, sealing.world)
        sealing.forget(case)


def add(sealing: Sealing, wanted: AddToCase, person: int, *, documented: bool = False) -> None:
    """Seal something into her case; files that came with it belong to it from now on.

    `documented`: she agreed that what she sends be kept as evidence.
    """
    case = sealing.case(wanted.code)
    if case is None or case.person != person:
        return  # closed and forgotten meanwhile, or never hers
    content = msgspec.to_builtins({"answers": wanted.answers, "words": wanted.words, "files": wanted.files})
    sealing.put(case, wanted.kind, {name: value for name, value in content.items() if value})
    cases.note_heard(sealing.unit, case.id, sealing.world.now)
    if wanted.kind == "answers" and not _CALLS.isdisjoint(wanted.answers):
        _called(sealing, case)
    elif case.status == "closed" and wanted.kind != "withdrawn":
        _go_on(sealing, case)
    match wanted.kind:
        case "report":
            cases.finish(sealing.unit, case.id)
            _note_wishes(sealing, case, wanted, documented=documented)
        case "withdrawn":
            _put_facets(sealing, case, msgspec.structs.replace(case.facets, withdrawn=True))
        case "another":
            work_off.another(sealing.unit, case, sealing.world)
            sealing.forget(case)  # what follows has a key that whoever was taken off never had
        case _:
            pass
    for number in wanted.files:
        bind_file(sealing, number, case)


def _called(sealing: Sealing, case: Case) -> None:
    """She calls, or is made to: whoever has the case hears so at once, or others are called anew."""
    if case.status in {"taken", "contacted", "closed"}:
        calling_again.call(sealing.unit, case, sealing.world)
        sealing.forget(case)


def _go_on(sealing: Sealing, case: Case) -> None:
    """She tells more of a closed case: it is her lead's again, or waits for somebody. Nobody looks at closed ones."""
    unit, world = sealing.unit, sealing.world
    lead = next((one.staff for one in assignments.of_case(unit, case.id) if one.part == "lead"), 0)
    turned = turn(unit, case.id, Reopened(lead), world)
    if turned is None or not turned.effects:
        return  # a higher level has opened it already
    cases.put_status(unit, case.id, "contacted")
    audit.record(unit, world.now, "reopen", case=case.id)
    if not lead:
        turn(unit, case.id, LetGo(lead, by_her=True), world)
    sealing.forget(case)


def _note_wishes(sealing: Sealing, case: Case, wanted: AddToCase, *, documented: bool) -> None:
    """Keep how and when she may be reached where letters to her are timed: the server must obey it."""
    reach, hours = (next(iter(codes_of(wanted.answers, name)), "") for name in ("reach", "hours"))
    _put_facets(sealing, case, msgspec.structs.replace(case.facets, reach=reach, hours=hours, documented=documented))


def _put_facets(sealing: Sealing, case: Case, facets: Facets) -> None:
    if facets != case.facets:
        cases.put_facets(sealing.unit, case.id, facets)
        sealing.know(replace(case, facets=facets))


def bind_file(sealing: Sealing, number: int, case: Case) -> None:
    """Give a draft's file to a case. If it has not been fetched yet, its key follows when it has."""
    note = files.note(sealing.unit, number)
    if note is None:
        return
    files.bind(sealing.unit, number, case.id)
    if note.parts or note.why:
        seal_file(sealing, note, case)


def seal_file(sealing: Sealing, note: files.FileNote, case: Case) -> None:
    """Seal a fetched file's key and description to its case; from then on the server can't open it.

    So with its clean copy, which has a key and a description of its own.
    """
    copy = files.copy_of(sealing.unit, note.file)
    for known in (note, files.note(sealing.unit, copy) if copy is not None else None):
        if known is not None:
            sealing.put(case, "file", msgspec.to_builtins(known))
            files.forget_secret(sealing.unit, known.file)


def _urgency(facets: Facets) -> Mapping[str, Any]:
    return {"level": facets.level, "because": [list(reason) for reason in facets.because], "place": dict(facets.place)}


# ------------------------------------------------- where a reader's key is, and only there


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case as its reader sees it: plain data for JSON, and the key of each file."""

    data: Mapping[str, Any]
    file_keys: Mapping[int, FileKey]


def read_case(case: SealedCase, reader: int, reader_seed: bytes) -> OpenedCase:
    """Open all of a case that is sealed to a reader. Raises `Unreadable` where the key doesn't fit."""
    items = cases.open_items(case, cases.case_seeds(case, reader, reader_seed))
    urgency: dict[str, Any] = {}
    answers: dict[str, Any] = {}
    notes = _notes(items)
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


def _notes(items: Sequence[Item]) -> list[dict[str, Any]]:
    """What is known of each file: what was said of it later takes the place of what was said before."""
    found: dict[int, dict[str, Any]] = {}
    for item in items:
        if item.kind == "file":
            number = item.content["file"]
            found[number] = {**found.get(number, {}), **item.content}
    return list(found.values())


def _shown(item: Item) -> Mapping[str, Any]:
    return {"kind": item.kind, "at": item.at.isoformat(), **item.content}
