"""Keeps which of WhatsApp's Content templates there are, word for word as Meta approved them.

It never changes one: another text is another template, with a SID of its own. Only its state moves.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec

from flows.core import Language
from flows.template import Category, TemplateState
from storage.unit import Unit, millis, moment


class Template(msgspec.Struct, frozen=True):
    """One of them. `buttons`: title and way of each."""

    id: int
    sid: str
    name: str
    language: Language
    category: Category
    body: str
    variables: int
    buttons: tuple[tuple[str, str], ...]
    state: TemplateState
    why: str
    """Why it is paused: "hand", or the provider's number."""
    made_at: datetime


_FIELDS = "id, sid, name, language, category, body, variables, buttons, state, why, made_at"


def add(unit: Unit, template: Template, made_by: int) -> None:
    """Keep a new one. Raises `Taken` at the commit where its SID stands there already."""
    sql = """INSERT INTO templates
        (id, sid, name, language, category, body, variables, buttons, state, made_by, made_at) VALUES
        (:id, :sid, :name, :language, :category, :body, :variables, :buttons, :state, :by, :made_at)"""
    values = msgspec.structs.asdict(template) | {"by": made_by, "made_at": millis(template.made_at)}
    values["buttons"] = json.dumps(template.buttons, ensure_ascii=False)
    unit.do(sql, {name: value for name, value in values.items() if name != "why"})


def everything(unit: Unit) -> list[Template]:
    """All of them, by name and language."""
    sql = f"SELECT {_FIELDS} FROM templates ORDER BY name, language, id"  # noqa: S608 - our own names
    return [_template(row) for row in unit.all(sql)]


def by_sid(unit: Unit, sid: str) -> Template | None:
    """The one that Twilio knows by this SID."""
    row = unit.one(f"SELECT {_FIELDS} FROM templates WHERE sid = :sid", {"sid": sid})  # noqa: S608 - as above
    return None if row is None else _template(row)


def get(unit: Unit, number: int) -> Template | None:
    """One by its number."""
    row = unit.one(f"SELECT {_FIELDS} FROM templates WHERE id = :id", {"id": number})  # noqa: S608 - as above
    return None if row is None else _template(row)


def pause(unit: Unit, sid: str, why: str) -> bool:
    """Nothing goes out by it until somebody says that it is approved again. Says whether it was approved until now."""
    sql = "UPDATE templates SET state = 'paused', why = :why WHERE sid = :sid AND state = 'approved'"
    return unit.count(sql, {"sid": sid, "why": why}) > 0


def resume(unit: Unit, sid: str) -> bool:
    """It may be sent again. Says whether it was paused."""
    sql = "UPDATE templates SET state = 'approved', why = NULL WHERE sid = :sid AND state = 'paused'"
    return unit.count(sql, {"sid": sid}) > 0


def delete(unit: Unit, number: int) -> bool:
    """Forget one. Says whether it was there."""
    return unit.count("DELETE FROM templates WHERE id = :id", {"id": number}) > 0


def _template(row: tuple[Any, ...]) -> Template:
    number, sid, name, language, category, body, variables, buttons, state, why, made_at = row
    titled = tuple((str(title), str(way)) for title, way in json.loads(buttons))
    return Template(number, sid, name, language, category, body, variables, titled, state, why or "", moment(made_at))
