"""Keeps stories and initiatives, and that somebody is interested in an initiative, as a blind mark without a name.

It never keeps who: the marks can be counted, and compared with an address that is at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice, product
from string import ascii_lowercase
from typing import Any, Literal

import msgspec

from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place, Vault

Kind = Literal["story", "initiative"]
State = Literal["draft", "published", "withdrawn"]


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed of a story: its words in both languages. `version` counts its changes."""

    title_ar: str
    title_en: str
    text_ar: str
    text_en: str
    authors: tuple[int, ...]
    """Numbers of those who wrote on it."""
    consented: bool = False
    """Whoever is named in it, or could be found by it, has agreed; says the team."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Story:
    """A story or an initiative as the desk knows it."""

    id: int
    kind: Kind
    state: State
    body: Body
    made_by: int
    approved_by: int | None
    changed_at: datetime


_FIELDS = "id, kind, state, body, made_by, approved_by, changed_at"


def add(unit: Unit, story: Story) -> None:
    """Keep a new one."""
    sql = """INSERT INTO stories (id, kind, state, body, made_by, changed_at)
        VALUES (:id, :kind, :state, :body, :made_by, :changed)"""
    unit.do(sql, _row(unit, story) | {"kind": story.kind, "state": story.state, "made_by": story.made_by})


def change(unit: Unit, story: Story) -> bool:
    """Keep it with other words: it is a draft again. False while it is published."""
    sql = """UPDATE stories SET state = 'draft', body = :body, approved_by = NULL, changed_at = :changed
        WHERE id = :id AND state <> 'published'"""
    return unit.count(sql, _row(unit, story)) == 1


def publish(unit: Unit, number: int, by: int, now: datetime) -> bool:
    """A second person has approved it. False where it is no draft."""
    sql = """UPDATE stories SET state = 'published', approved_by = :by, changed_at = :now
        WHERE id = :id AND state = 'draft'"""
    return unit.count(sql, {"id": number, "by": by, "now": millis(now)}) == 1


def withdraw(unit: Unit, number: int, now: datetime) -> bool:
    """Nobody reads it from now on. False where it was not published."""
    sql = "UPDATE stories SET state = 'withdrawn', changed_at = :now WHERE id = :id AND state = 'published'"
    return unit.count(sql, {"id": number, "now": millis(now)}) == 1


def delete(unit: Unit, number: int) -> bool:
    """Delete one that is not published, with its marks."""
    return unit.count("DELETE FROM stories WHERE id = :id AND state <> 'published'", {"id": number}) == 1


def get(unit: Unit, number: int) -> Story | None:
    """One of them, held until the act ends."""
    row = unit.one(f"UPDATE stories SET kind = kind WHERE id = :id RETURNING {_FIELDS}", {"id": number})  # noqa: S608 - ours
    return None if row is None else _story(unit, row)


def every(unit: Unit) -> list[Story]:
    """All of them, the newest first."""
    sql = f"SELECT {_FIELDS} FROM stories ORDER BY changed_at DESC, id DESC"  # noqa: S608 - our own names
    return [_story(unit, row) for row in unit.all(sql)]


def published(unit: Unit, kind: Kind) -> list[Story]:
    """What may be read, the newest first."""
    sql = f"""SELECT {_FIELDS} FROM stories WHERE state = 'published' AND kind = :kind
        ORDER BY changed_at DESC, id DESC"""  # noqa: S608 - as above
    return [_story(unit, row) for row in unit.all(sql, {"kind": kind})]


# ---------------------------------------------------------------- who is interested


def _who(story: int, channel: str, address: str) -> str:
    """What a mark is made of: another mark for each initiative."""
    return f"initiative joined:{story}:{channel}:{address}"


def join(unit: Unit, story: int, channel: str, address: str) -> bool:
    """Mark that somebody is interested. False where she was marked before."""
    if joined(unit, (story,), channel, address):
        return False
    mark = unit.vault.index(_who(story, channel, address))
    sql = "INSERT INTO story_marks (story_id, mark) VALUES (:story, :mark) ON CONFLICT (story_id, mark) DO NOTHING"
    return unit.count(sql, {"story": story, "mark": mark}) == 1


def joined(unit: Unit, stories: Sequence[int], channel: str, address: str) -> frozenset[int]:
    """Which of these initiatives she is marked for."""
    marks = [(story, mark) for story in stories for mark in unit.vault.indexes(_who(story, channel, address))]
    if not marks:
        return frozenset()
    names = ["".join(letters) for letters in islice(product(ascii_lowercase, repeat=3), len(marks))]
    either = " OR ".join(f"(story_id = :story_{name} AND mark = :mark_{name})" for name in names)
    values: dict[str, object] = {}
    for name, (story, mark) in zip(names, marks, strict=True):
        values |= {f"story_{name}": story, f"mark_{name}": mark}
    return frozenset(story for (story,) in unit.all(f"SELECT story_id FROM story_marks WHERE {either}", values))  # noqa: S608 - blanks


def forget(unit: Unit, channel: str, address: str) -> None:
    """Delete her marks: nobody can tell any more, not even by her address, what interested her."""
    sql = "DELETE FROM story_marks WHERE story_id = :story AND mark = :mark"
    initiatives = unit.all("SELECT id FROM stories WHERE kind = 'initiative'")
    marks = [(story, mark) for (story,) in initiatives for mark in unit.vault.indexes(_who(story, channel, address))]
    unit.many(sql, [{"story": story, "mark": mark} for story, mark in marks])


def interested(unit: Unit) -> dict[int, int]:
    """By initiative: how many are marked."""
    return dict(unit.all("SELECT story_id, COUNT(*) FROM story_marks GROUP BY story_id"))


def _row(unit: Unit, story: Story) -> dict[str, Any]:
    sealed = unit.vault.seal(_place(story.id), encode(story.body))
    return {"id": story.id, "body": sealed, "changed": millis(story.changed_at)}


def _story(unit: Unit, row: tuple[Any, ...]) -> Story:
    number, kind, state, body, made_by, approved_by, changed_at = row
    opened = _opened(unit.vault, number, bytes(body))
    return Story(number, kind, state, opened, made_by, approved_by, moment(changed_at))


@lru_cache(maxsize=512)
def _opened(vault: Vault, number: int, sealed: bytes) -> Body:
    """It is public, read at every turn at the menu, and changes by another value."""
    return decode(vault.open(_place(number), sealed), Body)


def _place(number: int) -> Place:
    return Place("stories", "body", str(number))
