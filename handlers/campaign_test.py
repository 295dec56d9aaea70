"""Sends one message of a campaign to whoever writes it, on her own phones, now. Nobody else hears of it."""

from __future__ import annotations

from typing import Final

import msgspec

from flows import campaign as flow
from flows.pushed import WAYS, key
from handlers.campaign_faults import known
from handlers.campaigns import GONE, Done, Refused
from handlers.draw import World
from messages import both, t, to_json
from messages.text import Language
from storage import audit, campaigns, outbox, staff
from storage.outbox import Lane, LetterChoice
from storage.unit import Unit, millis

KEY: Final = "try:"
"""How the keys of these letters begin."""
_WRITTEN: Final = ("telegram", "whatsapp", "preview")
_MINUTE = 60_000


def send(unit: Unit, number: int, place: int, language: Language, by: int, world: World) -> Done | Refused:
    """Send it. Within one minute the same one is sent once."""
    found, member = campaigns.get(unit, number), staff.member(unit, by)
    if found is None or member is None or not 0 <= place < len(found.plan.messages):
        return Refused(GONE, 404)
    frozen = flow.frozen(found.plan, place, known(unit, world).categories)
    words = frozen.texts.get(language, "").strip()
    if not words:
        return Refused(t("There is nothing to send yet: write the text first."), 422)
    ways = [way for way in member.reaches if way.channel in _WRITTEN and not way.gone]
    if not ways:
        return Refused(t("You have linked no phone. Do it in your account, then try again."), 422)
    choices = tuple(LetterChoice(key(way), to_json(WAYS[way])) for way in frozen.buttons if way in WAYS)
    body = outbox.body(
        "", language, both(ar=words, en=words), choices=choices, sid=frozen.sids.get(language, ""),
        blanks=tuple(frozen.blanks.get(language, ())), media=frozen.media, full=frozen.full,
    )  # fmt: skip
    minute = millis(world.now) // _MINUTE
    for way in ways:
        name = f"{KEY}{number}:{place}:{language}:{by}:{way.channel}:{minute}"
        addressed = msgspec.structs.replace(body, to=way.address)
        outbox.add(unit, name, way.channel, way.index, Lane.CONVERSATION, addressed, world.now)
    audit.record(unit, world.now, "campaign:tested", staff=by, target=number)
    return Done(number)
