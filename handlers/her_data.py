"""Says what is held about her, as far as the server knows it, and heeds what she agrees to and takes back.

It never opens a case, and says nothing of one that her chat must not know of.
"""

from __future__ import annotations

from typing import Final

import msgspec

from flows.core import Held, Holding, Person, Talk
from flows.public import Public
from flows.ways import holds_draft
from handlers import check_ins, public
from handlers.cases import Sealing
from handlers.draw import World
from storage import audit, cases, chats, consent_records, holdings, people
from storage.cases import Facets
from storage.people import Known
from storage.unit import Unit, moment

_ASKING: Final = frozenset(("my_data", "my_reports"))


def is_asked(talk: Talk) -> bool:
    """Whether she is asking what is held about her, here or under what is open here."""
    at: Talk | None = talk
    while at is not None and at.flow not in _ASKING:
        at = at.under
    return at is not None


def held(unit: Unit, known: Known, world: World) -> Held:
    """All that is held about her, the oldest report first."""
    found = [_holding(unit, one, world) for one in holdings.of_person(unit, known.id)]
    watched = len(check_ins.of_person(unit, known.id)) if known.person.watched else 0
    draft = holds_draft(known.talk.under or Talk())
    others = len(chats.others(unit, known.id))
    return Held(tuple(found), draft, watched, others, _public(unit, known))


def _public(unit: Unit, known: Known) -> Public:
    where = people.recall(unit, known.id)
    return Public() if where is None else public.of_address(unit, where[0], where[1])


def _holding(unit: Unit, row: holdings.Row, world: World) -> Holding:
    facets = cases.facets_of(unit, row.case, row.facets)
    ends = None
    if row.closed_at is not None and not facets.documented:
        ends = moment(row.closed_at) + world.rules.retention.closed_case
    return Holding(
        row.code,
        moment(row.opened_at),
        row.items,
        row.files,
        row.readers,
        documented=facets.documented,
        until=ends,
        urgent=facets.level in {"critical", "high"},
        ends=facets.ends,
    )


# ---------------------------------------------------------------- what she agreed to


def heed_consents(sealing: Sealing, before: Person, after: Person) -> None:
    """Let what she agreed to, or took back, reach her cases; what was taken back leaves a record without her name."""
    unit, world = sealing.unit, sealing.world
    ends_at = world.now + world.rules.retention.consent_records
    for layer in before.consents.keys() - after.consents.keys():
        consent_records.keep(unit, world.draw.number(), layer, before.consents[layer], ends_at)
    new = set(after.cases) - set(before.cases)
    for code in after.cases if before.consents.keys() != after.consents.keys() else sorted(new):
        _heed(sealing, code, before, after)


def _heed(sealing: Sealing, code: str, before: Person, after: Person) -> None:
    case = sealing.case(code)
    if case is None:
        return
    facets = _heeding(case.facets, before, after)
    if facets == case.facets:
        return
    cases.put_facets(sealing.unit, case.id, facets)
    sealing.know_anew(code)
    if code in before.cases:
        for name, was, now in (
            ("evidence", case.facets.documented, facets.documented),
            ("contact", not case.facets.uncontacted, not facets.uncontacted),
        ):
            if was != now:
                what = f"{'agreed' if now else 'took_back'}:{name}"
                audit.record(sealing.unit, sealing.world.now, what, case=case.id)


def _heeding(facets: Facets, before: Person, after: Person) -> Facets:
    had, has = "contact" in before.consents, "contact" in after.consents
    uncontacted = facets.uncontacted if had == has else had
    return msgspec.structs.replace(facets, documented="document" in after.consents, uncontacted=uncontacted)
