"""Keeps pictures, voices and videos for the public, each in a light and a full size, with the consent of those shown.

It never gives out what may not be shown: `usable` is asked each time, so that a withdrawn consent holds from then on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place

PART = 256 * 1024
"""Bytes of a sealed part."""
Size = Literal["light", "full"]
Kind = Literal["picture", "voice", "video"]


class Version(msgspec.Struct, frozen=True):
    """One size of it."""

    mime: str
    bytes: int
    sha256: str


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed of a medium beside its bytes. `people`: whether persons can be recognised in it."""

    name: str
    versions: dict[Size, Version]
    people: bool = False
    consent: str = ""
    """How those who can be recognised agreed, in the words of whoever recorded it."""
    shows: str = ""
    """What it shows or says, for those who can't see or hear it."""


class Medium(msgspec.Struct, frozen=True):
    """One of the library."""

    id: int
    kind: Kind
    facts: Facts
    made_by: int
    made_at: datetime
    consented_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def usable(self) -> bool:
        """Whether it may be sent: nobody can be recognised, or all agreed, and none took it back."""
        return self.withdrawn_at is None and (not self.facts.people or self.consented_at is not None)

    def size(self, *, full: bool) -> Size:
        """The size that is sent: the one asked for, where there is such."""
        wanted: Size = "full" if full else "light"
        return wanted if wanted in self.facts.versions else next(iter(self.facts.versions))


_FIELDS = "id, kind, facts, made_by, made_at, consented_at, withdrawn_at"


def add(unit: Unit, medium: Medium, data: dict[Size, bytes]) -> None:
    """Keep a new one."""
    sql = """INSERT INTO media (id, kind, state, facts, made_by, made_at, consented_at)
        VALUES (:id, :kind, 'kept', :facts, :by, :now, :consented)"""
    consented = None if medium.consented_at is None else millis(medium.consented_at)
    values = {"id": medium.id, "kind": medium.kind, "by": medium.made_by, "now": millis(medium.made_at)}
    unit.do(sql, values | {"facts": _sealed(unit, medium.id, medium.facts), "consented": consented})
    for size, whole in data.items():
        for part, start in enumerate(range(0, len(whole), PART)):
            sealed = unit.vault.seal(_part(medium.id, size, part), whole[start : start + PART])
            sql = "INSERT INTO media_parts (media_id, size, part, body) VALUES (:id, :size, :part, :body)"
            unit.do(sql, {"id": medium.id, "size": size, "part": part, "body": sealed})


def get(unit: Unit, number: int) -> Medium | None:
    """One by its number."""
    row = unit.one(f"SELECT {_FIELDS} FROM media WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return None if row is None else _medium(unit, row)


def everything(unit: Unit) -> list[Medium]:
    """The whole library, the newest first."""
    sql = f"SELECT {_FIELDS} FROM media ORDER BY made_at DESC, id"  # noqa: S608 - as above
    return [_medium(unit, row) for row in unit.all(sql)]


def data(unit: Unit, number: int, size: Size) -> bytes:
    """The bytes of one size; none where there is no such."""
    sql = "SELECT part, body FROM media_parts WHERE media_id = :id AND size = :size ORDER BY part"
    rows = unit.all(sql, {"id": number, "size": size})
    return b"".join(unit.vault.open(_part(number, size, part), bytes(body)) for part, body in rows)


def consent(unit: Unit, medium: Medium, words: str, now: datetime) -> None:
    """Note that all who can be recognised agreed."""
    facts = msgspec.structs.replace(medium.facts, consent=words)
    sql = "UPDATE media SET facts = :facts, consented_at = :now WHERE id = :id AND withdrawn_at IS NULL"
    unit.do(sql, {"id": medium.id, "facts": _sealed(unit, medium.id, facts), "now": millis(now)})


def withdraw(unit: Unit, number: int, now: datetime) -> bool:
    """It is never sent again, and its bytes are destroyed. Says whether it was usable until now."""
    sql = "UPDATE media SET withdrawn_at = :now, state = 'withdrawn' WHERE id = :id AND withdrawn_at IS NULL"
    gone = unit.count(sql, {"id": number, "now": millis(now)}) > 0
    for table in ("media_parts", "media_handles", "media_links"):
        unit.do(f"DELETE FROM {table} WHERE media_id = :id", {"id": number})  # noqa: S608 - our own names
    return gone


# ---------------------------------------------------------------- how platforms get at it


def handle(unit: Unit, number: int, size: Size, channel: str) -> str:
    """The platform's own id of it, by which it is sent again without its bytes; empty where there is none."""
    sql = "SELECT handle FROM media_handles WHERE media_id = :id AND size = :size AND channel = :channel"
    row = unit.one(sql, {"id": number, "size": size, "channel": channel})
    return "" if row is None else unit.vault.open(_handle(number, size, channel), bytes(row[0])).decode()


def keep_handle(unit: Unit, number: int, size: Size, channel: str, said: str) -> None:
    """Remember the platform's own id; an empty one is forgotten. Nothing is kept of what is gone meanwhile."""
    values = {"id": number, "size": size, "channel": channel}
    unit.do("DELETE FROM media_handles WHERE media_id = :id AND size = :size AND channel = :channel", values)
    if said and unit.one("SELECT 1 FROM media WHERE id = :id AND withdrawn_at IS NULL", {"id": number}):
        sealed = unit.vault.seal(_handle(number, size, channel), said.encode())
        sql = "INSERT INTO media_handles (media_id, size, channel, handle) VALUES (:id, :size, :channel, :handle)"
        unit.do(sql, values | {"handle": sealed})


def open_link(unit: Unit, token_hash: bytes, number: int, size: Size, ends_at: datetime, now: datetime) -> None:
    """Let whoever has the token fetch it until then; links whose time is over are forgotten."""
    unit.do("DELETE FROM media_links WHERE ends_at < :now", {"now": millis(now)})
    sql = """INSERT INTO media_links (token_hash, media_id, size, ends_at)
        VALUES (:hash, :id, :size, :ends) ON CONFLICT (token_hash) DO NOTHING"""
    unit.do(sql, {"hash": token_hash, "id": number, "size": size, "ends": millis(ends_at)})


def by_link(unit: Unit, token_hash: bytes, now: datetime) -> tuple[Medium, Size] | None:
    """What a token leads to; None where it leads nowhere any more."""
    sql = "SELECT media_id, size FROM media_links WHERE token_hash = :hash AND ends_at > :now"
    row = unit.one(sql, {"hash": token_hash, "now": millis(now)})
    found = None if row is None else get(unit, row[0])
    return (found, row[1]) if row is not None and found is not None and found.usable else None


def _medium(unit: Unit, row: tuple[Any, ...]) -> Medium:
    number, kind, facts, made_by, made_at, consented, withdrawn = row
    opened = decode(unit.vault.open(_facts(number), bytes(facts)), Facts)
    moments = (None if at is None else moment(at) for at in (consented, withdrawn))
    return Medium(number, kind, opened, made_by, moment(made_at), *moments)


def _sealed(unit: Unit, number: int, facts: Facts) -> bytes:
    return unit.vault.seal(_facts(number), encode(facts))


def _facts(number: int) -> Place:
    return Place("media", "facts", str(number))


def _part(number: int, size: str, part: int) -> Place:
    return Place("media_parts", "body", f"{number}/{size}/{part}")


def _handle(number: int, size: str, channel: str) -> Place:
    return Place("media_handles", "handle", f"{number}/{size}/{channel}")
