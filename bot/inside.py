"""Shows the demo's visitor one case as the database and as the key holder have it, and what runs by itself.

It exists for the demo alone, which holds its own recovery key; no other process has one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.channels.preview import Preview
from bot.wiring import Sanad
from console.phones import Cell, Inside, Ladder, Step, Watched
from console.preview_words import STORY
from flows.alarm import Alarm
from flows.core import Language
from flows.ladder import Step as Rung
from flows.watch import moments
from flows.watching import Watch
from handlers.cases import read_case
from handlers.draw import World
from handlers.summary import in_words
from messages import Text, raw, t
from messages.catalog import render
from storage import alarms, cases, check_ins, pages, readers, staff
from storage.cases import SealedCase
from storage.unit import Unit

_HERS = f"preview:{STORY.phones[0].name}"
_SHOWN = (
    ("people", "address", "id = :person"),
    ("people", "facts", "id = :person"),
    ("words", "safe", "person_id = :person"),
    ("words", "duress", "person_id = :person"),
    ("talks", "body", "person_id = :person"),
    ("check_ins", "body", "person_id = :person"),
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
_RUNNING = frozenset(("alarms", "check_ins"))
NAMES: dict[str, Text] = {
    "first": t("The one on call"),
    "second_channel": t("Her second channel"),
    "voice": t("A call"),
    "substitute": t("The substitute"),
    "everybody": t("Everybody on the rota"),
    "coordinator": t("The coordinator"),
    "national_desk": t("The national desk"),
}
_REMINDED, _ASKED, _ALARMED = t("She is reminded"), t("She is asked"), t("A person is called")


class Inspector:
    """Looks inside for the preview page; tells the page when the alarm or the check-in moved."""

    def __init__(self, sanad: Sanad, phones: Preview, recovery_seed: bytes) -> None:
        self._sanad = sanad
        self._seed = recovery_seed
        sanad.store.listen(lambda wakes: phones.tell("ladder", {}) if _RUNNING & wakes else None)

    async def look(self) -> Inside:
        """The newest case, if there is one, and what is kept of her."""
        return await self._sanad.store.read(_look, self._seed, self._sanad.world())


def _look(unit: Unit, seed: bytes, world: World) -> Inside:
    (person,) = unit.one("SELECT id FROM people WHERE address_index = :index", {"index": unit.vault.index(_HERS)}) or (
        0,
    )
    newest = unit.one("SELECT id, code, status FROM cases ORDER BY status = 'sleeping', opened_at DESC, id LIMIT 1")
    case, code, status = newest or (0, "", "sleeping")
    if status == "sleeping":  # her plan lies there sealed: not even the desk shows it
        return Inside(_stored(unit, case, person), watched=_watched(unit))
    sealed, reader = cases.sealed_case(unit, code), readers.recovery(unit)
    opened = _read(sealed, reader.id, seed, world) if sealed and reader else None
    return Inside(_stored(unit, case, person), opened, _ladder(unit, case), _watched(unit))


def _read(sealed: SealedCase, reader: int, seed: bytes, world: World) -> dict[str, object]:
    """What the key holder reads: her answers in words, and the rest of the case."""
    data = dict(read_case(sealed, reader, seed).data)
    answers, items = data.pop("answers"), data.pop("items")
    language: Language = "en" if data["language"] == "en" else "ar"
    besides = {
        t("Where she was going"): answers.get("plan", {}).get("words"),
        t("Where she is"): answers.get("here", {}).get("place"),
        t("She added"): [item["words"] for item in items if item.get("words")],
    }
    told = {render(name, language): said for name, said in besides.items() if said}
    return {**in_words(answers, language, world), **told, **data}


def _stored(unit: Unit, case: int, person: int) -> tuple[Cell, ...]:
    cells = []
    for table, column, rows in _SHOWN:
        sql = f"SELECT {column} FROM {table} WHERE {rows} ORDER BY 1 DESC LIMIT 1"  # noqa: S608 - names from the list above
        found = unit.one(sql, {"case": case, "person": person})
        if found and found[0] is not None:
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


def _watched(unit: Unit) -> Watched | None:
    """The check-in that acts next; where none does, the one that was missed, or the one that ended last."""
    found = unit.one("""SELECT id FROM check_ins ORDER BY CASE WHEN state IN ('armed', 'asked') THEN 0
        WHEN state = 'overdue' THEN 1 ELSE 2 END, next_action_at DESC LIMIT 1""")
    kept = check_ins.load(unit, found[0]) if found else None
    if kept is None:
        return None
    watch = kept.watch
    state = "called" if watch.raised and watch.state != "overdue" else watch.state
    return Watched(state, tuple(_moments(watch)))


def _moments(watch: Watch) -> list[Step]:
    """What it does by itself in this round. A reminder that is behind may never have been sent: it isn't shown."""
    if watch.state not in {"armed", "asked"}:
        return []
    reminders, times = len(watch.rules.reminders), moments(watch)
    steps = []
    for place, at in enumerate(times):
        name = _REMINDED if place < reminders else _ALARMED if place == len(times) - 1 else _ASKED
        if place >= min(watch.step, reminders):
            steps.append(Step(name, at, "sent" if place < watch.step else "waiting"))
    return steps


def _name(rung: Rung) -> Text:
    return NAMES.get(rung.name, raw(rung.name))
