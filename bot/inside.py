"""Shows the demo's visitor one case from two sides: what lies in the database, and what the key holder reads.

It exists for the demo alone, which holds its own recovery key; no other process has one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.channels.preview import Preview
from bot.wiring import Sanad
from console.phones import Cell, Inside, Ladder, Step
from flows.alarm import Alarm
from flows.core import Language
from flows.ladder import Step as Rung
from handlers.cases import read_case
from handlers.draw import World
from handlers.summary import in_words
from messages import Text, raw, t
from storage import alarms, cases, pages, readers, staff
from storage.cases import SealedCase
from storage.unit import Unit

_SHOWN = (
    ("people", "address", "id = :person"),
    ("people", "facts", "id = :person"),
    ("talks", "body", "person_id = :person"),
    ("cases", "code", "id = :case"),
    ("cases", "status", "id = :case"),
    ("cases", "facets", "id = :case"),
    ("case_keys", "seed", "case_id = :case"),
    ("case_items", "body", "case_id = :case"),
    ("alarms", "body", "case_id = :case"),
    ("letters", "body", "1 = 1"),
    ("staff", "facts", "1 = 1"),
)
"""What of the database is shown: table, column, which rows (the newest of them)."""
NAMES: dict[str, Text] = {
    "first": t("The one on call"),
    "second_channel": t("Her second channel"),
    "voice": t("A call"),
    "substitute": t("The substitute"),
    "everybody": t("Everybody on the rota"),
    "coordinator": t("The coordinator"),
    "national_desk": t("The national desk"),
}


class Inspector:
    """Looks inside for the preview page; tells the page when the alarm moved."""

    def __init__(self, sanad: Sanad, phones: Preview, recovery_seed: bytes) -> None:
        self._sanad = sanad
        self._seed = recovery_seed
        sanad.store.listen(lambda wakes: phones.tell("ladder", {}) if "alarms" in wakes else None)

    async def look(self) -> Inside:
        """The newest case, if there is one."""
        return await self._sanad.store.read(_look, self._seed, self._sanad.world())


def _look(unit: Unit, seed: bytes, world: World) -> Inside:
    newest = unit.one(
        "SELECT id, code, person_id FROM cases WHERE status <> 'sleeping' ORDER BY opened_at DESC, id LIMIT 1"
    )
    case, code, person = newest or (0, "", 0)
    if not newest:
        talking = unit.one("SELECT person_id FROM talks ORDER BY heard_at DESC LIMIT 1")
        return Inside(_stored(unit, 0, talking[0] if talking else 0))
    sealed, reader = cases.sealed_case(unit, code), readers.recovery(unit)
    opened = _read(sealed, reader.id, seed, world) if sealed and reader else None
    return Inside(_stored(unit, case, person), opened, _ladder(unit, case))


def _read(sealed: SealedCase, reader: int, seed: bytes, world: World) -> dict[str, object]:
    """What the key holder reads: her answers in words, and the rest of the case."""
    data = dict(read_case(sealed, reader, seed).data)
    answers = data.pop("answers")
    data.pop("items")
    language: Language = "en" if data["language"] == "en" else "ar"
    return {**in_words(answers, language, world), **data}


def _stored(unit: Unit, case: int, person: int) -> tuple[Cell, ...]:
    cells = []
    for table, column, rows in _SHOWN:
        sql = f"SELECT {column} FROM {table} WHERE {rows} ORDER BY 1 DESC LIMIT 1"  # noqa: S608 - names from the list above
        found = unit.one(sql, {"case": case, "person": person})
        if found:
            value = bytes(found[0]) if isinstance(found[0], memoryview) else found[0]
            cells.append(Cell(table, column, value))
    return tuple(cells)


def _ladder(unit: Unit, case: int) -> Ladder | None:
    loaded = alarms.load(unit, case)
    if loaded is None:
        return None
    alarm, _version = loaded
    sent = {page.step: page.made_at for page in pages.of_case(unit, case) if page.round == alarm.round}
    names = {member.id: member.name for member in staff.members(unit)}
    taker = names.get(alarm.staff) if alarm.status != "open" and alarm.staff is not None else None
    return Ladder(alarm.level, tuple(_steps(alarm, sent)), None if taker is None else raw(taker))


def _steps(alarm: Alarm, sent: dict[int, datetime]) -> list[Step]:
    at = alarm.due_at or alarm.taken_at or alarm.started_at
    steps = []
    for place, rung in enumerate(alarm.ladder.steps):
        if place > alarm.step:
            at += rung.wait
        steps.append(Step(_name(rung), sent.get(place, at), _state(alarm, place, sent)))
    return steps


def _state(alarm: Alarm, place: int, sent: dict[int, datetime]) -> Literal["waiting", "current", "sent", "skipped"]:
    """`current` is the latest step that was paged, while nobody took it."""
    if place in sent:
        is_latest = alarm.status == "open" and place == max(sent)
        return "current" if is_latest else "sent"
    return "skipped" if place < alarm.step else "waiting"


def _name(rung: Rung) -> Text:
    return NAMES.get(rung.name, raw(rung.name))
