"""Carries out what a check-in wants done: letters to her, its case woken with her plan, notes to whoever holds it.

It never decides and never opens anything: what she wrote for it is sealed, even from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, assert_never

import msgspec

from flows.watching import Ask, CallBack, Effect, Note, PutOff, Raise, Remind, Watch, Why
from handlers import alarms, calling_again, check_in_letters, outages, sharing
from handlers import check_in_words as words
from handlers.cases import Sealing
from handlers.rota_letters import base36, tell_coordinators
from handlers.team import team
from storage import cases, check_ins, people
from storage.cases import Case, Facets
from storage.check_ins import Kept

BECAUSE: Final[dict[Why, tuple[str, str]]] = {
    "missed": ("check_in", "missed"),
    "wrong_word": ("check_in", "wrong_word"),
    "duress": ("duress", "duress"),
}
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Carrying:
    """Carries effects out for one check-in, after it has been kept. `kept` is as it was before, `watch` as it is."""

    sealing: Sealing
    kept: Kept
    watch: Watch

    def carry(self, effects: tuple[Effect, ...]) -> None:
        """Carry effects out in their order."""
        unit, world = self.sealing.unit, self.sealing.world
        for effect in effects:
            match effect:
                case Remind(due_at):
                    check_in_letters.remind(unit, self.kept, due_at, self.watch.step - 1, world)
                case Ask(late):
                    is_late = late > self.watch.rules.late
                    check_in_letters.ask(unit, self.kept, self.watch.step - 1, world, late=is_late)
                case CallBack(due_at):
                    check_in_letters.call_back(unit, self.kept, due_at)
                case Raise():
                    self.wake(effect)
                case Note():
                    self.note(effect)
                case PutOff():
                    self.put_off(effect)
                case _:
                    assert_never(effect)

    def wake(self, effect: Raise) -> None:
        """Its case waits for somebody from now on, and a person is paged at once, unless many are missed together."""
        unit, world = self.sealing.unit, self.sealing.world
        person = people.facts(unit, self.kept.person)
        silent = self.watch.silent or (person is not None and person.forced)  # whoever watches knows nothing of it
        if not check_ins.wake(unit, self.kept.case, world.now, hidden=silent):
            return
        known = cases.by_number(unit, self.kept.case)
        assert known is not None  # noqa: S101 - it was woken a moment ago
        facets = msgspec.structs.replace(known.facets, because=(BECAUSE[effect.why],), silent=silent)
        cases.put_facets(unit, known.id, facets)
        sharing.widen(unit, known.id, world)
        case = cases.by_number(unit, known.id) or known
        self.sealing.know(case)
        self.sealing.put(case, "opened", self._opened(facets))
        self.sealing.put(case, effect.why, self._told(effect.late))
        held = outages.joined(self.sealing, self.kept.id, case) if effect.why == "missed" else None
        alarms.start(unit, case.id, "critical", world, not_before=held)
        if not silent:
            self._show(case, late=effect.late > self.watch.rules.late)

    def _opened(self, facets: Facets) -> dict[str, Any]:
        known = people.recall(self.sealing.unit, self.kept.person)
        to = {} if known is None else {"channel": known[0], "language": known[3].language or "ar"}
        because = [list(one) for one in facets.because]
        about = {"level": facets.level, "because": because, "place": dict(facets.place)}
        return {**to, **about, "mechanism": self.sealing.world.rules.version}

    def _told(self, late: timedelta) -> dict[str, Any]:
        """When she was to be heard from, how late we are (seconds), how often she put it off."""
        watch = self.kept.watch
        return {"due": watch.due_at.isoformat(), "late": late // _SECOND, "put_off": watch.extended}

    def _show(self, case: Case, *, late: bool) -> None:
        """It stands among her reports from now on, and she hears that a person is called."""
        unit = self.sealing.unit
        known = people.facts(unit, self.kept.person)
        if known is not None and case.code not in known.cases:
            people.remember(unit, self.kept.person, replace(known, cases=(*known.cases, case.code)))
        check_in_letters.tell_calling(unit, self.kept, case, self.sealing.world, late=late)

    def note(self, effect: Note) -> None:
        """Something came after its case was woken: it is sealed into it, and whoever holds the case hears so."""
        unit, world = self.sealing.unit, self.sealing.world
        case = cases.by_number(unit, self.kept.case)
        if case is None:
            return
        if effect.what == "duress":
            because = tuple(dict.fromkeys((*case.facets.because, BECAUSE["duress"])))
            facets = msgspec.structs.replace(case.facets, because=because, silent=True)
            cases.put_facets(unit, case.id, facets)
            check_ins.hide(unit, case.id)
        self.sealing.put(case, effect.what, {})
        cases.note_heard(unit, case.id, world.now)
        if effect.what == "says_safe":
            calling_again.tell_holder(unit, case, world)
        else:
            calling_again.call(unit, case, world)

    def put_off(self, effect: PutOff) -> None:
        """How often she put it off stands in the case; the coordinators hear once that it is often."""
        unit, world = self.sealing.unit, self.sealing.world
        case = cases.by_number(unit, self.kept.case)
        if case is not None:
            self.sealing.put(case, "put_off", {"times": effect.times})
        if effect.often:
            about = f"put_off:{base36(self.kept.id)}:{self.watch.round}"
            tell_coordinators(unit, team(unit, world), about, words.often(), world.now)
