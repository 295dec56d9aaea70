"""Keeps campaigns: what was written, by whom, who approved it, and which of its messages comes next.

It never sends one, and a change that somebody else overtook is refused, not merged.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from flows.campaign import Plan, State
from storage.coding import decode, encode
from storage.unit import Unit, millis, moment
from storage.vault import Place


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed of one."""

    plan: Plan
    overruled: str = ""
    """Why the approver said that what looks like names is none, in her words."""
    authors: tuple[int, ...] = ()
    """Numbers of all who wrote on it: none of them is the second person."""


class Campaign(msgspec.Struct, frozen=True):
    """One of them."""

    id: int
    state: State
    body: Body
    made_by: int
    changed_by: int
    made_at: datetime
    changed_at: datetime
    approved_by: int | None = None
    approved_at: datetime | None = None
    frozen_hash: bytes | None = None
    next_at: datetime | None = None
    """When a recurring one is due again."""
    place: int = 0
    """How many of its messages have been handed over for sending."""
    version: int = 1

    @property
    def authors(self) -> frozenset[int]:
        """All who wrote on it."""
        return frozenset((self.made_by, self.changed_by, *self.body.authors))

    @property
    def plan(self) -> Plan:
        """What was written."""
        return self.body.plan


_FIELDS = """id, state, body, made_by, changed_by, made_at, changed_at, approved_by, approved_at, frozen_hash, next_at,
    place, version"""


def add(unit: Unit, campaign: Campaign) -> None:
    """Keep a new one."""
    sql = """INSERT INTO campaigns (id, state, body, made_by, changed_by, made_at, changed_at, version)
        VALUES (:id, :state, :body, :made_by, :changed_by, :made_at, :changed_at, 1)"""
    unit.do(sql, _values(unit, campaign))


def get(unit: Unit, number: int) -> Campaign | None:
    """One by its number."""
    row = unit.one(f"SELECT {_FIELDS} FROM campaigns WHERE id = :id", {"id": number})  # noqa: S608 - our own names
    return None if row is None else _campaign(unit, row)


def everything(unit: Unit) -> list[Campaign]:
    """All of them, the one changed last first."""
    sql = f"SELECT {_FIELDS} FROM campaigns ORDER BY changed_at DESC, id"  # noqa: S608 - as above
    return [_campaign(unit, row) for row in unit.all(sql)]


def put(unit: Unit, campaign: Campaign) -> bool:
    """Keep a change of the version that was read; the kept one has the next. Says whether nobody was first."""
    sql = """UPDATE campaigns SET state = :state, body = :body, changed_by = :changed_by, changed_at = :changed_at,
        approved_by = :approved_by, approved_at = :approved_at, frozen_hash = :hash, next_at = :next_at,
        place = :place, version = version + 1 WHERE id = :id AND version = :version"""
    return unit.count(sql, _values(unit, campaign)) > 0


def delete(unit: Unit, number: int, version: int) -> bool:
    """Forget one. Says whether it was there, in this version."""
    sql = "DELETE FROM campaigns WHERE id = :id AND version = :version"
    return unit.count(sql, {"id": number, "version": version}) > 0


def due(unit: Unit, now: datetime) -> list[Campaign]:
    """Recurring ones whose hour has come."""
    sql = f"""SELECT {_FIELDS} FROM campaigns WHERE state = 'approved' AND next_at <= :now
        ORDER BY next_at, id"""  # noqa: S608 - as above
    return [_campaign(unit, row) for row in unit.all(sql, {"now": millis(now)})]


def ended(unit: Unit) -> list[Campaign]:
    """Approved ones of which nothing is to come: no hour, and no run that is still open."""
    sql = f"""SELECT {_FIELDS} FROM campaigns WHERE state = 'approved' AND next_at IS NULL AND NOT EXISTS
        (SELECT 1 FROM runs WHERE campaign_id = campaigns.id AND ended_at IS NULL)"""  # noqa: S608 - as above
    return [_campaign(unit, row) for row in unit.all(sql)]


def _values(unit: Unit, campaign: Campaign) -> dict[str, Any]:
    def stored(at: datetime | None) -> int | None:
        return None if at is None else millis(at)

    return {
        "id": campaign.id,
        "state": campaign.state,
        "body": unit.vault.seal(_place(campaign.id), encode(campaign.body)),
        "made_by": campaign.made_by,
        "changed_by": campaign.changed_by,
        "made_at": stored(campaign.made_at),
        "changed_at": stored(campaign.changed_at),
        "approved_by": campaign.approved_by,
        "approved_at": stored(campaign.approved_at),
        "hash": campaign.frozen_hash,
        "next_at": stored(campaign.next_at),
        "place": campaign.place,
        "version": campaign.version,
    }


def _campaign(unit: Unit, row: tuple[Any, ...]) -> Campaign:
    number, state, body, made_by, changed_by, made_at, changed_at, *approved, next_at, place, version = row
    approved_by, approved_at, signed = approved
    return Campaign(
        number, state, decode(unit.vault.open(_place(number), bytes(body)), Body), made_by, changed_by,
        moment(made_at), moment(changed_at), approved_by, None if approved_at is None else moment(approved_at),
        None if signed is None else bytes(signed), None if next_at is None else moment(next_at), place, version,
    )  # fmt: skip


def _place(number: int) -> Place:
    return Place("campaigns", "body", str(number))
