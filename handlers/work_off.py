"""Takes a member off a case, whoever asked for it: she herself, a colleague, or the woman whose case it is.

It never leaves an alarm with somebody who is off: if she held it, it climbs again without her.
"""

from __future__ import annotations

from flows.alarm import LetGo
from handlers import sharing
from handlers.alarm_turns import turn
from handlers.draw import World
from storage import assignments, audit, tasks
from storage.cases import Case
from storage.unit import Unit


def leave(unit: Unit, case: Case, staff: int, world: World, *, for_good: bool, by_her: bool = False) -> None:
    """Take a member off: her keys to it are destroyed, what she had not done is the lead's, and the alarm goes on.

    `for_good`: she never sees it again and is not paged for it. `by_her`: the woman whose case it is asked for it.
    """
    sharing.take_off(unit, case.id, staff, world, for_good=for_good)
    turn(unit, case.id, LetGo(staff, by_her), world)
    left = assignments.of_case(unit, case.id)
    if left:
        tasks.hand_on(unit, case.id, staff, left[0].staff)


def another(unit: Unit, case: Case, world: World) -> None:
    """She asked for another person: who leads her case is off it for good, and it climbs again without her."""
    for one in assignments.of_case(unit, case.id):
        if one.part == "lead":
            leave(unit, case, one.staff, world, for_good=True, by_her=True)
            audit.record(unit, world.now, "another", case=case.id, target=one.staff)
