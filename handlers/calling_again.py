"""She calls again about a case that somebody has already: whoever has it hears so, or others are called anew.

It never lets a second alarm end in a list that nobody looks at; a case that waits is climbing already.
"""

from __future__ import annotations

from flows.alarm import HandedOver, LetGo, Reopened
from handlers import alarm_letters
from handlers.alarm_effects import fresh_code
from handlers.alarm_turns import turn
from handlers.check_in_words import news
from handlers.draw import World
from handlers.team import team
from storage import alarms, cases, pages
from storage.cases import Case
from storage.unit import Unit

_NOBODY = 0


def call(unit: Unit, case: Case, world: World) -> None:
    """Call for a case anew: the holder hears so; where she has been in touch, or it is closed, the ladder is climbed.

    Raises `Contended`.
    """
    if case.status == "closed":
        turn(unit, case.id, Reopened(_NOBODY), world)
        cases.put_status(unit, case.id, "contacted")
        turn(unit, case.id, LetGo(_NOBODY, by_her=True), world)
        return
    tell_holder(unit, case, world)
    if case.status == "contacted":  # nobody counts the minutes any more; she who was in touch is paged as well
        turn(unit, case.id, HandedOver(_NOBODY), world)
        turn(unit, case.id, LetGo(_NOBODY, by_her=True), world)


def tell_holder(unit: Unit, case: Case, world: World) -> None:
    """Say to whoever has the case that there is something new about it."""
    kept = alarms.load(unit, case.id)
    if kept is None or kept[0].staff is None or kept[0].status not in {"taken", "contacted"}:
        return
    staff = kept[0].staff
    reader = team(unit, world, case.id).reader(staff, "")
    if reader is not None:
        hers = [page.code for page in pages.of_case(unit, case.id) if page.staff == staff]
        alarm_letters.write(unit, reader, news(hers[-1] if hers else fresh_code(unit, staff, world)), world)
