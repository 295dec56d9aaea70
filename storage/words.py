"""Keeps her own words: only what Argon2id made of them, and that under the server's keys."""

from __future__ import annotations

from datetime import datetime

from flows.core import OwnWord
from storage.unit import Unit, millis
from storage.vault import Place

_KINDS: tuple[OwnWord, ...] = ("safe", "duress")


def put(unit: Unit, person: int, kind: OwnWord, stretched: bytes, now: datetime) -> None:
    """Keep a word of hers; an earlier one of the same kind is gone."""
    sql = f"""INSERT INTO words (person_id, {kind}, set_at) VALUES (:person, :sealed, :now)
        ON CONFLICT (person_id) DO UPDATE SET {kind} = excluded.{kind}, set_at = excluded.set_at"""  # noqa: S608 - two names of our own
    unit.do(sql, {"person": person, "sealed": unit.vault.seal(_place(kind, person), stretched), "now": millis(now)})


def of_person(unit: Unit, person: int) -> dict[OwnWord, bytes]:
    """What is kept of each of her words."""
    row = unit.one("SELECT safe, duress FROM words WHERE person_id = :person", {"person": person})
    kept = zip(_KINDS, row or (None, None), strict=True)
    return {kind: unit.vault.open(_place(kind, person), bytes(sealed)) for kind, sealed in kept if sealed is not None}


def forget(unit: Unit, person: int) -> None:
    """She wants none any more."""
    unit.do("DELETE FROM words WHERE person_id = :person", {"person": person})


def _place(kind: OwnWord, person: int) -> Place:
    return Place("words", kind, str(person))
