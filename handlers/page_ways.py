"""Notes what became of a page on its way, and has the ladder move on past somebody whom none reaches.

It never sends a page again: that is the outbox's.
"""

from __future__ import annotations

from flows.alarm import Unreached
from handlers.alarm_effects import Carrying
from handlers.alarm_turns import turn
from handlers.draw import World
from handlers.team import team
from storage import alarms, pages
from storage.pages import LIVE, Page
from storage.unit import Unit


def delivered(unit: Unit, letter_key: str, state: str, world: World) -> None:
    """Note a page's way (delivered, sent, held, failed, waiting, doubt); one that reaches nobody is climbed past."""
    prefix, _, number = letter_key.partition(":")
    page = pages.find(unit, int(number, 36)) if prefix == "page" else None
    if page is None:
        return
    late = world.now - page.made_at
    alarms.log(unit, page.case, world.now, f"page:{state}", staff=page.staff, step=page.step, late=late)
    match state:
        case "delivered" | "sent":
            _arrived(unit, page, world)
        case "held" | "failed" if page.state in LIVE:
            pages.put_state(unit, [page], "held" if state == "held" else "failed")
            _missed(unit, page, world)
        case _:
            pass


def _arrived(unit: Unit, page: Page, world: World) -> None:
    """It reached her phone; if it was taken while it was on its way, she hears so."""
    if page.state in {"open", "held", "failed"}:
        pages.put_state(unit, [page], "sent")
    kept = alarms.load(unit, page.case) if page.state == "over" else None
    if kept is not None and kept[0].status != "open" and kept[0].staff != page.staff:
        pages.put_state(unit, [page], "told")
        Carrying(unit, page.case, kept[0], team(unit, world, page.case), world, None).tell_other(page)


def _missed(unit: Unit, page: Page, world: World) -> None:
    """If no page of this step reaches her, she counts as nobody on it."""
    hers = [one for one in pages.of_case(unit, page.case) if (one.staff, one.round) == (page.staff, page.round)]
    arriving = [one for one in hers if one.state in {"open", "sent"}]
    if not any(one.step == page.step for one in arriving):
        turn(unit, page.case, Unreached(page.staff, page.round, page.step, at_all=not arriving), world)
