"""Registers WhatsApp's Content templates at the desk, and pauses or allows them by hand. It never asks Twilio."""

from __future__ import annotations

from typing import cast

from flows.core import Language
from flows.pushed import WAYS
from flows.template import Category, Draft, blanks_of, wrong_with
from handlers.campaigns import Done, Refused
from handlers.draw import World
from messages import Text, t
from storage import audit, campaigns, templates
from storage.templates import Template
from storage.unit import Unit

GONE = t("This template is not registered any more.")
KNOWN = t("A template with this SID is registered already.")


def register(unit: Unit, draft: Draft, by: int, world: World) -> dict[str, Text]:
    """Keep a template. Returns what is wrong with it by field, and then nothing was kept."""
    wrong = wrong_with(draft, tuple(WAYS))
    if not wrong and templates.by_sid(unit, draft.sid) is not None:
        wrong["sid"] = KNOWN
    if wrong:
        return wrong
    number = world.draw.number()
    templates.add(
        unit,
        Template(
            number, draft.sid, draft.name, cast("Language", draft.language), cast("Category", draft.category),
            draft.body, blanks_of(draft.body), draft.buttons, "approved", "", world.now,
        ),
        by,
    )  # fmt: skip
    audit.record(unit, world.now, "template:added", staff=by, target=number)
    return {}


def pause(unit: Unit, number: int, by: int, world: World) -> Done | Refused:
    """Nothing goes out by it any more."""
    found = templates.get(unit, number)
    if found is None:
        return Refused(GONE, 404)
    if templates.pause(unit, found.sid, "hand"):
        audit.record(unit, world.now, "template:paused", staff=by, target=number)
    return Done(number)


def allow(unit: Unit, number: int, by: int, world: World) -> Done | Refused:
    """WhatsApp allows it again: what waits for it goes out."""
    found = templates.get(unit, number)
    if found is None:
        return Refused(GONE, 404)
    if templates.resume(unit, found.sid):
        audit.record(unit, world.now, "template:approved", staff=by, target=number)
        unit.wakes.add("broadcasts")
    return Done(number)


def delete(unit: Unit, number: int, by: int, world: World) -> Done | Refused:
    """Forget one that no campaign names which was asked for or approved."""
    found = templates.get(unit, number)
    if found is None:
        return Refused(GONE, 404)
    for one in campaigns.everything(unit):
        named = any(found.sid in message.sids.values() for message in one.plan.messages)
        if named and one.state in {"asked", "approved"}:
            return Refused(t("A campaign that was asked for or approved uses it. Take that back first."))
    templates.delete(unit, number)
    audit.record(unit, world.now, "template:deleted", staff=by, target=number)
    return Done(number)
