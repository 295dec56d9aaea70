"""Rewrites what older server keys sealed with the newest one, and blind indexes with it, a batch in each transaction.

It never touches what is sealed to cases, readers or files, and it never overwrites a value that changed meanwhile.
Stopped half way, it goes on with what is left; running beside the server, whatever the server writes is newest anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from storage import box, learners, subscribers
from storage.inventory import Personal, sealed_by
from storage.logins import move_name
from storage.people import who
from storage.unit import Unit
from storage.vault import Place, Unreadable, Vault

BATCH = 200
"""Rows in one transaction: short enough that no message waits for it."""
Who = Callable[[str, str], str]
"""Of channel and address: what a blind index is made of."""
_PUBLIC: Mapping[tuple[str, str], Who] = {
    ("subscribers", "facts"): subscribers.who,
    ("learners", "facts"): learners.who,
    ("box", "body"): box.who,
}
"""Sealed facts with an address in them, whose blind index stands in the same row."""
_TWINS = {"reaches": "people", "people": "reaches"}
"""Both may hold one address. Its index changes in both at once: a focal point who wrote is found by it in both."""
COLUMNS: tuple[Personal, ...] = tuple(
    sorted(
        sealed_by("server"), key=lambda one: (one.table != "reaches", (one.table, one.column) != ("people", "address"))
    )
)
"""What is rewritten, in this order: staff's addresses first, since they are paged."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch did: where the next begins (None at the column's end), and how many values it could not open."""

    after: tuple[Any, ...] | None
    rewritten: int
    unreadable: int


def left(unit: Unit, column: Personal) -> int:
    """How many values of a column an older key sealed."""
    sql = f"SELECT COUNT(*) FROM {column.table} WHERE {_older(column)}"  # noqa: S608 - names from the inventory
    row = unit.one(sql, _head(unit.vault))
    return row[0] if row else 0


def rewrite(unit: Unit, column: Personal, after: tuple[Any, ...] | None = None, most: int = BATCH) -> Step:
    """Rewrite the next values of a column, from after a row on."""
    rows = _rows(unit, column, after, most)
    rewritten = unreadable = 0
    moved: dict[bytes, bytes] = {}
    for *row, sealed in rows:
        try:
            plain = unit.vault.open(_place(column, row), bytes(sealed))
        except Unreadable:
            unreadable += 1
            continue
        rewritten += _swap(unit, column, row, bytes(sealed), unit.vault.seal(_place(column, row), plain))
        if column.column == "address" and column.table in _TWINS:
            moved |= _move_index(unit, column, row, plain.decode())
        if who_of := _PUBLIC.get((column.table, column.column)):
            moved |= _move_public(unit, column, row, plain, who_of)
        if (column.table, column.column) == ("logins", "name"):
            move_name(unit, row[0], plain.decode())
    _move_letters(unit, moved)
    return Step(tuple(rows[-1][:-1]) if len(rows) == most else None, rewritten, unreadable)


_FORGET = """
    UPDATE letters SET reader = :none WHERE id IN (
        SELECT id FROM letters WHERE body IS NULL AND length(reader) > 0
            AND (reference IS NULL OR channel <> 'telegram') ORDER BY id LIMIT :most)
"""


def forget_readers(unit: Unit, most: int = BATCH) -> int:
    """Take the blind index off letters that have arrived: nothing asks for it any more. Says from how many.

    A letter that could still be deleted from her chat is found by it, for as long as its reference is kept.
    """
    return unit.count(_FORGET, {"none": b"", "most": most})


def _rows(unit: Unit, column: Personal, after: tuple[Any, ...] | None, most: int) -> list[tuple[Any, ...]]:
    names = ", ".join(column.row)
    beyond, values = "", dict(_head(unit.vault))
    if after is not None:
        blanks = [f"after_{letter}" for letter in "abc"[: len(after)]]
        beyond = f"AND ({names}) > ({', '.join(f':{blank}' for blank in blanks)})"
        values |= dict(zip(blanks, after, strict=True))
    sql = f"""SELECT {names}, {column.column} FROM {column.table}
        WHERE {_older(column)} {beyond} ORDER BY {names} LIMIT :most"""  # noqa: S608 - names from the inventory
    return unit.all(sql, values | {"most": most})


def _older(column: Personal) -> str:
    return f"{column.column} IS NOT NULL AND substr({column.column}, 1, :size) <> :head"


def _head(vault: Vault) -> dict[str, Any]:
    """How every value begins that the newest key sealed: format version, length of the key's id, the id."""
    sealed = vault.seal(Place("", "", ""), b"")
    head = sealed[: 2 + sealed[1]]
    return {"size": len(head), "head": head}


def _place(column: Personal, row: list[Any]) -> Place:
    return Place(column.table, column.column, "/".join(map(str, row)))


def _swap(unit: Unit, column: Personal, row: list[Any], old: bytes, new: bytes) -> int:
    """Put the new value in the old one's place, unless another stands there by now."""
    where = " AND ".join(f"{name} = :{name}" for name in column.row)
    sql = f"""UPDATE {column.table} SET {column.column} = :new
        WHERE {where} AND {column.column} = :old"""  # noqa: S608 - names from the inventory
    return unit.count(sql, dict(zip(column.row, row, strict=True)) | {"old": old, "new": new})


def _move_index(unit: Unit, column: Personal, row: list[Any], address: str) -> Mapping[bytes, bytes]:
    """Give an address its newest blind index, in the twin table as well. Returns what became what."""
    where = " AND ".join(f"{name} = :{name}" for name in column.row)
    values = dict(zip(column.row, row, strict=True))
    found = unit.one(f"SELECT channel FROM {column.table} WHERE {where}", values)  # noqa: S608 - as above
    if found is None:
        return {}
    newest, *older = unit.vault.indexes(who(found[0], address))
    for table in (column.table, _TWINS[column.table]):
        taken = unit.one(f"SELECT 1 FROM {table} WHERE address_index = :new", {"new": newest})  # noqa: S608 - as above
        for old in () if taken else older:
            sql = f"UPDATE {table} SET address_index = :new WHERE address_index = :old"  # noqa: S608 - as above
            unit.do(sql, {"new": newest, "old": old})
    return dict.fromkeys(older, newest)


def _move_public(unit: Unit, column: Personal, row: list[Any], plain: bytes, who_of: Who) -> Mapping[bytes, bytes]:
    """Give one of the public her newest blind index in her own table. Returns what became what."""
    said = msgspec.json.decode(plain)
    channel = said.get("channel") or _channel(unit, column, row)
    newest, *older = unit.vault.indexes(who_of(channel, said["address"]))
    sql = f"UPDATE {column.table} SET address_index = :new WHERE {column.row[0]} = :id"  # noqa: S608 - as above
    unit.do(sql, {"new": newest, "id": row[0]})
    return dict.fromkeys(older, newest)


def _channel(unit: Unit, column: Personal, row: list[Any]) -> str:
    found = unit.one(f"SELECT channel FROM {column.table} WHERE {column.row[0]} = :id", {"id": row[0]})  # noqa: S608 - as above
    return found[0] if found else ""


_UNSENT = """
    SELECT id, reader FROM letters WHERE state = 'waiting' UNION ALL SELECT id, reader FROM letters WHERE state = 'held'
    UNION ALL SELECT id, reader FROM letters WHERE state IN ('sending', 'sent', 'doubt')
"""


def _move_letters(unit: Unit, moved: Mapping[bytes, bytes]) -> None:
    """Let letters that are still on their way find their reader by her new index."""
    if not moved:
        return
    rows = [(number, bytes(reader)) for number, reader in unit.all(_UNSENT)]
    sql = "UPDATE letters SET reader = :new WHERE id = :id AND reader = :old"
    unit.many(sql, [{"id": n, "old": old, "new": moved[old]} for n, old in rows if old in moved])
    erasable = "UPDATE letters SET reader = :new WHERE reader = :old AND reference IS NOT NULL"
    unit.many(erasable, [{"old": old, "new": new} for old, new in moved.items()])
