"""Turns a text into JSON and back exactly, because letters are stored as values and rendered when they're sent.

It never renders, and it never guesses: JSON it did not write is refused.
"""

from datetime import date, datetime
from typing import cast, get_args

from messages.text import Blank, Kind, Text

KINDS: frozenset[str] = frozenset(get_args(Kind))


def to_json(text: Text) -> list[object]:
    """`[kind, id, {blank: …}]`, and for a counted text its plural and count behind."""
    shape: list[object] = [text.kind, text.id, {name: _out(blank) for name, blank in text.blanks}]
    return shape if text.plural is None else [*shape, text.plural, text.count]


def from_json(shape: object) -> Text:
    """Undo `to_json`. ValueError for anything else, without repeating what was in it."""
    match shape:
        case [str(kind), str(english), dict(blanks)] if kind in KINDS:
            return Text(english, _blanks(blanks), kind=cast("Kind", kind))
        case ["said", str(english), dict(blanks), str(plural), int(count)]:
            return Text(english, _blanks(blanks), plural, count)
        case _:
            raise ValueError("this JSON isn't a text that to_json wrote")


def _blanks(shape: dict[str, object]) -> tuple[tuple[str, Blank], ...]:
    return tuple((name, _back(blank)) for name, blank in shape.items())


def _out(blank: Blank) -> object:
    match blank:
        case Text():
            return to_json(blank)
        case datetime():
            return {"at": blank.isoformat()}
        case date():
            return {"on": blank.isoformat()}
        case _:
            return blank


def _back(shape: object) -> Blank:
    match shape:
        case str() | int():
            return shape
        case {"at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"on": str(day)}:
            return date.fromisoformat(day)
        case _:
            return from_json(shape)
