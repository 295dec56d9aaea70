"""Makes receipts: a signed statement that something with this fingerprint was received by this time.

It opens nothing: the fingerprint is of the sealed entries, and only who can open the case can say what they hold.
"""

from __future__ import annotations

from typing import Final

from handlers.cases import Sealing
from messages import Text, t
from storage import attest, cases, marks
from storage.attest import Receipt
from storage.unit import Unit

_KEY: Final = "receipt-key:"
"""Marks under which the public halves are kept, so that receipts can be checked when the key itself is gone."""


def give(sealing: Sealing, code: str, person: int) -> Text | None:
    """The receipt for one of her reports, as a letter; None where it is not hers."""
    unit, case = sealing.unit, sealing.case(code)
    if case is None or case.person != person:
        return None
    line = attest.spell(_of(unit, case, sealing), unit.vault)
    for key_id, public in unit.vault.attesting_keys().items():
        marks.put(unit, _KEY + key_id, public.hex())
    return t(
        "Here is the line. Keep it somewhere safe, not on this phone:\n\n{line}\n\n"
        "It states that something sealed was with us at this time. It names nobody, and nobody can read from it "
        "what it was. Anyone can check it; a person from the team says how.",
        line=line,
    )


def _of(unit: Unit, case: cases.Case, sealing: Sealing) -> Receipt:
    bodies = cases.from_her(unit, case.id)
    summed = attest.fingerprint(bodies)
    return Receipt(summed, len(bodies), case.opened_at, sealing.world.now)


def keys(unit: Unit) -> dict[str, bytes]:
    """Every public key that a receipt of ours may have been signed with, by key id."""
    kept = {name.removeprefix(_KEY): bytes.fromhex(value) for name, value in marks.beginning(unit, _KEY)}
    return kept | unit.vault.attesting_keys()


def matches(unit: Unit, receipt: Receipt, code: str) -> bool:
    """Whether the sealed entries of the case with this code are those that the receipt is of."""
    case = cases.by_code(unit, code)
    if case is None:
        return False
    bodies = cases.from_her(unit, case.id)[: receipt.entries]
    return len(bodies) == receipt.entries and attest.fingerprint(bodies) == receipt.fingerprint
